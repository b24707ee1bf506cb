/** Breaker listeners: draws the messages about mail that stopped, and what their buttons do. */
import { Refusal } from '../../consent/refusal.ts';
import type { AnnouncementDocument } from '../../store/announcements.ts';
import { steerPace } from '../../workflow/change-pace.ts';
import type { Deps } from '../../workflow/deps.ts';
import type { Message } from '../blocks/message.ts';
import type { ActionListener } from '../guard/door.ts';
import { OldView } from '../guard/metadata.ts';
import { once } from '../guard/replay.ts';
import type { SlackLocale } from '../words/language.ts';
import { breakerAlert, canaryAlert } from './breaker-alert.ts';

type AlertKind = 'breaker' | 'canary';

export function isMailAlert(kind: AnnouncementDocument['kind']): kind is AlertKind {
  return kind === 'breaker' || kind === 'canary';
}

/** Undefined if what it is about no longer exists. */
export async function drawMailAlert(
  { database }: Pick<Deps, 'database'>,
  {
    workspace,
    kind,
    about,
  }: Pick<AnnouncementDocument, 'workspace' | 'about'> & { kind: AlertKind },
  locale: SlackLocale,
): Promise<Message | undefined> {
  const store = database.of(workspace);
  if (kind === 'breaker') {
    const [id = '', episode] = about.id.split('.');
    const pace = await store.paces.findById(id);
    if (pace === undefined) return undefined;
    // A message tells of one opening; what came later has a message of its own.
    const isOver = String(pace.episode) !== episode;
    return breakerAlert(
      isOver ? { ...pace, breaker: { ...pace.breaker, state: 'closed' } } : pace,
      locale,
    );
  }
  try {
    return canaryAlert(await store.requests.find(about.id), locale);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'request_not_found') return undefined;
    throw error;
  }
}

/** The message shows what came of it: the announcer edits it. */
const steer =
  (what: 'resume' | 'stop'): ActionListener =>
  async (call, { deps }) => {
    const { workspace, user: by, value: pace } = call;
    // A click that is delivered again must not undo what was decided meanwhile.
    const known = await once(deps, call, () => steerPace(deps, what, { workspace, pace, by }));
    if (known === false) throw new OldView('a mail route that is not known any more');
  };

export const resumeRoute = steer('resume');
export const stopRoute = steer('stop');

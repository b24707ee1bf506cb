/**
 * Breaker listeners: draws the messages about mail that stopped, lists what is stopped now
 * (`/assent mail`), and says what their buttons do.
 */
import { Refusal } from '../../consent/refusal.ts';
import type { AnnouncementDocument } from '../../store/announcements.ts';
import { steerPace } from '../../workflow/change-pace.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { divider, section } from '../blocks/blocks.ts';
import { joinMrkdwn, md } from '../blocks/escape.ts';
import type { Message } from '../blocks/message.ts';
import type { ActionListener, Call, Reply } from '../guard/door.ts';
import { OldView } from '../guard/metadata.ts';
import { once } from '../guard/replay.ts';
import { BREAKER_WORDS } from '../words/breaker.ts';
import type { SlackLocale } from '../words/language.ts';
import { breakerAlert, canaryAlert } from './breaker-alert.ts';

/** Of a list in a message: 50 blocks, five for each. */
const LISTED_MAX = 8;

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

/** What `/assent mail` says: what is stopped now, each with its buttons. @throws Refusal `not_a_requester` */
export async function stoppedMailAnswer(
  deps: Deps,
  { workspace, user, locale }: Pick<Call, 'workspace' | 'user' | 'locale'>,
): Promise<Reply> {
  await requireRole(deps, workspace, user, 'requester');
  const words = BREAKER_WORDS[locale];
  const paces = await deps.database.of(workspace).paces.all();
  const stopped = paces.filter(({ breaker }) => breaker.state !== 'closed');
  const alerts = stopped.slice(0, LISTED_MAX).map((pace) => breakerAlert(pace, locale));
  const rest = stopped.length - alerts.length;
  const more = rest > 0 ? [section(md`${words.moreStopped(rest)}`)] : [];
  if (alerts.length === 0) return { text: md`${words.noneStopped}`.mrkdwn };
  const blocks = alerts.flatMap((alert, at) => [...(at === 0 ? [] : [divider()]), ...alert.blocks]);
  const text = joinMrkdwn(alerts.map((alert) => ({ mrkdwn: alert.text })));
  return { text: text.mrkdwn, blocks: [...blocks, ...more] };
}

/** The channel's message shows what came of it, since the announcer edits it; so does the list. */
const steer =
  (what: 'resume' | 'stop'): ActionListener =>
  async (call, { deps }) => {
    const { workspace, user: by, value: pace } = call;
    // A click that is delivered again must not undo what was decided meanwhile.
    const known = await once(deps, call, () => steerPace(deps, what, { workspace, pace, by }));
    if (known === false) throw new OldView('a mail route that is not known any more');
    // No announcer edits a list that one person was shown.
    if (call.isPrivate && known === true) {
      await call.reply({ blocks: [], ...(await stoppedMailAnswer(deps, call)), replaces: true });
    }
  };

export const resumeRoute = steer('resume');
export const stopRoute = steer('stop');

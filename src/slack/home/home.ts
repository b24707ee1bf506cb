/**
 * Home: draws Assent's Home for somebody who opens it, and anew when something changed. Its buttons
 * lead to what the commands lead to.
 */
import { readFileSync } from 'node:fs';
import type { HomeView } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { Refusal } from '../../consent/refusal.ts';
import type { Posting } from '../../workflow/announce.ts';
import { pauseRequest, resumeRequest } from '../../workflow/decide-request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { readDashboard } from '../../workflow/read-dashboard.ts';
import { refreshHomes } from '../../workflow/refresh-homes.ts';
import {
  type ActionListener,
  type EventListener,
  opensView,
  type ShortcutListener,
} from '../guard/door.ts';
import { askedLanguageOf } from '../guard/languages.ts';
import { openChecked } from '../guard/open-view.ts';
import { once } from '../guard/replay.ts';
import { openImport } from '../import/listeners.ts';
import { showRequest } from '../request/details.ts';
import { unlessChanged } from '../request/how-it-stands.ts';
import type { WizardKind } from '../wizard/drafts.ts';
import { optinCommand } from '../wizard/optin-command.ts';
import type { SlackLocale } from '../words/language.ts';
import { dashboardModal, guestView, homeView, STEERINGS } from './home-view.ts';

export const OPEN_DASHBOARD = 'open-dashboard';

/** Works from src/slack/ and from dist/slack/: both stand two folders deep. */
const PACKAGE = new URL('../../../package.json', import.meta.url);
const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(PACKAGE, 'utf8'))).version;

/** The tab was opened. Nobody waits for an answer; what it shows comes a moment later. */
export const openHome: EventListener = opensView(async (call, { deps }) => {
  if (call.event['tab'] !== 'home') return;
  const { workspace, user, client } = call;
  const { visitors, consentMix } = deps.database.of(workspace);
  let { locale } = call;
  try {
    locale = await call.actor();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await visitors.forget(user);
    await publish(client, user, guestView(locale));
    return;
  }
  const visitor = { workspace, user, locale };
  await drawHome(deps, client, visitor);
  await visitors.opened(user, deps.now());
  // It is shown already; counting may take as long as it takes.
  if (await consentMix.refresh(deps.now)) await drawHome(deps, client, visitor);
});

/** Draws Home anew for one person, as an announcement. */
export async function refreshHome(
  deps: Deps,
  client: WebClient,
  { workspace, to: user }: { readonly workspace: string; readonly to: string },
): Promise<Posting> {
  const locale = await askedLanguageOf(deps, client, workspace, user);
  const id = await drawHome(deps, client, { workspace, user, locale });
  return { kind: 'posted', place: { channel: user, ts: id } };
}

interface Visitor {
  readonly workspace: string;
  readonly user: string;
  readonly locale: SlackLocale;
}

async function drawHome(
  deps: Deps,
  client: WebClient,
  { workspace, user, locale }: Visitor,
): Promise<string> {
  const dashboard = await readDashboard(deps, workspace, user);
  return publish(client, user, homeView({ dashboard, version: VERSION }, locale));
}

async function publish(client: WebClient, user: string, view: HomeView): Promise<string> {
  const published = await client.views.publish({ user_id: user, view });
  return published.view?.id ?? '';
}

/** The shortcut "Consent dashboard". */
export const openDashboard: ShortcutListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: 'open-dashboard',
    async draw({ workspace, user, locale }) {
      const dashboard = await readDashboard(deps, workspace, user);
      return dashboardModal({ dashboard, version: VERSION }, locale);
    },
  });
});

/** A button of Home opens the same form as the command. */
export const startFromHome = (kind: WizardKind): ActionListener => {
  const begin = optinCommand(kind);
  return opensView(async (call, door) => begin({ ...call, command: '', text: '' }, door));
};

export const importFromHome: ActionListener = opensView(async (call, { deps }) =>
  openImport(call, deps),
);

/** The menu beside a request: `pause:q_…`. */
export const steerFromHome: ActionListener = async (call, door) => {
  const { deps } = door;
  const [word = '', request = ''] = call.value.split(':');
  const steering = STEERINGS.find((one) => one === word);
  if (steering === undefined) return;
  if (steering === 'details') {
    await showRequest({ ...call, value: request }, door);
    return;
  }
  const { workspace, user: by } = call;
  const step = steering === 'pause' ? pauseRequest : resumeRequest;
  await once(deps, call, async () => {
    await unlessChanged(deps, call, request, () => step(deps, { workspace, request, by }));
    await refreshHomes(deps, workspace);
    await deps.queue.wakeAnnouncer();
  });
};

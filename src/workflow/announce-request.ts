/** Announce: which Slack messages a request's next state is told in. */
import type { Request } from '../consent/request.ts';
import type { AnnouncementKind } from '../store/announcements.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';

/** Slack's ids of people; imports from the command line are asked for by other names. */
const SLACK_USER = /^[UW][A-Z0-9]{2,}$/;

/** Asks for these messages about a request, inside the transaction of the act. */
export async function about(
  { database, settings }: Pick<Deps, 'database' | 'settings'>,
  { workspace, id, requestedBy }: Pick<Request, 'workspace' | 'id' | 'requestedBy'>,
  kinds: readonly AnnouncementKind[],
  at: Date,
  tx?: Tx,
): Promise<void> {
  for (const kind of kinds) {
    const direct = kind.startsWith('direct-');
    if (direct && !SLACK_USER.test(requestedBy)) continue;
    const to = direct ? requestedBy : (await settings(workspace)).channel;
    const announcements = database.of(workspace).announcements;
    await announcements.want({ kind, about: { kind: 'request', id }, to }, at, tx);
  }
}

/**
 * Send reminders: whoever was asked and has not answered is reminded once, if the request says so.
 *
 * A reminder is an ask: it is reserved against the limit of asks in the same write that checks
 * permission and suppressions again, together with its send, whose id names the address: run
 * twice, or by two processes, it is written once. Whoever stopped, confirmed, bounced or was asked
 * too often meanwhile is not reminded.
 */
import { askWindowStart } from '../consent/ask.ts';
import type { AskTerms } from '../consent/plan.ts';
import { providerOf } from '../consent/provider.ts';
import { templateFor } from '../mail/templates.ts';
import type { Store } from '../store/database.ts';
import type { NewSend, SendDocument } from '../store/send-document.ts';
import type { Deps } from './deps.ts';
import { requestsThatSend } from './sending/check-sends.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Reminders that one transaction writes. */
const PAGE_SENDS = 500;

type ReminderDeps = Pick<Deps, 'database' | 'now'>;

/** Writes all reminders of a workspace that are due. @returns how many */
export async function sendReminders(
  deps: ReminderDeps,
  workspace: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const store = deps.database.of(workspace);
  let written = 0;
  for (const { id, plan } of (await requestsThatSend(store)).values()) {
    const { ask } = plan.terms;
    if (ask === undefined || ask.reminderDays === undefined) continue;
    for (;;) {
      if (signal?.aborted === true) return written;
      const page = await store.sendGroups.toRemind(id, {
        // A silence that is judged so late belongs to a question that is old enough.
        judgedBefore: new Date(deps.now().getTime() + (ask.linkDays - ask.reminderDays) * DAY_MS),
        now: deps.now(),
        limit: PAGE_SENDS,
      });
      if (page.length === 0) break;
      written += await remindPage(deps, store, { request: id, ask, page });
    }
  }
  return written;
}

interface Page {
  readonly request: string;
  readonly ask: AskTerms;
  readonly page: readonly SendDocument[];
}

/** One transaction: these were looked at, their asks are reserved, their reminders written. */
async function remindPage(
  { database, now }: ReminderDeps,
  store: Store,
  { request, ask, page }: Page,
): Promise<number> {
  const at = now();
  return database.inTransaction(async (tx) => {
    // Somebody may have answered, or another process may have been here, since the page was read.
    const silent = await store.sendGroups.stillToRemind(
      page.map(({ _id }) => _id),
      tx,
    );
    if (silent.length === 0) return 0;
    await store.sendGroups.setReminded(
      silent.map(({ _id }) => _id),
      tx,
    );
    const took = await store.addresses.reserveAsks(
      silent.map(({ address }) => address),
      { cause: request, kind: 'reminder', windowStart: askWindowStart(at) },
      at,
      tx,
    );
    const addresses = await store.addresses.findMany(took, tx);
    const reminders = addresses.map(
      ({ _id, address }): NewSend => ({
        cause: { kind: 'request', id: request },
        address: _id,
        kind: 'reminder',
        template: templateFor('reminder', ask.template),
        templateHash: ask.reminderHash ?? '',
        silence: ask.silence,
        linkDays: ask.linkDays,
        provider: providerOf(address),
        createdAt: at,
      }),
    );
    await store.sends.insertMany(reminders, tx);
    return reminders.length;
  });
}

/**
 * Resolve unknown: what becomes of mails of which nobody knows whether they arrived.
 *
 * Held, unless the request said that they are tried once more. A second try goes back into the
 * queue and through every check again; it carries the same Message-ID and the same links, so that
 * servers can tell the copy and either mail's link answers the question.
 */
import { resendBefore } from '../consent/unknown-send.ts';
import type { Deps } from './deps.ts';
import { requestsThatSend } from './sending/check-sends.ts';

/** Mails that one write puts back. */
const PAGE_SENDS = 500;

/** Puts back what is due in a workspace, each mail once. @returns how many */
export async function resolveUnknown(
  { database, now, log }: Pick<Deps, 'database' | 'now' | 'log'>,
  workspace: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  const store = database.of(workspace);
  let resent = 0;
  for (const { id, plan } of (await requestsThatSend(store)).values()) {
    const brokenBefore = resendBefore(plan.terms.ask?.unknown, now());
    if (brokenBefore === undefined) continue;
    for (;;) {
      if (signal?.aborted === true) return resent;
      const limit = PAGE_SENDS;
      const count = await store.sendGroups.resend(id, { brokenBefore, now: now(), limit });
      resent += count;
      if (count < PAGE_SENDS) break;
    }
  }
  if (resent > 0) log.warn({ workspace, resent }, 'mails of unknown fate are tried once more');
  return resent;
}

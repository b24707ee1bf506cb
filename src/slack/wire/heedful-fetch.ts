/**
 * Heedful fetch: notices in any answer of Slack, whoever asked, that a token is no longer good.
 *
 * Bolt makes clients of its own, so this stands where all of them pass: at the fetch.
 */
import { z } from 'zod';

/** Slack's words for a token that will not be taken tomorrow either. */
export const REVOKED: ReadonlySet<string> = new Set([
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'app_uninstalled',
  'team_disabled',
  'enterprise_is_restricted',
]);

const BEARER = 'Bearer ';
/** The answers that matter are a line; of a longer one nothing is kept. */
const ANSWER_CHARACTERS_MAX = 2_000;
const Answer = z.object({ ok: z.literal(false), error: z.string() });

/** @param onRevoked is told of a token before the one who asked gets the answer */
export function heedfulFetch(
  send: typeof fetch,
  onRevoked: (token: string) => Promise<void>,
): typeof fetch {
  return async (url, init) => {
    const response = await send(url, init);
    const token = new Headers(init?.headers).get('authorization');
    if (token?.startsWith(BEARER) === true && (await isRevoked(response))) {
      await onRevoked(token.slice(BEARER.length));
    }
    return response;
  };
}

/** Never rejects: an answer that cannot be read is the matter of the one who asked. */
async function isRevoked(response: Response): Promise<boolean> {
  if (!(response.headers.get('content-type') ?? '').includes('json')) return false;
  const said = await response
    .clone()
    .text()
    .catch(() => '');
  if (said.length > ANSWER_CHARACTERS_MAX || !said.includes('"error"')) return false;
  try {
    const answer = Answer.safeParse(JSON.parse(said));
    return answer.success && REVOKED.has(answer.data.error);
  } catch {
    return false;
  }
}

/** Tokens: the token in the mail of a send, for tests that need no mail. */
import { makeToken } from '../../../src/consent/link.ts';
import type { SendDocument } from '../../../src/store/send-document.ts';
import type { Deps } from '../../../src/workflow/deps.ts';

export function tokenOf(
  { tokenKeys }: Pick<Deps, 'tokenKeys'>,
  { workspace, _id }: Pick<SendDocument, 'workspace' | '_id'>,
): string {
  return makeToken({ workspace, send: _id }, tokenKeys);
}

/**
 * Send document: the record of one mail to one address, and what became of it.
 *
 *   queued ─write-ahead─▶ sending ─▶ sent │ bounced │ blocked │ unknown
 *      └ cancelled           └ deferred: back to queued, later
 *        (never left)
 *
 * Who works on a queued one is not written here (send-claims.ts). The id is made from cause, address and kind, so a send cannot be written twice.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SEND_STATES } from '../consent/mail-event.ts';

export const SENDS = 'sends';
/** States in which a send still has to be worked on. */
export const OPEN_SEND_STATES = ['queued', 'sending'] as const;

const ID_BYTES = 16;

export const SendDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  cause: z.strictObject({ kind: z.literal('request'), id: z.string() }),
  /** Id of the address; the address itself is read when the mail is made. */
  address: z.string(),
  kind: z.enum(['ask', 'reminder']),
  template: z.string(),
  templateHash: z.string(),
  silence: z.enum(['keep', 'revert']),
  linkDays: z.int(),
  state: z.enum(SEND_STATES),
  /** When it may be worked on (queued), or when its silence is judged (once it was tried). */
  nextAt: z.date(),
  attempts: z.int(),
  lease: z.strictObject({ token: z.string(), until: z.date() }).optional(),
  messageId: z.string().optional(),
  mailHash: z.string().optional(),
  /** The server's last words, without any address. */
  reply: z.string().optional(),
  /** Why it was cancelled: a skip of judgeAsk, or the request's end. */
  note: z.string().optional(),
  /** Who runs the mailbox (consent/provider.ts); missing in rows older than this field. */
  provider: z.string().optional(),
  /** A reminder is to follow if nobody answers; taken away when that was looked at. */
  remind: z.literal(true).optional(),
  /** It was `unknown` and was tried once more. */
  resent: z.literal(true).optional(),
  createdAt: z.date(),
  /** When it was tried first; retries end some time after. */
  triedAt: z.date().optional(),
  sentAt: z.date().optional(),
  /** What the recipient did; set once, in the transaction of the act. */
  outcome: z.enum(['confirmed', 'stopped', 'silent']).optional(),
  outcomeAt: z.date().optional(),
});
export type SendDocument = z.infer<typeof SendDocument>;
export type NewSend = Omit<
  SendDocument,
  '_id' | 'workspace' | 'v' | 'state' | 'attempts' | 'nextAt'
> & { readonly nextAt?: Date };

/** 128 bits of SHA-256 over what makes a send one send, as base64url. */
export function sendId(
  workspace: string,
  { cause, address, kind }: Pick<SendDocument, 'cause' | 'address' | 'kind'>,
): string {
  return createHash('sha256')
    .update(`send\0${workspace}\0${cause.kind}:${cause.id}\0${address}\0${kind}`)
    .digest()
    .subarray(0, ID_BYTES)
    .toString('base64url');
}

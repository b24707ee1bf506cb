/**
 * Receive mail: one mail that the listener took in: read, and handed to the workflow if it reports
 * something. Neither its sender nor its words are logged.
 */
import { readInbound } from '../mail/bounces/inbound.ts';
import type { MailTarget } from '../mail/bounces/verp.ts';
import type { Deps } from '../workflow/deps.ts';
import { receiveMailEvent } from '../workflow/receive-mail-event.ts';

export interface TakenMail {
  readonly raw: Buffer;
  readonly target: MailTarget;
  /** MAIL FROM; empty for the null sender. */
  readonly sender: string;
  readonly domain: string;
}

/** @throws the database's error: the server that sent it keeps the mail and comes again */
export async function receiveMail(deps: Deps, mail: TakenMail): Promise<void> {
  const reading = await readInbound({ ...mail, receivedAt: deps.now(), keys: deps.tokenKeys });
  if (reading.kind === 'event') {
    await receiveMailEvent(deps, reading.event);
    return;
  }
  deps.returns['mail-ignored'] += 1;
  deps.log.info({ target: mail.target.kind, why: reading.why }, 'a mail reported nothing');
}

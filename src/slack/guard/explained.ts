/**
 * Explained: a refusal with more to say than its own sentence: marked-up text, with people and
 * moments in it, for the one who acted.
 */
import type { Refusal } from '../../consent/refusal.ts';
import type { Mrkdwn } from '../blocks/escape.ts';

export class Explained extends Error {
  override readonly name = 'Explained';
  readonly said: Mrkdwn;

  /** @param refusal what it explains */
  constructor(said: Mrkdwn, refusal: Refusal) {
    super(refusal.code, { cause: refusal });
    this.said = said;
  }
}

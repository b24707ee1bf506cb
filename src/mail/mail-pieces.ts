/**
 * Mail pieces: a mail put together from what all mails share, kept as bytes, and what is one
 * recipient's own. All is copied once, into the bytes of the mail: joining it as text first would
 * copy it twice and leave the text behind.
 */

/** What is the same in every mail, ready to be copied. */
export type Fixed = Buffer;

/** @param text ASCII, or bytes as latin1 */
export const fixed = (text: string): Fixed => Buffer.from(text, 'latin1');

export class MailPieces {
  readonly #pieces: (Fixed | string)[] = [];
  #bytes = 0;

  /** @param piece a text is ASCII, or bytes as latin1: one byte a character */
  add(piece: Fixed | string): void {
    this.#pieces.push(piece);
    this.#bytes += piece.length;
  }

  /** Of all pieces so far. */
  get bytes(): number {
    return this.#bytes;
  }

  joined(): Buffer {
    const whole = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      if (typeof piece === 'string') whole.write(piece, at, 'latin1');
      else whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }
}

/**
 * Ids: a set of ids that stays small, since an import looks at millions of them.
 *
 * Our ids are keyed hashes, so they scatter evenly without being hashed again, and their 128 bits
 * are kept as numbers: 24 to 48 bytes an id, a fifth of what a Set of strings takes.
 */
import assert from 'node:assert';

const ROOM_FIRST = 1 << 12;
const WORDS = 4;
/** Hexadecimal digits of one word (32 bits). */
const WORD_DIGITS = 8;

export class IdTable {
  /** 1 + the number of the id that lies here; 0: free. Always at most half full. */
  #places = new Uint32Array(2 * ROOM_FIRST);
  #words = new Uint32Array(WORDS * ROOM_FIRST);
  #size = 0;
  /** The id that is looked for. */
  readonly #wanted = new Uint32Array(WORDS);

  get size(): number {
    return this.#size;
  }

  /** The number of an id, counted from 0 in the order of adding; -1 if it was not added. */
  find(id: string): number {
    this.#want(id);
    return (this.#places[this.#place(this.#wanted, 0)] ?? 0) - 1;
  }

  /** The number of an id, which is added if it was not. */
  add(id: string): number {
    this.#want(id);
    const place = this.#place(this.#wanted, 0);
    const number = (this.#places[place] ?? 0) - 1;
    if (number !== -1) return number;
    this.#words.set(this.#wanted, this.#size * WORDS);
    this.#size += 1;
    this.#places[place] = this.#size;
    if (this.#size * WORDS === this.#words.length) this.#grow();
    return this.#size - 1;
  }

  /** The id of a number, without the prefix that it may have had. */
  idOf(number: number): string {
    assert(number >= 0 && number < this.#size, 'a number that was given out');
    const words = this.#words.subarray(number * WORDS, (number + 1) * WORDS);
    return Array.from(words, (word) => word.toString(16).padStart(WORD_DIGITS, '0')).join('');
  }

  /** Reads the digits behind the prefix, if there is one (`c_`, `x_`). */
  #want(id: string): void {
    let start = id.indexOf('_') + 1;
    assert.equal(id.length - start, WORDS * WORD_DIGITS, 'an id has 128 bits');
    for (let word = 0; word < WORDS; word += 1) {
      this.#wanted[word] = Number.parseInt(id.slice(start, start + WORD_DIGITS), 16);
      start += WORD_DIGITS;
    }
  }

  /** Where the id whose words begin at `from` lies, or would lie. */
  #place(words: Uint32Array, from: number): number {
    const mask = this.#places.length - 1;
    for (let place = (words[from] ?? 0) & mask; ; place = (place + 1) & mask) {
      const number = (this.#places[place] ?? 0) - 1;
      if (number === -1 || this.#isAt(number * WORDS, words, from)) return place;
    }
  }

  #isAt(at: number, words: Uint32Array, from: number): boolean {
    for (let word = 0; word < WORDS; word += 1) {
      if (this.#words[at + word] !== words[from + word]) return false;
    }
    return true;
  }

  #grow(): void {
    const words = new Uint32Array(2 * this.#words.length);
    words.set(this.#words);
    this.#words = words;
    this.#places = new Uint32Array(2 * this.#places.length);
    for (let number = 0; number < this.#size; number += 1) {
      this.#places[this.#place(words, number * WORDS)] = number + 1;
    }
  }
}

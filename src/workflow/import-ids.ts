/**
 * Ids: a set of ids that stays small, since an import looks at millions of them.
 *
 * Our ids are keyed hashes, so 64 bits of one tell it from all others of a file (at ten million the
 * chance of any mistake is below 1 in 300,000) and scatter evenly without being hashed again. Takes
 * 16 to 24 bytes an id.
 */
import assert from 'node:assert';

const ROOM_FIRST = 1 << 12;
/** Hexadecimal digits of 32 bits. */
const WORD_DIGITS = 8;

export class IdTable {
  /** 1 + the number of the id that lies here; 0: free. Always at most half full. */
  #places = new Uint32Array(2 * ROOM_FIRST);
  #high = new Uint32Array(ROOM_FIRST);
  #low = new Uint32Array(ROOM_FIRST);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of an id, counted from 0 in the order of adding; -1 if it was not added. */
  find(id: string): number {
    const [high, low] = words(id);
    return (this.#places[this.#place(high, low)] ?? 0) - 1;
  }

  /** The number of an id, which is added if it was not. */
  add(id: string): number {
    const [high, low] = words(id);
    const place = this.#place(high, low);
    const number = (this.#places[place] ?? 0) - 1;
    if (number !== -1) return number;
    this.#high[this.#size] = high;
    this.#low[this.#size] = low;
    this.#size += 1;
    this.#places[place] = this.#size;
    if (this.#size === this.#high.length) this.#grow();
    return this.#size - 1;
  }

  /** Where the id lies, or would lie. */
  #place(high: number, low: number): number {
    const mask = this.#places.length - 1;
    for (let place = low & mask; ; place = (place + 1) & mask) {
      const number = (this.#places[place] ?? 0) - 1;
      if (number === -1) return place;
      if (this.#low[number] === low && this.#high[number] === high) return place;
    }
  }

  #grow(): void {
    this.#high = enlarged(this.#high);
    this.#low = enlarged(this.#low);
    this.#places = new Uint32Array(2 * this.#high.length);
    for (let number = 0; number < this.#size; number += 1) {
      this.#places[this.#place(this.#high[number] ?? 0, this.#low[number] ?? 0)] = number + 1;
    }
  }
}

function enlarged(words: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * words.length);
  larger.set(words);
  return larger;
}

/** The first 64 bits behind the prefix, if there is one (`c_`, `x_`). */
function words(id: string): [high: number, low: number] {
  const start = id.indexOf('_') + 1;
  const high = Number.parseInt(id.slice(start, start + WORD_DIGITS), 16);
  const low = Number.parseInt(id.slice(start + WORD_DIGITS, start + 2 * WORD_DIGITS), 16);
  assert(high >= 0 && low >= 0, 'ids are hexadecimal');
  return [high, low];
}

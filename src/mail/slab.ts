/**
 * Slab: room for mails, many cut from one large piece of memory: a piece of its own for each mail
 * costs more than to fill it. A slab is freed with the last mail in it.
 */

const SLAB_BYTES = 256 * 1024;

let slab = Buffer.alloc(0);
let used = 0;

/** Room that nobody else has; what stands in it is anything, and must all be written over. */
export function roomFor(bytes: number): Buffer {
  if (bytes > SLAB_BYTES) return Buffer.allocUnsafeSlow(bytes);
  if (slab.length - used < bytes) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    used = 0;
  }
  used += bytes;
  return slab.subarray(used - bytes, used);
}

/** A text of bytes (latin1), in a room of its own. */
export function bytesOf(text: string): Buffer {
  const room = roomFor(text.length);
  room.write(text, 'latin1');
  return room;
}

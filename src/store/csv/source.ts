/**
 * Source: the bytes of one file, readable at any place, whether it lies on disk or came by network.
 *
 * A file is read twice (once to judge and hash it, once for its rows), so bytes that come as a
 * stream are first kept in a file of our own, which has no name: it is gone with the process.
 */
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { CsvRefused } from '../../consent/csv-refused.ts';

/** One read from disk; also what is decoded and split at once. Even, so that UTF-16 stays whole. */
export const PIECE_BYTES = 256 * 1024;

export interface ByteSource {
  readonly bytes: number;
  /**
   * As many bytes from `position` as `room` holds, fewer only at the end; they may lie in `room`,
   * so they are good until the caller uses it again.
   */
  read(position: number, room: Buffer): Promise<Buffer>;
  /** @throws Error if the file was changed since it was opened */
  assertUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** @throws CsvRefused `unreadable` if it cannot be opened, `too-large` */
export async function sourceOfPath(path: string, bytesMax: number): Promise<ByteSource> {
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw new CsvRefused('unreadable', whyNot(cause), { cause });
  });
  try {
    return await sourceOfHandle(handle, bytesMax);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** @throws CsvRefused `too-large` */
export function sourceOfBuffer(buffer: Buffer, bytesMax: number): ByteSource {
  refuseTooLarge(buffer.length, bytesMax);
  return {
    bytes: buffer.length,
    read: (position, room) => Promise.resolve(buffer.subarray(position, position + room.length)),
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/**
 * Takes all bytes of the stream, at most `bytesMax`; memory stays flat.
 * @throws CsvRefused `too-large`; whatever the stream throws
 */
export async function sourceOfStream(stream: Readable, bytesMax: number): Promise<ByteSource> {
  const path = join(tmpdir(), `assent-import-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  try {
    await unlink(path);
    let bytes = 0;
    for await (const piece of stream as AsyncIterable<Buffer | string>) {
      const buffer = typeof piece === 'string' ? Buffer.from(piece) : piece;
      bytes += buffer.length;
      refuseTooLarge(bytes, bytesMax);
      await handle.writeFile(buffer);
    }
    return await sourceOfHandle(handle, bytesMax);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function sourceOfHandle(handle: FileHandle, bytesMax: number): Promise<ByteSource> {
  const before = await handle.stat();
  if (!before.isFile()) throw new CsvRefused('unreadable', 'It is not a file.');
  refuseTooLarge(before.size, bytesMax);
  return {
    bytes: before.size,
    async read(position, room) {
      let filled = 0;
      while (filled < room.length) {
        const rest = room.length - filled;
        const { bytesRead } = await handle.read(room, filled, rest, position + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return room.subarray(0, filled);
    },
    async assertUnchanged() {
      const now = await handle.stat();
      if (now.size === before.size && now.mtimeMs === before.mtimeMs) return;
      throw new Error('The file was changed while it was being read; import it again.');
    },
    close: () => handle.close(),
  };
}

const MEBIBYTE = 1024 * 1024;

function refuseTooLarge(bytes: number, bytesMax: number): void {
  if (bytes <= bytesMax) return;
  const limit = (bytesMax / MEBIBYTE).toLocaleString('en', { maximumFractionDigits: 1 });
  throw new CsvRefused('too-large', `It is over the limit of ${limit} MiB.`);
}

/** The reason in words; the path stays out of it. */
function whyNot(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause && cause.code;
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'Its permissions do not allow to read it.';
  return 'It could not be opened.';
}

/**
 * Settler: writes what became of the mails of a group, some results at a time: one write for each
 * mail would cost more than the mail.
 */
import type { Pass } from './pass.ts';
import { type Delivered, SETTLED_KINDS, settleSends } from './settle-send.ts';

/** A result waits this long for others, so that a slow server delays no other mail's record. */
const GATHER_MS = 50;
/** Results in one write. */
const RESULTS_MAX = 100;

export interface Settler {
  add(delivered: Delivered): void;
  /** True if a write failed: nothing more must begin, its fate could not be recorded. */
  isBroken(): boolean;
  /** Writes the rest. @throws the database's error, of the first write that failed */
  finish(): Promise<void>;
}

/** Of one group, under the token of its lease. */
export function settler(pass: Pass, token: string): Settler {
  const waiting: Delivered[] = [];
  let timer: NodeJS.Timeout | undefined;
  let fault: { readonly cause: unknown } | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async () => {
    const delivered = waiting.splice(0, RESULTS_MAX);
    if (delivered.length === 0 || fault !== undefined) return;
    try {
      const counts = await settleSends(pass.deps, pass.workspace, { delivered, token });
      for (const kind of SETTLED_KINDS) pass.counts[kind] += counts[kind];
      pass.ahead.leave(delivered.length);
    } catch (cause) {
      fault = { cause };
    }
  };
  const writeSoon = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };

  return {
    add(delivered) {
      waiting.push(delivered);
      if (waiting.length >= RESULTS_MAX) void writeSoon();
      else timer ??= setTimeout(() => void writeSoon(), GATHER_MS);
    },
    isBroken: () => fault !== undefined,
    async finish() {
      // A write that fails leaves the rest unwritten; each takes some away, so this ends.
      for (let left = Math.ceil(waiting.length / RESULTS_MAX); left >= 0; left -= 1) {
        await writeSoon();
      }
      if (fault !== undefined) throw fault.cause;
    },
  };
}

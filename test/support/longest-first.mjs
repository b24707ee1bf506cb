/**
 * Longest first: the order of test files where nothing was measured yet, as in a clean checkout. A
 * file that takes a minute must not begin last, when the other workers have nothing left to do.
 */
import TestSequencer from '@jest/test-sequencer';

/** What is in the path of files that take long, those that take longest first. */
const LONG = [
  'mail/chaos',
  'test/crash/',
  'hostile/fuzz',
  'workspaces/isolation',
  'test/browser/',
  'local-mongod',
  'mail/transport-faults',
  'inbound/',
  'hostile/',
  'integration/process/',
  'integration/ask/',
  'integration/',
];

export default class LongestFirst extends TestSequencer {
  /** Milliseconds: as measured by an earlier run, else a guess that is good for an order only. */
  time(test) {
    const place = LONG.findIndex((part) => test.path.includes(part));
    const guessed = place < 0 ? 0 : LONG.length - place;
    return super.time(test) ?? guessed + 1 - 1 / (test.context.hasteFS.getSize(test.path) ?? 1);
  }
}

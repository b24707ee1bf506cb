/**
 * Crossing: whether the envelope of the next mail may stand right behind the final dot of this one
 * (RFC 2920, 3.1), which makes one wait of a mail instead of two.
 *
 * Whoever announces PIPELINING allows it, and some do not keep to it. So one line tries first; the
 * others follow when it went well, and a route on which it goes wrong again and again is left alone.
 * Nothing is lost then: of the mail behind, nothing had left.
 */
import type { Exchange } from './dialog.ts';

/** In a row. */
const FAILURES_MAX = 3;
/** The server still holds the mail before to be under way. */
const NESTED = 503;
const STOPPED = 'EABORT';

export interface Crossing {
  /** True if the next mail may cross; then `learn` or `give` must follow. */
  begin(): boolean;
  /** What came in answer to an envelope that crossed. */
  learn(answer: Exchange): void;
  /** There was no mail to cross. */
  giveBack(): void;
}

/** One for all lines of a route. */
export function crossingOf(): Crossing {
  let isProven = false;
  let isTrying = false;
  let failures = 0;
  return {
    begin() {
      if (failures >= FAILURES_MAX || (!isProven && isTrying)) return false;
      isTrying = true;
      return true;
    },
    learn(answer) {
      isTrying = false;
      const verdict = judge(answer);
      if (verdict === 'fine') {
        isProven = true;
        failures = 0;
      } else if (verdict === 'wrong') {
        failures += 1;
      }
    },
    giveBack() {
      isTrying = false;
    },
  };
}

function judge({ replies, error }: Exchange): 'fine' | 'wrong' | 'neither' {
  if (error !== undefined) return error.code === STOPPED ? 'neither' : 'wrong';
  if (replies[0]?.code === NESTED) return 'wrong';
  return replies.length > 1 ? 'fine' : 'neither';
}

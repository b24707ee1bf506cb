/** Planted: faults that a test or the demo puts in the app's way: errors, rate limits, silence. */

export interface Planted {
  /** Slack's own refusal, with status 200. */
  readonly error?: string;
  /** An HTTP status instead of an answer. */
  readonly status?: number;
  /** Seconds, for status 429; 1 if not said. */
  readonly retryAfter?: number;
  /** No answer until the double stops. */
  readonly hang?: boolean;
  /** Milliseconds that a download takes before it is answered as usual. */
  readonly delayMs?: number;
  /** How many calls are hit; 1 if not said. */
  readonly times?: number;
}

export interface Plot {
  plant(method: string, fault: Planted): void;
  /** The fault that hits this call, which is used up with it. */
  next(method: string): Planted | undefined;
}

export function newPlot(): Plot {
  const waiting = new Map<string, Planted[]>();
  return {
    plant(method, fault) {
      const copies = Array.from({ length: fault.times ?? 1 }, () => fault);
      waiting.set(method, [...(waiting.get(method) ?? []), ...copies]);
    },
    next: (method) => waiting.get(method)?.shift(),
  };
}

/**
 * Pace: how fast mail may go to one provider over one route, after that provider asked for less.
 *
 * Additive signs are not given by receivers: they say "too fast" (421, or an enhanced code 4.7.x)
 * and nothing else. So the rate is halved at once and grows back by a tenth with each minute that
 * stayed clean, until the route's own limit is reached and nothing is held back any more. What is
 * kept is one rate and one instant; the rest is arithmetic.
 */

/** What is left of the rate after a provider said "slower". */
const SLOWED_TO = 0.5;
/** Growth with each clean minute. */
const GROWTH = 1.1;
export const CLEAN_MS = 60_000;
/** Never slower than one mail in ten seconds: retries and probes have to get through. */
export const PER_SECOND_MIN = 0.1;
/** A server says "slower" on all its connections at once: within this time it counts once. */
export const SLOWED_ONCE_MS = 10_000;

export interface Slowed {
  /** Mails a second, at that instant. */
  readonly perSecond: number;
  readonly at: Date;
}

/** The rate now, in mails a second; undefined: the provider holds nothing back any more. */
export function rateNow(slowed: Slowed | undefined, limit: number, now: Date): number | undefined {
  if (slowed === undefined) return undefined;
  const cleanMinutes = Math.max(0, Math.floor((now.getTime() - slowed.at.getTime()) / CLEAN_MS));
  const rate = slowed.perSecond * GROWTH ** cleanMinutes;
  return rate >= limit ? undefined : Math.max(rate, Math.min(PER_SECOND_MIN, limit));
}

/** The rate after a provider said "slower". The same said again at once changes nothing. */
export function slowDown(slowed: Slowed | undefined, limit: number, now: Date): Slowed {
  if (slowed !== undefined && now.getTime() - slowed.at.getTime() < SLOWED_ONCE_MS) return slowed;
  const rate = rateNow(slowed, limit, now) ?? limit;
  return { perSecond: Math.max(rate * SLOWED_TO, Math.min(PER_SECOND_MIN, limit)), at: now };
}

const TOO_FAST_CODE = /^421\b/;
const TOO_FAST_ENHANCED = /^4\.7\./;
/** Greylists use 4.7.1 too: they ask for patience with one mail, not for a slower sender. */
const GREYLIST = /gr[ea]y-?\s?list/i;

/** True if a reply that put a mail off asks the sender to slow down. */
export function asksToSlow({
  reply,
  enhanced,
}: {
  readonly reply: string;
  readonly enhanced?: string | undefined;
}): boolean {
  if (GREYLIST.test(reply)) return false;
  return TOO_FAST_CODE.test(reply) || TOO_FAST_ENHANCED.test(enhanced ?? '');
}

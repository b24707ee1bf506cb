/**
 * Unknown send: a mail that broke off after its first byte. Whether it arrived, nobody knows.
 *
 * RFC 5321, 4.5.3.2.6 and RFC 1047: neither side can be sure. Evidence may still come: a click, a
 * bounce, a provider's report. Where none came for a while, the request's own policy decides.
 */
import type { UnknownPolicy } from './plan.ts';

const HOUR_MS = 60 * 60 * 1000;
/** Evidence is waited for so long: bounces and reports come within a day, most people click on one. */
export const UNKNOWN_GRACE_MS = 24 * HOUR_MS;

/** Mails that broke off before this instant may be tried once more; undefined: none ever. */
export function resendBefore(policy: UnknownPolicy | undefined, now: Date): Date | undefined {
  return policy === 'resend-once' ? new Date(now.getTime() - UNKNOWN_GRACE_MS) : undefined;
}

/**
 * Import rules: what a file may do to the permission of one address. It gives new addresses their
 * first one; on known addresses it may tighten, and never loosens.
 */
import type { Permission } from '../../consent/permission.ts';
import type { ImportedStatus } from '../../consent/status-words.ts';
import type { Suppression } from '../../consent/suppression.ts';

/** What the rows of a file say about one address, the strictest of each. */
export interface Hearsay {
  /** Unsubscribed or complained: the recipient's own stop. */
  readonly hasStopped: boolean;
  readonly suppressions: readonly Suppression[];
  /** The earliest day on which this person is said to have agreed. */
  readonly consentAt: Date | undefined;
}

/** What new addresses get, and which own dates of consent are too old to count. */
export interface FirstPermission {
  readonly granted: 'single-opt-in' | 'non-marketable';
  readonly consentNotBefore: Date;
}

const NOTHING: Hearsay = { hasStopped: false, suppressions: [], consentAt: undefined };

const SAYS: Readonly<Record<ImportedStatus, Hearsay>> = {
  unsubscribed: { ...NOTHING, hasStopped: true },
  complained: { ...NOTHING, hasStopped: true, suppressions: ['complaint'] },
  bounced: { ...NOTHING, suppressions: ['hard-bounce'] },
};

/** What one row says about its addresses. It does not tell which of them bounced: all of them. */
export function hearsayOf(status: ImportedStatus | undefined, consentAt: Date | undefined) {
  const says = status === undefined ? NOTHING : SAYS[status];
  return consentAt === undefined ? says : { ...says, consentAt };
}

/** Several rows about one address, taken together in any order. */
export function addHearsay(a: Hearsay, b: Hearsay): Hearsay {
  return {
    hasStopped: a.hasStopped || b.hasStopped,
    suppressions: [...new Set([...a.suppressions, ...b.suppressions])],
    consentAt: earlier(a.consentAt, b.consentAt),
  };
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

/** The permission of an address that nobody knew. */
export function firstPermission(
  { hasStopped, consentAt }: Hearsay,
  { granted, consentNotBefore }: FirstPermission,
): Permission {
  if (hasStopped) return 'opted-out-by-recipient';
  return consentAt !== undefined && consentAt < consentNotBefore ? 'non-marketable' : granted;
}

export interface Tightening {
  /** Undefined: the permission stays as it is. */
  readonly to: Permission | undefined;
  readonly adds: readonly Suppression[];
}

/**
 * What changes in an address that is on file. A stop is the recipient's own act in the old system,
 * so it outranks every permission, our own opt-out too.
 * @param isOfThisFile its permission came from an earlier row of this very file, so a date in a
 *   later one counts as if it had stood in the first
 */
export function tightening(
  known: { readonly permission: Permission; readonly suppressions: readonly Suppression[] },
  says: Hearsay,
  { isOfThisFile, consentNotBefore }: { isOfThisFile: boolean; consentNotBefore: Date },
): Tightening {
  const adds = says.suppressions.filter((each) => !known.suppressions.includes(each));
  if (says.hasStopped) {
    const isStopped = known.permission === 'opted-out-by-recipient';
    return { to: isStopped ? undefined : 'opted-out-by-recipient', adds };
  }
  const isTooOld = says.consentAt !== undefined && says.consentAt < consentNotBefore;
  const isTaken = isTooOld && isOfThisFile && known.permission === 'single-opt-in';
  return { to: isTaken ? 'non-marketable' : undefined, adds };
}

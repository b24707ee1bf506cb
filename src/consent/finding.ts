/** Finding: what a check of the installation found, and what to do about it. */

const FINDING_LEVELS = ['ok', 'warn', 'fail'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

export interface Finding {
  /** What was looked at: `SPF of example.com`. */
  readonly what: string;
  readonly level: FindingLevel;
  /** What was found, in a sentence; never a secret. */
  readonly says: string;
  /** What to do; where there is something to do. */
  readonly remedy?: string;
}

/** Looks at one thing. A check that throws is a check that failed. */
export interface Check {
  readonly what: string;
  run(): Promise<readonly Finding[]>;
}

export const ok = (what: string, says: string): Finding => ({ what, level: 'ok', says });
export const warn = (what: string, says: string, remedy: string): Finding => ({
  what,
  level: 'warn',
  says,
  remedy,
});
export const fail = (what: string, says: string, remedy: string): Finding => ({
  what,
  level: 'fail',
  says,
  remedy,
});

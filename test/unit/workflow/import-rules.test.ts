/** Import rules: own dates of consent, what is on file already, and rows that repeat an address. */
import { describe, expect, it, test } from '@jest/globals';
import { PERMISSIONS, type Permission } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS } from '../../../src/consent/suppression.ts';
import {
  addHearsay,
  firstPermission,
  hearsayOf,
  tightening,
} from '../../../src/workflow/import/rules.ts';

const LIMIT = new Date('2024-06-15T12:00:00Z');
const JUST_TOO_OLD = new Date(LIMIT.getTime() - 1);
const STATUSES = [undefined, 'unsubscribed', 'bounced', 'complained'] as const;

describe('an own date of consent', () => {
  test.each([
    [LIMIT, 'single-opt-in'],
    [JUST_TOO_OLD, 'non-marketable'],
    [undefined, 'single-opt-in'],
  ] as const)('%s of a new address → %s', (consentAt, expected) => {
    const first = { granted: 'single-opt-in', consentNotBefore: LIMIT } as const;
    expect(firstPermission(hearsayOf(undefined, consentAt), first)).toBe(expected);
  });

  const table: [Permission, boolean, Permission | undefined][] = [
    ['non-marketable', true, undefined],
    ['non-marketable', false, undefined],
    ['single-opt-in', true, 'non-marketable'],
    ['single-opt-in', false, undefined],
    ['double-opt-in', true, undefined],
    ['double-opt-in', false, undefined],
    ['opted-out-by-recipient', true, undefined],
    ['opted-out-by-recipient', false, undefined],
    ['opted-out-by-user', true, undefined],
    ['opted-out-by-user', false, undefined],
  ];
  test.each(table)('too old, on file as %s, of this file %s → %s', (permission, own, expected) => {
    const says = hearsayOf(undefined, JUST_TOO_OLD);
    const rules = { isOfThisFile: own, consentNotBefore: LIMIT };
    expect(tightening({ permission, suppressions: [] }, says, rules)).toEqual({
      to: expected,
      adds: [],
    });
  });
});

describe('what is on file already', () => {
  const rules = { isOfThisFile: false, consentNotBefore: LIMIT };

  it('is not changed once more', () => {
    const known = { permission: 'opted-out-by-recipient', suppressions: ['complaint'] } as const;
    const says = hearsayOf('complained', undefined);
    expect(tightening(known, says, rules)).toEqual({ to: undefined, adds: [] });
  });

  it('gains what is missing, and a bounce is no stop', () => {
    for (const permission of PERMISSIONS) {
      const known = { permission, suppressions: ['erased'] } as const;
      expect(tightening(known, hearsayOf('bounced', undefined), rules)).toEqual({
        to: undefined,
        adds: ['hard-bounce'],
      });
    }
  });
});

describe('several rows about one address', () => {
  it('say the same in any order', () => {
    const dates = [undefined, LIMIT, JUST_TOO_OLD];
    const all = STATUSES.flatMap((status) => dates.map((date) => hearsayOf(status, date)));
    for (const a of all) {
      for (const b of all) {
        const [ab, ba] = [addHearsay(a, b), addHearsay(b, a)];
        expect(new Set(ab.suppressions)).toEqual(new Set(ba.suppressions));
        expect({ ...ab, suppressions: [] }).toEqual({ ...ba, suppressions: [] });
        expect(ab.hasStopped).toBe(a.hasStopped || b.hasStopped);
        expect(SUPPRESSIONS).toEqual(expect.arrayContaining([...ab.suppressions]));
      }
    }
  });
});

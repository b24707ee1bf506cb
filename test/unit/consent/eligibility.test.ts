/** The permission table of mass opt-in and opt-out, over its whole space. */
import { describe, expect, it } from '@jest/globals';
import { judge, oldestConsent, type Verdict } from '../../../src/consent/eligibility.ts';
import { PERMISSIONS, type Permission } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS, type Suppression } from '../../../src/consent/suppression.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const CONSENT = {
  none: undefined,
  young: new Date('2024-11-23T12:00:00Z'),
  old: new Date('2024-11-23T11:59:59.999Z'),
} as const;

/** All 16 sets of suppressions. */
const SETS: Suppression[][] = Array.from({ length: 2 ** SUPPRESSIONS.length }, (_, bits) =>
  SUPPRESSIONS.filter((_suppression, n) => (bits & (1 << n)) !== 0),
);

/** The table of product.md, section 2, for addresses without suppressions. */
const OPT_IN: Record<Permission, string> = {
  'non-marketable': 'single-opt-in',
  'single-opt-in': 'skip already_opted_in',
  'double-opt-in': 'skip already_confirmed',
  'opted-out-by-recipient': 'skip opted_out_by_recipient',
  'opted-out-by-user': 'skip opted_out_by_user',
};
const OPT_OUT: Record<Permission, string> = {
  'non-marketable': 'opted-out-by-user',
  'single-opt-in': 'opted-out-by-user',
  'double-opt-in': 'opted-out-by-user',
  'opted-out-by-recipient': 'skip already_opted_out',
  'opted-out-by-user': 'skip already_opted_out',
};

const space = PERMISSIONS.flatMap((permission) =>
  SETS.flatMap((suppressions) =>
    (['none', 'young', 'old'] as const).map((consent) => ({ permission, suppressions, consent })),
  ),
);

function inWords(verdict: Verdict): string {
  return verdict.kind === 'change' ? verdict.to : `skip ${verdict.reason}`;
}

describe('a mass opt-in', () => {
  it.each(space)('$permission, $suppressions, consent $consent', (facts) => {
    const { permission, suppressions, consent } = facts;
    const verdict = judge({ permission, suppressions, consentAt: CONSENT[consent] }, 'opt-in', NOW);
    // In the order of the list: the first suppression names the skip.
    const suppression = ['erased', 'complaint', 'hard-bounce', 'invalid'].find((name) =>
      suppressions.includes(name as Suppression),
    );
    const tooOld = permission === 'non-marketable' && consent === 'old';
    const expected = tooOld ? 'skip permission_too_old' : OPT_IN[permission];
    expect(inWords(verdict)).toBe(suppression === undefined ? expected : `skip ${suppression}`);
  });
});

describe('a mass opt-out', () => {
  it.each(space)('$permission, $suppressions, consent $consent', (facts) => {
    const { permission, suppressions, consent } = facts;
    const verdict = judge(
      { permission, suppressions, consentAt: CONSENT[consent] },
      'opt-out',
      NOW,
    );
    expect(inWords(verdict)).toBe(OPT_OUT[permission]);
  });
});

it('covers the whole space', () => {
  expect(space).toHaveLength(5 * 16 * 3);
});

it('counts 24 calendar months back, at the end of a month too', () => {
  expect(oldestConsent(new Date('2026-02-28T10:00:00Z'))).toEqual(new Date('2024-02-28T10:00:00Z'));
  expect(oldestConsent(new Date('2026-02-01T00:00:00Z'))).toEqual(new Date('2024-02-01T00:00:00Z'));
});

/** Who may be asked, and what a "yes" means: the last two columns of the permission table. */
import { describe, expect, it } from '@jest/globals';
import {
  askedLatelySince,
  askWindowStart,
  judgeAsk,
  judgeConfirmation,
} from '../../../src/consent/ask.ts';
import { PERMISSIONS, type Permission } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS, type Suppression } from '../../../src/consent/suppression.ts';

const SETS: Suppression[][] = Array.from({ length: 2 ** SUPPRESSIONS.length }, (_, bits) =>
  SUPPRESSIONS.filter((_suppression, n) => (bits & (1 << n)) !== 0),
);

const ASK: Record<Permission, string> = {
  'non-marketable': 'no_permission',
  'single-opt-in': 'ask',
  'double-opt-in': 'already_confirmed',
  'opted-out-by-recipient': 'opted_out_by_recipient',
  'opted-out-by-user': 'opted_out_by_user',
};

const space = PERMISSIONS.flatMap((permission) =>
  SETS.map((suppressions) => ({ permission, suppressions })),
);

describe('asking', () => {
  const cells = space.flatMap((facts) =>
    [0, 1, 2, 3].flatMap((asks) => [false, true].map((lately) => ({ ...facts, asks, lately }))),
  );
  it.each(cells)(
    '$permission, $suppressions, asked $asks times, too lately for a campaign: $lately',
    ({ permission, suppressions, asks, lately }) => {
      const facts = { permission, suppressions, asksInWindow: asks, askedLately: lately };
      const verdict = judgeAsk(facts);
      const suppression = SUPPRESSIONS.find((name) => suppressions.includes(name));
      const young = lately ? 'asked_lately' : 'ask';
      const limited = asks >= 2 ? 'asked_too_often' : young;
      const expected = suppression ?? (ASK[permission] === 'ask' ? limited : ASK[permission]);
      expect(verdict.kind === 'ask' ? 'ask' : verdict.reason).toBe(expected);
    },
  );

  it('is left to a campaign’s own days, where there is a campaign', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    expect(askedLatelySince(now, 30)).toEqual(new Date('2026-10-24T12:00:00Z'));
    expect(askedLatelySince(now, undefined)).toBeUndefined();
  });

  it('counts 180 days back', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    expect(askWindowStart(now)).toEqual(new Date('2026-05-27T12:00:00Z'));
  });
});

describe('a recipient’s yes', () => {
  it.each(space)('$permission, $suppressions', ({ permission, suppressions }) => {
    const result = judgeConfirmation({ permission, suppressions });
    const onlyBounce = suppressions.every((name) => name === 'hard-bounce');
    const clears = suppressions.includes('hard-bounce') ? ['hard-bounce'] : [];
    if (onlyBounce && permission === 'single-opt-in') {
      expect(result).toEqual({ kind: 'change', from: permission, to: 'double-opt-in', clears });
    } else if (onlyBounce && permission === 'double-opt-in') {
      expect(result).toEqual({ kind: 'already-confirmed', clears });
    } else {
      expect(result).toEqual({ kind: 'stale-link' });
    }
  });
});

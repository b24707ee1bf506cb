/** Who may be asked, and what a "yes" means: the last two columns of the permission table. */
import { describe, expect, it } from '@jest/globals';
import { askWindowStart, judgeAsk, judgeConfirmation } from '../../../src/consent/ask.ts';
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
  it.each(space.flatMap((facts) => [0, 1, 2, 3].map((asks) => ({ ...facts, asks }))))(
    '$permission, $suppressions, asked $asks times',
    ({ permission, suppressions, asks }) => {
      const verdict = judgeAsk({ permission, suppressions, asksInWindow: asks });
      const suppression = SUPPRESSIONS.find((name) => suppressions.includes(name));
      const limited = ASK[permission] === 'ask' && asks >= 2 ? 'asked_too_often' : ASK[permission];
      const expected = suppression ?? limited;
      expect(verdict.kind === 'ask' ? 'ask' : verdict.reason).toBe(expected);
    },
  );

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

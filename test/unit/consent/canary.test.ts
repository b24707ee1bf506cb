/** Canary: when the rest of a request may follow, waits, or is stopped. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  CANARY_PHASES,
  CANARY_STAGES,
  type CanaryCounts,
  type CanaryPhase,
  countsSince,
  judgeCanary,
  phaseOf,
} from '../../../src/consent/canary.ts';

const NONE: CanaryCounts = { tried: 0, underWay: 0, bounced: 0, blocked: 0, complained: 0 };
const words = (counts: Partial<CanaryCounts>, phase: CanaryPhase) => {
  const verdict = judgeCanary({ ...NONE, ...counts }, phase);
  if (verdict.kind === 'pause') return `pause: ${verdict.reason}`;
  return verdict.kind === 'go' && verdict.warn ? 'go, warn' : verdict.kind;
};

describe('the phase', () => {
  it.each<[number, number | undefined, number, string]>([
    [0, undefined, 600_000, 'filling'],
    [0, 0, 600_000, 'waiting'],
    [0, 599_999, 600_000, 'waiting'],
    [0, 600_000, 600_000, 'due'],
    [2, 0, 0, 'due'],
    [2, undefined, 0, 'filling'],
    [3, undefined, 600_000, 'over'],
    [3, 0, 600_000, 'over'],
  ])('of stage %d, full for %s of %d ms: %s', (stage, fullForMs, waitMs, expected) => {
    expect(phaseOf(stage, fullForMs, waitMs)).toBe(expected);
  });

  it.each<[CanaryPhase, string]>([
    ['filling', 'wait'],
    ['waiting', 'wait'],
    ['due', 'go'],
    ['over', 'go'],
  ])('%s, and nothing bad: %s', (phase, expected) => {
    expect(words({ tried: 50 }, phase)).toBe(expected);
  });

  it('counts 50, 200 and 1,000 mails, all in all', () => {
    expect(CANARY_STAGES).toEqual([50, 200, 1_000]);
  });
});

describe('the limits, each at its edge', () => {
  it.each<[Partial<CanaryCounts>, string]>([
    [{ tried: 3, bounced: 3 }, 'go'],
    [{ tried: 50, bounced: 4 }, 'go'],
    [{ tried: 50, bounced: 5 }, 'pause: canary_bounces'],
    [{ tried: 10, bounced: 5 }, 'pause: canary_bounces'],
    [{ tried: 500, bounced: 40 }, 'go'],
    [{ tried: 500, bounced: 41 }, 'pause: canary_bounces'],
    [{ tried: 50, blocked: 2 }, 'go'],
    [{ tried: 50, blocked: 3 }, 'pause: canary_blocks'],
    [{ tried: 1_000, blocked: 50 }, 'go'],
    [{ tried: 1_000, blocked: 51 }, 'pause: canary_blocks'],
    [{ tried: 50, complained: 1 }, 'go'],
    [{ tried: 50, complained: 2 }, 'go, warn'],
    [{ tried: 50, complained: 3 }, 'go, warn'],
    [{ tried: 50, complained: 4 }, 'pause: canary_complaints'],
    [{ tried: 10_000, complained: 10 }, 'go'],
    [{ tried: 10_000, complained: 11 }, 'go, warn'],
    [{ tried: 10_000, complained: 30 }, 'go, warn'],
    [{ tried: 10_000, complained: 31 }, 'pause: canary_complaints'],
  ])('%j → %s', (counts, expected) => {
    expect(words(counts, 'due')).toBe(expected);
  });
});

it('stops at once: no stage and no waiting keeps a bad list going', () => {
  const bad = { tried: 50, bounced: 10 };
  const all = CANARY_PHASES.map((phase) => words(bad, phase));
  expect(new Set(all)).toEqual(new Set(['pause: canary_bounces']));
});

it('more harm never turns a pause into a go', () => {
  const count = fc.integer({ min: 0, max: 2_000 });
  fc.assert(
    fc.property(count, count, count, count, count, (tried, bounced, blocked, complained, more) => {
      const before = words({ tried, bounced, blocked, complained }, 'over');
      const after = words({ tried, bounced: bounced + more, blocked, complained }, 'over');
      if (before.startsWith('pause')) expect(after).toMatch(/^pause/);
    }),
  );
});

it('judges what came after people said "go on", not what they knew', () => {
  const known = { tried: 50, underWay: 3, bounced: 5, blocked: 1, complained: 1 };
  const now = { tried: 120, underWay: 7, bounced: 6, blocked: 1, complained: 1 };
  expect(countsSince(now, undefined)).toBe(now);
  expect(countsSince(now, known)).toEqual({
    tried: 70,
    underWay: 7,
    bounced: 1,
    blocked: 0,
    complained: 0,
  });
});

/** Plans: counted from the same rule that changes, hashed over terms and counts. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countPlan, type JudgedFacts, judgeUnder } from '../../../src/consent/judging.ts';
import { PERMISSIONS } from '../../../src/consent/permission.ts';
import { comparePlans, makePlan, type PlanCounts, type Terms } from '../../../src/consent/plan.ts';
import { SUPPRESSIONS } from '../../../src/consent/suppression.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const ASK = {
  who: 'changed' as const,
  template: 'double-opt-in',
  templateHash: 'a'.repeat(64),
  silence: 'revert' as const,
  linkDays: 14,
};
const terms = (over: Partial<Terms> = {}): Terms => ({
  kind: 'opt-in',
  audience: {
    sources: [{ kind: 'batch', id: 'b_1' }],
    match: 'any',
    fields: ['email'],
    cutoff: NOW,
  },
  ...over,
});

const facts: fc.Arbitrary<JudgedFacts> = fc.record({
  permission: fc.constantFrom(...PERMISSIONS),
  suppressions: fc.subarray([...SUPPRESSIONS]),
  consentAt: fc.constantFrom(undefined, new Date('2020-01-01'), new Date('2026-01-01')),
  asksInWindow: fc.integer({ min: 0, max: 3 }),
});
const anyTerms = fc.constantFrom(
  terms(),
  terms({ ask: ASK }),
  terms({ ask: { ...ASK, who: 'single-opt-in' } }),
  terms({ kind: 'opt-out', reason: 'Brand closed' }),
  terms({ kind: 'reconfirm', ask: { ...ASK, who: 'single-opt-in' } }),
);

describe('counting', () => {
  it('adds up: every address is changed or skipped, once', () => {
    fc.assert(
      fc.property(anyTerms, fc.array(facts), (given, people) => {
        const counts = countPlan(
          given,
          people.map((person) => ({ ...person, count: 1 })),
          NOW,
        );
        const skipped = Object.values(counts.skips).reduce((a, b) => a + b, 0);
        const judged = given.kind === 'reconfirm' ? 0 : people.length;
        expect(counts.change + skipped).toBe(judged);
        expect(counts.addresses).toBe(people.length);
      }),
    );
  });

  it('counts a group as it judges one of it', () => {
    fc.assert(
      fc.property(anyTerms, facts, fc.integer({ min: 1, max: 1000 }), (given, person, count) => {
        const { verdict, ask } = judgeUnder(given, person, NOW);
        const counts = countPlan(given, [{ ...person, count }], NOW);
        expect(counts.change).toBe(verdict?.kind === 'change' ? count : 0);
        expect(counts.asks).toBe(ask?.kind === 'ask' ? count : 0);
      }),
    );
  });

  it('never asks without permission, and never an opt-out', () => {
    fc.assert(
      fc.property(anyTerms, facts, (given, person) => {
        const { verdict, ask } = judgeUnder(given, person, NOW);
        const after = verdict?.kind === 'change' ? verdict.to : person.permission;
        if (ask?.kind === 'ask') {
          expect(after).toBe('single-opt-in');
          expect(person.suppressions).toEqual([]);
          expect(person.asksInWindow).toBeLessThan(2);
        }
      }),
    );
  });
});

describe('comparing', () => {
  const counts = (change: number, asks = 0): PlanCounts => ({
    addresses: 10,
    change,
    skips: {},
    asks,
    askSkips: {},
  });
  const plan = makePlan(terms({ ask: ASK }), counts(5, 3), NOW);

  it.each([
    ['same', terms({ ask: ASK }), counts(5, 3)],
    ['fewer', terms({ ask: ASK }), counts(4, 3)],
    ['fewer', terms({ ask: ASK }), counts(5, 2)],
    ['more', terms({ ask: ASK }), counts(6, 3)],
    ['more', terms({ ask: ASK }), counts(4, 4)],
    ['other-terms', terms({ ask: { ...ASK, templateHash: 'b'.repeat(64) } }), counts(5, 3)],
    ['other-terms', terms({ ask: { ...ASK, silence: 'keep' } }), counts(5, 3)],
    ['other-terms', terms(), counts(5, 3)],
  ])('%s', (expected, otherTerms, otherCounts) => {
    expect(comparePlans(plan, makePlan(otherTerms, otherCounts, NOW))).toBe(expected);
  });

  it('hashes terms and counts, not the time of counting', () => {
    const later = makePlan(terms({ ask: ASK }), counts(5, 3), new Date('2027-01-01'));
    expect(later.hash).toBe(plan.hash);
    expect(makePlan(terms({ ask: ASK }), counts(5, 2), NOW).hash).not.toBe(plan.hash);
  });
});

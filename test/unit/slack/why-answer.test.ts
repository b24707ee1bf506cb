/** `/assent why`: the longest record fits one message, and the address itself is masked. */
import { expect, it } from '@jest/globals';
import { leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateMessage } from '../../../demo/slack/validate.ts';
import { ACTS, type LedgerEntry } from '../../../src/consent/ledger.ts';
import { PERMISSIONS } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS } from '../../../src/consent/suppression.ts';
import { whyAnswer } from '../../../src/slack/command/why-answer.ts';
import type { Proof, ProofAct } from '../../../src/workflow/read-proof.ts';
import { anInterview, hostile, NOW } from './models.ts';

function anAct(over: Partial<LedgerEntry> = {}): ProofAct {
  return {
    entry: {
      _id: 'q_1.0.0.non-marketable',
      workspace: 'T0TEST',
      v: 1,
      act: 'opt-in',
      from: 'non-marketable',
      to: 'single-opt-in',
      cause: { kind: 'request', id: 'q_1' },
      who: 'U0ASKS',
      approver: 'U0SAYSYES',
      at: NOW,
      addresses: [],
      ...over,
    },
    interview: anInterview('other', hostile),
  };
}

function aProof(over: Partial<Proof> = {}): Proof {
  return {
    workspace: 'T0TEST',
    readAt: NOW,
    id: 'a'.repeat(32),
    address: 'annabel@example.org',
    permission: 'single-opt-in',
    permissionSince: NOW,
    suppressions: [],
    asksInWindow: 1,
    audiences: ['batch “Spring fair”'],
    acts: [anAct()],
    sends: [],
    faults: [],
    ...over,
  };
}

it.each(PERMISSIONS)('fits for an address that is %s, with the longest record', (permission) => {
  for (const suppressions of [[], [...SUPPRESSIONS]]) {
    const acts = ACTS.flatMap((act) =>
      Array.from({ length: 20 }, () =>
        anAct({ act, to: permission, facts: { reason: hostile(500) }, adds: [...SUPPRESSIONS] }),
      ),
    );
    const proof = aProof({
      permission,
      suppressions,
      acts,
      audiences: Array.from({ length: 50 }, () => hostile(100)),
      faults: Array.from(
        { length: 50 },
        () => `The ledger entry ${'x'.repeat(200)} does not exist.`,
      ),
    });
    const answer = whyAnswer(proof, 'en');
    expect(validateMessage({ ...answer })).toEqual([]);
    expect(leaksInHiding('why', { ...answer })).toEqual([]);
    expect(JSON.stringify(answer)).not.toContain('<!channel>');
  }
});

it('names people and moments as Slack does, and masks the address', () => {
  const text = JSON.stringify(
    whyAnswer(aProof({ acts: [{ ...anAct(), interview: undefined }] }), 'en'),
  );
  expect(text).toContain('<@U0ASKS> asked, <@U0SAYSYES> approved.');
  expect(text).toContain(`<!date^${NOW.getTime() / 1_000}^`);
  expect(text).toContain('a***@ex…');
  expect(text).not.toContain('annabel@');
});

it('tells the latest acts and how many came before', () => {
  const acts = Array.from({ length: 25 }, (_, index) =>
    anAct({ cause: { kind: 'request', id: `q_${index}` } }),
  );
  const text = JSON.stringify(whyAnswer(aProof({ acts }), 'en'));
  expect(text).toContain('… and 15 before');
  expect(text).toContain('q_24');
  expect(text).not.toContain('q_14.');
});

it('writes the days of an interview out, as each language does', () => {
  const act = { ...anAct(), interview: anInterview('spoken') };
  const told = (locale: 'en' | 'de') => JSON.stringify(whyAnswer(aProof({ acts: [act] }), locale));
  expect(told('en')).toContain('First day of collection: February 1, 2026');
  expect(told('de')).toContain('1. Februar 2026');
  for (const locale of ['en', 'de'] as const) expect(told(locale)).not.toContain('2026-02-01');
});

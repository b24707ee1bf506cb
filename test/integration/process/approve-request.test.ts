/** Approving: four eyes, one plan, one decision, whoever clicks how fast. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { canonicalHash } from '../../../src/consent/canonical.ts';
import type { Request } from '../../../src/consent/request.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import {
  cancelRequest,
  expireRequest,
  pauseRequest,
  rejectRequest,
} from '../../../src/workflow/decide-request.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import {
  ADMIN,
  APPROVER,
  OTHER_APPROVER,
  REQUESTER,
  TEMPLATE,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences, addPeople, BATCH, idOf, interviewOf } from '../../support/people.ts';
import { form, submitted, worked } from '../../support/requests.ts';

let deps: TestDeps;
let templateHash = 'a'.repeat(64);
beforeAll(async () => {
  deps = await testDeps({ templates: { names: () => [TEMPLATE], hash: () => templateHash } });
});
afterAll(() => deps.close());
beforeEach(async () => {
  templateHash = 'a'.repeat(64);
  await deps.reset();
  await addAudiences(deps);
  await addPeople(
    deps,
    Array.from({ length: 5 }, (_, n) => ({ address: `p${n}@example.com` })),
  );
});

const approve = (
  request: Request,
  by = APPROVER,
  over: { planHash?: string; typed?: number } = {},
) =>
  approveRequest(deps, {
    workspace: WORKSPACE,
    request: request.id,
    by,
    planHash: request.plan.hash,
    ...over,
  });
const find = (request: Request) => deps.database.of(WORKSPACE).requests.find(request.id);
const ask = { who: 'changed' as const, template: TEMPLATE, silence: 'revert' as const };
const announced = async (request: Request) =>
  (
    await deps.database.of(WORKSPACE).announcements.ofSubject({ kind: 'request', id: request.id })
  ).map(({ kind }) => kind);
const setPermission = (address: string, permission: string) =>
  deps.database.db
    .collection<{ _id: string }>(ADDRESSES)
    .updateOne({ _id: idOf(deps, address) }, { $set: { permission } });

describe('who may approve', () => {
  it.each([
    ['a requester', REQUESTER, 'not_an_approver'],
    ['an admin without the role', ADMIN, 'not_an_approver'],
    ['a stranger', 'U0NOBODY', 'not_an_approver'],
  ])('not %s', async (_who, by, code) => {
    const request = await submitted(deps);
    await expect(approve(request, by)).rejects.toMatchObject({ code });
    expect((await find(request)).state).toBe('awaiting-approval');
  });

  it('not the one who asked, even with the role, and even past our own check', async () => {
    const request = await submitRequest(deps, {
      workspace: WORKSPACE,
      by: APPROVER,
      submission: 'V-self',
      form: form(deps),
    });
    await expect(approve(request)).rejects.toMatchObject({ code: 'approver_is_requester' });
    const direct = deps.database.inTransaction((tx) =>
      deps.database
        .of(WORKSPACE)
        .requests.approve(request, { by: APPROVER, at: new Date(), event: 'approve' }, tx),
    );
    await expect(direct).rejects.toMatchObject({ code: 'request_not_open' });
    await expect(approve(request, OTHER_APPROVER)).resolves.toMatchObject({ state: 'approved' });
  });
});

describe('one decision', () => {
  it('of two approvers at the same instant one wins, every time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const request = await submitted(deps);
      const results = await Promise.allSettled([
        approve(request, APPROVER),
        approve(request, OTHER_APPROVER),
        approve(request, APPROVER),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { history } = await find(request);
      expect(history.filter(({ event }) => event === 'approve')).toHaveLength(1);
    }
  });

  it('approve against reject: one of them', async () => {
    for (let round = 0; round < 10; round += 1) {
      const request = await submitted(deps);
      const decision = { workspace: WORKSPACE, request: request.id, by: OTHER_APPROVER };
      const results = await Promise.allSettled([
        approve(request),
        rejectRequest(deps, { ...decision, reason: 'Not like this' }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const { state, approval } = await find(request);
      expect(state).toBe(approval === undefined ? 'rejected' : 'approved');
    }
  });

  it('a reject needs a reason, and tells the requester', async () => {
    const request = await submitted(deps);
    const decision = { workspace: WORKSPACE, request: request.id, by: APPROVER };
    await expect(rejectRequest(deps, { ...decision, reason: '  ' })).rejects.toMatchObject({
      code: 'reject_needs_reason',
    });
    await rejectRequest(deps, { ...decision, reason: 'Wrong batch' });
    expect((await find(request)).history.at(-1)).toMatchObject({
      event: 'reject',
      note: 'Wrong batch',
    });
    expect(await announced(request)).toEqual(
      expect.arrayContaining(['approval-card', 'direct-decision']),
    );
  });

  it('expires after its hours, and not before', async () => {
    const request = await submitted(deps);
    await expireRequest(deps, WORKSPACE, request.id);
    expect((await find(request)).state).toBe('awaiting-approval');
    deps.setNow(new Date(request.requestedAt.getTime() + 72 * 3_600_000));
    await expect(approve(request)).rejects.toMatchObject({ code: 'request_expired' });
    await expireRequest(deps, WORKSPACE, request.id);
    expect((await find(request)).state).toBe('expired');
  });

  it('only its requester or an admin cancels', async () => {
    const request = await submitted(deps);
    const decision = { workspace: WORKSPACE, request: request.id };
    await expect(cancelRequest(deps, { ...decision, by: 'U0NOBODY' })).rejects.toMatchObject({
      code: 'not_an_admin',
    });
    await expect(pauseRequest(deps, { ...decision, by: REQUESTER })).rejects.toMatchObject({
      code: 'request_not_open',
    });
    await cancelRequest(deps, { ...decision, by: REQUESTER });
    await expect(approve(request)).rejects.toMatchObject({ code: 'request_not_open' });
  });
});

describe('one plan', () => {
  it('fewer addresses are fine', async () => {
    const request = await submitted(deps);
    await setPermission('p0@example.com', 'opted-out-by-recipient');
    await expect(approve(request)).resolves.toMatchObject({ state: 'approved' });
    expect((await worked(deps, request.id)).counts).toMatchObject({
      changed: 4,
      skips: { opted_out_by_recipient: 1 },
    });
  });

  it('more addresses void the click; the card shows the new plan, which can be approved', async () => {
    await setPermission('p0@example.com', 'single-opt-in');
    const request = await submitted(deps);
    expect(request.plan.counts.change).toBe(4);
    await setPermission('p0@example.com', 'non-marketable');
    await expect(approve(request)).rejects.toMatchObject({ code: 'plan_changed' });
    const recounted = await find(request);
    expect(recounted).toMatchObject({
      state: 'awaiting-approval',
      plan: { counts: { change: 5 } },
    });
    // The old plan is no longer what stands there.
    await expect(approve(request)).rejects.toMatchObject({ code: 'plan_changed' });
    await expect(approve(recounted)).resolves.toMatchObject({ state: 'approved' });
  });

  it('another template voids the click', async () => {
    const request = await submitted(deps, { ask });
    templateHash = 'b'.repeat(64);
    await expect(approve(request)).rejects.toMatchObject({ code: 'plan_changed' });
    expect((await find(request)).plan.terms.ask?.templateHash).toBe(templateHash);
  });

  it('members who came after the cut-off are no part of it', async () => {
    const request = await submitted(deps);
    await addPeople(deps, [{ address: 'late@example.com', since: new Date(Date.now() + 1_000) }]);
    await expect(approve(request)).resolves.toMatchObject({ state: 'approved' });
    expect((await worked(deps, request.id)).counts).toMatchObject({ addresses: 5 });
  });

  it('over the threshold the number is typed', async () => {
    const { settings } = deps;
    const strict = {
      ...deps,
      settings: async () => ({ ...(await settings(WORKSPACE)), typedOver: 4 }),
    };
    const request = await submitted(deps);
    const input = {
      workspace: WORKSPACE,
      request: request.id,
      by: APPROVER,
      planHash: request.plan.hash,
    };
    for (const typed of [undefined, 4, 6]) {
      await expect(approveRequest(strict, { ...input, typed })).rejects.toMatchObject({
        code: 'number_mismatch',
      });
    }
    await expect(approveRequest(strict, { ...input, typed: 5 })).resolves.toMatchObject({
      state: 'approved',
    });
  });

  it('a hash that nobody was shown is refused', async () => {
    const request = await submitted(deps);
    const planHash = canonicalHash('another plan');
    await expect(approve(request, APPROVER, { planHash })).rejects.toMatchObject({
      code: 'plan_changed',
    });
  });
});

describe('submitting', () => {
  const refusedWith = async (over: Parameters<typeof submitted>[1], code: string) =>
    expect(submitted(deps, over)).rejects.toMatchObject({ code });

  it('refuses what cannot be asked for, and says why', async () => {
    await refusedWith(
      { choice: { sources: [], match: 'any', fields: ['email'] } },
      'audience_empty',
    );
    await refusedWith({ choice: { sources: [BATCH], match: 'any', fields: [] } }, 'fields_empty');
    const gone = { kind: 'tag' as const, id: 't_gone' };
    await refusedWith(
      { choice: { sources: [gone], match: 'any', fields: ['email'] } },
      'audience_not_found',
    );
    await refusedWith(
      { choice: { sources: [BATCH], match: 'any', fields: ['email3'] } },
      'nothing_to_change',
    );
    await refusedWith({ interview: undefined }, 'provenance_incomplete');
    await refusedWith({ kind: 'opt-out', reason: ' ' }, 'reason_missing');
    await refusedWith({ runAt: new Date(0) }, 'run_at_past');
    const old = interviewOf(deps.now(), 8);
    await refusedWith({ interview: old }, 'must_ask');
    await refusedWith({ interview: old, ask: { ...ask, silence: 'keep' } }, 'must_ask');
    await expect(submitted(deps, { interview: old, ask })).resolves.toBeDefined();
    expect(await announced({ id: 'none' } as Request)).toEqual([]);
  });

  it('puts a refused provenance on record, once, however often it is delivered', async () => {
    const submission = {
      workspace: WORKSPACE,
      by: REQUESTER,
      submission: 'V-bought',
      form: form(deps, { interview: { source: 'purchased', answers: {}, attested: true } }),
    };
    for (let delivery = 0; delivery < 3; delivery += 1) {
      await expect(submitRequest(deps, submission)).rejects.toMatchObject({
        code: 'provenance_refused',
      });
    }
    const entries = await deps.database.db.collection(LEDGER).find().toArray();
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      act: 'refuse-request',
      who: REQUESTER,
      provenance: { source: 'purchased' },
      addresses: [],
    });
  });

  it('makes one request of one submission, however often it is delivered', async () => {
    const submission = { workspace: WORKSPACE, by: REQUESTER, submission: 'V-1', form: form(deps) };
    const [first, second] = [
      await submitRequest(deps, submission),
      await submitRequest(deps, submission),
    ];
    expect(second.id).toBe(first.id);
    expect(await announced(first)).toEqual(['approval-card']);
  });

  it('refuses to ask where no mail is configured', async () => {
    const silent = { ...deps, canAsk: false };
    const submission = {
      workspace: WORKSPACE,
      by: REQUESTER,
      submission: 'V-2',
      form: form(deps, { ask }),
    };
    await expect(submitRequest(silent, submission)).rejects.toMatchObject({
      code: 'mail_not_configured',
    });
  });
});

describe('a collection of more than 6 months', () => {
  const old = () => interviewOf(deps.now(), 8);

  it('opts in only whom it can ask', async () => {
    const at = (days: number) => new Date(deps.now().getTime() - days * 86_400_000);
    const asks = [20, 10].map((days) => ({
      cause: `q_${days}`,
      kind: 'ask' as const,
      at: at(days),
    }));
    await addPeople(deps, [{ address: 'often@example.com', asks }]);
    const request = await submitted(deps, { interview: old(), ask });
    expect(request.plan.counts).toMatchObject({
      change: 5,
      asks: 5,
      skips: { asked_too_often: 1 },
    });
    await approve(request);
    expect((await worked(deps, request.id)).counts).toMatchObject({ changed: 5, asks: 5 });
    const often = await deps.database.of(WORKSPACE).addresses.find(idOf(deps, 'often@example.com'));
    expect(often?.permission).toBe('non-marketable');
  });

  it('is put back where it was cancelled before anybody was asked', async () => {
    const request = await submitted(deps, { interview: old(), ask });
    await approve(request);
    await worked(deps, request.id);
    await setPermission('p0@example.com', 'opted-out-by-recipient');
    await cancelRequest(deps, { workspace: WORKSPACE, request: request.id, by: REQUESTER });
    const store = deps.database.of(WORKSPACE);
    const found = await store.addresses.findMany(
      [0, 1, 2, 3, 4].map((n) => idOf(deps, `p${n}@example.com`)),
    );
    expect(found.map(({ permission }) => permission).toSorted()).toEqual([
      'non-marketable',
      'non-marketable',
      'non-marketable',
      'non-marketable',
      'opted-out-by-recipient',
    ]);
    expect(found.every(({ asks }) => asks.length === 0)).toBe(true);
    const entries = await store.ledger.ofCause('request', request.id);
    expect(entries.at(-1)).toMatchObject({ act: 'silence', to: 'non-marketable' });
  });
});

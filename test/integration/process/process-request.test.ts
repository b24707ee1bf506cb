/** Process: an approved request on a real MongoDB: what changes, what does not, and what is proven. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PERMISSIONS } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS } from '../../../src/consent/suppression.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import {
  cancelRequest,
  pauseRequest,
  resumeRequest,
} from '../../../src/workflow/decide-request.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { REQUESTER, TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople, BATCH, idOf, type Person, TAG } from '../../support/people.ts';
import { approved, submitted, worked } from '../../support/requests.ts';

let deps: TestDeps;
beforeAll(async () => {
  deps = await testDeps();
});
afterAll(() => deps.close());
beforeEach(async () => {
  await deps.reset();
  await addAudiences(deps);
});

const addresses = () => deps.database.db.collection<AddressDocument>(ADDRESSES);
const permissionOf = async (address: string) =>
  (await addresses().findOne({ _id: idOf(deps, address) }))?.permission;

/** One person for each permission and each single suppression, and none. */
function everyKind(): Person[] {
  return PERMISSIONS.flatMap((permission) =>
    [undefined, ...SUPPRESSIONS].map((suppression) => ({
      address: `${permission}.${suppression ?? 'none'}@example.com`,
      permission,
      suppressions: suppression === undefined ? [] : [suppression],
    })),
  );
}

const ask = { who: 'changed' as const, template: TEMPLATE, silence: 'revert' as const };

describe('a mass opt-in', () => {
  it('changes the one kind that may be changed, counts every skip, and proves it', async () => {
    await addPeople(deps, everyKind());
    const { id, plan } = await approved(deps);
    const done = await worked(deps, id);
    expect(done.state).toBe('done');
    expect(done.counts).toEqual({
      addresses: 25,
      changed: 1,
      asks: 0,
      skips: {
        erased: 5,
        complaint: 5,
        'hard-bounce': 5,
        invalid: 5,
        already_opted_in: 1,
        already_confirmed: 1,
        opted_out_by_recipient: 1,
        opted_out_by_user: 1,
      },
    });
    expect(plan.counts).toMatchObject({ change: 1, skips: done.counts?.skips });
    expect(await permissionOf('non-marketable.none@example.com')).toBe('single-opt-in');
    expect(await addresses().countDocuments({ 'entries.0': { $exists: true } })).toBe(1);
    expect(await crossCheck(deps)).toEqual([]);
  });

  it('skips an own consent date older than 24 months, by the day', async () => {
    deps.setNow(new Date('2026-11-23T12:00:00Z'));
    await addPeople(deps, [
      { address: 'old@example.com', consentAt: new Date('2024-11-23T11:59:59Z') },
      { address: 'young@example.com', consentAt: new Date('2024-11-23T12:00:00Z') },
    ]);
    const done = await worked(deps, (await approved(deps)).id);
    expect(done.counts).toMatchObject({ changed: 1, skips: { permission_too_old: 1 } });
    expect(await permissionOf('young@example.com')).toBe('single-opt-in');
  });

  it('writes one send per changed address that may be asked, and reserves the ask', async () => {
    const now = deps.now();
    const twice = [1, 2]
      .map((days) => ({
        cause: `q_${days}`,
        kind: 'ask' as const,
        at: new Date(now.getTime() - days * 86_400_000),
      }))
      .reverse();
    await addPeople(deps, [
      { address: 'ask@example.com' },
      { address: 'asked-twice@example.com', asks: twice },
      { address: 'already-single@example.com', permission: 'single-opt-in' },
    ]);
    const { id, plan } = await approved(deps, { ask });
    expect(plan.counts).toMatchObject({ change: 2, asks: 1, askSkips: { asked_too_often: 1 } });
    const request = await worked(deps, id);
    expect(request.state).toBe('asking');
    const sends = await deps.database.db.collection<SendDocument>(SENDS).find().toArray();
    expect(sends.map(({ address, state }) => [address, state])).toEqual([
      [idOf(deps, 'ask@example.com'), 'queued'],
    ]);
    expect((await addresses().findOne({ _id: idOf(deps, 'ask@example.com') }))?.asks).toHaveLength(
      1,
    );
    expect(await permissionOf('asked-twice@example.com')).toBe('single-opt-in');
    expect(await crossCheck(deps)).toEqual([]);
  });

  it('reconfirms: asks the single opt-ins, changes nobody', async () => {
    await addPeople(deps, everyKind());
    const { id } = await approved(deps, {
      kind: 'reconfirm',
      ask: { ...ask, who: 'single-opt-in' },
    });
    const request = await worked(deps, id);
    expect(request.counts).toMatchObject({ changed: 0, asks: 1 });
    expect(await addresses().countDocuments({ 'entries.0': { $exists: true } })).toBe(0);
  });

  it('leaves memberships that came after the plan alone', async () => {
    await addPeople(deps, [{ address: 'before@example.com' }]);
    const { id } = await approved(deps);
    await addPeople(deps, [{ address: 'after@example.com', since: new Date(Date.now() + 60_000) }]);
    await worked(deps, id);
    expect(await permissionOf('after@example.com')).toBe('non-marketable');
  });

  it('takes "all" per address, and only the chosen fields', async () => {
    await addPeople(deps, [
      { address: 'both@example.com', in: [BATCH, TAG] },
      { address: 'batch-only@example.com', in: [BATCH] },
      { address: 'other-field@example.com', in: [BATCH, TAG], field: 'email2' },
    ]);
    const choice = { sources: [BATCH, TAG], match: 'all' as const, fields: ['email' as const] };
    const done = await worked(deps, (await approved(deps, { choice })).id);
    expect(done.counts).toMatchObject({ addresses: 1, changed: 1 });
    expect(await permissionOf('both@example.com')).toBe('single-opt-in');
  });
});

describe('a mass opt-out', () => {
  it('opts out whoever is not opted out yet, suppressed or not, and keeps the recipient’s own', async () => {
    await addPeople(deps, everyKind());
    const { id } = await approved(deps, { kind: 'opt-out', reason: 'Brand closed' });
    const done = await worked(deps, id);
    expect(done.counts).toMatchObject({ changed: 15, skips: { already_opted_out: 10 } });
    expect(await permissionOf('opted-out-by-recipient.none@example.com')).toBe(
      'opted-out-by-recipient',
    );
    expect(await crossCheck(deps)).toEqual([]);
  });
});

describe('many addresses and many workers', () => {
  const people = (count: number): Person[] =>
    Array.from({ length: count }, (_, n) => ({ address: `p${n}@example.com` }));

  it('does each address once, whoever works', async () => {
    await addPeople(deps, people(30_000));
    const { id } = await approved(deps);
    const done = await worked(deps, id, 4);
    expect(done.state).toBe('done');
    expect(done.counts).toMatchObject({ addresses: 30_000, changed: 30_000, skips: {} });
    expect(await crossCheck(deps)).toEqual([]);
  });

  it('pauses after a page, resumes where it stopped, and cancels for good', async () => {
    await addPeople(deps, people(20_000));
    const { id } = await approved(deps);
    const decision = { workspace: WORKSPACE, request: id, by: REQUESTER };
    const working = worked(deps, id);
    await until(
      async () => (await addresses().countDocuments({ permission: 'single-opt-in' })) > 0,
    );
    await pauseRequest(deps, decision);
    await working;
    const changed = await addresses().countDocuments({ permission: 'single-opt-in' });
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(20_000);
    expect((await worked(deps, id)).state).toBe('paused');
    expect(await addresses().countDocuments({ permission: 'single-opt-in' })).toBe(changed);

    await resumeRequest(deps, decision);
    const working2 = worked(deps, id);
    await until(
      async () => (await addresses().countDocuments({ permission: 'single-opt-in' })) > changed,
    );
    await cancelRequest(deps, decision);
    await working2;
    const end = await addresses().countDocuments({ permission: 'single-opt-in' });
    expect((await worked(deps, id)).state).toBe('cancelled');
    expect(await addresses().countDocuments({ permission: 'single-opt-in' })).toBe(end);
    expect(await crossCheck(deps)).toEqual([]);
  });

  it('gives its range back at shutdown, and another worker goes on at once', async () => {
    await addPeople(deps, people(10_000));
    const { id } = await approved(deps);
    const shutdown = new AbortController();
    const working = processRequest(deps, {
      workspace: WORKSPACE,
      request: id,
      signal: shutdown.signal,
    });
    await until(
      async () => (await addresses().countDocuments({ permission: 'single-opt-in' })) > 0,
    );
    shutdown.abort();
    await working;
    expect((await deps.database.of(WORKSPACE).ranges.progress(id, deps.now())).leased).toBe(0);
    expect((await worked(deps, id)).counts).toMatchObject({ changed: 10_000 });
    expect(await crossCheck(deps)).toEqual([]);
  });
});

describe('before the approval', () => {
  it('nothing changes, whoever wakes the worker', async () => {
    await addPeople(deps, everyKind());
    const { id } = await submitted(deps);
    expect((await worked(deps, id)).state).toBe('awaiting-approval');
    expect(await addresses().countDocuments({ 'entries.0': { $exists: true } })).toBe(0);
  });

  it('nothing changes before the chosen time', async () => {
    await addPeople(deps, everyKind());
    const runAt = new Date(Date.now() + 3_600_000);
    const { id } = await approved(deps, { runAt });
    expect((await worked(deps, id)).state).toBe('scheduled');
    deps.setNow(runAt);
    expect((await worked(deps, id)).state).toBe('done');
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

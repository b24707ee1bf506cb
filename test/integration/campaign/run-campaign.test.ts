/** Run campaign: what was approved once is run by the clock, once each time, and never more. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Campaign } from '../../../src/consent/campaign.ts';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { pauseCampaign, resumeCampaign } from '../../../src/workflow/campaign-decide.ts';
import { cancelRequest } from '../../../src/workflow/decide-request.ts';
import { runCampaign, runCampaigns } from '../../../src/workflow/run-campaign.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import {
  APPROVER,
  REQUESTER,
  TEMPLATE,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences, addPeople, BATCH, idOf } from '../../support/people.ts';
import { worked } from '../../support/requests.ts';
import { activeCampaign, submittedCampaign } from './campaigns.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const ASKED = new Date('2026-02-10T10:00:00Z');
const FIRST_OF_APRIL = new Date('2026-04-01T07:00:00Z');
const JULY = new Date('2026-07-01T07:00:00Z');

let deps: TestDeps;
const { signal } = new AbortController();

beforeAll(async () => {
  deps = await testDeps();
});
afterAll(async () => {
  await deps.close();
});
beforeEach(async () => {
  await deps.reset();
  deps.setNow(ASKED);
  await addAudiences(deps);
  await addPeople(deps, [
    { address: 'ann@example.org', permission: 'single-opt-in' },
    { address: 'ben@example.org', permission: 'single-opt-in', asks: [askAgo(200)] },
    { address: 'cat@example.org', permission: 'single-opt-in', asks: [askAgo(20)] },
    { address: 'dan@example.org', permission: 'double-opt-in' },
    { address: 'eve@example.org', permission: 'opted-out-by-recipient' },
    { address: 'fay@example.org', permission: 'single-opt-in', suppressions: ['complaint'] },
  ]);
});
afterEach(() => {
  deps.setNow(undefined);
});

function askAgo(days: number) {
  const at = new Date(FIRST_OF_APRIL.getTime() - days * DAY_MS);
  return { cause: `q_${days}`, kind: 'ask' as const, at };
}

const otherReminder = (name: string) => (name === TEMPLATE ? 'a' : 'b').repeat(64);
const at = (when: Date, laterMs = 0) => deps.setNow(new Date(when.getTime() + laterMs));
const store = () => deps.database.of(WORKSPACE);
const read = ({ id }: Pick<Campaign, 'id'>) => store().campaigns.find(id);
const requests = () => store().requests.recent(100);
const entries = async (act: string) =>
  deps.database.db
    .collection<LedgerEntry>(LEDGER)
    .find({ act: act as 'import' })
    .toArray();

describe('a run', () => {
  it('is a request that the campaign’s approval approves, with a plan counted that day', async () => {
    const campaign = await activeCampaign(deps);
    expect(campaign.nextRunAt).toEqual(FIRST_OF_APRIL);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    const [request, ...others] = await requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      kind: 'reconfirm',
      state: 'approved',
      campaign: campaign.id,
      requestedBy: REQUESTER,
      approval: { by: APPROVER, at: ASKED, planHash: request?.plan.hash },
    });
    expect(request?.plan.counts).toEqual({
      addresses: 6,
      change: 0,
      skips: {},
      asks: 2,
      askSkips: {
        complaint: 1,
        already_confirmed: 1,
        opted_out_by_recipient: 1,
        asked_lately: 1,
      },
    });
    expect(deps.alarms).toContainEqual({
      job: 'process-request',
      data: { workspace: WORKSPACE, request: request?.id, at: FIRST_OF_APRIL, slots: 1 },
    });
    expect(await read(campaign)).toMatchObject({
      nextRunAt: JULY,
      runs: [{ dueAt: FIRST_OF_APRIL, at: FIRST_OF_APRIL, asks: 2, request: request?.id }],
    });
    expect(await entries('run-campaign')).toMatchObject([
      {
        cause: { kind: 'campaign', id: campaign.id },
        who: REQUESTER,
        approver: APPROVER,
        planHash: request?.plan.hash,
        facts: { terms: campaign.hash, asks: 2, addresses: 6, request: request?.id },
        addresses: [],
      },
    ]);
  });

  it('passes on who is reminded and what becomes of unknown mails, as it was approved', async () => {
    const campaign = await activeCampaign(deps, { reminderDays: 5, unknown: 'resend-once' });
    const follows = { reminderDays: 5, reminderHash: 'a'.repeat(64), unknown: 'resend-once' };
    expect(campaign.terms).toMatchObject(follows);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    const [request] = await requests();
    expect(request?.plan.terms.ask).toMatchObject({ ...follows, followsUp: true });
    await worked(deps, request?.id ?? '');
    const sends = await deps.database.db.collection<SendDocument>(SENDS).find().toArray();
    expect(sends.map(({ remind }) => remind)).toEqual([true, true]);
  });

  it('of a campaign that says nothing of it reminds nobody', async () => {
    const campaign = await activeCampaign(deps);
    expect(Object.keys(campaign.terms)).not.toContain('reminderDays');
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    const [request] = await requests();
    expect(request?.plan.terms.ask).not.toHaveProperty('followsUp');
  });

  it('asks exactly those, and their asks count for every other request', async () => {
    await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    const [request] = await requests();
    const done = await worked(deps, request?.id ?? '');
    expect(done).toMatchObject({ state: 'asking', counts: { addresses: 6, changed: 0, asks: 2 } });
    expect(done.counts?.skips).toMatchObject({ asked_lately: 1 });
    const sends = await deps.database.db.collection<SendDocument>(SENDS).find().toArray();
    expect(sends.map(({ address }) => address).toSorted()).toEqual(
      ['ann@example.org', 'ben@example.org'].map((one) => idOf(deps, one)).toSorted(),
    );
    const ben = await store().addresses.find(idOf(deps, 'ben@example.org'));
    expect(ben?.asks.map(({ cause }) => cause)).toEqual(['q_200', request?.id]);
  });

  it('does not ask whom another request asked between the counting and the page', async () => {
    await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    await deps.database.db
      .collection<{ _id: string; asks: object[] }>('addresses')
      .updateOne({ _id: idOf(deps, 'ann@example.org') }, { $set: { asks: [askAgo(0)] } });
    const [request] = await requests();
    const done = await worked(deps, request?.id ?? '');
    expect(done.counts).toMatchObject({ asks: 1, skips: { asked_lately: 2 } });
  });

  it('takes in who joined the audience after the approval', async () => {
    await activeCampaign(deps);
    await addPeople(deps, [
      { address: 'gil@example.org', permission: 'single-opt-in', since: new Date('2026-03-01') },
    ]);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    expect((await requests())[0]?.plan.counts.asks).toBe(3);
  });

  it('with nobody to ask makes no request, and is on record', async () => {
    const campaign = await activeCampaign(deps, { notAskedDays: 730 });
    await deps.database.db
      .collection('addresses')
      .updateMany({}, { $set: { permission: 'double-opt-in' } });
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    expect(await requests()).toEqual([]);
    expect((await read(campaign)).runs).toEqual([
      { dueAt: FIRST_OF_APRIL, at: FIRST_OF_APRIL, asks: 0 },
    ]);
    expect(await entries('run-campaign')).toHaveLength(1);
  });
});

describe('the clock', () => {
  it('that rings early, or for a campaign that waits, is paused or ended, does nothing', async () => {
    const waiting = await submittedCampaign(deps);
    const active = await activeCampaign(deps);
    at(FIRST_OF_APRIL, -1);
    await runCampaigns(deps, signal);
    expect(await requests()).toEqual([]);
    await pauseCampaign(deps, { workspace: WORKSPACE, campaign: active.id, by: APPROVER });
    at(FIRST_OF_APRIL);
    expect(await runCampaign(deps, WORKSPACE, waiting.id)).toBeUndefined();
    expect(await runCampaign(deps, WORKSPACE, active.id)).toBeUndefined();
    expect(await requests()).toEqual([]);
  });

  it('of ten processes at once makes one run', async () => {
    const campaign = await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await Promise.all(Array.from({ length: 10 }, () => runCampaigns(deps, signal)));
    expect(await requests()).toHaveLength(1);
    expect(await entries('run-campaign')).toHaveLength(1);
    expect((await read(campaign)).runs).toHaveLength(1);
  });

  it('that was stopped over three runs makes one on its return, and goes on from there', async () => {
    const monthly = { rhythm: 'month', time: '09:00', zone: 'Europe/Berlin' } as const;
    const campaign = await activeCampaign(deps, { schedule: monthly });
    at(new Date('2026-06-17T12:00:00Z'));
    await runCampaigns(deps, signal);
    await runCampaigns(deps, signal);
    expect(await requests()).toHaveLength(1);
    expect(await read(campaign)).toMatchObject({
      nextRunAt: JULY,
      runs: [{ dueAt: new Date('2026-03-01T08:00:00Z') }],
    });
  });

  it('lets a run wait for the one before it, and begins it when that has ended', async () => {
    const campaign = await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    const [first] = await requests();
    await worked(deps, first?.id ?? '');
    at(JULY);
    await addPeople(deps, [{ address: 'gil@example.org', permission: 'single-opt-in' }]);
    await runCampaigns(deps, signal);
    expect(await requests()).toHaveLength(1);
    expect((await read(campaign)).nextRunAt).toEqual(JULY);
    await cancelRequest(deps, { workspace: WORKSPACE, request: first?.id ?? '', by: REQUESTER });
    at(JULY, 5_000);
    await runCampaigns(deps, signal);
    expect(await requests()).toHaveLength(2);
    expect((await read(campaign)).runs.map(({ dueAt }) => dueAt)).toEqual([FIRST_OF_APRIL, JULY]);
  });

  it('is the sweep’s: an alarm that was lost is set again', async () => {
    await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await sweep(deps, signal);
    const [request] = await requests();
    deps.alarms.splice(0);
    await sweep(deps, signal);
    expect(deps.alarms).toContainEqual(
      expect.objectContaining({ data: expect.objectContaining({ request: request?.id }) }),
    );
  });

  it('of one workspace touches no other', async () => {
    await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    expect(await deps.database.of('T0OTHER').campaigns.recent(10)).toEqual([]);
    expect(await deps.database.of('T0OTHER').requests.recent(10)).toEqual([]);
  });
});

describe('a pause', () => {
  it('leaves out the runs that fall into it, and makes up for none', async () => {
    const campaign = await activeCampaign(deps);
    const decision = { workspace: WORKSPACE, campaign: campaign.id, by: APPROVER };
    await pauseCampaign(deps, decision);
    expect((await read(campaign)).nextRunAt).toBeUndefined();
    at(FIRST_OF_APRIL, DAY_MS);
    await runCampaigns(deps, signal);
    const resumed = await resumeCampaign(deps, decision);
    expect(resumed.nextRunAt).toEqual(JULY);
    await runCampaigns(deps, signal);
    expect(await requests()).toEqual([]);
    expect((await entries('pause-campaign')).map(({ who }) => who)).toEqual([APPROVER]);
    expect((await entries('resume-campaign')).map(({ who }) => who)).toEqual([APPROVER]);
  });

  it('that comes while the run is being counted wins', async () => {
    const campaign = await activeCampaign(deps);
    at(FIRST_OF_APRIL);
    let paused = false;
    const slow = {
      ...deps,
      templates: {
        ...deps.templates,
        hash: () => {
          paused = true;
          return 'a'.repeat(64);
        },
      },
      settings: async (workspace: string) => {
        // Settings are read last before the write: the pause falls between the two.
        if (paused) await pauseCampaign(deps, { workspace, campaign: campaign.id, by: APPROVER });
        paused = false;
        return deps.settings(workspace);
      },
    };
    expect(await runCampaign(slow, WORKSPACE, campaign.id)).toBeUndefined();
    expect(await requests()).toEqual([]);
    expect((await read(campaign)).state).toBe('paused');
  });

  it.each([
    ['template_changed', { templates: { names: () => [TEMPLATE], hash: () => 'b'.repeat(64) } }],
    ['template_changed', { templates: { names: () => [TEMPLATE], hash: otherReminder } }],
    ['mail_not_configured', { canAsk: false }],
  ])('comes by itself if what was approved is no longer so: %s', async (note, over) => {
    const campaign = await activeCampaign(deps, { reminderDays: 5 });
    at(FIRST_OF_APRIL);
    await runCampaigns({ ...deps, ...over }, signal);
    const paused = await read(campaign);
    expect(paused.state).toBe('paused');
    expect(paused.history.at(-1)).toMatchObject({ event: 'pause', by: 'assent', note });
    expect(await requests()).toEqual([]);
  });

  it('comes by itself if a batch was deleted', async () => {
    const campaign = await activeCampaign(deps);
    await deps.database.db.collection<{ _id: string }>('imports').deleteOne({ _id: BATCH.id });
    at(FIRST_OF_APRIL);
    await runCampaigns(deps, signal);
    expect((await read(campaign)).history.at(-1)?.note).toBe('audience_not_found');
  });
});

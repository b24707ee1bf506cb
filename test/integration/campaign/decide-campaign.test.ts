/** Decide on a campaign: four eyes in one write, on the terms that were seen; and its proof. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { CAMPAIGNS, type CampaignDocument } from '../../../src/store/campaigns.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import {
  approveCampaign,
  endCampaign,
  pauseCampaign,
  rejectCampaign,
  resumeCampaign,
} from '../../../src/workflow/campaign-decide.ts';
import { submitCampaign } from '../../../src/workflow/campaign-submit.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import {
  ADMIN,
  APPROVER,
  OTHER_APPROVER,
  REQUESTER,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { activeCampaign, FORM, submittedCampaign } from './campaigns.ts';

const HOUR_MS = 60 * 60 * 1_000;
const ROUNDS = 15;

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
});
afterAll(async () => {
  await deps.close();
});
beforeEach(async () => {
  await deps.reset();
  await addAudiences(deps);
  await addPeople(deps, [{ address: 'ann@example.org', permission: 'single-opt-in' }]);
});
afterEach(() => {
  deps.setNow(undefined);
});

const store = () => deps.database.of(WORKSPACE);
const by = (campaign: string, user: string) => ({ workspace: WORKSPACE, campaign, by: user });
const acts = async (id: string) =>
  (await store().ledger.ofCause('campaign', id)).map(({ act }) => act);
const code = async (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? error,
  );

describe('asking for a campaign', () => {
  it('counts what it would do today, and is told in the channel', async () => {
    const campaign = await submittedCampaign(deps);
    expect(campaign).toMatchObject({
      state: 'awaiting-approval',
      requestedBy: REQUESTER,
      counts: { addresses: 1, asks: 1 },
    });
    expect(campaign.nextRunAt).toBeUndefined();
    const card = await store().announcements.ofSubject({ kind: 'campaign', id: campaign.id });
    expect(card).toMatchObject([{ kind: 'campaign-card', state: 'due' }]);
    expect(await acts(campaign.id)).toEqual(['submit-campaign']);
  });

  it('twice, or at once, from one window makes one', async () => {
    const submission = { workspace: WORKSPACE, by: REQUESTER, submission: 'V1', form: FORM };
    const all = await Promise.all([1, 2, 3, 4].map(() => submitCampaign(deps, submission)));
    all.push(await submitCampaign(deps, submission));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(await store().campaigns.recent(10)).toHaveLength(1);
  });

  it.each([
    ['not_a_requester', { by: 'U0NOBODY' }, {}],
    ['audience_empty', {}, { choice: { ...FORM.choice, sources: [] } }],
    ['fields_empty', {}, { choice: { ...FORM.choice, fields: [] } }],
    [
      'audience_not_found',
      {},
      { choice: { ...FORM.choice, sources: [{ kind: 'tag', id: 't_gone' }] } },
    ],
    ['campaign_terms_wrong', {}, { schedule: { ...FORM.schedule, rhythm: 'week' } }],
    ['campaign_terms_wrong', {}, { schedule: { ...FORM.schedule, days: 3 } }],
    ['campaign_terms_wrong', {}, { schedule: { ...FORM.schedule, zone: 'Mars/Olympus' } }],
    ['campaign_terms_wrong', {}, { name: '  ' }],
    ['campaign_terms_wrong', {}, { notAskedDays: 3 }],
  ] as const)('is refused: %s', async (expected, over, form) => {
    const submission = { workspace: WORKSPACE, by: REQUESTER, submission: 'V1', ...over };
    const act = submitCampaign(deps, { ...submission, form: { ...FORM, ...form } });
    expect(await code(act)).toBe(expected);
    expect(await store().campaigns.recent(10)).toEqual([]);
  });

  it('without a mail server is refused', async () => {
    const bare = { ...deps, canAsk: false };
    const submission = { workspace: WORKSPACE, by: REQUESTER, submission: 'V1', form: FORM };
    expect(await code(submitCampaign(bare, submission))).toBe('mail_not_configured');
  });
});

describe('approving', () => {
  it('is for another person, who holds the role, on the terms that were seen', async () => {
    const { id, hash } = await submittedCampaign(deps);
    const approve = (user: string, seen = hash) =>
      code(approveCampaign(deps, { ...by(id, user), hash: seen }));
    expect(await approve(ADMIN)).toBe('not_an_approver');
    expect(await approve(REQUESTER)).toBe('not_an_approver');
    expect(await approve(APPROVER, 'b'.repeat(64))).toBe('campaign_changed');
    expect(await approve(APPROVER)).toBe('done');
    expect(await approve(OTHER_APPROVER)).toBe('campaign_not_open');
    const approved = await store().campaigns.find(id);
    expect(approved.approval).toMatchObject({ by: APPROVER, hash });
    expect(approved.nextRunAt).toBeInstanceOf(Date);
    expect(await acts(id)).toEqual(['submit-campaign', 'approve-campaign']);
  });

  it('is not for the requester, in the write itself too', async () => {
    const campaign = await submittedCampaign(deps);
    const settings = await deps.settings(WORKSPACE);
    const own = {
      ...deps,
      settings: async () => ({ ...settings, approvers: [REQUESTER] }),
    };
    const decision = { ...by(campaign.id, REQUESTER), hash: campaign.hash };
    expect(await code(approveCampaign(own, decision))).toBe('approver_is_requester');
    const at = new Date();
    const write = deps.database.inTransaction((tx) =>
      store().campaigns.approve(campaign, { by: REQUESTER, at, nextRunAt: at }, tx),
    );
    expect(await code(write)).toBe('campaign_not_open');
  });

  it('of a template that was changed meanwhile is refused', async () => {
    const { id, hash } = await submittedCampaign(deps);
    const templates = { ...deps.templates, hash: () => 'b'.repeat(64) };
    const act = approveCampaign({ ...deps, templates }, { ...by(id, APPROVER), hash });
    expect(await code(act)).toBe('template_not_found');
    expect((await store().campaigns.find(id)).state).toBe('awaiting-approval');
  });

  it.each([0, 14, 2.5])('is not asked for with a reminder after %d days', async (reminderDays) => {
    expect(await code(submittedCampaign(deps, { reminderDays }))).toBe('reminder_days_wrong');
    expect(await store().campaigns.recent(10)).toEqual([]);
  });

  it('of terms that were changed under the click does nothing', async () => {
    const campaign = await submittedCampaign(deps);
    await deps.database.db
      .collection<CampaignDocument>(CAMPAIGNS)
      .updateOne({ _id: campaign.id }, { $set: { hash: 'c'.repeat(64) } });
    const at = new Date();
    const write = deps.database.inTransaction((tx) =>
      store().campaigns.approve(campaign, { by: APPROVER, at, nextRunAt: at }, tx),
    );
    expect(await code(write)).toBe('campaign_not_open');
  });

  it('and rejecting at the same instant: one of them counts, many times', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, hash } = await submittedCampaign(deps);
      const outcomes = await Promise.all([
        code(approveCampaign(deps, { ...by(id, APPROVER), hash })),
        code(rejectCampaign(deps, { ...by(id, OTHER_APPROVER), reason: 'No.' })),
      ]);
      expect(outcomes.toSorted()).toEqual(['campaign_not_open', 'done']);
      expect(await acts(id)).toHaveLength(2);
    }
  });

  it('is too late after the expiry, which the sweep writes down', async () => {
    const { id, hash } = await submittedCampaign(deps);
    deps.setNow(new Date(Date.now() + 73 * HOUR_MS));
    expect(await code(approveCampaign(deps, { ...by(id, APPROVER), hash }))).toBe(
      'request_expired',
    );
    await sweep(deps, new AbortController().signal);
    expect((await store().campaigns.find(id)).state).toBe('expired');
  });
});

describe('steering', () => {
  it('is for its requester, approvers and admins, and each act is proven', async () => {
    const { id } = await activeCampaign(deps);
    expect(await code(pauseCampaign(deps, by(id, 'U0NOBODY')))).toBe('not_an_admin');
    for (const user of [REQUESTER, APPROVER, ADMIN]) {
      expect(await code(pauseCampaign(deps, by(id, user)))).toBe('done');
      expect(await code(pauseCampaign(deps, by(id, user)))).toBe('campaign_not_open');
      expect(await code(resumeCampaign(deps, by(id, user)))).toBe('done');
    }
    expect(await code(endCampaign(deps, by(id, ADMIN)))).toBe('done');
    expect(await code(resumeCampaign(deps, by(id, ADMIN)))).toBe('campaign_not_open');
    const entries = await deps.database.db
      .collection<LedgerEntry>(LEDGER)
      .find({ 'cause.id': id })
      .toArray();
    expect(entries.filter(({ act }) => act === 'pause-campaign').map(({ who }) => who)).toEqual([
      REQUESTER,
      APPROVER,
      ADMIN,
    ]);
    expect(entries).toHaveLength(2 + 6 + 1);
  });

  it('needs a reason to reject', async () => {
    const { id } = await submittedCampaign(deps);
    const act = rejectCampaign(deps, { ...by(id, APPROVER), reason: '  ' });
    expect(await code(act)).toBe('reject_needs_reason');
  });

  it('finds no campaign of another workspace', async () => {
    const { id } = await activeCampaign(deps);
    const act = pauseCampaign(deps, { workspace: 'T0OTHER', campaign: id, by: APPROVER });
    expect(await code(act)).toBe('campaign_not_found');
  });
});

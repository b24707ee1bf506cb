/** Campaigns in Slack: asked for in a modal, approved from the card, paused with one click. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Campaign } from '../../../src/consent/campaign.ts';
import { runCampaigns } from '../../../src/workflow/run-campaign.ts';
import { APPROVER, CHANNEL, OTHER_APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { activeCampaign, submittedCampaign } from '../campaign/campaigns.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const OPEN = 'Approval needed: campaign';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org', permission: 'single-opt-in' }]);
});
afterEach(async () => {
  await world.close();
});

const store = () => world.deps.database.of(WORKSPACE);
const only = async (): Promise<Campaign> => {
  const [campaign, ...others] = await store().campaigns.recent(10);
  if (campaign === undefined || others.length > 0) throw new Error('not exactly one campaign');
  return campaign;
};
const ephemeral = (user: string) => {
  const found = world.person(user).ephemerals().at(-1);
  if (found === undefined) throw new Error('nothing was said');
  return found;
};

async function fill(name = 'Every week'): Promise<void> {
  const person = world.person(REQUESTER);
  await person.command('/assent campaigns');
  await world.reads(REQUESTER, 'There are no campaigns');
  await person.click(ephemeral(REQUESTER), 'New campaign');
  await world.sees(REQUESTER, 'campaign-rhythm');
  await person.type('Name', name);
  await person.search('Import batches and tags', 'spring');
  await person.choose('Import batches and tags', ['batch:b_test']);
  await person.choose('How often', 'week');
}

describe('a campaign', () => {
  it('is asked for, approved by another person, and stands in the list', async () => {
    await fill();
    await world.person(REQUESTER).choose('Day of the week', '1');
    await world.person(REQUESTER).choose('Remind whoever has not answered', '3');
    const sent = await world.person(REQUESTER).submit();
    expect(sent).toMatchObject({ outcome: 'updated', errors: {} });
    expect(await only()).toMatchObject({
      state: 'awaiting-approval',
      terms: {
        name: 'Every week',
        schedule: { rhythm: 'week', weekday: 1, time: '09:00' },
        reminderDays: 3,
      },
    });
    await world.announce();
    await world.person(APPROVER).click(world.card(OPEN), 'Review');
    await world.sees(APPROVER, 'Today it would ask 1 address of 1 address.');
    await world.person(APPROVER).choose('Your decision', 'approve');
    expect((await world.person(APPROVER).submit()).outcome).toBe('updated');
    expect((await only()).state).toBe('active');
    await world.announceLater(4_000);
    expect(world.card('Active campaign: Every week').text).toContain(REQUESTER);
    expect(JSON.stringify(world.person(REQUESTER).dms())).toContain('Your campaign “Every week”');
    await world.person(APPROVER).command('/assent campaigns');
    await world.reads(APPROVER, 'each Monday at 09:00');
  });

  it('says at its field what is missing, and what was entered stays', async () => {
    await fill();
    const { outcome, errors } = await world.person(REQUESTER).submit();
    expect(outcome).toBe('errors');
    expect(errors).toEqual({ 'campaign-weekday': 'Choose the day of the week.' });
    expect(await store().campaigns.recent(10)).toEqual([]);
  });

  it('that is submitted again by Slack is one', async () => {
    await fill();
    await world.person(REQUESTER).choose('Day of the week', '1');
    await world.person(REQUESTER).submit();
    const delivery = world.slack.requests.at(-1);
    if (delivery === undefined) throw new Error('nothing was sent');
    await Promise.all([world.slack.send(delivery), world.slack.send(delivery)]);
    expect((await only()).terms.name).toBe('Every week');
  });

  it('is rejected with a reason that its requester reads', async () => {
    await submittedCampaign(world.deps);
    await world.announce();
    await world.person(APPROVER).click(world.card(OPEN), 'Review');
    await world.sees(APPROVER, 'Your decision');
    await world.person(APPROVER).choose('Your decision', 'reject');
    expect((await world.person(APPROVER).submit()).outcome).toBe('errors');
    await world.person(APPROVER).type('To reject, say why', 'Too often for <them>.');
    expect((await world.person(APPROVER).submit()).outcome).toBe('updated');
    expect((await only()).state).toBe('rejected');
    await world.announce();
    expect(JSON.stringify(world.person(REQUESTER).dms())).toContain('Too often for &lt;them&gt;.');
  });

  it('cannot be decided by its requester, nor looked at by somebody without a role', async () => {
    world.roles.approvers = [REQUESTER, APPROVER];
    await submittedCampaign(world.deps);
    await world.announce();
    await world.person(REQUESTER).click(world.card(OPEN), 'Review');
    await world.sees(REQUESTER, 'cannot decide your own request');
    expect(world.slack.modal(REQUESTER)?.submit).toBeNull();
    await world.person(NOBODY).click(world.card(OPEN), 'Review');
    await world.sees(NOBODY, 'do not hold the requester role');
  });

  it('is paused with one click; the same click again does not pause what was resumed', async () => {
    await activeCampaign(world.deps);
    await world.announce();
    const card = world.card('Active campaign');
    await world.person(OTHER_APPROVER).click(card, 'Pause');
    const click = world.slack.requests.at(-1);
    await settled('paused');
    await world.announceLater(4_000);
    await world.person(APPROVER).click(world.card('Paused campaign'), 'Resume');
    await settled('active');
    if (click !== undefined) await world.slack.send(click);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await only()).state).toBe('active');
  });

  it('says how it stands, and through whom, to whoever comes too late', async () => {
    await submittedCampaign(world.deps);
    await world.announce();
    for (const user of [APPROVER, OTHER_APPROVER]) {
      await world.person(user).click(world.card(OPEN), 'Review');
      await world.sees(user, 'Your decision');
    }
    await world.person(OTHER_APPROVER).choose('Your decision', 'reject');
    await world.person(OTHER_APPROVER).type('To reject, say why', 'No.');
    await world.person(OTHER_APPROVER).submit();
    await world.person(APPROVER).choose('Your decision', 'approve');
    await world.person(APPROVER).submit();
    await world.sees(APPROVER, ': Rejected.');
    await world.sees(APPROVER, `<@${OTHER_APPROVER}>, <!date^`);
  });

  it('is paused in the list that one person was shown, which then says so', async () => {
    await activeCampaign(world.deps);
    await world.person(APPROVER).command('/assent campaigns');
    await world.reads(APPROVER, 'Active');
    await world.person(APPROVER).click(ephemeral(APPROVER), 'Pause');
    await world.reads(APPROVER, 'Paused');
    expect(world.person(APPROVER).ephemerals()).toHaveLength(1);
    expect(JSON.stringify(ephemeral(APPROVER))).not.toContain('pause-campaign');
    await world.person(APPROVER).click(ephemeral(APPROVER), 'Resume');
    await settled('active');
    await world.reads(APPROVER, 'Active');
  });

  it('that runs tells so in the channel like any request', async () => {
    const { nextRunAt } = await activeCampaign(world.deps);
    world.deps.setNow(nextRunAt);
    await runCampaigns(world.deps, new AbortController().signal);
    const [request] = await store().requests.recent(1);
    expect(request).toMatchObject({ kind: 'reconfirm', state: 'approved' });
    world.deps.setNow(undefined);
    await world.announce();
    expect(JSON.stringify(world.slack.messages(CHANNEL))).toContain('Active campaign');
  });
});

async function settled(state: Campaign['state']): Promise<void> {
  for (let tries = 0; tries < 200 && (await only()).state !== state; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect((await only()).state).toBe(state);
}

/**
 * Lost role: an admin takes somebody's role away while their window or card is open. The click that
 * follows is refused, and nothing changes.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Person } from '../../../demo/slack/person.ts';
import type { Campaign } from '../../../src/consent/campaign.ts';
import type { DecidedSettings } from '../../../src/consent/settings.ts';
import { COLLECTIONS } from '../../../src/store/migrations.ts';
import { SEEN } from '../../../src/store/seen.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import { approveCampaign } from '../../../src/workflow/campaign-decide.ts';
import { submitCampaign } from '../../../src/workflow/campaign-submit.ts';
import { changeSettings } from '../../../src/workflow/change-settings.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { addBatch, addPeople } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { FORM as CAMPAIGN } from '../campaign/campaigns.ts';
import { peopleOf, TEAM_A, type Workspaces, workspaces } from '../workspaces/world.ts';

const A = peopleOf('A');
const CHIEF = 'U0CHIEFA';
const ACK_MS_MAX = 3_000;
/** Who holds what before something is taken away. */
const ROLES = { requesters: [A.requester], approvers: [A.approver], admins: [A.installer, CHIEF] };

let world: Workspaces;
let submissions = 0;
const sources = [{ kind: 'batch' as const, id: 'b_lost' }];
const choice = { sources, match: 'any' as const, fields: ['email' as const] };

beforeAll(async () => {
  world = await workspaces({ fileHosts: [] });
  world.a.addUser({ id: CHIEF, name: 'Chief' });
  await world.install({ team: TEAM_A, user: A.installer });
  await world.setUp(world.a, 'A');
  const batch = await addBatch(world.deps, 'b_lost', TEAM_A);
  const people = ['ann', 'ben'].map((name) => ({ address: `${name}@example.org`, in: [batch] }));
  await addPeople(world.deps, people, TEAM_A);
  await decided(A.installer, ROLES);
}, 60_000);
beforeEach(async () => {
  await decided(CHIEF, ROLES);
});
afterEach(async () => {
  for (const id of [A.requester, A.approver, A.installer]) {
    while (world.a.modal(id) !== undefined) await world.a.person(id).close({ all: true });
  }
});
afterAll(async () => {
  expect(world.a.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual([]);
  expect([world.a.faults, world.a.leaks]).toEqual([[], []]);
  await world.close();
});

async function decided(by: string, values: DecidedSettings): Promise<void> {
  const { version } = await world.deps.database.of(TEAM_A).settings.read();
  await changeSettings(world.deps, { workspace: TEAM_A, by, seen: version, values });
}

async function dump(): Promise<string> {
  const names = Object.keys(COLLECTIONS).filter((name) => name !== SEEN);
  const all = names.map(async (name) => [
    name,
    await world.deps.database.db.collection(name).find().sort({ _id: 1 }).toArray(),
  ]);
  return JSON.stringify(await Promise.all(all));
}

const screen = (id: string) => JSON.stringify(world.a.modal(id) ?? '');
const said = (id: string) => JSON.stringify(world.a.person(id).ephemerals());
const sees = (id: string, words: string) => world.a.until(() => screen(id).includes(words));
const next = () => {
  submissions += 1;
  return `V0LOST${submissions}`;
};

async function waiting() {
  const asked = form(world.deps, { choice });
  const act = { workspace: TEAM_A, by: A.requester, submission: next(), form: asked };
  const request = await submitRequest(world.deps, act);
  await world.announce();
  return request;
}

async function running() {
  const { id: request, plan } = await waiting();
  const decision = { workspace: TEAM_A, request, by: A.approver };
  await approveRequest(world.deps, { ...decision, planHash: plan.hash, typed: 2 });
  const signal = AbortSignal.abort();
  await processRequest(world.deps, { workspace: TEAM_A, request, signal });
  return request;
}

async function campaign(): Promise<Campaign> {
  const act = { workspace: TEAM_A, by: A.requester, submission: next() };
  const asked = await submitCampaign(world.deps, { ...act, form: { ...CAMPAIGN, choice } });
  const { id, hash } = asked;
  return approveCampaign(world.deps, { workspace: TEAM_A, campaign: id, by: A.approver, hash });
}

const lastCard = (words: string) => {
  const found = world.a.messages(A.channel).findLast(({ text }) => text.startsWith(words));
  if (found === undefined) throw new Error(`no card begins with ${words}`);
  return found;
};

/** Opens a list by a command and presses a button of it. */
async function pressIn(person: Person, command: string, button: string): Promise<void> {
  const from = person.ephemerals().length;
  await person.command(command, { channel: A.channel });
  const list = await world.a.until(() => person.ephemerals()[from]);
  await person.click(list, button);
}

async function review(id: string, decision: 'approve' | 'reject', card = 'Approval needed') {
  const person = world.a.person(id);
  await person.click(lastCard(card), 'Review');
  await sees(id, 'Your decision');
  await person.choose('Your decision', decision);
  if (decision === 'reject') await person.type('To reject, say why', 'No.');
}

interface Case {
  readonly who: string;
  readonly loses: DecidedSettings;
  /** Gets as far as one click before the end, with everything on the screen. */
  readonly before: () => Promise<() => Promise<unknown>>;
  readonly words: string;
}

const NO_APPROVER = 'do not hold the approver role';
const NO_REQUESTER = 'do not hold the requester role';
const NO_ADMIN = 'Only an admin can do this';
const me = (id: string) => world.a.person(id);

const CASES: Readonly<Record<string, Case>> = {
  'approves a request': {
    who: A.approver,
    loses: { approvers: [A.installer] },
    words: NO_APPROVER,
    before: async () => {
      await waiting();
      await review(A.approver, 'approve');
      return () => me(A.approver).submit();
    },
  },
  'rejects a request': {
    who: A.approver,
    loses: { approvers: [A.installer] },
    words: NO_APPROVER,
    before: async () => {
      await waiting();
      await review(A.approver, 'reject');
      return () => me(A.approver).submit();
    },
  },
  'pauses what runs, as an approver': {
    who: A.approver,
    loses: { approvers: [A.installer] },
    words: NO_REQUESTER,
    before: async () => {
      const id = await running();
      return () => me(A.approver).command(`/assent pause ${id}`, { channel: A.channel });
    },
  },
  'pauses what they asked for, by the button of its card': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_ADMIN,
    before: async () => {
      await running();
      await world.announce();
      const card = world.a
        .messages(A.channel)
        .findLast((message) => JSON.stringify(message).includes('"pause-request"'));
      if (card === undefined) throw new Error('no card can be paused');
      return () => me(A.requester).click(card, 'Pause');
    },
  },
  'cancels what they asked for': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_REQUESTER,
    before: async () => {
      const { id } = await waiting();
      return () => me(A.requester).command(`/assent cancel ${id}`, { channel: A.channel });
    },
  },
  'cancels, as an admin': {
    who: A.installer,
    loses: { admins: [CHIEF] },
    words: NO_REQUESTER,
    before: async () => {
      const { id } = await waiting();
      return () => me(A.installer).command(`/assent cancel ${id}`, { channel: A.channel });
    },
  },
  'approves a campaign': {
    who: A.approver,
    loses: { approvers: [A.installer] },
    words: NO_APPROVER,
    before: async () => {
      const act = { workspace: TEAM_A, by: A.requester, submission: next() };
      await submitCampaign(world.deps, { ...act, form: { ...CAMPAIGN, choice } });
      await world.announce();
      await review(A.approver, 'approve', 'Approval needed: campaign');
      return () => me(A.approver).submit();
    },
  },
  'pauses a campaign': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_ADMIN,
    before: async () => {
      await campaign();
      await world.announce();
      const card = lastCard('Active campaign');
      return () => me(A.requester).click(card, 'Pause');
    },
  },
  'saves settings': {
    who: A.installer,
    loses: { admins: [CHIEF] },
    words: NO_ADMIN,
    before: async () => {
      await me(A.installer).command('/assent settings');
      await sees(A.installer, 'Who may do what');
      await me(A.installer).type('set-typed-over', '7');
      return () => me(A.installer).submit();
    },
  },
  'hands in a template': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_REQUESTER,
    before: async () => {
      await pressIn(me(A.requester), '/assent templates', 'Upload a template');
      await sees(A.requester, 'Check and keep');
      await me(A.requester).type('Name', 'our-question');
      await me(A.requester).type('Language', 'en');
      await me(A.requester).type('Subject', 'A question');
      return () => me(A.requester).submit();
    },
  },
  'imports a file': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_REQUESTER,
    before: async () => {
      await me(A.requester).command('/assent import');
      await sees(A.requester, 'Import contacts');
      const content = Buffer.from('email\ncat@example.org\n');
      const file = { name: 'a.csv', content, mimetype: 'text/csv' };
      await me(A.requester).attachFile('CSV file', file);
      await me(A.requester).choose('Did these people give permission to be mailed?', 'no');
      return () => me(A.requester).submit();
    },
  },
  'sends a request for approval': {
    who: A.requester,
    loses: { requesters: [] },
    words: NO_REQUESTER,
    before: async () => {
      await me(A.requester).command('/optout batch:b_lost');
      await sees(A.requester, 'Step 1 of');
      await world.a.until(() => screen(A.requester).includes('Of '));
      return () => me(A.requester).submit();
    },
  },
};

it.each(Object.keys(CASES))('whoever lost the role and then %s is refused', async (name) => {
  const found = CASES[name];
  if (found === undefined) throw new Error(`no case ${name}`);
  const { who, loses, words, before } = found;
  const click = await before();
  await decided(CHIEF, loses);
  const asItWas = await dump();
  const heard = world.a.person(who).ephemerals().length;
  await click();
  await world.a.until(
    () =>
      screen(who).includes(words) ||
      JSON.stringify(world.a.person(who).ephemerals().slice(heard)).includes(words),
  );
  expect(await dump()).toBe(asItWas);
  expect(said(who)).not.toContain('broke on our side');
});

it.each(['pauses what they asked for, by the button of its card', 'approves a request'])(
  'would have been noticed: with the role, whoever %s changes something',
  async (name) => {
    const found = CASES[name];
    if (found === undefined) throw new Error(`no case ${name}`);
    const click = await found.before();
    const asItWas = await dump();
    await click();
    for (let tries = 0; tries < 100 && (await dump()) === asItWas; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(await dump()).not.toBe(asItWas);
  },
);

/**
 * Removal: the app is uninstalled, or its token taken back, in the middle of everything: work stops
 * safely, approvals are void, mail is held; and installed again, it goes on where a person says so.
 */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../src/consent/refusal.ts';
import type { Request } from '../../../src/consent/request.ts';
import { installedClients } from '../../../src/slack/wire/installed-clients.ts';
import { ANNOUNCEMENTS } from '../../../src/store/announcements.ts';
import { INSTALLATIONS } from '../../../src/store/installations.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import { resumeRequest } from '../../../src/workflow/decide-request.ts';
import { CHECK_MS } from '../../../src/workflow/install-app.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import { addBatch, addPeople } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { peopleOf, TEAM_A, TEAM_B, type Workspaces, workspaces } from './world.ts';

const A = peopleOf('A');
const B = peopleOf('B');
const PEOPLE = Array.from({ length: 5 }, (_, index) => ({ address: `p${index}@example.org` }));

let world: Workspaces;
let submissions = 0;

beforeEach(async () => {
  world = await workspaces();
  await world.install({ team: TEAM_A, user: A.installer });
  await world.install({ team: TEAM_B, user: B.installer });
  await world.setUp(world.a, 'A');
  await world.setUp(world.b, 'B');
  for (const team of [TEAM_A, TEAM_B]) {
    const batch = await addBatch(world.deps, `b_${team}`, team);
    const people = PEOPLE.map((person) => ({ ...person, in: [batch] }));
    await addPeople(world.deps, people, team);
  }
});
afterEach(async () => {
  await world.close();
});

async function submitted(workspace: string, by: string): Promise<Request> {
  submissions += 1;
  const submission = `V0REMOVAL${submissions}`;
  const sources = [{ kind: 'batch' as const, id: `b_${workspace}` }];
  const choice = { sources, match: 'any' as const, fields: ['email' as const] };
  const asked = form(world.deps, { choice });
  return submitRequest(world.deps, { workspace, by, submission, form: asked });
}
async function running(): Promise<Request> {
  const request = await submitted(TEAM_A, A.requester);
  const decision = { workspace: TEAM_A, request: request.id, by: A.approver };
  await approveRequest(world.deps, { ...decision, planHash: request.plan.hash, typed: 5 });
  const aborted = AbortSignal.abort();
  await processRequest(world.deps, { workspace: TEAM_A, request: request.id, signal: aborted });
  const found = await find(request);
  expect(found.state).toBe('processing');
  return found;
}
const find = (request: Request) =>
  world.deps.database.of(request.workspace).requests.find(request.id);
const all = (name: string) => world.deps.database.db.collection(name).find().toArray();
const acts = async () => (await all(LEDGER)).map(({ act }) => act);
const now = () => new Date();
const tick = async () => sweep(world.deps, new AbortController().signal);
const uninstalled = { type: 'app_uninstalled' };
/** Waits until the installation is forgotten, which is the last step. */
const forgotten = async (team = TEAM_A) => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (!(await all(INSTALLATIONS)).some(({ _id }) => String(_id) === team)) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the installation is still there');
};

describe('uninstalled', () => {
  it('voids what waits, pauses what runs, and leaves the other workspace alone', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    const inWork = await running();
    const elsewhere = await submitted(TEAM_B, B.requester);
    world.hub.revoke(TEAM_A, 'account_inactive');
    await world.a.event(uninstalled);
    await forgotten();
    expect(await find(waiting)).toMatchObject({
      state: 'cancelled',
      history: expect.arrayContaining([
        expect.objectContaining({
          event: 'cancel',
          by: 'assent',
          note: expect.stringContaining('removed'),
        }),
      ]),
    });
    expect(await find(inWork)).toMatchObject({ state: 'paused', pausedFrom: 'processing' });
    expect((await find(elsewhere)).state).toBe('awaiting-approval');
    expect((await all(LEDGER)).filter(({ act }) => act === 'remove-app')).toEqual([
      expect.objectContaining({
        workspace: TEAM_A,
        who: 'assent',
        facts: { reason: 'app_uninstalled' },
        addresses: [],
      }),
    ]);
    expect((await all(INSTALLATIONS)).map(({ _id }) => String(_id))).toEqual([TEAM_B]);
  });

  it('changes no address any more, until somebody resumes after installing again', async () => {
    const inWork = await running();
    world.hub.revoke(TEAM_A, 'account_inactive');
    await world.a.event(uninstalled);
    await forgotten();
    const { signal } = new AbortController();
    const work = async () =>
      processRequest(world.deps, { workspace: TEAM_A, request: inWork.id, signal });
    await work();
    await tick();
    expect(await acts()).not.toContain('opt-in');
    await world.install({ team: TEAM_A, user: A.requester });
    await tick();
    await work();
    expect((await find(inWork)).state).toBe('paused');
    await resumeRequest(world.deps, { workspace: TEAM_A, request: inWork.id, by: A.approver });
    await work();
    expect((await find(inWork)).state).toBe('done');
    expect((await find(inWork)).counts).toMatchObject({ changed: 5 });
  });

  it('is believed at once in this process, whatever was read a moment ago', async () => {
    world.deps.setNow(new Date());
    expect(await world.clients.serves(TEAM_A)).toBe(true);
    await expect(world.clients.bearer({ workspace: TEAM_A })).resolves.toBeDefined();
    await world.a.event(uninstalled);
    await forgotten();
    expect(await world.clients.serves(TEAM_A)).toBe(false);
    await expect(world.clients.bearer({ workspace: TEAM_A })).rejects.toThrow('not installed');
    expect(await world.clients.serves(TEAM_B)).toBe(true);
  });

  it('and installed again is believed at once too, by its new token', async () => {
    world.deps.setNow(new Date());
    const { botToken: old } = await world.clients.bearer({ workspace: TEAM_A });
    await world.install({ team: TEAM_A, user: A.installer });
    const { botToken } = await world.clients.bearer({ workspace: TEAM_A });
    expect(botToken).not.toBe(old);
  });

  it('lets nobody act in a process that has not heard of it', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    const inWork = await running();
    const { store } = world.deps.installs;
    const other = installedClients({ installations: store, apiUrl: world.hub.apiUrl, now });
    expect(await other.serves(TEAM_A)).toBe(true);
    await world.a.event(uninstalled);
    await forgotten();
    expect(await other.serves(TEAM_A)).toBe(true);
    const by = { workspace: TEAM_A, by: A.approver };
    const { id: request, plan } = waiting;
    const acts: Promise<unknown>[] = [
      approveRequest(world.deps, { ...by, request, planHash: plan.hash }),
      resumeRequest(world.deps, { ...by, request: inWork.id }),
      submitted(TEAM_A, A.requester),
    ];
    for (const act of acts) await expect(act).rejects.toThrow(Refusal);
    expect((await find(waiting)).state).toBe('cancelled');
    expect((await find(inWork)).state).toBe('paused');
    expect((await submitted(TEAM_B, B.requester)).state).toBe('awaiting-approval');
  });

  it('keeps roles and what was decided for when it is installed again', async () => {
    await world.a.event(uninstalled);
    await forgotten();
    await world.install({ team: TEAM_A, user: A.requester });
    expect(await world.deps.settings(TEAM_A, { fresh: true })).toMatchObject({
      admins: [A.installer],
      approvers: [A.approver],
      channel: A.channel,
    });
  });

  it('told again, or told late, after it was installed again, removes nothing', async () => {
    const before = { time: Math.floor(Date.now() / 1_000) - 60 };
    await world.a.event(uninstalled, { id: 'Ev0SAME' });
    await forgotten();
    await world.install({ team: TEAM_A, user: A.installer });
    const envelope = {
      type: 'event_callback',
      team_id: TEAM_A,
      api_app_id: 'A0',
      event: uninstalled,
      event_id: 'Ev0SAME',
      event_time: before.time,
    };
    await world.a.send(world.a.sign(JSON.stringify(envelope), 'application/json'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await world.deps.installs.store.find(TEAM_A)).toBeDefined();
    expect((await acts()).filter((act) => act === 'remove-app')).toHaveLength(1);
  });

  it('is caught up on by the sweep if the process died in the middle', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    const found = await world.deps.installs.store.find(TEAM_A);
    if (found === undefined) throw new Error('it is installed');
    const gone = { at: new Date(), reason: 'app_uninstalled' };
    await world.deps.database.inTransaction(async (tx) => {
      await world.deps.installs.store.markGone(found, gone, tx);
    });
    await tick();
    expect((await find(waiting)).state).toBe('cancelled');
    expect(await world.deps.installs.store.find(TEAM_A)).toBeUndefined();
  });
});

describe('a token that was taken back', () => {
  it('is told by tokens_revoked, if it is the bot’s', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    await world.a.event({ type: 'tokens_revoked', tokens: { oauth: [A.requester], bot: [] } });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await find(waiting)).state).toBe('awaiting-approval');
    await world.a.event({ type: 'tokens_revoked', tokens: { bot: [world.a.botUserId] } });
    await forgotten();
    expect((await find(waiting)).state).toBe('cancelled');
  });

  it('is found by the daily look where the event was lost', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    world.hub.revoke(TEAM_A);
    await tick();
    expect((await find(waiting)).state).toBe('awaiting-approval');
    world.deps.setNow(new Date(Date.now() + CHECK_MS + 1));
    await tick();
    expect(await world.deps.installs.store.find(TEAM_A)).toBeUndefined();
    expect(await world.deps.installs.store.find(TEAM_B)).toBeDefined();
    expect((await all(LEDGER)).at(-1)).toMatchObject({ act: 'remove-app' });
  });

  it.each(['token_revoked', 'account_inactive', 'invalid_auth'])(
    'shows when a card is posted (%s): the card waits, and the token is looked at',
    async (error) => {
      const waiting = await submitted(TEAM_A, A.requester);
      world.hub.revoke(TEAM_A, error);
      await world.announce();
      expect(world.a.messages(A.channel)).toEqual([]);
      const card = (await all(ANNOUNCEMENTS)).find(({ kind }) => kind === 'approval-card');
      expect(card).toMatchObject({ state: 'due', error });
      await tick();
      expect((await find(waiting)).state).toBe('cancelled');
    },
  );

  it.each(['token_revoked', 'account_inactive', 'invalid_auth'])(
    'shows in the answer to any call of any client (%s), and is looked at soon',
    async (error) => {
      const waiting = await submitted(TEAM_A, A.requester);
      world.hub.revoke(TEAM_A, error);
      await world.a.person(A.requester).command('/assent requests');
      for (let tries = 0; tries < 200; tries += 1) {
        await tick();
        if ((await find(waiting)).state === 'cancelled') break;
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      expect((await find(waiting)).state).toBe('cancelled');
      expect(await world.clients.serves(TEAM_A)).toBe(false);
    },
  );

  it('is not given up while Slack is merely away', async () => {
    const waiting = await submitted(TEAM_A, A.requester);
    world.a.failNext('auth.test', { status: 503, times: 5 });
    world.deps.setNow(new Date(Date.now() + CHECK_MS + 1));
    await tick();
    expect(await world.deps.installs.store.find(TEAM_A)).toBeDefined();
    expect((await find(waiting)).state).not.toBe('cancelled');
  });

  it('is told what it missed when the app is installed again', async () => {
    await submitted(TEAM_A, A.requester);
    await world.a.event(uninstalled);
    await forgotten();
    await world.announce();
    expect(world.a.messages(A.channel)).toEqual([]);
    await world.install({ team: TEAM_A, user: A.installer });
    await world.announce();
    expect(JSON.stringify(world.a.messages(A.channel))).toContain('ancelled');
  });
});

/**
 * Uninstall: the app is removed in the middle of somebody's click. Approvals are void, no address is
 * changed any more, and windows that are still open do nothing.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Request } from '../../../src/consent/request.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { INSTALLATIONS } from '../../../src/store/installations.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import { addBatch, addPeople } from '../../support/people.ts';
import { form } from '../../support/requests.ts';
import { peopleOf, TEAM_A, type Workspaces, workspaces } from '../workspaces/world.ts';

const A = peopleOf('A');
const ACK_MS_MAX = 3_000;
const ROUNDS = 4;
const BELIEVED_MS = 11_000;
const REVOKED = 'app_uninstalled';

let world: Workspaces;
let submissions = 0;

beforeAll(async () => {
  world = await workspaces();
  await world.install({ team: TEAM_A, user: A.installer });
  await world.setUp(world.a, 'A');
  const batch = await addBatch(world.deps, 'b_gone', TEAM_A);
  const people = ['ann', 'ben', 'cat'].map((name) => ({
    address: `${name}@example.org`,
    in: [batch],
  }));
  await addPeople(world.deps, people, TEAM_A);
}, 60_000);
beforeEach(async () => installed());
afterAll(async () => {
  expect(world.a.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual([]);
  await world.close();
});

const db = () => world.deps.database.db;
const isInstalled = async () => (await db().collection(INSTALLATIONS).countDocuments()) > 0;
async function installed(): Promise<void> {
  world.deps.setNow(undefined);
  if (!(await isInstalled())) await world.install({ team: TEAM_A, user: A.installer });
  while (world.a.modal(A.approver) !== undefined) {
    await world.a.person(A.approver).close({ all: true });
  }
}
const found = ({ id }: Request) => world.deps.database.of(TEAM_A).requests.find(id);
const changed = async () =>
  db()
    .collection<AddressDocument>(ADDRESSES)
    .countDocuments({ permission: { $ne: 'non-marketable' } });

async function submitted(): Promise<Request> {
  submissions += 1;
  const sources = [{ kind: 'batch' as const, id: 'b_gone' }];
  const choice = { sources, match: 'any' as const, fields: ['email' as const] };
  const request = await submitRequest(world.deps, {
    workspace: TEAM_A,
    by: A.requester,
    submission: `V0GONE${submissions}`,
    form: form(world.deps, { choice }),
  });
  await world.announce();
  return request;
}

/** The approver has the review on the screen, filled in. */
async function reviewed(): Promise<void> {
  const approver = world.a.person(A.approver);
  const cards = world.a
    .messages(A.channel)
    .filter(({ text }) => text.startsWith('Approval needed'));
  const card = cards.at(-1);
  if (card === undefined) throw new Error('no card');
  await approver.click(card, 'Review');
  await world.a.until(() =>
    JSON.stringify(world.a.modal(A.approver) ?? '').includes('Your decision'),
  );
  await approver.choose('Your decision', 'approve');
}

async function uninstall(): Promise<void> {
  await world.a.event({ type: REVOKED });
  for (let tries = 0; tries < 200 && (await isInstalled()); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(await isInstalled()).toBe(false);
  // An installation is believed for some seconds, since another process may have removed it.
  world.deps.setNow(new Date(Date.now() + BELIEVED_MS));
}

/** Whatever was promised to a worker, it works on it now. */
async function workOn(request: Request): Promise<void> {
  const { signal } = new AbortController();
  await sweep(world.deps, signal);
  await processRequest(world.deps, { workspace: TEAM_A, request: request.id, signal });
}

it('a review that is still open approves nothing', async () => {
  const request = await submitted();
  await reviewed();
  await uninstall();
  const calls = world.a.calls.length;
  const delivery = await world.a.person(A.approver).submit();
  expect(delivery.errors).toEqual({});
  expect((await found(request)).state).toBe('cancelled');
  await workOn(request);
  expect((await found(request)).state).toBe('cancelled');
  expect(await changed()).toBe(0);
  // There is no token to say anything with.
  expect(world.a.calls.slice(calls)).toEqual([]);
});

it('an approval at the same instant never goes on unseen, many times', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    await installed();
    const request = await submitted();
    await reviewed();
    await Promise.all([world.a.person(A.approver).submit(), uninstall()]);
    await workOn(request);
    expect(['cancelled', 'paused']).toContain((await found(request)).state);
    expect(await changed()).toBe(0);
  }
});

it('every door is shut until it is installed again, and says nothing of what is on file', async () => {
  const request = await submitted();
  const card = world.a.messages(A.channel).at(-1);
  if (card === undefined) throw new Error('no card');
  await uninstall();
  const [calls, acks] = [world.a.calls.length, world.a.acks.length];
  const requester = world.a.person(A.requester);
  await requester.command('/optin batch:b_gone');
  await requester.command(`/assent status ${request.id}`);
  await requester.shortcut('open-dashboard');
  await requester.openHome();
  await world.a.person(A.approver).click(card, 'Review');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(world.a.calls.slice(calls)).toEqual([]);
  expect(world.a.acks.slice(acks).map(({ status, body }) => [status, body])).toEqual(
    Array.from({ length: 5 }, () => [200, '']),
  );
  await installed();
  await requester.command(`/assent status ${request.id}`, { channel: A.channel });
  await world.a.until(() => JSON.stringify(requester.ephemerals()).includes('ancelled'));
});

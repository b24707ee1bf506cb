/**
 * Retries: Slack sends again what it thinks was lost, three times and at once, and an old delivery may
 * come much later: whatever is sent again was acted upon once.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runStep } from '../../../demo/slack/functions.ts';
import type { Person } from '../../../demo/slack/person.ts';
import type { SignedRequest } from '../../../demo/slack/sign.ts';
import type { PostedMessage } from '../../../demo/slack/workspace.ts';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { ASK_RECONFIRMATION, STEP_OUTPUTS } from '../../../src/slack/request/function-step.ts';
import { IMPORTS } from '../../../src/store/audiences.ts';
import { DRAFTS } from '../../../src/store/drafts.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER } from '../../support/deps.ts';
import { answerWebForm, chooseBatch, open } from '../slack/wizard-steps.ts';
import { type HostileWorld, hostileWorld } from './world.ts';

const ACK_MS_MAX = 3_000;
const COPIES = 3;
const STEP = { callbackId: ASK_RECONFIRMATION, title: 'Ask', outputs: [...STEP_OUTPUTS] };

let world: HostileWorld;
/** How many requests there were when the last act was over. */
let seen = 0;

beforeAll(async () => {
  world = await hostileWorld();
}, 60_000);
afterAll(async () => {
  await world.close();
});

const me = (id = REQUESTER): Person => world.person(id);

/** Everything that an act could leave, but for when a draft was last touched. */
async function state(): Promise<string> {
  const drafts = await world.deps.database.db.collection(DRAFTS).countDocuments();
  const all = JSON.parse(await world.dump()) as [string, unknown][];
  const kept = all.filter(([name]) => name !== DRAFTS);
  const { messages } = world.slack.workspace;
  const said = messages.map(({ channel, ts, text }) => [channel, ts, text]);
  const jobs = world.deps.alarms.filter(({ job }) => job === 'process-request').length;
  return JSON.stringify([kept, drafts, said, jobs], undefined, 1);
}

/** As Slack sends it again: the same body, with a signature of its own. */
async function repeat({ body, headers }: SignedRequest, retry: number): Promise<void> {
  const type = headers['Content-Type'] ?? '';
  const signed = world.slack.sign(body, type);
  const marked = { ...signed.headers, 'X-Slack-Retry-Num': String(retry) };
  const { status, ms } = await world.slack.send({ ...signed, headers: marked });
  expect([status, ms < ACK_MS_MAX]).toEqual([200, true]);
}

/** Sends everything since the last act three times at once and once more, and compares. */
async function comesAgain(): Promise<void> {
  await world.quiet();
  const before = await state();
  for (const request of world.slack.requests.slice(seen)) {
    await Promise.all(Array.from({ length: COPIES }, (_, copy) => repeat(request, copy + 1)));
    await repeat(request, COPIES + 1);
  }
  await world.quiet();
  expect(await state()).toBe(before);
  seen = world.slack.requests.length;
}

const acts = async (act: LedgerEntry['act']): Promise<number> =>
  world.deps.database.db.collection<LedgerEntry>(LEDGER).countDocuments({ act });

/** Runs the act and waits until one more entry proves it. */
async function proven(act: LedgerEntry['act'], work: () => Promise<unknown>): Promise<void> {
  const before = await acts(act);
  await work();
  for (let tries = 0; tries < 200 && (await acts(act)) === before; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(await acts(act)).toBe(before + 1);
}

const withButton = (id: string): PostedMessage => {
  const found = world.slack
    .messages(CHANNEL)
    .findLast((message) => JSON.stringify(message).includes(`"${id}"`));
  if (found === undefined) throw new Error(`no card has the button ${id}`);
  return found;
};
async function announced(): Promise<void> {
  await world.refillPace();
  await world.announceLater(5_000);
}

it('a wizard, step by step: one draft, one request', async () => {
  const person = await open(world, '/optin');
  await comesAgain();
  await chooseBatch(world, person);
  await comesAgain();
  await person.submit();
  await comesAgain();
  await person.submit();
  await comesAgain();
  await answerWebForm(world, person);
  await comesAgain();
  await person.submit();
  await world.sees(REQUESTER, 'Step 4 of 4');
  await comesAgain();
  await proven('submit-request', () => person.submit());
  await world.sees(REQUESTER, 'Sent for approval');
  await announced();
  await comesAgain();
  await person.close({ all: true });
}, 60_000);

it('an approval: one decision, one job', async () => {
  await me(APPROVER).click(withButton('review-request'), 'Review');
  await world.sees(APPROVER, 'Your decision');
  await comesAgain();
  await me(APPROVER).choose('Your decision', 'approve');
  await proven('approve-request', () => me(APPROVER).submit());
  await announced();
  await comesAgain();
  await me(APPROVER).close({ all: true });
});

it('pause, resume and cancel: each once, and none comes back after the next', async () => {
  const { id } = world.running;
  const store = world.deps.database.of(world.running.workspace);
  const until = async (wanted: string) => {
    for (
      let tries = 0;
      tries < 200 && (await store.requests.find(id)).state !== wanted;
      tries += 1
    ) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect((await store.requests.find(id)).state).toBe(wanted);
  };
  const first = seen;
  await me().command(`/assent pause ${id}`, { channel: CHANNEL });
  await until('paused');
  await announced();
  await comesAgain();
  await me().command(`/assent resume ${id}`, { channel: CHANNEL });
  await until('processing');
  await announced();
  await comesAgain();
  // The pause of before comes late, after the resume.
  seen = first;
  await comesAgain();
  await until('processing');
  await me().command(`/assent cancel ${id}`, { channel: CHANNEL });
  await until('cancelled');
  await announced();
  await comesAgain();
}, 60_000);

it('a campaign: decided once, paused once', async () => {
  await me(APPROVER).click(world.card('Approval needed: campaign'), 'Review');
  await world.sees(APPROVER, 'Your decision');
  await me(APPROVER).choose('Your decision', 'approve');
  await me(APPROVER).submit();
  await announced();
  await comesAgain();
  await me(APPROVER).close({ all: true });
  await me(APPROVER).click(withButton('pause-campaign'), 'Pause');
  await world.quiet();
  await announced();
  await comesAgain();
});

it('an import: one batch', async () => {
  await me().command('/assent import', { channel: CHANNEL });
  await world.sees(REQUESTER, 'Import contacts');
  const content = Buffer.from('email\ndan@example.org\neve@example.org\n');
  await me().attachFile('CSV file', { name: 'fair.csv', content, mimetype: 'text/csv' });
  await me().choose('Did these people give permission to be mailed?', 'no');
  expect((await me().submit()).outcome).toBe('updated');
  const { db } = world.deps.database;
  const batches = () => db.collection(IMPORTS).countDocuments({ by: REQUESTER, state: 'done' });
  for (let tries = 0; tries < 200 && (await batches()) === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  await announced();
  await comesAgain();
  expect(await batches()).toBe(1);
  await me().close({ all: true });
});

it('a template: one version', async () => {
  await me().command('/assent templates', { channel: CHANNEL });
  await world.reads(REQUESTER, 'Mail templates');
  const list = me()
    .ephemerals()
    .findLast(({ text }) => text.includes('Mail templates'));
  if (list === undefined) throw new Error('no list');
  await me().click(list, 'Upload a template');
  await world.sees(REQUESTER, 'Check and keep');
  await me().type('Name', 'our-question');
  for (const kind of ['subject.txt', 'txt', 'html']) {
    const content = await readFile(`templates/mail/double-opt-in/en.${kind}`);
    const mimetype = kind === 'html' ? 'text/html' : 'text/plain';
    await me().attachFile('Files', { name: `en.${kind}`, content, mimetype });
  }
  await me().submit();
  await world.sees(REQUESTER, 'is kept as version 1');
  await comesAgain();
  await me().close({ all: true });
});

it('settings: one change', async () => {
  await me(ADMIN).command('/assent settings');
  await world.sees(ADMIN, 'Who may do what');
  await me(ADMIN).type('set-typed-over', '7');
  await proven('change-settings', () => me(ADMIN).submit());
  await comesAgain();
  await me(ADMIN).close({ all: true });
});

it('a step of a workflow: one request', async () => {
  await proven('submit-request', async () =>
    runStep(world.slack, STEP, { requester: REQUESTER, audience: 'tag:vip' }),
  );
  await announced();
  await comesAgain();
});

it('events: Home opened, the token taken back, the app removed', async () => {
  await me(APPROVER).openHome();
  await world.slack.until(() => world.slack.home(APPROVER));
  await comesAgain();
  await world.slack.event({ type: 'tokens_revoked', tokens: { oauth: [REQUESTER], bot: [] } });
  await comesAgain();
  await proven('remove-app', async () => world.slack.event({ type: 'app_uninstalled' }));
  await announced();
  await comesAgain();
});

it('everything once more, as it came, long after: nothing happens', async () => {
  const before = await state();
  for (const request of world.slack.requests.slice(0, seen)) await repeat(request, 1);
  await world.quiet();
  expect(await state()).toBe(before);
}, 120_000);

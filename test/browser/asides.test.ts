/**
 * Asides: the app is installed in a second company's Slack by hand, without scripts; and its step
 * for Workflow Builder is run, and says how it ended.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { decide, NEIGHBOUR } from '../../demo/installation.ts';
import { answerEvent, goOn, modal, visit, write } from '../../demo/walk.ts';
import { ADDRESSES } from '../../src/store/address-document.ts';
import { LEDGER } from '../../src/store/ledger.ts';
import { submitRequest } from '../../src/workflow/submit-request.ts';
import { addBatch, addPeople } from '../support/people.ts';
import { form } from '../support/requests.ts';
import { barriers, overflow } from './look.ts';
import { type BrowserWorld, browserWorld } from './world.ts';

/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const CSV = 'E-mail;Tags\nann@example.com;vip\nbert@example.com;vip\n';
const SMALL = { viewport: { width: 320, height: 700 }, colorScheme: 'dark' } as const;

let world: BrowserWorld;
let rita: Page;

beforeAll(async () => {
  world = await browserWorld();
  rita = await world.page();
}, TEST_MS);
afterAll(() => world.close());

describe('the installation', () => {
  /** In the browser of somebody who has scripts switched off. */
  let plain: Page;
  const companies = () => rita.getByRole('list', { name: 'Companies' }).getByRole('listitem');
  const neighbour = () => companies().filter({ hasText: NEIGHBOUR.name });
  const begin = async () => {
    await plain.goto(`${world.stage.url}/slack/install`);
    await plain.getByRole('button', { name: 'Continue at Slack' }).press('Enter');
    await plain.getByRole('group', { name: 'Which workspace?' }).waitFor();
  };

  it(
    'begins at the app’s own page, where the demo’s page leads',
    async () => {
      plain = await world.page({ ...SMALL, javaScriptEnabled: false });
      await visit(rita, world.demo.url);
      await rita.getByRole('link', { name: 'Add to Slack' }).click();
      await neighbour().getByText('not installed yet').waitFor();
      const link = rita.getByRole('link', { name: 'Open Assent’s install page' });
      expect(await link.getAttribute('href')).toBe(`${world.stage.url}/slack/install`);
      expect(await neighbour().getByRole('link').count()).toBe(0);
    },
    TEST_MS,
  );

  it(
    'can be declined at Slack’s page, and then nothing is installed',
    async () => {
      await begin();
      await plain.getByRole('button', { name: 'Cancel' }).press('Enter');
      await plain.getByRole('heading', { name: 'Nothing was installed' }).waitFor();
      expect(world.stage.hub.isInstalled(NEIGHBOUR.teamId)).toBe(false);
    },
    TEST_MS,
  );

  it(
    'is allowed there, is told to the open page, and ends once only',
    async () => {
      await begin();
      await plain.getByRole('radio', { name: NEIGHBOUR.name }).check();
      await plain.getByRole('button', { name: 'Allow' }).press('Enter');
      await plain.getByRole('heading', { name: 'Assent is installed' }).waitFor();
      await neighbour().getByText('✓ Assent is installed').waitFor();
      await plain.reload();
      await plain.getByRole('heading', { name: 'cannot be finished' }).waitFor();
      const { db } = world.stage.resources.deps.database;
      const proof = await db
        .collection(LEDGER)
        .find({ act: 'install-app', workspace: NEIGHBOUR.teamId })
        .toArray();
      expect(proof.map(({ who }) => who)).toEqual([NEIGHBOUR.installer]);
    },
    TEST_MS,
  );

  it(
    'shows the second company its own, and nothing of the first',
    async () => {
      const opened = rita.waitForEvent('popup');
      await neighbour().getByRole('link', { name: 'Open its Slack' }).click();
      const ines = await opened;
      await visit(ines, ines.url());
      await ines.getByRole('link', { name: 'Assent Home' }).click();
      await ines.getByRole('heading', { name: 'First steps' }).waitFor();
      await ines.getByRole('link', { name: '# mailings' }).click();
      await write(ines, '/assent requests');
      await ines.getByText('Nobody has asked for anything yet').waitFor();
      await ines.close();
    },
    TEST_MS,
  );

  it(
    'is removed by the second company’s admin: its work stops, the first goes on',
    async () => {
      const { deps } = world.stage.resources;
      const { teamId: workspace, installer: by } = NEIGHBOUR;
      const values = { requesters: [by], approvers: ['U0OTTO'], channel: NEIGHBOUR.channel };
      await decide(deps, { workspace, by, values });
      const batch = await addBatch(deps, 'b_harbour', workspace);
      await addPeople(deps, [{ address: 'ann@example.com', in: [batch] }], workspace);
      const choice = { sources: [batch], match: 'any' as const, fields: ['email' as const] };
      const request = await submitRequest(deps, {
        workspace,
        by,
        submission: 'V0HARBOUR',
        form: form(deps, { choice }),
      });
      const store = deps.database.of(workspace);
      const opened = rita.waitForEvent('popup');
      await neighbour().getByRole('link', { name: 'Open its Slack' }).click();
      const ines = await opened;
      await visit(ines, ines.url(), `/U0OTTO/${NEIGHBOUR.channel}`);
      expect(await ines.getByRole('link', { name: 'Manage apps' }).count()).toBe(0);
      await visit(ines, ines.url(), `/${by}/${NEIGHBOUR.channel}`);
      await ines.getByRole('link', { name: 'Manage apps' }).click();
      await ines.getByRole('button', { name: 'Remove app' }).click();
      expect(await barriers(ines)).toEqual([]);
      await ines.getByRole('button', { name: 'Remove the app' }).click();
      await ines.getByText('Assent is not installed in the Slack').waitFor();
      await neighbour().getByText('not installed yet').waitFor();
      // The approval that was asked for is void, nobody was changed, and all of it is proven.
      const cancelled = async () => (await store.requests.find(request.id)).state === 'cancelled';
      for (let tries = 0; tries < 400 && !(await cancelled()); tries += 1) await sleep(50);
      expect((await store.requests.find(request.id)).history.at(-1)).toMatchObject({
        event: 'cancel',
        by: 'assent',
        note: 'app_removed',
      });
      const at = { workspace, 'memberships.key': 'batch:b_harbour#email' };
      const { db } = deps.database;
      expect(await db.collection(ADDRESSES).find(at).toArray()).toMatchObject([
        { permission: 'non-marketable' },
      ]);
      expect(await db.collection(LEDGER).countDocuments({ act: 'remove-app', workspace })).toBe(1);
      await ines.getByRole('link', { name: '# mailings' }).click();
      await write(ines, '/assent requests');
      await ines.getByText('is not a valid command').waitFor();
      await ines.close();
      await rita.getByRole('link', { name: /mail-approvals/ }).click();
      await write(rita, '/assent requests');
      await rita.getByText('Nobody has asked for anything yet').waitFor();
    },
    TEST_MS,
  );

  it(
    'finds what was there when it is added again, and nothing that runs',
    async () => {
      await begin();
      await plain.getByRole('radio', { name: NEIGHBOUR.name }).check();
      await plain.getByRole('button', { name: 'Allow' }).press('Enter');
      await plain.getByRole('heading', { name: 'Assent is installed' }).waitFor();
      await rita.getByRole('link', { name: 'Add to Slack' }).click();
      const opened = rita.waitForEvent('popup');
      await neighbour().getByRole('link', { name: 'Open its Slack' }).click();
      const ines = await opened;
      await visit(ines, ines.url());
      await write(ines, '/assent requests');
      await ines.getByText('Opt in 1 address').first().waitFor();
      await ines.getByText('Cancelled').first().waitFor();
      await ines.close();
    },
    TEST_MS,
  );

  it(
    'keeps nobody out, on the smallest screen and in the dark',
    async () => {
      const small = await world.page(SMALL);
      await small.goto(`${world.stage.url}/slack/install`);
      expect(await barriers(small)).toEqual([]);
      await small.getByRole('button', { name: 'Continue at Slack' }).click();
      await small.getByRole('group', { name: 'Which workspace?' }).waitFor();
      expect(await barriers(small)).toEqual([]);
      expect(await overflow(small)).toBeLessThanOrEqual(0);
      await small.goto(`${new URL(small.url()).origin}/oauth/v2/authorize?client_id=1`);
      await small.getByText('Nothing was installed').waitFor();
      expect(await barriers(small)).toEqual([]);
      await small.context().close();
    },
    TEST_MS,
  );
});

describe('a workflow', () => {
  const field = () => rita.getByLabel('Batch or tag');
  const run = () => rita.getByRole('button', { name: 'Run workflow' });
  const runs = () => rita.getByRole('list', { name: 'Runs' }).getByRole('listitem');

  it(
    'is filled in by keyboard, and fails with the reason',
    async () => {
      await rita.getByRole('link', { name: 'Run a workflow', exact: true }).click();
      await field().focus();
      await field().press('Tab');
      expect(await rita.locator(':focus').getAttribute('name')).toBe('template');
      await rita.keyboard.press('Tab');
      expect(await run().evaluate((button) => button.matches(':focus'))).toBe(true);
      await field().fill('tag:nobody-has-it');
      await field().press('Enter');
      await runs()
        .filter({ hasText: '✕ Failed' })
        .getByText('knows no tag “nobody-has-it”')
        .waitFor();
      expect(await field().inputValue()).toBe('tag:nobody-has-it');
    },
    TEST_MS,
  );

  it(
    'files a request, and a card asks for the approval',
    async () => {
      await rita.getByRole('link', { name: /mail-approvals/ }).click();
      await importVips();
      await rita.getByRole('link', { name: 'Run a workflow', exact: true }).click();
      await field().fill('tag:vip');
      await run().click();
      await runs()
        .filter({ hasText: '✓ Completed' })
        .getByText(/^request: q_/)
        .waitFor();
      await rita.getByRole('link', { name: /mail-approvals/ }).click();
      await rita.getByRole('heading', { name: /^Approval needed/ }).waitFor();
    },
    TEST_MS,
  );

  it(
    'is refused to guests',
    async () => {
      const gus = await world.page();
      await visit(gus, world.demo.url, `${world.stage.cast.gus.id}/workflow`);
      await gus.getByLabel('Batch or tag').fill('tag:vip');
      await gus.getByRole('button', { name: 'Run workflow' }).click();
      await gus.getByText('Guests, bots and people of other workspaces').first().waitFor();
      await gus.context().close();
    },
    TEST_MS,
  );

  it(
    'keeps nobody out, nor do the other pages beside Slack',
    async () => {
      const small = await world.page(SMALL);
      for (const place of ['workflow', 'install', 'guide']) {
        await visit(small, world.demo.url, `${world.stage.cast.rita.id}/${place}?inbox=closed`);
        expect(await barriers(small)).toEqual([]);
        expect(await overflow(small)).toBeLessThanOrEqual(0);
      }
      await small.context().close();
    },
    TEST_MS,
  );
});

/** Two people who said yes at an event, from a file. */
async function importVips(): Promise<void> {
  await write(rita, '/assent import');
  const file = { name: 'vips.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };
  await modal(rita).locator('input[type="file"]').setInputFiles(file);
  await modal(rita).getByRole('button', { name: 'Remove vips.csv' }).waitFor();
  await modal(rita).getByRole('radio', { name: /^Yes/ }).check();
  await modal(rita).getByLabel('How did you get these addresses?').waitFor();
  await answerEvent(rita);
  await goOn(rita, '2 new');
  await rita.keyboard.press('Escape');
  await modal(rita).waitFor({ state: 'detached' });
}

it('nothing broke, nothing leaked, and the policy blocked nothing', () => {
  // What is wrong on purpose is answered with a status that browsers log.
  const faults = world.complaints.filter((line) => !line.includes('status of 400'));
  expect(faults).toEqual([]);
  expect(world.stage.slack.faults).toEqual([]);
  expect(world.stage.slack.leaks).toEqual([]);
});

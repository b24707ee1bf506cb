/**
 * Modals: settings, a campaign and a mail template, filled in as people do: wrongly at first, with
 * the error at the field; then right, with what came of it.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { goOn, modal, visit, write } from '../../demo/walk.ts';
import type { LedgerEntry } from '../../src/consent/ledger.ts';
import { LEDGER } from '../../src/store/ledger.ts';
import { barriers } from './look.ts';
import { type BrowserWorld, browserWorld } from './world.ts';

const CONTACTS = 20;
/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const MAILS = new URL('../../templates/mail/double-opt-in/', import.meta.url);

let world: BrowserWorld;
let rita: Page;
let adam: Page;
let vera: Page;

beforeAll(async () => {
  world = await browserWorld(CONTACTS);
  const { cast } = world.stage;
  const pageOf = async ({ id }: { id: string }) => {
    const page = await world.page();
    await visit(page, world.demo.url, `${id}/C0APPROVALS?inbox=closed`);
    return page;
  };
  [rita, adam, vera] = [await pageOf(cast.rita), await pageOf(cast.adam), await pageOf(cast.vera)];
}, TEST_MS);
afterAll(() => world.close());

/** Entries of these acts, oldest first, as they stand in the ledger now. */
const entries = (act: LedgerEntry['act']) =>
  world.stage.resources.deps.database.db
    .collection<LedgerEntry>(LEDGER)
    .find({ act, workspace: world.stage.slack.teamId })
    .sort({ at: 1 })
    .toArray();

/** What stands at the field as wrong; empty if nothing does. */
async function faultAt(page: Page, label: string | RegExp): Promise<string> {
  const field = modal(page).getByLabel(label);
  if ((await field.getAttribute('aria-invalid')) !== 'true') return '';
  const ids = ((await field.getAttribute('aria-describedby')) ?? '').split(' ');
  const error = ids.find((id) => id.endsWith('.error')) ?? '';
  return modal(page).locator(`[id="${error}"]`).innerText();
}

const submit = (page: Page) => modal(page).locator('button[type="submit"]').click();
async function close(page: Page): Promise<void> {
  await modal(page).getByRole('button', { name: 'Close all' }).click();
  await modal(page).waitFor({ state: 'detached' });
}
/** Types a command and waits for the modal with this title. */
async function open(page: Page, command: string, title: string): Promise<void> {
  await write(page, command);
  await page.getByRole('dialog', { name: title, exact: true }).waitFor();
}

describe('settings', () => {
  const HOURS = 'Approval expires after (hours)';

  it(
    'are not shown to whoever is no admin',
    async () => {
      await write(rita, '/assent settings');
      await rita.getByText('Only an admin can do this').waitFor();
      expect(await modal(rita).count()).toBe(0);
    },
    TEST_MS,
  );

  it(
    'that cannot be are said at their fields, and nothing is saved',
    async () => {
      const before = (await entries('change-settings')).length;
      await open(vera, '/assent settings', 'Settings');
      const view = modal(vera);
      await view.getByLabel(HOURS).fill('9999');
      await view.getByLabel(/^From address/).fill('mail@elsewhere.example');
      await submit(vera);
      await view.getByText('from 1 to 720').waitFor();
      expect(await faultAt(vera, HOURS)).toContain('from 1 to 720');
      expect(await faultAt(vera, /^From address/)).toContain('another domain');
      expect(await vera.locator(':focus').inputValue()).toBe('9999');
      expect(await barriers(vera)).toEqual([]);
      expect(await entries('change-settings')).toHaveLength(before);
    },
    TEST_MS,
  );

  it(
    'that are mended are saved, proven, and there when they are opened again',
    async () => {
      const before = (await entries('change-settings')).length;
      const view = modal(vera);
      await view.getByLabel(HOURS).fill('48');
      await view.getByLabel(/^From address/).fill('hello@gardens.example');
      await view.getByLabel(/^No mail from/).fill('22:00');
      await submit(vera);
      await view.getByText('Choose both times').waitFor();
      expect(await faultAt(vera, /^No mail from/)).toContain('Choose both times');
      expect(await faultAt(vera, HOURS)).toBe('');
      await view.getByLabel(/^No mail until/).fill('07:00');
      await view.getByRole('button', { name: 'Remove Gus (guest)' }).click();
      await view.getByRole('button', { name: 'Remove Gus (guest)' }).waitFor({ state: 'detached' });
      await goOn(vera, 'The settings are saved');
      await close(vera);
      const [entry, ...others] = (await entries('change-settings')).slice(before);
      expect(others).toEqual([]);
      expect(entry?.who).toBe(world.stage.cast.vera.id);
      expect(JSON.stringify(entry)).toContain('48');
      expect(JSON.stringify(entry)).not.toContain('hello@');
      await open(vera, '/assent settings', 'Settings');
      expect(await view.getByLabel(HOURS).inputValue()).toBe('48');
      expect(await view.getByLabel(/^No mail until/).inputValue()).toBe('07:00');
      expect(await view.getByRole('button', { name: /^Remove Gus/ }).count()).toBe(0);
      await close(vera);
    },
    TEST_MS,
  );

  it(
    'offer channels for the cards, and no people',
    async () => {
      await open(vera, '/assent settings', 'Settings');
      const offered = await modal(vera)
        .getByLabel('Channel for approvals and results')
        .locator('option')
        .allInnerTexts();
      expect(offered).toEqual(['Choose one', 'mail-approvals', 'general']);
      await close(vera);
    },
    TEST_MS,
  );
});

describe('a campaign', () => {
  const DAY = /^Day of the week/;
  const ZONE = 'Time zone';
  const DAYS = /^Ask only whoever/;
  const card = (page: Page) => page.locator('.message', { hasText: 'campaign: Each week' }).last();

  it(
    'that cannot run is said at its fields, and nobody is asked to approve it',
    async () => {
      await write(rita, '/assent campaigns');
      await rita.getByRole('button', { name: 'New campaign' }).last().click();
      const view = modal(rita);
      await view.getByLabel('Name', { exact: true }).fill('Each week');
      await view.getByRole('combobox', { name: 'Import batches and tags' }).fill('cust');
      await rita.getByRole('option', { name: /^customers/ }).click();
      await view.getByRole('button', { name: /^Remove customers/ }).waitFor();
      await view.getByRole('radio', { name: 'Once a week' }).check();
      await view.getByLabel(ZONE).fill('Mars');
      await view.getByLabel(DAYS).fill('3');
      await submit(rita);
      await view.getByText('Choose the day of the week').waitFor();
      expect(await faultAt(rita, DAY)).toContain('Choose the day');
      expect(await faultAt(rita, ZONE)).toContain('no such time zone');
      expect(await faultAt(rita, DAYS)).toContain('from 30 to 730');
      expect(await entries('submit-campaign')).toEqual([]);
      expect(await card(rita).count()).toBe(0);
    },
    TEST_MS,
  );

  it(
    'that is mended waits for somebody else’s yes',
    async () => {
      const view = modal(rita);
      await view.getByLabel(DAY).selectOption('Monday');
      await view.getByLabel(ZONE).fill('Europe/Berlin');
      await view.getByLabel(DAYS).fill('180');
      await goOn(rita, 'Sent for approval');
      await close(rita);
      await card(rita).getByRole('heading', { name: 'Approval needed: campaign' }).waitFor();
      expect(await entries('submit-campaign')).toHaveLength(1);
      await card(rita).getByText('Review', { exact: true }).click();
      await modal(rita).getByText('each Monday at 09:00').waitFor();
      expect(await modal(rita).locator('button[type="submit"]').count()).toBe(0);
      await close(rita);
    },
    TEST_MS,
  );

  it(
    'is approved, paused and resumed, and its history says by whom',
    async () => {
      await card(adam).getByText('Review', { exact: true }).click();
      await modal(adam)
        .getByRole('radio', { name: /^Approve/ })
        .check();
      await goOn(adam, 'It runs by itself from now on');
      await close(adam);
      await card(adam).getByRole('heading', { name: 'Active campaign' }).waitFor();
      await card(adam).getByRole('button', { name: 'Pause' }).click();
      await card(adam).getByRole('heading', { name: 'Paused campaign' }).waitFor();
      await write(rita, '/assent campaigns');
      await rita.locator('.ephemeral').last().getByText('· Paused').waitFor();
      await card(adam).getByText('Details', { exact: true }).click();
      const history = modal(adam);
      await history.getByText('It has not run yet').waitFor();
      await history.getByText(/Paused · @Adam/).waitFor();
      await close(adam);
      await card(adam).getByRole('button', { name: 'Resume' }).click();
      await card(adam).getByRole('heading', { name: 'Active campaign' }).waitFor();
      const [approved] = await entries('approve-campaign');
      expect([approved?.who, approved?.approver]).toContain(world.stage.cast.adam.id);
      expect(await entries('pause-campaign')).toHaveLength(1);
      expect(await entries('resume-campaign')).toHaveLength(1);
    },
    TEST_MS,
  );
});

describe('a mail template', () => {
  const NAME = 'Name';
  const field = (label: string | RegExp) => modal(rita).getByLabel(label);

  async function openUpload(): Promise<void> {
    await write(rita, '/assent templates');
    await rita.getByRole('button', { name: 'Upload a template' }).last().click();
    await rita.getByRole('dialog', { name: 'Mail template' }).waitFor();
  }
  /** The files of the provided one, with another question. */
  async function attach(change: (text: string) => string): Promise<void> {
    const names = ['en.subject.txt', 'en.txt', 'en.html'];
    const files = names.map(async (name) => ({
      name,
      mimeType: name.endsWith('html') ? 'text/html' : 'text/plain',
      buffer: Buffer.from(change(await readFile(new URL(name, MAILS), 'utf8'))),
    }));
    await modal(rita)
      .locator('input[type="file"]')
      .setInputFiles(await Promise.all(files));
    for (const name of names)
      await modal(rita)
        .getByRole('button', { name: `Remove ${name}` })
        .waitFor();
  }

  it(
    'without words is refused at the field',
    async () => {
      await openUpload();
      await field(NAME).first().fill('spring-question');
      await submit(rita);
      await modal(rita).getByText('Choose files, or write one language below').waitFor();
      expect(await faultAt(rita, /^Files/)).toContain('Choose files');
    },
    TEST_MS,
  );

  it(
    'that advertises is not kept: the finding says where, why, and what to do',
    async () => {
      await attach((text) => text.replace('Review my choice', 'Win a prize'));
      await submit(rita);
      const findings = rita.getByRole('dialog', { name: 'Not kept' });
      await findings.getByText('must not advertise').first().waitFor();
      await findings.getByText('en.txt, line').first().waitFor();
      expect(await barriers(rita)).toEqual([]);
      expect(await entries('add-template')).toEqual([]);
      await findings.getByRole('button', { name: 'Close', exact: true }).click();
      await findings.waitFor({ state: 'detached' });
      expect(await field(NAME).first().inputValue()).toBe('spring-question');
      await close(rita);
    },
    TEST_MS,
  );

  it.each([
    [1, (text: string) => text],
    [2, (text: string) => text.replaceAll('Hello,', 'Good day,')],
  ])(
    'that passes is kept as version %i, and listed',
    async (version, change) => {
      await openUpload();
      await field(NAME).first().fill('spring-question');
      await attach(change);
      await goOn(rita, `is kept as version ${version}`);
      await close(rita);
      await write(rita, '/assent templates');
      const list = rita.locator('.ephemeral').last();
      await list.getByText(`“spring-question”, version ${version}: en`).waitFor();
      expect(await entries('add-template')).toHaveLength(version);
    },
    TEST_MS,
  );
});

it('nothing broke, nothing leaked, and the policy blocked nothing', () => {
  expect(world.complaints).toEqual([]);
  expect(world.stage.slack.faults).toEqual([]);
  expect(world.stage.slack.leaks).toEqual([]);
});

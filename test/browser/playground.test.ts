/** Playground: the playable Slack itself: what is typed stays, errors show, and everybody can use it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import type { Page } from 'playwright-core';
import { composer, goOn, modal, visit, walkToHow, write } from '../../demo/walk.ts';
import { barriers, overflow } from './look.ts';
import { type BrowserWorld, browserWorld } from './world.ts';

const CONTACTS = 60;
/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const CSV = 'E-mail;Tags\nann@example.com;vip\nbert@example.com;vip\n';

let world: BrowserWorld;
let page: Page;

beforeAll(async () => {
  world = await browserWorld(CONTACTS);
  page = await world.page();
}, TEST_MS);
afterAll(() => world.close());

it(
  'commands are hinted as they are typed, and taken with the keyboard',
  async () => {
    await visit(page, world.demo.url);
    await composer(page).pressSequentially('/as');
    await page.getByRole('option', { name: /^\/assent/ }).waitFor();
    expect(await page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await composer(page).inputValue()).toBe('/assent ');
    await composer(page).press('Escape');
    await composer(page).pressSequentially('help');
    await composer(page).press('Enter');
    await page.locator('.ephemeral', { hasText: '/assent' }).first().waitFor();
    expect(await page.locator('.only').first().innerText()).toBe('Only visible to you');
  },
  TEST_MS,
);

it(
  'a command that nobody knows is answered by Slack, not by the app',
  async () => {
    const before = world.stage.slack.requests.length;
    await write(page, '/nothing <b>');
    await page.getByText('/nothing is not a valid command.').waitFor();
    expect(world.stage.slack.requests).toHaveLength(before);
  },
  TEST_MS,
);

it(
  'messages are text, whatever they hold, and come to others without a reload',
  async () => {
    const other = await world.page();
    await visit(other, world.demo.url, `${world.stage.cast.adam.id}/C0GENERAL`);
    await visit(page, world.demo.url, `${world.stage.cast.rita.id}/C0GENERAL`);
    await write(page, '<img src=x onerror=alert(1)> *bold* & <!channel>');
    const line = other.locator('.message').last();
    await line.getByText('<img src=x onerror=alert(1)>').waitFor();
    expect(await line.locator('strong').last().innerText()).toBe('bold');
    expect(await line.locator('img, .mention').count()).toBe(0);
    await other.close();
  },
  TEST_MS,
);

it(
  'a thread opens beside the channel, and its replies stand in it',
  async () => {
    await page.locator('.message').last().hover();
    await page.getByRole('link', { name: 'Reply in thread' }).last().click();
    const reply = page.getByRole('combobox', { name: 'Reply…' });
    await reply.fill('In the thread');
    await reply.press('Enter');
    await page.locator('#thread').getByText('In the thread').waitFor();
    await page.getByRole('link', { name: '1 reply' }).waitFor();
    const [parent] = world.stage.slack.messages('C0GENERAL');
    world.stage.cast.adam.say('C0GENERAL', 'An answer', [], parent?.ts);
    await page.getByRole('link', { name: '2 replies' }).waitFor();
    // Who read the channel has read it, whatever goes on in its threads.
    expect(await page.getByRole('link', { name: /general.*unread/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Close thread' }).click();
    await page.locator('#thread').getByText('In the thread').waitFor({ state: 'detached' });
  },
  TEST_MS,
);

it(
  'the list of mails stays still under the pointer, and goes on when it leaves',
  async () => {
    await visit(page, world.demo.url, `${world.stage.cast.rita.id}/C0GENERAL?inbox=open`);
    const list = page.getByRole('list', { name: 'Mails' }).getByRole('link');
    await receive('First');
    await list.filter({ hasText: 'First' }).hover();
    await receive('Second');
    await page.locator('#inbox').getByText('2 mails', { exact: true }).waitFor();
    expect(await list.count()).toBe(1);
    await page.getByRole('heading', { name: '# general' }).hover();
    await list.filter({ hasText: 'Second' }).waitFor();
    expect(await list.first().innerText()).toContain('Second');
  },
  TEST_MS,
);

it(
  'what is being searched for among the mails survives a mail that comes in',
  async () => {
    await receive('Third');
    await visit(page, world.demo.url);
    await page.getByRole('link', { name: /^✉ Inbox/ }).click();
    const find = page.getByRole('searchbox', { name: 'Find a mail' });
    await find.fill('Thi');
    await receive('Fourth');
    await page.locator('.mails li', { hasText: 'Fourth' }).waitFor();
    expect(await find.inputValue()).toBe('Thi');
    await find.press('Enter');
    await page.locator('.mails li', { hasText: 'Fourth' }).waitFor({ state: 'detached' });
    expect(await page.locator('.mails li', { hasText: 'Third' }).count()).toBe(1);
  },
  TEST_MS,
);

/** Somebody gets a mail. */
async function receive(subject: string): Promise<void> {
  const transport = createTransport(world.stage.inbox.smtpUrl);
  await transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject, text: 'Hi' });
  transport.close();
}

describe('in a modal', () => {
  it(
    'half-typed words survive whatever else happens',
    async () => {
      await visit(page, world.demo.url);
      await walkToHow(page, '/optin tag:spring-fair');
      await modal(page).getByLabel('How did you get these addresses?').selectOption('event');
      const event = modal(page).getByLabel('Name of the event');
      await event.pressSequentially('Spring');
      world.stage.cast.adam.say('C0APPROVALS', 'Something else happens');
      await page.locator('.message', { hasText: 'Something else happens' }).waitFor();
      await event.pressSequentially(' fair');
      await modal(page).getByRole('radio', { name: 'Yes' }).check();
      await page.waitForTimeout(500);
      expect(await event.inputValue()).toBe('Spring fair');
      expect(await modal(page).getByRole('radio', { name: 'Yes' }).isChecked()).toBe(true);
    },
    TEST_MS,
  );

  it(
    'what is missing is said at the field, which then has the focus',
    async () => {
      await goOn(page, 'Please complete this required field.');
      const wrong = modal(page).getByLabel('First day of collection');
      expect(await wrong.getAttribute('aria-invalid')).toBe('true');
      const described = (await wrong.getAttribute('aria-describedby')) ?? '';
      expect(await page.locator(`[id="${described}"]`).innerText()).toContain('required');
      expect(await page.locator(':focus').getAttribute('type')).toBe('date');
      expect(await barriers(page)).toEqual([]);
    },
    TEST_MS,
  );

  it(
    'Back keeps the answers; Escape closes and gives the focus back',
    async () => {
      await modal(page).getByRole('button', { name: 'Back' }).click();
      await modal(page).getByText('Step 2 of 4').waitFor();
      await goOn(page, 'Step 3 of 4');
      expect(await modal(page).getByLabel('Name of the event').inputValue()).toBe('Spring fair');
      await page.keyboard.press('Escape');
      await modal(page).waitFor({ state: 'detached' });
      expect(await page.locator(':focus').getAttribute('id')).toBe('compose');
    },
    TEST_MS,
  );

  it(
    'menus are searched by typing and filled by the keyboard',
    async () => {
      await write(page, '/optout');
      // The opt-in that was closed a moment ago is offered again.
      await modal(page).getByRole('button', { name: 'Start anew' }).click();
      const menu = modal(page).getByRole('combobox', { name: 'Import batches and tags' });
      await menu.pressSequentially('cust');
      await page.getByRole('option', { name: /^customers/ }).waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await modal(page)
        .getByRole('button', { name: /^Remove customers/ })
        .waitFor();
      await modal(page).getByText('will be opted out').waitFor();
      await modal(page)
        .getByRole('button', { name: /^Remove customers/ })
        .click();
      await modal(page)
        .getByRole('button', { name: /^Remove customers/ })
        .waitFor({ state: 'detached' });
      await page.keyboard.press('Escape');
      if ((await modal(page).count()) > 0) await page.keyboard.press('Escape');
      await modal(page).waitFor({ state: 'detached' });
    },
    TEST_MS,
  );

  it(
    'a file is attached, and imported',
    async () => {
      await write(page, '/assent import');
      const file = { name: 'vips.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) };
      await modal(page).locator('input[type="file"]').setInputFiles(file);
      await modal(page).getByRole('button', { name: 'Remove vips.csv' }).waitFor();
      await modal(page).getByRole('radio', { name: /^No/ }).check();
      await modal(page).locator('button[type="submit"]').click();
      await page
        .getByText(/vips\.csv/)
        .first()
        .waitFor();
    },
    TEST_MS,
  );
});

it.each([
  ['light', 1280],
  ['dark', 320],
] as const)(
  'nobody is kept out in %s at %i pixels',
  async (colorScheme, width) => {
    const { rita, adam, gus, vera } = world.stage.cast;
    const narrow = await world.page({ colorScheme, viewport: { width, height: 800 } });
    const thread = world.stage.slack.messages('C0GENERAL').at(0)?.ts;
    for (const path of [
      `${rita.id}/C0APPROVALS?inbox=open`,
      `${adam.id}/C0GENERAL?thread=${thread}`,
      `${gus.id}/messages`,
      `${vera.id}/home`,
    ]) {
      await visit(narrow, world.demo.url, path);
      expect(await barriers(narrow)).toEqual([]);
      expect(await overflow(narrow)).toBeLessThanOrEqual(0);
    }
    await narrow.context().close();
  },
  TEST_MS,
);

it('nothing broke, and the policy blocked nothing', () => {
  expect(world.complaints).toEqual([]);
  expect(world.stage.slack.faults).toEqual([]);
});

/** Opt-in: the main story as people live it, in a browser: ask, be refused, approve, confirm. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { ReceivedMail } from '../../demo/inbox/inbox.ts';
import {
  answerEvent,
  approve,
  askThem,
  goOn,
  modal,
  openReview,
  visit,
  walkToHow,
} from '../../demo/walk.ts';
import { ADDRESSES } from '../../src/store/address-document.ts';
import { type BrowserWorld, browserWorld } from './world.ts';

const CONTACTS = 60;
/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const MAIL_MS = 60_000;

let world: BrowserWorld;
/** Rita's page stays open beside the others', as it would on her own screen. */
let rita: Page;

beforeAll(async () => {
  world = await browserWorld(CONTACTS);
  rita = await world.page();
}, TEST_MS);
afterAll(() => world.close());

const permissions = async (): Promise<Record<string, number>> => {
  const rows = await world.stage.resources.deps.database.db
    .collection(ADDRESSES)
    .aggregate<{ _id: string; count: number }>([
      { $group: { _id: '$permission', count: { $sum: 1 } } },
    ])
    .toArray();
  return Object.fromEntries(rows.map(({ _id, count }) => [_id, count]));
};

/** The number of addresses of the plan, as the open review says it. */
const planned = async (page: Page): Promise<number> =>
  Number(/Opt in ([\d,]+) addresses/.exec(await modal(page).innerText())?.[1]?.replace(',', ''));

it(
  'a bought list is refused at the question, with what would mend it',
  async () => {
    await visit(rita, world.demo.url);
    await walkToHow(rita, '/optin tag:spring-fair');
    await modal(rita).getByLabel('How did you get these addresses?').selectOption('purchased');
    await modal(rita).getByText('that is no permission').waitFor();
    await goOn(rita, 'The refusal is on record');
    expect(await modal(rita).locator('button[type="submit"]').count()).toBe(0);
  },
  TEST_MS,
);

it(
  'the requester answers the interview and sends the request',
  async () => {
    await modal(rita).getByRole('button', { name: 'Change my answers' }).click();
    await modal(rita).getByText('Step 3 of 4').waitFor();
    await answerEvent(rita);
    await goOn(rita, 'Step 4 of 4');
    await askThem(rita);
    await goOn(rita, 'approv');
    await rita.keyboard.press('Escape');
    await rita.getByRole('heading', { name: /Approval needed/ }).waitFor();
    expect(await permissions()).not.toHaveProperty('single-opt-in');
  },
  TEST_MS,
);

it(
  'the requester cannot decide it, and a guest may not even look',
  async () => {
    await openReview(rita);
    expect(await modal(rita).locator('button[type="submit"]').count()).toBe(0);
    await rita.keyboard.press('Escape');
    const gus = await world.page();
    await visit(gus, world.demo.url, `${world.stage.cast.gus.id}/C0APPROVALS`);
    await openReview(gus);
    await gus
      .getByText(/Guests/)
      .first()
      .waitFor();
    expect(await permissions()).not.toHaveProperty('single-opt-in');
  },
  TEST_MS,
);

it(
  'the approver types the number, and the permissions change before everybody',
  async () => {
    const adam = await world.page();
    await visit(adam, world.demo.url, `${world.stage.cast.adam.id}/C0APPROVALS`);
    await openReview(adam);
    const count = await planned(adam);
    expect(count).toBeGreaterThan(10);
    await approve(adam, count);
    await rita.getByRole('heading', { name: `Done: ${count} addresses opted in` }).waitFor();
    expect((await permissions())['single-opt-in']).toBe(count);
  },
  TEST_MS,
);

it(
  'a recipient confirms from the inbox, and another stops',
  async () => {
    await world.stage.slack.until(() => world.stage.inbox.mails.length > 1, MAIL_MS);
    const inEnglish = ({ headers }: ReceivedMail) => headers.get('content-language') === 'en';
    const [first, second] = world.stage.inbox.mails.filter(inEnglish);
    const before = await permissions();
    await answerMail(first?.to ?? '', 'Yes, keep sending', 'Thank you');
    await answerMail(second?.to ?? '', 'Stop', 'no more');
    const stopped = before['opted-out-by-recipient'] ?? 0;
    expect(await permissions()).toMatchObject({
      'double-opt-in': 1,
      'opted-out-by-recipient': stopped + 1,
      'single-opt-in': (before['single-opt-in'] ?? 0) - 2,
    });
    expect(world.complaints).toEqual([]);
    expect(world.stage.slack.faults).toEqual([]);
    expect(world.stage.slack.leaks).toEqual([]);
  },
  TEST_MS,
);

/** Opens a mail in the inbox, follows its button, and answers on the page that opens. */
async function answerMail(to: string, answer: string, says: string): Promise<void> {
  const find = rita.getByRole('searchbox', { name: 'Find a mail' });
  await find.fill(to);
  await find.press('Enter');
  await rita.getByRole('link', { name: to }).first().click();
  const opened = rita.waitForEvent('popup');
  await rita.frameLocator('iframe').locator('a.button').click();
  const page = await opened;
  await page.getByRole('button', { name: answer, exact: true }).click();
  await page.locator('main').getByText(says).first().waitFor();
  await page.close();
  await rita.getByRole('link', { name: '← Inbox' }).click();
}

/**
 * Walk: the steps that somebody takes through the playable Slack in a browser, by the words on the
 * screen, for pictures and for tests.
 */
import type { Locator, Page } from 'playwright-core';

/** A busy machine gets longer (ms). */
const PATIENCE_MS = 40_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Opens a place as somebody, and waits until the page listens. */
export async function visit(page: Page, url: string, path = ''): Promise<void> {
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(new URL(path, url).href);
  await page.locator('html[data-ready]').waitFor();
}

/** The box to write in, of the channel or the open thread. */
export const composer = (page: Page): Locator => page.locator('#compose');

/** Types a line and presses Enter. */
export async function write(page: Page, line: string): Promise<void> {
  await composer(page).fill(line);
  await composer(page).press('Enter');
}

export const modal = (page: Page): Locator => page.locator('dialog.modal').last();

/** Presses the modal's main button, and waits until it says something. */
export async function goOn(page: Page, until: string | RegExp): Promise<void> {
  await modal(page).locator('button[type="submit"]').click();
  await modal(page).getByText(until).first().waitFor();
}

/** The wizard's first two steps, up to the question how the addresses were obtained. */
export async function walkToHow(page: Page, command: string): Promise<void> {
  await write(page, command);
  await modal(page).getByText('will be opted in').waitFor();
  await goOn(page, 'Step 2 of 4');
  await goOn(page, 'Step 3 of 4');
}

/** Says that people told us at an event, 40 days ago, and that they knew. */
export async function answerEvent(page: Page): Promise<void> {
  const view = modal(page);
  await view.getByLabel('How did you get these addresses?').selectOption({ label: 'Event' });
  await view.getByLabel('Name of the event').fill('Spring fair, our stand');
  const told = view.getByRole('group', { name: /^Were people told/ });
  await told.getByRole('radio', { name: 'Yes' }).check();
  await view.getByLabel('First day of collection').fill(daysAgo(40));
  await view.getByLabel('Last day of collection').fill(daysAgo(38));
  await view.getByRole('checkbox', { name: /These people said yes/ }).check();
}

/** Chooses that the changed addresses are asked to confirm. */
export async function askThem(page: Page): Promise<void> {
  await modal(page).getByRole('radio', { name: 'The addresses that this opts in' }).check();
  await modal(page).getByLabel('Mail template').waitFor();
}

/** Opens the review of the newest card that waits. */
export async function openReview(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Review request/ })
    .last()
    .click();
  await page.locator('dialog.modal, .ephemeral').last().waitFor();
}

/** Approves what is open, with the number of addresses where it is asked for. */
export async function approve(page: Page, count: number): Promise<void> {
  const view = modal(page);
  await view.getByRole('radio', { name: /^Approve/ }).check();
  const typed = view.getByLabel(/type the number/);
  if ((await typed.count()) > 0) await typed.fill(String(count));
  await view.locator('button[type="submit"]').click();
  await view.getByText(/^Your decision/).waitFor({ state: 'detached' });
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

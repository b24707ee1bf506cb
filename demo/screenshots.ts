/**
 * Screenshots: plays a request in a real browser and writes a picture of each main view to
 * docs/images, for the README and the docs.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Browser as Chromium, Page } from 'playwright-core';
import { openBrowsers } from './browsers.ts';
import { launchChromium } from './chromium.ts';
import { importSample } from './import-sample.ts';
import { smallPng } from './small-png.ts';
import { buildStage, CHANNEL, type Stage } from './stage.ts';
import { answerEvent, approve, askThem, goOn, modal, openReview, visit, write } from './walk.ts';

const FOLDER = new URL('../docs/images/', import.meta.url);
const WINDOW = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
const MAIL_MS = 180_000;
/** Enough to look real, few enough to be mailed in half a minute. */
const CONTACTS = 300;

interface Studio {
  readonly stage: Stage;
  readonly chromium: Chromium;
  /** Where the playable Slack is. */
  readonly url: string;
}

async function take(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const png = smallPng(await page.screenshot({ animations: 'disabled' }));
  await writeFile(new URL(`${name}.png`, FOLDER), png);
  console.log(`docs/images/${name}.png  ${Math.round(png.length / 1_024)} KB`);
}

async function sit(
  { chromium, url }: Studio,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await chromium.newContext({
    viewport: WINDOW,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  await visit(page, url, path);
  return page;
}

async function pictureWizard(studio: Studio): Promise<void> {
  const page = await sit(studio, `${studio.stage.cast.rita.id}/${CHANNEL.id}?inbox=closed`);
  await page.locator('#compose').pressSequentially('/');
  await page.getByRole('option').first().waitFor();
  await take(page, 'commands');
  await write(page, '/optin tag:spring-fair');
  await modal(page).getByText('will be opted in').waitFor();
  await take(page, 'wizard-1-who');
  await goOn(page, 'Step 2 of 4');
  await take(page, 'wizard-2-what');
  await goOn(page, 'Step 3 of 4');
  await modal(page).getByLabel('How did you get these addresses?').selectOption('purchased');
  await goOn(page, 'The refusal is on record');
  await take(page, 'refused');
  await modal(page).getByRole('button', { name: 'Change my answers' }).click();
  await modal(page).getByText('Step 3 of 4').waitFor();
  await answerEvent(page);
  await modal(page).getByText('Step 3 of 4').scrollIntoViewIfNeeded();
  await page.waitForTimeout(600);
  await take(page, 'wizard-3-how');
  await goOn(page, 'Step 4 of 4');
  await askThem(page);
  await take(page, 'wizard-4-review');
  await goOn(page, 'approv');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: /Approval needed/ }).waitFor();
  await take(page, 'approval-card');
  await page.context().close();
}

async function pictureDecision(studio: Studio): Promise<void> {
  const { stage } = studio;
  const page = await sit(studio, `${stage.cast.adam.id}/${CHANNEL.id}?inbox=closed`);
  await openReview(page);
  await modal(page).getByText('Your decision').waitFor();
  await take(page, 'review-request');
  const count = /Opt in ([\d,]+) addresses/.exec(await modal(page).innerText())?.[1] ?? '';
  await approve(page, Number(count.replaceAll(',', '')));
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await take(page, 'progress');
  await page.locator('.pie').last().waitFor({ timeout: MAIL_MS });
  await page.waitForTimeout(1_500);
  await take(page, 'result');
  await page.context().close();
}

async function pictureRecipient(studio: Studio): Promise<void> {
  const { stage, chromium } = studio;
  const isEnglish = (index: number) =>
    stage.inbox.mails[index]?.headers.get('content-language') === 'en';
  await stage.slack.until(() => stage.inbox.mails.length > 50, MAIL_MS);
  const number = stage.inbox.mails.findIndex((_mail, index) => isEnglish(index)) + 1;
  const page = await sit(studio, `${stage.cast.rita.id}/${CHANNEL.id}?inbox=open&mail=${number}`);
  const frame = page.frameLocator('iframe');
  await frame.locator('a.button').waitFor();
  await take(page, 'inbox');
  const link = (await frame.locator('a.button').getAttribute('href')) ?? '';
  const phone = await chromium.newContext({ viewport: WINDOW, locale: 'en-GB' });
  const asked = await phone.newPage();
  await asked.goto(link);
  await take(asked, 'review-page');
  await asked.getByRole('button', { name: 'Yes, keep sending' }).click();
  await asked.getByRole('heading', { name: 'Thank you' }).waitFor();
  await take(asked, 'confirm-page');
  await page.context().close();
  await phone.close();
}

async function pictureHome(studio: Studio): Promise<void> {
  const { cast } = studio.stage;
  const home = await sit(studio, `${cast.adam.id}/home?inbox=closed`);
  await home.waitForTimeout(1_500);
  await take(home, 'app-home');
  await home.context().close();
  const path = `${cast.adam.id}/${CHANNEL.id}`;
  const phone = await sit(studio, path, { viewport: PHONE, colorScheme: 'dark' });
  await take(phone, 'small-and-dark');
  await phone.context().close();
}

async function pictureAsides(studio: Studio): Promise<void> {
  const { rita } = studio.stage.cast;
  const page = await sit(studio, `${rita.id}/install?inbox=closed`);
  const opened = page.waitForEvent('popup');
  await page.getByRole('link', { name: 'Open Assent’s install page' }).click();
  const installing = await opened;
  await installing.getByRole('button', { name: 'Continue at Slack' }).click();
  await installing.getByRole('button', { name: 'Allow' }).click();
  await installing.getByRole('heading', { name: 'Assent is installed' }).waitFor();
  await installing.close();
  await page.getByText('not installed').waitFor({ state: 'detached' });
  await take(page, 'add-to-slack');
  await page.getByRole('link', { name: 'Run a workflow', exact: true }).click();
  const run = page.getByRole('button', { name: 'Run workflow' });
  for (const tag of ['tag:nobody', 'tag:spring-fair']) {
    await page.getByLabel('Batch or tag').fill(tag);
    await run.click();
    await page.getByRole('list', { name: 'Runs' }).getByText(tag).first().waitFor();
  }
  await take(page, 'workflow');
  await page.context().close();
}

const home = await mkdtemp(join(tmpdir(), 'assent-pictures-'));
const stage = await buildStage(home, console.log, {
  MONGODB_DATABASE: 'assent-pictures',
  APPROVAL_TYPED_OVER: '100',
});
const browser = await openBrowsers(stage, 0);
const chromium = await launchChromium();
let status = 0;
try {
  await mkdir(FOLDER, { recursive: true });
  await importSample(stage, CONTACTS);
  const studio = { stage, chromium, url: browser.url };
  await pictureWizard(studio);
  await pictureDecision(studio);
  await pictureRecipient(studio);
  await pictureHome(studio);
  await pictureAsides(studio);
} catch (error) {
  for (const page of chromium.contexts().flatMap((context) => context.pages()))
    await page.screenshot({ path: join(tmpdir(), 'assent-picture-failed.png') });
  console.error(error);
  status = 1;
}
await chromium.close();
await browser.stop();
await stage.close();
await rm(home, { recursive: true, force: true });
process.exit(status);

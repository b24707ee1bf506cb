/**
 * Pages: what a recipient meets behind the links of a mail, in a real browser: without scripts, on
 * the smallest screen, in the dark, and for somebody who cannot see it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from '../../demo/chromium.ts';
import type { WebServer } from '../../src/web/server.ts';
import { confirmAddress } from '../../src/workflow/confirm-address.ts';
import { withdrawConsent } from '../../src/workflow/withdraw-consent.ts';
import { tokenOf } from '../integration/ask/tokens.ts';
import {
  askPeople,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  serve,
  type World,
} from '../integration/ask/world.ts';
import { barriers, newPage, overflow } from './look.ts';

const SMALLEST = { width: 320, height: 640 };
const OPEN = 'ann@example.org';
const CONFIRMED = 'bert@example.org';
const STOPPED = 'carl@example.org';
const CLICKS = ['dora@example.org', 'emil@example.org'] as const;
const START_MS = 120_000;

let world: World;
let web: WebServer;
let chromium: Browser;
const complaints: string[] = [];
const tokens = new Map<string, string>();

beforeAll(async () => {
  [world, chromium] = await Promise.all([openWorld(), launchChromium()]);
  web = await serve(world);
  const people = [OPEN, CONFIRMED, STOPPED, ...CLICKS];
  await askPeople(world, people);
  await sendAll(world.deps);
  for (const address of people)
    tokens.set(address, tokenOf(world.deps, await sendTo(world.deps, address)));
  const evidence = { at: world.deps.now() };
  await confirmAddress(world.deps, token(CONFIRMED), evidence);
  await withdrawConsent(world.deps, token(STOPPED), 'page', evidence);
}, START_MS);
afterAll(async () => {
  await chromium.close();
  await web.close();
  await world.close();
});

const token = (address: string): string => tokens.get(address) ?? '';
const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const page = await newPage(
    chromium,
    { viewport: SMALLEST, locale: 'en-GB', ...options },
    complaints,
  );
  await page.goto(new URL(path, web.url).href);
  return page;
};
const permission = async (address: string) => (await personAt(world.deps, address)).permission;

const STATES = [
  ['the question', () => `c/${token(OPEN)}`],
  ['confirmed already', () => `c/${token(CONFIRMED)}`],
  ['stopped already', () => `c/${token(STOPPED)}`],
  ['the stop', () => `s/${token(OPEN)}`],
  ['a link that was cut off', () => `c/${token(OPEN).slice(0, 20)}`],
] as const;

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  let page: Page;
  beforeAll(async () => {
    page = await open('', { colorScheme });
  });
  afterAll(() => page.context().close());

  it.each(STATES)('%s has no barriers, and fits on the smallest screen', async (_name, path) => {
    await page.goto(new URL(path(), web.url).href);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

describe('without scripts, and by keyboard alone', () => {
  it('a yes is one key, and can be taken back on the page that follows', async () => {
    const [address] = CLICKS;
    const page = await open(`c/${token(address)}`, { javaScriptEnabled: false });
    await page.keyboard.press('Tab');
    expect(await permission(address)).toBe('single-opt-in');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await permission(address)).toBe('double-opt-in');
    await page.getByRole('button', { name: 'Stop' }).press('Enter');
    await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    expect(await permission(address)).toBe('opted-out-by-recipient');
  });

  it('a stop stands after Back and the same yes again', async () => {
    const [, address] = CLICKS;
    const page = await open(`c/${token(address)}`, { javaScriptEnabled: false });
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.waitForURL(/\/s\//);
    await page.goBack();
    await page.goto(new URL(`c/${token(address)}`, web.url).href);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await permission(address)).toBe('opted-out-by-recipient');
  });

  it('looking at a page, and loading it again, changes nothing', async () => {
    const page = await open(`c/${token(OPEN)}`, { javaScriptEnabled: false });
    await page.reload();
    expect(await permission(OPEN)).toBe('single-opt-in');
  });
});

it('nothing was blocked by the pages own policy', () => {
  const faults = complaints.filter((line) => !line.includes('404'));
  expect(faults).toEqual([]);
});

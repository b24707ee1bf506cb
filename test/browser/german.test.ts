/** German: somebody whose Slack is in German asks for an opt-in, and meets no English on the way. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { CHANNEL } from '../../demo/stage.ts';
import { goOn, modal, visit, write } from '../../demo/walk.ts';
import { IMPORT_WORDS } from '../../src/slack/words/imports.ts';
import { INTERVIEW_WORDS, sourceName } from '../../src/slack/words/interview.ts';
import { NOTICE_WORDS } from '../../src/slack/words/notices.ts';
import { WIZARD_WORDS } from '../../src/slack/words/wizard.ts';
import { END_WORDS } from '../../src/slack/words/wizard-ends.ts';
import { type BrowserWorld, browserWorld } from './world.ts';

const CONTACTS = 6;
/** A few seconds; a busy machine gets longer. */
const TEST_MS = 120_000;
const DAY_MS = 24 * 60 * 60 * 1_000;
const WIZARD = WIZARD_WORDS.de;
const INTERVIEW = INTERVIEW_WORDS.de;

/** Words that no German sentence holds, and that most English ones do. */
const ENGLISH =
  /\b(?:the|and|of|to|is|are|for|with|you|your|not|this|that|who|what|how|were|step|next|back|cancel|close|choose|search|address|addresses|type|send|yes|approval|request)\b/giu;

let world: BrowserWorld;
let hanna: Page;

beforeAll(async () => {
  world = await browserWorld(CONTACTS);
  hanna = await world.page();
  await visit(hanna, world.demo.url, `/${world.stage.cast.hanna.id}/${CHANNEL.id}`);
}, TEST_MS);
afterAll(() => world.close());

/** What is read in the modal, the labels that only screen readers say among it. */
async function read(): Promise<string> {
  const labels = await modal(hanna)
    .locator('[aria-label], [placeholder]')
    .evaluateAll((elements) =>
      elements.flatMap((one) => [one.getAttribute('aria-label'), one.getAttribute('placeholder')]),
    );
  return [await modal(hanna).innerText(), ...labels].join('\n');
}

async function expectGerman(): Promise<void> {
  const text = await read();
  expect(text.length).toBeGreaterThan(100);
  expect([...text.matchAll(ENGLISH)].map(([word]) => word)).toEqual([]);
}

const step = (number: number, name: string) => WIZARD.stepOf(number, 4, name);
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

it(
  'the wizard, from the command to the end',
  async () => {
    await write(hanna, '/optin tag:spring-fair');
    await modal(hanna).getByText(step(1, WIZARD.steps.who)).waitFor();
    await modal(hanna).getByText('werden angemeldet').waitFor();
    await expectGerman();
    await goOn(hanna, step(2, WIZARD.steps.what));
    await expectGerman();
    await goOn(hanna, step(3, WIZARD.steps.how));
    await modal(hanna)
      .getByLabel(INTERVIEW.howObtained)
      .selectOption({ label: sourceName('event', 'de') });
    await modal(hanna).getByLabel('Name der Veranstaltung').fill('Frühjahrsmesse');
    const told = modal(hanna).getByRole('group', { name: /^Wurde den Personen/u });
    await told.getByRole('radio', { name: NOTICE_WORDS.de.yes }).check();
    await modal(hanna).getByLabel('Erster Tag der Erhebung').fill(daysAgo(40));
    await modal(hanna).getByLabel('Letzter Tag der Erhebung').fill(daysAgo(38));
    await modal(hanna).getByRole('checkbox', { name: INTERVIEW.attested }).check();
    await expectGerman();
    await goOn(hanna, step(4, WIZARD.steps.review));
    await expectGerman();
    await goOn(hanna, END_WORDS.de.told);
    await expectGerman();
    await hanna.keyboard.press('Escape');
    await modal(hanna).waitFor({ state: 'detached' });
  },
  TEST_MS,
);

it(
  'the import, with what is missing in it',
  async () => {
    await write(hanna, '/assent import');
    const words = IMPORT_WORDS.de;
    await modal(hanna).getByText(words.question).waitFor();
    await modal(hanna).getByRole('radio', { name: words.yes, exact: true }).check();
    await modal(hanna).getByText(INTERVIEW.howObtained).waitFor();
    await expectGerman();
    expect(world.complaints).toEqual([]);
  },
  TEST_MS,
);

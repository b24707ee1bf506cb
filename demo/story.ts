/**
 * Story: the main job from a CSV export to the proof, played with real parts and checked at each
 * step. Whoever reads the printed story has seen what the product is for.
 */
import assert from 'node:assert';
import { whyCommand } from '../src/cli/why.ts';
import { PERMISSIONS } from '../src/consent/permission.ts';
import { ADDRESSES } from '../src/store/address-document.ts';
import { LEDGER } from '../src/store/ledger.ts';
import { importSample } from './import-sample.ts';
import { reviewLinkOf, stopLinkOf } from './inbox/links.ts';
import { SAMPLE_CONTACTS, SAMPLE_TAG } from './sample-data.ts';
import { asText } from './slack/as-text.ts';
import type { Person } from './slack/person.ts';
import type { PostedMessage } from './slack/workspace.ts';
import { CHANNEL, type Stage } from './stage.ts';

/** Processing and mailing the sample takes seconds; a busy machine gets longer (ms). */
const PATIENCE_MS = 120_000;

export interface Narrator {
  chapter(title: string): void;
  tell(line: string): void;
  show(text: string): void;
}

/** Plays the story. @throws AssertionError at the first step that does not end as it should */
export async function playStory(stage: Stage, narrator: Narrator): Promise<void> {
  await importExport(stage, narrator);
  await refuseBoughtList(stage, narrator);
  await askForOptIn(stage, narrator);
  await fourEyes(stage, narrator);
  await processAndAsk(stage, narrator);
  const [yes, no] = await answer(stage, narrator);
  await prove(stage, narrator, [yes, no]);
  assert.deepEqual(stage.slack.faults, [], 'Slack refused something of ours');
  assert.deepEqual(stage.slack.leaks, [], 'an e-mail address stood where none may be');
}

async function importExport(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.chapter('1. An operator imports the export of an old system');
  narrator.tell(`$ assent import old-system.csv --permission no     (${SAMPLE_CONTACTS} contacts)`);
  narrator.show(await importSample(stage));
  narrator.tell('Nobody may be mailed yet: the old system could not say who gave permission.');
  narrator.show(await countsOf(stage));
}

async function refuseBoughtList(stage: Stage, narrator: Narrator): Promise<void> {
  const { rita } = stage.cast;
  narrator.chapter('2. A bought list is refused');
  await openWizard(stage, narrator);
  await rita.choose('choose-source', 'purchased');
  await untilShown(stage, rita, 'that is no permission');
  const refused = await rita.submit();
  assert(refused.view !== undefined, 'the wizard answered');
  assert.match(asText(refused.view), /Cannot be opted in/);
  narrator.tell('Rita says: “Purchased list”.');
  narrator.show(asText(refused.view, stage.names));
  const entries = await ledger(stage).countDocuments({ act: 'refuse-request' });
  assert.equal(entries, 1, 'the refusal is on record');
}

/** The first two steps, up to the question how the addresses were obtained. */
async function openWizard(stage: Stage, narrator: Narrator): Promise<void> {
  const { rita } = stage.cast;
  narrator.tell(`Rita types: /optin tag:${SAMPLE_TAG}`);
  await rita.command(`/optin tag:${SAMPLE_TAG}`, { channel: CHANNEL.id });
  await stage.slack.until(() => stage.slack.modal(rita.id));
  await untilShown(stage, rita, 'will be opted in');
  narrator.show(asText(modalOf(stage, rita), stage.names));
  const what = await rita.submit();
  assert.equal(what.outcome, 'updated', JSON.stringify(what.errors));
  const how = await rita.submit();
  assert.equal(how.outcome, 'updated', JSON.stringify(how.errors));
}

async function askForOptIn(stage: Stage, narrator: Narrator): Promise<void> {
  const { rita } = stage.cast;
  narrator.chapter('3. Rita tells the truth: they said yes at the spring fair');
  await rita.click(modalOf(stage, rita), 'reopen-step');
  await untilShown(stage, rita, 'How did you get these addresses?');
  await rita.choose('choose-source', 'event');
  await untilShown(stage, rita, 'Name of the event');
  await rita.type('answer-event', 'Spring fair 2026, our stand');
  await rita.choose('answer-peopleTold', 'yes');
  await rita.choose('answer-collectedFrom', daysAgo(40));
  await rita.choose('answer-collectedUntil', daysAgo(38));
  await rita.choose('attest-permission', ['attested']);
  const review = await rita.submit();
  assert.equal(review.outcome, 'updated', JSON.stringify(review.errors));
  await rita.choose('choose-ask', 'changed');
  await untilShown(stage, rita, 'Mail template');
  narrator.show(asText(modalOf(stage, rita), stage.names));
  const sent = await rita.submit();
  narrator.show(asText(modalOf(stage, rita), stage.names));
  assert.equal(sent.outcome, 'updated', JSON.stringify(sent.errors));
  await rita.close();
}

async function fourEyes(stage: Stage, narrator: Narrator): Promise<void> {
  const { slack, cast } = stage;
  narrator.chapter('4. Another person approves');
  const card = await waitFor(stage, (text) => text.includes('Approval needed'));
  narrator.show(asText(card, stage.names));
  narrator.tell('Rita presses Review on her own request:');
  await cast.rita.click(card, 'review-request');
  const own = await slack.until(() => slack.modal(cast.rita.id));
  narrator.show(lastLines(asText(own, stage.names)));
  assert.equal(own.submit, null, 'Rita cannot decide her own request');
  await cast.rita.close();
  narrator.tell('Gus, a guest, presses Review:');
  await cast.gus.click(card, 'review-request');
  const gus = await slack.until(() => slack.modal(cast.gus.id) ?? cast.gus.ephemerals().at(-1));
  narrator.show(asText(gus, stage.names));
  assert.match(JSON.stringify(gus), /Guests/, 'guests are refused');
  narrator.tell('Adam, an approver, presses Review and reads everything:');
  await cast.adam.click(card, 'review-request');
  const review = await slack.until(() => slack.modal(cast.adam.id));
  narrator.show(asText(review, stage.names));
  await decide(stage, narrator);
}

/** Adam chooses "approve" and types the number, as a plan of this size asks for. */
async function decide(stage: Stage, narrator: Narrator): Promise<void> {
  const { slack, cast, resources } = stage;
  const [request] = await resources.deps.database.of(slack.teamId).requests.recent(1);
  assert(request !== undefined, 'there is a request');
  const mark = request.plan.hash.slice(0, 8);
  await cast.adam.choose(`decision.${mark}`, 'approve');
  await cast.adam.type(`number.${mark}`, String(request.plan.counts.change));
  const decided = await cast.adam.submit();
  assert.equal(decided.outcome, 'updated', JSON.stringify(decided.errors));
  narrator.tell(`Adam approves and types the number: ${request.plan.counts.change}.`);
  await cast.adam.close();
}

async function processAndAsk(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.chapter('5. The clock rings: permissions change, and people are asked by mail');
  await waitFor(stage, (text) => /^Done: [\d,]+ addresses opted in/.test(text));
  for (const message of stage.slack.messages(CHANNEL.id)) {
    narrator.show(asText(message, stage.names));
  }
  narrator.show(await countsOf(stage));
  const [mail] = stage.inbox.mails;
  assert(mail !== undefined, 'mail arrived');
  narrator.tell(`${stage.inbox.mails.length} mails arrived. One of them:`);
  narrator.show(`Subject: ${mail.subject}\n\n${mail.text.trim()}`);
}

/** One recipient says yes, another stops. @returns their addresses */
async function answer(stage: Stage, narrator: Narrator): Promise<[string, string]> {
  narrator.chapter('6. Two recipients answer');
  const [first, second] = stage.inbox.mails;
  assert(first !== undefined && second !== undefined, 'two mails arrived');
  const before = await countsOf(stage);
  const link = reviewLinkOf(first);
  const page = await fetch(link);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /<form[^>]+method="post"/i, 'the page has a button');
  assert.equal(await countsOf(stage), before, 'looking changed something');
  narrator.tell('A scanner, and then the person, open the page. Nothing changes.');
  narrator.tell('The first recipient presses the big button. The page says:');
  narrator.show(await press(link));
  narrator.tell('The second one says stop:');
  narrator.show(await press(stopLinkOf(second)));
  narrator.show(await countsOf(stage));
  return [first.to, second.to];
}

/** Opens a page and presses its one big button, with what the form sends along. */
async function press(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  const form = /<form method="post" action="([^"]+)">([\s\S]*?)<\/form>/.exec(page);
  assert(form !== null, 'the page has a form');
  const [, action = '', inner = ''] = form;
  const fields = [...inner.matchAll(/name="([^"]+)" value="([^"]*)"/g)];
  const response = await fetch(new URL(action, url), {
    method: 'POST',
    body: new URLSearchParams(Object.fromEntries(fields.map(([, name, value]) => [name, value]))),
  });
  assert.equal(response.status, 200, `${response.status} from a page`);
  const html = await response.text();
  const main = /<main[\s\S]*?<\/main>/.exec(html)?.[0] ?? '';
  return main
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

async function prove(
  stage: Stage,
  narrator: Narrator,
  [yes, no]: readonly [string, string],
): Promise<void> {
  narrator.chapter('7. Two years later an auditor asks: prove it');
  for (const [address, expected] of [
    [yes, 'double-opt-in'],
    [no, 'opted-out-by-recipient'],
  ] as const) {
    const lines: string[] = [];
    narrator.tell(`$ assent why ${address}`);
    const deps = { ...stage.resources.deps, workspace: stage.slack.teamId };
    const status = await whyCommand(deps, [address], {
      out: (line) => lines.push(line),
      err: (line) => lines.push(line),
    });
    narrator.show(lines.join('\n'));
    assert.equal(status, 0, 'both sides of the proof agree');
    assert.equal((await permissionOf(stage, address)) ?? 'nobody', expected);
  }
  narrator.tell(`The ledger holds ${await ledger(stage).countDocuments()} entries.`);
}

const ledger = ({ resources }: Stage) => resources.deps.database.db.collection(LEDGER);

async function permissionOf({ resources }: Stage, address: string): Promise<string | undefined> {
  const addresses = resources.deps.database.db.collection<{ permission: string }>(ADDRESSES);
  return (await addresses.findOne({ address }))?.permission;
}

/** How many addresses have which permission, as a small table. */
async function countsOf({ resources }: Stage): Promise<string> {
  const groups = await resources.deps.database.db
    .collection(ADDRESSES)
    .aggregate<{ _id: string; count: number }>([
      { $group: { _id: '$permission', count: { $sum: 1 } } },
    ])
    .toArray();
  const of = new Map(groups.map(({ _id, count }) => [_id, count]));
  const lines = PERMISSIONS.map(
    (name) => `${name.padEnd(24)}${String(of.get(name) ?? 0).padStart(7)}`,
  );
  return ['addresses by permission', ...lines].join('\n');
}

/** Waits until the open modal says something: the app draws it anew after the click. */
async function untilShown({ slack, names }: Stage, { id }: Person, text: string): Promise<void> {
  await slack.until(() => {
    const view = slack.modal(id);
    return view !== undefined && asText(view, names).includes(text);
  });
}

function modalOf({ slack }: Stage, { id }: Person) {
  const view = slack.modal(id);
  assert(view !== undefined, 'a modal is open');
  return view;
}

/** The first message in the approvers' channel that says so, as soon as it stands there. */
async function waitFor(
  { slack, names }: Stage,
  says: (text: string) => boolean,
): Promise<PostedMessage> {
  return slack.until(
    () => slack.messages(CHANNEL.id).find((message) => says(asText(message, names))),
    PATIENCE_MS,
  );
}

const lastLines = (text: string): string => {
  const lines = text.split('\n');
  return [lines[0], ...lines.slice(1, 6), '│ …', lines.at(-1)].join('\n');
};

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

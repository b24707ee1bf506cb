/** Late refusals: what was filled in outlives "Working…", a closed window and an import that stops. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONTACTS, ContactDocument } from '../../../src/store/contacts.ts';
import { mongoSchema } from '../../../src/store/schema.ts';
import { APPROVER, CHANNEL, REQUESTER } from '../../support/deps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const QUESTION = 'Did these people give permission to be mailed?';
const CSV = Buffer.from('email,first name\nann@example.org,Ann\n');
const LATE_MS = 2_500;

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
});
afterEach(async () => {
  await world.close();
});

const me = () => world.person(REQUESTER);
const screen = () => JSON.stringify(world.slack.modal(REQUESTER) ?? '');
const initial = (id: string): unknown => {
  const block = world.slack.modal(REQUESTER)?.blocks.find((one) => one['block_id'] === id);
  const element = Object.entries((block?.['element'] ?? {}) as Record<string, unknown>);
  return element.find(([key]) => key.startsWith('initial_'))?.[1];
};
const late = () => world.slack.failNext('file_download', { delayMs: LATE_MS });

async function filled(content: Buffer, name = 'fair.csv'): Promise<void> {
  await me().command('/assent import', { channel: CHANNEL });
  await world.sees(REQUESTER, 'Import contacts');
  await me().attachFile('CSV file', { name, content, mimetype: 'text/csv' });
  await me().type('Name of the batch', 'Spring <fair>');
  await me().type('Tags for all of them', 'vip, fair');
  await me().choose(QUESTION, 'yes');
  await world.sees(REQUESTER, 'How did you get these addresses?');
  await me().choose('How did you get these addresses?', 'spoken');
  await world.sees(REQUESTER, 'Who asked them?');
  await me().type('Who asked them?', 'The team at the stand');
  const day = new Date(Date.now() - 20 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
  await me().choose('First day of collection', day);
  await me().choose('Last day of collection', day);
  await me().choose('Your word', ['attested']);
  await me().choose('If this very file was imported before', ['again']);
}

function expectFilled(): void {
  expect(initial('name-batch')).toBe('Spring <fair>');
  expect(initial('add-tags')).toBe('vip, fair');
  expect(initial('choose-permission')).toMatchObject({ value: 'yes' });
  expect(initial('answer-askedBy')).toBe('The team at the stand');
  expect(initial('answer-collectedFrom')).toMatch(/^\d{4}-/u);
  expect(initial('import-again')).toMatchObject([{ value: 'again' }]);
}

describe('an import', () => {
  it('whose file breaks in the download stands there again, filled in', async () => {
    await filled(Buffer.from(' '));
    late();
    expect(JSON.stringify((await me().submit()).view)).toContain('Working…');
    await world.sees(REQUESTER, 'Nothing was imported');
    expectFilled();
    expect(screen()).toContain('choose them again');

    // Refused once more, the sentence of before is not said twice.
    await me().attachFile('CSV file', {
      name: 'b.csv',
      content: Buffer.from('email\n'),
      mimetype: 'text/csv',
    });
    late();
    await me().submit();
    await world.sees(REQUESTER, 'no contacts');
    expect(screen().match(/Nothing was imported/gu)).toHaveLength(1);
    expectFilled();

    await me().attachFile('CSV file', { name: 'c.csv', content: CSV, mimetype: 'text/csv' });
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Imported: 1 contact');
    const [batch] = await world.deps.database.db
      .collection('imports')
      .find({ by: REQUESTER })
      .toArray();
    expect(batch).toMatchObject({ name: 'Spring <fair>', permission: 'yes' });
  });

  it('that is refused whole, and late, stands there again too', async () => {
    await filled(CSV);
    await me().choose('How did you get these addresses?', 'purchased');
    await world.sees(REQUESTER, 'that is no permission');
    late();
    await me().submit();
    await world.sees(REQUESTER, 'The refusal is on record');
    expect(initial('name-batch')).toBe('Spring <fair>');
    expect(initial('choose-source')).toMatchObject({ value: 'purchased' });
    await me().choose(QUESTION, 'no');
    await world.slack.until(() => !screen().includes('The refusal is on record'));
    expect(initial('add-tags')).toBe('vip, fair');
  });

  it('whose window was closed meanwhile is told of directly', async () => {
    await filled(Buffer.from(' '));
    late();
    await me().submit();
    await me().close({ all: true });
    const dms = () => JSON.stringify(me().dms());
    await world.slack.until(() => dms().includes('You closed a window before its answer came'));
    expect(dms()).toContain('Nothing was imported');
    const told = me().dms().at(-1);
    if (told === undefined) throw new Error('nothing was told');
    expect(dms()).not.toContain('The team at the stand');

    // Nobody else opens what this person filled in.
    const button = { ...told, channel: CHANNEL };
    await world.person(APPROVER).click(button, 'Open the form again');
    await world.sees(APPROVER, 'This draft has expired');

    await me().click(told, 'Open the form again');
    await world.sees(REQUESTER, 'Nothing was imported');
    expectFilled();
    expect(screen()).toContain('choose them again');
    await me().attachFile('CSV file', { name: 'b.csv', content: CSV, mimetype: 'text/csv' });
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Imported: 1 contact');
  });

  it('that stops after its window is closed brings its form back by a button', async () => {
    const rows = Array.from({ length: 60_000 }, (_, at) => `p${at}@example.org,P`);
    await filled(Buffer.from(`email,first name\n${rows.join('\n')}\n`));
    await me().submit();
    await world.sees(REQUESTER, 'The import has begun');
    await me().close({ all: true });
    await world.deps.database.db.command({ collMod: CONTACTS, validator: { nobody: true } });
    const stopped = () =>
      me()
        .dms()
        .find((one) => one.text.includes('stopped'));
    await world.slack.until(() => stopped() !== undefined);
    const told = stopped();
    if (told === undefined) throw new Error('nothing was told');
    expect(JSON.stringify(told)).not.toContain('@example.org');
    await me().click(told, 'Open the form again');
    await world.sees(REQUESTER, 'The CSV file that you chose');
    expectFilled();
    await world.deps.database.db.command({
      collMod: CONTACTS,
      validator: mongoSchema(ContactDocument),
    });
    expect((await me().submit()).errors).toEqual({});
  }, 120_000);
});

describe('a template', () => {
  it('that the lint refuses late stands there again, with the findings above it', async () => {
    await me().command('/assent templates', { channel: CHANNEL });
    await world.reads(REQUESTER, 'Mail templates');
    const list = me().ephemerals().at(-1);
    if (list === undefined) throw new Error('no list was shown');
    await me().click(list, 'Upload a template');
    await world.sees(REQUESTER, 'Check and keep');
    const text = await readFile('templates/mail/double-opt-in/en.txt', 'utf8');
    await me().type('Name', 'our-question');
    await me().type('Language', 'en');
    await me().type('Subject', 'A question');
    await me().type('Plain text', text.replace('Hello,', 'Buy now!!'));
    const content = await readFile('templates/mail/double-opt-in/en.html');
    await me().attachFile('Files', { name: 'en.html', content, mimetype: 'text/html' });
    late();
    await me().submit();
    await world.sees(REQUESTER, 'The template was not kept');
    expect(screen()).toContain('en.txt, line 3');
    expect(initial('name-template')).toBe('our-question');
    expect(String(initial('write-text'))).toContain('Buy now!!');
    await me().type('Plain text', text);
    await me().attachFile('Files', { name: 'en.html', content, mimetype: 'text/html' });
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'is kept as version 1');
  });
});

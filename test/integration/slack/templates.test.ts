/** Mail templates from Slack: listed, uploaded as files or text, refused with what to mend. */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TEMPLATES, type TemplateDocument } from '../../../src/store/templates.ts';
import { addTemplate } from '../../../src/workflow/custom-templates.ts';
import { ADMIN, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const KINDS = ['subject.txt', 'txt', 'html'] as const;
const shipped = async (locale: string, kind: string) =>
  readFile(`templates/mail/double-opt-in/${locale}.${kind}`, 'utf8');

let world: SlackWorld;
beforeEach(async () => {
  world = await slackWorld();
});
afterEach(async () => {
  await world.close();
});

const kept = () =>
  world.deps.database.db
    .collection<TemplateDocument>(TEMPLATES)
    .find()
    .sort({ version: 1 })
    .toArray();

/** Opens the window by the button under the list. */
async function opened(user = REQUESTER): Promise<void> {
  await world.person(user).command('/assent templates', { channel: CHANNEL });
  await world.reads(user, 'Mail templates');
  const list = world.person(user).ephemerals().at(-1);
  if (list === undefined) throw new Error('no list was shown');
  await world.person(user).click(list, 'Upload a template');
  await world.sees(user, 'Check and keep');
}

async function attach(locale: string, change: (text: string) => string = (text) => text) {
  for (const kind of KINDS) {
    const content = Buffer.from(change(await shipped(locale, kind)));
    await world.person(REQUESTER).attachFile('Files', {
      name: `${locale}.${kind}`,
      content,
      mimetype: kind === 'html' ? 'text/html' : 'text/plain',
    });
  }
}

describe('a requester', () => {
  it('uploads files, which are kept as a version of this workspace', async () => {
    await opened();
    await world.person(REQUESTER).type('Name', 'our-question');
    await attach('en', (text) => text.replace('Hello,', 'Dear reader,'));
    expect((await world.person(REQUESTER).submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'is kept as version 1');
    expect(await kept()).toEqual([
      expect.objectContaining({
        workspace: WORKSPACE,
        name: 'our-question',
        version: 1,
        by: REQUESTER,
        locales: ['en'],
      }),
    ]);
  });

  it('is told what to mend, with the form still there, and nothing is kept', async () => {
    await opened();
    await world.person(REQUESTER).type('Name', 'our-question');
    await attach('en', (text) => text.replace('Hello,', 'Buy now!!'));
    expect((await world.person(REQUESTER).submit()).outcome).toBe('pushed');
    await world.sees(REQUESTER, 'The template was not kept');
    await world.sees(REQUESTER, 'en.txt, line 3');
    expect(await kept()).toEqual([]);
  });
});

it('whoever holds no role is told so, and sees no list', async () => {
  await world.person(NOBODY).command('/assent templates', { channel: CHANNEL });
  await world.reads(NOBODY, 'do not hold the requester role');
});

it('an admin may upload too; a name of ours is refused, with the form still there', async () => {
  await opened(ADMIN);
  await world.person(ADMIN).type('Name', 'double-opt-in');
  await world.person(ADMIN).type('Language', 'en');
  await world.person(ADMIN).type('Subject', 'A question');
  const { outcome, errors } = await world.person(ADMIN).submit();
  expect(outcome).toBe('errors');
  expect(errors['name-template']).toContain('Assent has a template of this name itself');
  expect(await kept()).toEqual([]);
});

it('a language written in the window joins those that are there; the list names the version', async () => {
  const me = world.person(REQUESTER);
  const files = new Map<string, string>();
  for (const kind of KINDS) files.set(`en.${kind}`, await shipped('en', kind));
  const by = { workspace: WORKSPACE, by: REQUESTER, name: 'our-question' };
  await addTemplate(world.deps, { ...by, files, profile: 'neutral', keepOthers: false });
  await opened();
  await me.type('Name', 'our-question');
  await me.type('Language', 'de');
  await me.type('Subject', (await shipped('de', 'subject.txt')).trim());
  await me.type('Plain text', await shipped('de', 'txt'));
  await me.attachFile('Files', {
    name: 'de.html',
    content: Buffer.from(await shipped('de', 'html')),
    mimetype: 'text/html',
  });
  const result = await me.submit();
  expect(result.outcome).toBe('updated');
  await world.sees(REQUESTER, 'is kept as version 2: de, en');
  await me.command('/assent templates', { channel: CHANNEL });
  await world.reads(REQUESTER, '“our-question”, version 2: de, en');
});

it('a file that cannot be fetched is told at its input, and nothing is kept', async () => {
  await world.close();
  world = await slackWorld({}, { fileHosts: ['files.example'] });
  await opened();
  await world.person(REQUESTER).type('Name', 'our-question');
  await attach('en');
  const result = await world.person(REQUESTER).submit();
  expect(result.outcome).toBe('errors');
  await world.sees(REQUESTER, 'This file cannot be read');
  expect(await kept()).toEqual([]);
});

/**
 * Files: somebody brings a file that is none, is another by the time we read it, or lies where we must
 * not go: by the import modal, the shortcut and as evidence, each says what is wrong, and takes nothing.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SlackFile } from '../../../demo/slack/workspace.ts';
import { FILE_INPUT_BYTES_MAX } from '../../../src/slack/blocks/limits.ts';
import { DRAFTS } from '../../../src/store/drafts.ts';
import { CHANNEL, REQUESTER } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { answerWebForm, chooseBatch, open } from '../slack/wizard-steps.ts';
import { type SlackWorld, slackWorld } from '../slack/world.ts';

const ACK_MS_MAX = 3_000;
const CSV = Buffer.from('email,first name\nann@example.org,Ann\n');
const PDF = Buffer.from('%PDF-1.7\nscan');
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
const QUESTION = 'Did these people give permission to be mailed?';
const PAGE = {
  mimetype: 'text/html',
  content: Buffer.from('<!DOCTYPE html><title>Sign in</title>'),
};

interface Trouble {
  /** What the file is by the time that it is read; undefined: deleted. */
  readonly becomes: Partial<SlackFile> | undefined;
  readonly words: string;
  /** What is said of evidence, where it is something else. */
  readonly ofEvidence?: string;
}

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'is no CSV': { becomes: { content: PNG }, words: 'CSV', ofEvidence: 'not what its name says' },
  'is empty': {
    becomes: { content: Buffer.alloc(0) },
    words: 'Nothing was imported',
    ofEvidence: 'not what its name says',
  },
  'is too large': {
    becomes: { content: Buffer.alloc(FILE_INPUT_BYTES_MAX + 1, 'x') },
    words: 'too large',
  },
  'was deleted before it was read': { becomes: undefined, words: 'does not know it' },
  'is a login page': { becomes: PAGE, words: 'files:read' },
};
const NAMES = Object.keys(TROUBLES);
const troubleOf = (name: string): Trouble => {
  const found = TROUBLES[name];
  if (found === undefined) throw new Error(`no trouble ${name}`);
  return found;
};

let world: SlackWorld;

const me = () => world.person(REQUESTER);
const screen = () => JSON.stringify(world.slack.modal(REQUESTER) ?? '');
const collections = ['imports', 'contacts', 'evidence', 'evidence.files', 'ledger', 'addresses'];
async function kept(): Promise<string> {
  const { db } = world.deps.database;
  const counts = collections.map(async (name) => db.collection(name).countDocuments());
  return String(await Promise.all(counts));
}

/** The file is another one, or gone, when the app asks for it. */
function change({ becomes }: Trouble): void {
  const { files } = world.slack.workspace;
  const [id, file] = [...files].at(-1) ?? [];
  if (id === undefined || file === undefined) throw new Error('nobody brought a file');
  if (becomes === undefined) files.delete(id);
  else files.set(id, { ...file, ...becomes });
}

async function byModal(): Promise<void> {
  await me().command('/assent import', { channel: CHANNEL });
  await world.sees(REQUESTER, 'Import contacts');
  await me().attachFile('CSV file', { name: 'fair.csv', content: CSV, mimetype: 'text/csv' });
  await me().choose(QUESTION, 'no');
}

async function byShortcut(): Promise<void> {
  const file = { name: 'fair.csv', content: CSV, mimetype: 'text/csv' };
  await me().messageShortcut('import-message-file', me().say(CHANNEL, 'here', [file]));
  await world.sees(REQUESTER, 'The CSV file that you chose');
  await me().choose(QUESTION, 'no');
}

async function asEvidence(): Promise<void> {
  await open(world, '/optin');
  await chooseBatch(world, me());
  await me().submit();
  await me().submit();
  await answerWebForm(world, me());
  const file = { name: 'scan.pdf', content: PDF, mimetype: 'application/pdf' };
  await me().attachFile('add-evidence', file);
}

async function started(hosts?: readonly string[]): Promise<void> {
  world = await slackWorld({}, hosts === undefined ? {} : { fileHosts: hosts });
  await addPeople(world.deps, [{ address: 'bea@example.org' }]);
}
async function ended(): Promise<void> {
  expect(world.slack.acks.filter(({ ms, status }) => ms >= ACK_MS_MAX || status !== 200)).toEqual(
    [],
  );
  await world.close();
}
const closeAll = async () => {
  while (world.slack.modal(REQUESTER) !== undefined) await me().close({ all: true });
  // The next wizard begins anew, and offers no draft.
  await world.deps.database.db.collection(DRAFTS).deleteMany({});
};

describe('a file', () => {
  beforeAll(async () => started());
  afterEach(closeAll);
  afterAll(ended);

  it.each(NAMES)('that %s is refused by the import, at its input', async (name) => {
    const before = await kept();
    await byModal();
    change(troubleOf(name));
    const { outcome, errors } = await me().submit();
    expect(outcome).toBe('errors');
    expect(errors['choose-file']).toContain(troubleOf(name).words);
    expect(errors['choose-file']).toContain('Nothing was imported');
    expect(await kept()).toBe(before);
  });

  it.each(NAMES)('that %s is refused by the shortcut, in a window over it', async (name) => {
    const before = await kept();
    await byShortcut();
    change(troubleOf(name));
    expect((await me().submit()).outcome).toBe('pushed');
    expect(screen()).toContain(troubleOf(name).words);
    expect(screen()).toContain('Nothing was imported');
    expect(await kept()).toBe(before);
  });

  it.each(NAMES)('that %s is refused as evidence, and the answers stay', async (name) => {
    const before = await kept();
    await asEvidence();
    change(troubleOf(name));
    const { outcome, errors } = await me().submit();
    expect(outcome).toBe('errors');
    const { words, ofEvidence = words } = troubleOf(name);
    expect(errors['add-evidence']).toContain(ofEvidence);
    expect(screen()).toContain('Step 3 of 4');
    expect(await kept()).toBe(before);
  });

  it('that is right is taken by each of them', async () => {
    await byModal();
    expect((await me().submit()).outcome).toBe('updated');
    await closeAll();
    await asEvidence();
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Step 4 of 4');
  });
});

describe('a host that is not on the list', () => {
  beforeAll(async () => started(['files.slack.com']));
  afterEach(closeAll);
  afterAll(ended);

  it.each([
    ['the import', byModal],
    ['the shortcut', byShortcut],
    ['evidence', asEvidence],
  ])('is not asked for a file by %s', async (_what, bring) => {
    const before = await kept();
    await bring();
    await me().submit();
    await world.sees(REQUESTER, 'list of allowed hosts');
    expect(await kept()).toBe(before);
  });
});

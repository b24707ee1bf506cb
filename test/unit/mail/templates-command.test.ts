/** `assent templates`: lint and preview look at files alone. What keeps templates is tested with a database. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TemplatesContext, templatesCommand } from '../../../src/cli/templates.ts';
import { loadTemplates } from '../../../src/mail/templates.ts';
import { askWordsOf, loadPageWords } from '../../../src/web/page-words.ts';

const SHIPPED = 'templates/mail';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assent-templates-'));
  await cp(join(SHIPPED, 'double-opt-in'), join(folder, 'ours'), { recursive: true });
  const german = join(folder, 'ours', 'de.txt');
  const text = await readFile(german, 'utf8');
  await writeFile(german, text.replace('Guten Tag,', 'Willkommen, jetzt 20 % Rabatt!'));
});
afterAll(async () => rm(folder, { recursive: true }));

const context: TemplatesContext = {
  now: () => new Date('2026-11-23T12:00:00Z'),
  loadWords: async () => ({
    templates: await loadTemplates(SHIPPED),
    words: askWordsOf(await loadPageWords('templates/pages')),
  }),
  open: async () => {
    throw new Error('the database was opened');
  },
};

async function run(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const status = await templatesCommand(context, argv, io);
  return { status, out: out.join('\n'), err: err.join('\n') };
}

describe('lint', () => {
  it('finds nothing in what we ship', async () => {
    expect(await run('lint', SHIPPED, '--profile', 'strict')).toEqual({
      status: 0,
      out: 'Nothing was found.',
      err: '',
    });
  });
  it('names file, line, rule, why and what to do, and ends with 1', async () => {
    const { status, out } = await run('lint', join(folder, 'ours'));
    expect(status).toBe(1);
    expect(out).toContain('ours/de.txt:3: error no-promotion\n  “20 %”: A mail that asks');
    expect(out).toContain('ours/de.txt:3: warning no-courtesies\n  “Willkommen”');
    expect(out).toMatch(/\d errors, \d warnings\.$/);
  });
  it('takes a folder of templates, or one file of one', async () => {
    expect((await run('lint', folder)).out).toContain('ours/de.txt:3');
    expect((await run('lint', join(folder, 'ours', 'de.txt'))).status).toBe(1);
    expect((await run('lint', join(folder, 'ours', 'en.txt'))).status).toBe(0);
  });
  it('prints JSON for other programs', async () => {
    const { out } = await run('lint', join(folder, 'ours'), '--json', '--profile', 'strict');
    expect(JSON.parse(out)).toContainEqual(
      expect.objectContaining({
        template: 'ours',
        rule: 'no-courtesies',
        severity: 'error',
        file: 'de.txt',
        line: 3,
      }),
    );
  });
  it('of a folder that holds no template finds what is missing', async () => {
    await mkdir(join(folder, 'empty'));
    const { status, out } = await run('lint', join(folder, 'empty'));
    expect(status).toBe(1);
    expect(out).toContain('empty/en.html:1: error file-missing');
  });
});

describe('preview', () => {
  it('writes a page with every mail in every language, with and without optional values', async () => {
    const file = join(folder, 'preview.html');
    const { status, out } = await run('preview', '--out', file);
    expect({ status, out }).toEqual({
      status: 0,
      out: `Written to ${file}: 42 mails. Open it in a browser.`,
    });
    const page = await readFile(file, 'utf8');
    expect(page.match(/<section/g)).toHaveLength(42);
    expect(page.match(/<iframe/g)).toHaveLength(168);
  });
  it('shows a template of one’s own', async () => {
    const file = join(folder, 'ours.html');
    expect((await run('preview', join(folder, 'ours'), '--out', file)).status).toBe(0);
    expect(await readFile(file, 'utf8')).toContain('Willkommen, jetzt 20 % Rabatt!');
  });
});

it.each([
  [['lint']],
  [['lint', 'nowhere']],
  [['lint', 'a', 'b']],
  [['lint', SHIPPED, '--profile', 'lax']],
  [['preview', '--out', '/nowhere/at/all.html']],
  [['preview', '--quick']],
  [['frobnicate']],
  [['add', SHIPPED]],
  [['list', 'x']],
])('%j is wrong usage: it says so, and nothing is opened', async (argv) => {
  const { status, err } = await run(...argv);
  expect(status).toBe(2);
  expect(err).not.toBe('');
});

it.each([[['help']], [[]], [['lint', '--help']]])('%j tells what there is', async (argv) => {
  const { status, out } = await run(...argv);
  expect(status).toBe(0);
  expect(out).toContain('assent templates lint FILE|FOLDER');
});

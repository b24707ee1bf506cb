/** Custom templates: kept in versions, refused by the lint, approved by hash, and sent as approved. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { templatesCommand } from '../../../src/cli/templates.ts';
import { readTemplateFiles } from '../../../src/mail/templates.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { TEMPLATES, type TemplateDocument } from '../../../src/store/templates.ts';
import { approveRequest } from '../../../src/workflow/approve-request.ts';
import {
  addTemplate,
  findTemplate,
  type TemplateToAdd,
  templateHash,
  templateNames,
} from '../../../src/workflow/custom-templates.ts';
import { previewMail } from '../../../src/workflow/preview-mail.ts';
import { APPROVER, REQUESTER, TEMPLATE, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { submitted, worked } from '../../support/requests.ts';
import { openWorld, sendAll, type World } from '../ask/world.ts';

const shipped = await readTemplateFiles('templates/mail/double-opt-in');
const NAME = 'our-question';

/** A template in these languages, in words of its own. */
function files(words: string, locales = ['en']): Map<string, string> {
  const kept = [...shipped].filter(([name]) => locales.includes(name.split('.')[0] ?? ''));
  return new Map(
    kept.map(([name, text]) => [name, text.replace(/Hello,|Guten Tag,/u, words)] as const),
  );
}

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.deps.reset();
  Reflect.set(world.inbox.mails, 'length', 0);
  await addAudiences(world.deps);
});

const add = (over: Partial<TemplateToAdd> = {}) =>
  addTemplate(world.deps, {
    workspace: WORKSPACE,
    by: REQUESTER,
    name: NAME,
    files: files('Dear reader,'),
    profile: 'strict',
    keepOthers: false,
    ...over,
  });
const documents = () => world.deps.database.db.collection<TemplateDocument>(TEMPLATES);
const entries = () =>
  world.deps.database.db.collection(LEDGER).find({ act: 'add-template' }).toArray();

describe('keeping', () => {
  it('makes version 1, with its hash and an entry in the ledger that names nobody', async () => {
    const added = await add();
    expect(added).toMatchObject({ kind: 'added', version: 1, locales: ['en'], findings: [] });
    const document = await documents().findOne({});
    expect(document).toMatchObject({
      workspace: WORKSPACE,
      name: NAME,
      version: 1,
      by: REQUESTER,
      lint: { profile: 'strict', warnings: 0 },
    });
    expect(await entries()).toEqual([
      expect.objectContaining({
        act: 'add-template',
        cause: { kind: 'template', id: document?._id },
        who: REQUESTER,
        facts: expect.objectContaining({ name: NAME, version: 1, templateHash: document?.hash }),
        addresses: [],
      }),
    ]);
  });

  it('of the same words makes nothing new; of other words the next version', async () => {
    await add();
    expect(await add()).toMatchObject({ kind: 'unchanged', version: 1 });
    expect(await add({ files: files('Good day,') })).toMatchObject({ kind: 'added', version: 2 });
    expect(await documents().countDocuments()).toBe(2);
    expect(await entries()).toHaveLength(2);
  });

  it('adds a language to the latest version, if the others are to stay', async () => {
    await add();
    const german = files('Liebe Leserschaft,', ['de']);
    expect(await add({ files: german })).toMatchObject({ kind: 'refused' });
    expect(await add({ files: german, keepOthers: true })).toMatchObject({
      kind: 'added',
      version: 2,
      locales: ['de', 'en'],
    });
  });

  it('of what the lint refuses keeps nothing, and tells where and why', async () => {
    const added = await add({ files: files('Welcome! 20 % discount') });
    expect(added.kind).toBe('refused');
    expect(added.findings).toContainEqual(
      expect.objectContaining({ rule: 'no-promotion', severity: 'error', file: 'en.txt', line: 3 }),
    );
    expect(await documents().countDocuments()).toBe(0);
    expect(await entries()).toEqual([]);
  });

  it('under the neutral profile lets warnings pass, and counts them', async () => {
    const welcome = files('Welcome,');
    expect(await add({ files: welcome })).toMatchObject({ kind: 'refused' });
    expect(await add({ files: welcome, profile: 'neutral' })).toMatchObject({ kind: 'added' });
    expect(await documents().findOne({})).toMatchObject({
      lint: { profile: 'neutral', warnings: 2 },
    });
  });

  it.each([
    ['Our Question', 'template_name_wrong'],
    ['../etc', 'template_name_wrong'],
    ['x'.repeat(41), 'template_name_wrong'],
    [TEMPLATE, 'template_name_taken'],
    ['reminder', 'template_name_taken'],
    ['goodbye', 'template_name_taken'],
  ])('under the name %s is refused', async (name, code) => {
    await expect(add({ name })).rejects.toMatchObject({ code });
    expect(await documents().countDocuments()).toBe(0);
  });

  it('of more than can be looked at is refused', async () => {
    const long = new Map([['en.txt', 'x'.repeat(60_001)]]);
    await expect(add({ files: long })).rejects.toMatchObject({ code: 'template_too_large' });
    const many = new Map(Array.from({ length: 121 }, (_, n) => [`${n}.txt`, '']));
    await expect(add({ files: many })).rejects.toMatchObject({ code: 'template_too_large' });
  });

  it('by three people at once makes three versions', async () => {
    const words = ['One,', 'Two,', 'Three,'];
    const added = await Promise.all(words.map((one) => add({ files: files(one) })));
    const versions = new Set(added.map((one) => ('version' in one ? one.version : 0)));
    expect(versions).toEqual(new Set([1, 2, 3]));
    expect(await entries()).toHaveLength(3);
  });
});

describe('choosing', () => {
  it('offers ours and those of the workspace, and nobody else’s', async () => {
    await add();
    expect(await templateNames(world.deps, WORKSPACE)).toEqual([TEMPLATE, NAME]);
    expect(await templateNames(world.deps, 'T0OTHER')).toEqual([TEMPLATE]);
    await expect(templateHash(world.deps, 'T0OTHER', NAME)).rejects.toMatchObject({
      code: 'template_not_found',
    });
  });

  it('finds each version by its hash, and only in its workspace', async () => {
    const [one, two] = [await add(), await add({ files: files('Good day,') })];
    const hashes = [one, two].map((added) => ('hash' in added ? added.hash : ''));
    expect(await templateHash(world.deps, WORKSPACE, NAME)).toBe(hashes[1]);
    for (const hash of hashes) {
      const named = { workspace: WORKSPACE, template: NAME, templateHash: hash };
      expect((await findTemplate(world.deps, named))?.hash).toBe(hash);
      const elsewhere = { ...named, workspace: 'T0OTHER' };
      expect(await findTemplate(world.deps, elsewhere)).toBeUndefined();
    }
  });
});

describe('a request', () => {
  const ask = { who: 'changed' as const, template: NAME, silence: 'keep' as const };
  const approve = async ({ id, plan }: { id: string; plan: { hash: string } }) =>
    approveRequest(world.deps, {
      workspace: WORKSPACE,
      request: id,
      by: APPROVER,
      planHash: plan.hash,
    });
  const find = (id: string) => world.deps.database.of(WORKSPACE).requests.find(id);

  beforeEach(async () => {
    await addPeople(world.deps, [{ address: 'ann@example.com' }]);
    await add();
  });

  it('shows the approver the words of its template', async () => {
    const preview = await previewMail(world.deps, await submitted(world.deps, { ask }));
    expect(preview).toMatchObject({ changed: false });
    expect(preview?.text).toContain('Dear reader,');
  });

  it('is not approved if there is a newer version: the card shows the new plan', async () => {
    const request = await submitted(world.deps, { ask });
    await add({ files: files('Good day,') });
    await expect(approve(request)).rejects.toMatchObject({ code: 'plan_changed' });
    const replanned = await find(request.id);
    expect((await previewMail(world.deps, replanned))?.text).toContain('Good day,');
    await expect(approve(replanned)).resolves.toMatchObject({ state: 'approved' });
  });

  it('is not approved if its template does not pass today’s lint', async () => {
    const request = await submitted(world.deps, { ask });
    const bad = [...files('Buy now,')].map(([name, text]) => ({ name, text }));
    await documents().updateOne({ name: NAME }, { $set: { files: bad } });
    await expect(approve(request)).rejects.toMatchObject({
      code: 'template_fails_lint',
      detail: expect.stringContaining('en.html, line '),
    });
    expect(await find(request.id)).toMatchObject({ state: 'awaiting-approval' });
  });

  it('mails the words that were approved, also when there are newer ones', async () => {
    const request = await submitted(world.deps, { ask });
    await approve(request);
    await worked(world.deps, request.id);
    await add({ files: files('Good day,') });
    await sendAll(world.deps);
    const [mail] = world.inbox.mails;
    expect(world.inbox.mails).toHaveLength(1);
    expect(mail?.text).toContain('Dear reader,');
  });

  it('is paused if its version is gone', async () => {
    await add({ files: files('Dear Sir or Madam,') });
    const request = await submitted(world.deps, { ask });
    await approve(request);
    await worked(world.deps, request.id);
    await documents().updateMany({}, { $set: { hash: 'f'.repeat(64) } });
    await sendAll(world.deps);
    expect(await find(request.id)).toMatchObject({ state: 'paused' });
  });
});

describe('on the command line', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assent-custom-'));
    for (const [name, text] of files('Dear reader,')) await writeFile(join(folder, name), text);
  });
  afterAll(async () => rm(folder, { recursive: true }));

  async function run(...argv: string[]) {
    const lines: string[] = [];
    const io = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line) };
    let closed = 0;
    const context = {
      now: world.deps.now,
      loadWords: async () => ({ templates: world.templates, words: world.deps.mail.words }),
      open: async () => ({
        ...world.deps,
        close: async () => {
          closed += 1;
        },
      }),
    };
    const status = await templatesCommand(context, argv, io);
    return { status, closed, text: lines.join('\n') };
  }
  const where = ['--workspace', WORKSPACE, '--by', 'ops', '--name', NAME];

  it('adds a folder and lists it', async () => {
    const added = await run('add', folder, ...where);
    expect(added).toMatchObject({ status: 0, closed: 1 });
    expect(added.text).toContain('Kept as version 1 in en; sha256 ');
    expect((await run('add', folder, ...where)).text).toContain('Unchanged, still version 1');
    const listed = await run('list', '--workspace', WORKSPACE);
    expect(listed.text).toMatch(/^our-question, version 1: en; neutral; by ops, \d{4}-\d\d-\d\d$/u);
  });
  it('refuses what fails the lint with the findings, and a name of ours', async () => {
    await writeFile(join(folder, 'en.subject.txt'), 'Buy now');
    const refused = await run('add', folder, ...where);
    expect(refused).toMatchObject({ status: 1, closed: 1 });
    expect(refused.text).toContain('en.subject.txt:1: error no-promotion');
    expect(refused.text).toContain('The template was not kept.');
    const taken = await run(
      'add',
      folder,
      '--workspace',
      WORKSPACE,
      '--by',
      'ops',
      '--name',
      TEMPLATE,
    );
    expect(taken).toMatchObject({ status: 1, closed: 1 });
    expect((await run('add', folder)).text).toContain('--by NAME');
    expect((await run('add', folder, '--by', 'ops')).text).toContain('No workspace is known');
  });
});

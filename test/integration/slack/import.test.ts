/** Import: a CSV file becomes contacts, from Slack alone, and its end is told directly. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { IMPORTS } from '../../../src/store/audiences.ts';
import type { ImportDocument } from '../../../src/store/imports.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const CSV = 'email,first name\nann@example.org,Ann\nben@example.org,Ben\n';
const QUESTION = 'Did these people give permission to be mailed?';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
});
afterEach(async () => {
  await world.close();
});

const me = () => world.person(REQUESTER);
const permissions = async () => {
  const found = world.deps.database.db.collection<AddressDocument>(ADDRESSES).find();
  return Object.fromEntries(
    (await found.toArray()).map(({ address, permission }) => [address, permission]),
  );
};
const imports = () =>
  world.deps.database.db.collection<ImportDocument>(IMPORTS).find({ by: REQUESTER }).toArray();
const dms = () => JSON.stringify(me().dms());

async function opened(csv: string | Buffer = CSV, file: object = {}): Promise<void> {
  await me().command('/assent import', { channel: CHANNEL });
  await world.sees(REQUESTER, 'Import contacts');
  const content = Buffer.from(csv);
  await me().attachFile('CSV file', { name: 'fair.csv', content, mimetype: 'text/csv', ...file });
}

/** Says yes, names the source, and answers its questions. */
async function saysYes(source: string, answers: Readonly<Record<string, string>> = {}) {
  await me().choose(QUESTION, 'yes');
  await world.sees(REQUESTER, 'How did you get these addresses?');
  await me().choose('How did you get these addresses?', source);
  for (const [label, answer] of Object.entries(answers)) {
    await world.sees(REQUESTER, label);
    const isDay = /^\d{4}-\d{2}-\d{2}$/u.test(answer);
    await (isDay ? me().choose(label, answer) : me().type(label, answer));
  }
  if (Object.keys(answers).length > 0) await me().choose('Your word', ['attested']);
}

const lately = () => new Date(Date.now() - 20 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
const spoken = () => ({
  'Who asked them?': 'The team at the stand',
  'First day of collection': lately(),
  'Last day of collection': lately(),
});

/** Waits until the import of this person has ended, and reads what they are told. */
async function ended(count = 1): Promise<ImportDocument[]> {
  for (let tries = 0; tries < 2_400; tries += 1) {
    const done = (await imports()).filter(({ state }) => state === 'done');
    if (done.length >= count) {
      await world.announce();
      return done;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the import did not end');
}

describe('a file', () => {
  it('of people who gave no permission is imported as non-marketable', async () => {
    await opened();
    await me().type('Name of the batch', 'Spring fair 2026');
    await me().type('Tags for all of them', 'vip, fair , vip');
    await me().choose(QUESTION, 'no');
    expect((await me().submit()).outcome).toBe('updated');
    const [batch] = await ended();
    expect(batch).toMatchObject({ name: 'Spring fair 2026', permission: 'no', by: REQUESTER });
    expect(await permissions()).toEqual({
      'ann@example.org': 'non-marketable',
      'ben@example.org': 'non-marketable',
    });
    const tags = await world.deps.database.of(WORKSPACE).audiences.suggest('');
    expect(tags.filter(({ kind }) => kind === 'tag').map(({ name }) => name)).toContain('fair');
    expect(dms()).toContain('Imported: Spring fair 2026');
    expect(dms()).toContain('*New addresses*\\n2');
    expect(dms()).not.toContain('ann@example.org');
  });

  it('of people who said yes is imported as single opt-in, with how they said it', async () => {
    await opened();
    await saysYes('spoken', spoken());
    expect((await me().submit()).outcome).toBe('updated');
    const [batch] = await ended();
    expect(batch?.interview).toMatchObject({
      source: 'spoken',
      answers: { askedBy: 'The team at the stand', collectedFrom: lately() },
      attested: true,
    });
    expect(Object.values(await permissions())).toEqual(['single-opt-in', 'single-opt-in']);
  });

  it('never loosens what is on file', async () => {
    await addPeople(world.deps, [
      { address: 'ann@example.org', permission: 'opted-out-by-recipient' },
    ]);
    await opened();
    await saysYes('spoken', spoken());
    await me().submit();
    await ended();
    expect(await permissions()).toEqual({
      'ann@example.org': 'opted-out-by-recipient',
      'ben@example.org': 'single-opt-in',
    });
  });

  it('that Slack describes only by its id is fetched too', async () => {
    await opened(CSV, { needsInfo: true });
    await me().choose(QUESTION, 'no');
    await me().submit();
    expect(await ended()).toHaveLength(1);
  });

  it('that takes longer goes on after the window is closed', async () => {
    const rows = Array.from({ length: 8_000 }, (_, index) => `p${index}@example.org,P`);
    await opened(`email,first name\n${rows.join('\n')}\n`);
    await me().choose(QUESTION, 'no');
    await me().submit();
    await me().close({ all: true });
    const [batch] = await ended();
    expect(batch?.counts.contacts).toBe(8_000);
    expect(dms()).toContain('8,000');
  }, 90_000);
});

describe('rows that are not good', () => {
  const BAD = 'not an address,X\n,Y\nalso none,Z\n';
  const files = () =>
    world.slack
      .messages(REQUESTER)
      .flatMap(({ files: sent = [], text }) => sent.map((file) => ({ ...file, text })));
  const textOf = (file?: { readonly content: Uint8Array }) =>
    Buffer.from(file?.content ?? []).toString();
  const uploads = () =>
    world.slack.calls.filter(({ method }) => method === 'files.completeUploadExternal');

  async function importOf(csv: string): Promise<void> {
    await opened(csv);
    await me().choose(QUESTION, 'no');
    await me().submit();
  }

  it('come back to the importer alone, as a file with line numbers and reasons', async () => {
    await importOf(`${CSV}${BAD}`);
    const [batch] = await ended();
    expect(batch?.counts.rejected).toBe(3);
    await world.slack.until(() => files().length === 1);
    const [file] = files();
    expect(file?.name).toBe('fair.rejects.csv');
    expect(textOf(file)).toBe(
      [
        '\ufeff"line","column","reason","email","first name"',
        '"4","email","There is no @ in it.","not an address","X"',
        '"5","email","The row holds no e-mail address.","","Y"',
        '"6","email","There is no @ in it.","also none","Z"',
        '',
      ].join('\r\n'),
    );
    expect(file?.text).toContain('3 rows of “fair.csv” were not taken');
    expect(file?.text).toContain('2 rows: There is no @ in it.');
    expect(file?.text).not.toContain('assent import');
    expect(dms()).not.toContain('not an address,');
    for (const place of [CHANNEL, ADMIN, APPROVER]) {
      expect(world.slack.messages(place).filter(({ files: seen }) => seen)).toEqual([]);
    }
  });

  it('of a file with no other rows come back too, in the language of the importer', async () => {
    world.slack.addUser({ id: REQUESTER, name: 'requester', locale: 'de-DE' });
    await me().command('/assent import', { channel: CHANNEL });
    await world.sees(REQUESTER, 'Kontakte importieren');
    const file = { name: 'messe.csv', content: Buffer.from(`email,name\n${BAD}`) };
    await me().attachFile('CSV-Datei', { ...file, mimetype: 'text/csv' });
    await me().choose('Haben diese Personen in den Erhalt von E-Mails eingewilligt?', 'no');
    const { view } = await me().submit();
    expect(JSON.stringify(view)).toContain('erhalten Sie als Direktnachricht');
    await world.slack.until(() => files().length === 1);
    const [sent] = files();
    expect(sent?.name).toBe('messe.rejects.csv');
    expect(sent?.text).toContain('3 Zeilen aus „messe.csv“ wurden nicht');
    expect(textOf(sent)).toContain('"Die Zeile enthält keine E-Mail-Adresse."');
    expect(textOf(sent)).not.toMatch(/no e-mail address|There is/u);
    expect(await imports()).toEqual([]);
  });

  it.each([
    ['files.getUploadURLExternal', { error: 'missing_scope' }, 'files:write may be missing'],
    ['files.completeUploadExternal', { error: 'file_uploads_disabled' }, 'did not take a file'],
    ['conversations.open', { status: 429 }, 'did not take a file'],
  ] as const)(
    'that Slack refuses at %s (%j) are told with the way to get them',
    async (method, fault, words) => {
      world.slack.failNext(method, fault);
      await importOf(`${CSV}${BAD}`);
      await ended();
      await world.slack.until(() => dms().includes(words));
      expect(dms()).toContain('3 rows of “fair.csv” were not taken');
      expect(dms()).toContain('assent import FILE');
      expect(files()).toEqual([]);
      // What was good is in all the same.
      expect(Object.keys(await permissions())).toHaveLength(2);
    },
  );

  it('make no file where there are none', async () => {
    await importOf(CSV);
    await ended();
    expect(uploads()).toEqual([]);
  });
});

describe('what is asked', () => {
  it('has no default: a file without an answer is not sent', async () => {
    await opened();
    expect((await me().submit()).outcome).toBe('not-sent');
    expect(await imports()).toEqual([]);
  });

  it('is said at the question where an answer cannot be', async () => {
    await opened();
    const late = { ...spoken(), 'Last day of collection': '2020-01-01' };
    await saysYes('spoken', late);
    const { outcome, errors } = await me().submit();
    expect(outcome).toBe('errors');
    expect(Object.keys(errors)).toEqual(['answer-collectedUntil']);
    expect(await imports()).toEqual([]);
  });

  it('refuses a bought list, and puts the refusal on record', async () => {
    await opened();
    await saysYes('purchased');
    await world.sees(REQUESTER, 'that is no permission');
    expect((await me().submit()).outcome).toBe('pushed');
    await world.sees(REQUESTER, 'The refusal is on record');
    expect(await permissions()).toEqual({});
    const refusals = world.deps.database.db.collection<LedgerEntry>(LEDGER);
    expect(await refusals.findOne({ act: 'refuse-request' })).toMatchObject({
      who: REQUESTER,
      provenance: { source: 'purchased' },
    });
  });

  it('opens a request for an approver where nobody can judge the source by its name', async () => {
    await opened();
    await saysYes('other', {
      Explain: 'They wrote to us and asked for the newsletter, in letters.',
      'First day of collection': lately(),
      'Last day of collection': lately(),
    });
    await me().submit();
    const [batch] = await ended();
    expect(Object.values(await permissions())).toEqual(['non-marketable', 'non-marketable']);
    expect(batch?.request).toMatch(/^q_/);
    expect(world.card('Approval needed').text).toContain('opt in 2 addresses');
    expect(JSON.stringify(world.card('Approval needed'))).toContain('*Warning:*');
    expect(dms()).toContain(`request ${batch?.request} waits`);
  });
});

describe('columns that are not clear', () => {
  const ODD = 'Kontakt,Rufname\nann@example.org,Ann\n';

  it('are asked for, and the file is imported then', async () => {
    await opened(ODD);
    await me().choose(QUESTION, 'no');
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Column “Kontakt”');
    expect(await imports()).toEqual([]);
    await me().choose('Column “Kontakt”', 'email');
    await me().choose('Column “Rufname”', 'firstName');
    expect((await me().submit()).outcome).toBe('updated');
    await ended();
    expect(Object.keys(await permissions())).toEqual(['ann@example.org']);
  });

  it('are asked for again if they still are not', async () => {
    await opened(ODD);
    await me().choose(QUESTION, 'no');
    await me().submit();
    await world.sees(REQUESTER, 'Column “Kontakt”');
    await me().choose('Column “Kontakt”', 'ignore');
    expect((await me().submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Column “Kontakt”');
    expect(await imports()).toEqual([]);
  });
});

it('can be insisted on where the columns are asked for', async () => {
  const odd = 'Kontakt,Rufname\nann@example.org,Ann\n';
  const named = async () => {
    await opened(odd);
    await me().choose(QUESTION, 'no');
    await me().submit();
    await world.sees(REQUESTER, 'Column “Kontakt”');
    await me().choose('Column “Kontakt”', 'email');
    return me().submit();
  };
  expect((await named()).outcome).toBe('updated');
  await ended();
  await me().close({ all: true });
  const { outcome, errors } = await named();
  expect(outcome).toBe('errors');
  expect(errors['import-again']).toContain('was imported before');
  await me().choose('If this very file was imported before', ['again']);
  expect((await me().submit()).outcome).toBe('updated');
  expect(await ended(2)).toHaveLength(2);
});

describe('a file that cannot be imported', () => {
  it.each([
    ['is a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'CSV'],
    ['is empty', Buffer.from(' '), 'Nothing was imported'],
    ['holds no rows', Buffer.from('email\n'), 'no contacts'],
  ])('because it %s is refused at its input', async (_why, content, words) => {
    await opened(content);
    await me().choose(QUESTION, 'no');
    const { outcome, errors } = await me().submit();
    expect(outcome).toBe('errors');
    expect(errors['choose-file']).toContain(words);
    expect(await imports()).toEqual([]);
  });

  it('is refused if it was imported before, unless somebody insists', async () => {
    await opened();
    await me().choose(QUESTION, 'no');
    await me().submit();
    await ended();
    await me().close({ all: true });
    await opened();
    await me().choose(QUESTION, 'no');
    const { outcome, errors } = await me().submit();
    expect(outcome).toBe('errors');
    expect(errors['import-again']).toContain('Choose “Import it once more”');
    await me().choose('If this very file was imported before', ['again']);
    expect((await me().submit()).outcome).toBe('updated');
    await ended(2);
    expect((await imports()).map(({ name }) => name)).toEqual(['fair', 'fair (2)']);
  });

  it('is not fetched from a host that is not on the list', async () => {
    await world.close();
    world = await slackWorld({}, { fileHosts: ['files.slack.com'] });
    await opened();
    await me().choose(QUESTION, 'no');
    const { errors } = await me().submit();
    expect(errors['choose-file']).toContain('list of allowed hosts');
    expect(await imports()).toEqual([]);
  });
});

describe('who may import', () => {
  it('is a requester, and nobody else', async () => {
    await world.person(NOBODY).command('/assent import', { channel: CHANNEL });
    await world.sees(NOBODY, 'do not hold the requester role');
    expect(world.slack.modal(NOBODY)?.submit).toBeNull();
  });

  it('is nobody who lost the role while the form was filled in', async () => {
    await opened();
    await me().choose(QUESTION, 'no');
    world.roles.requesters = [];
    expect((await me().submit()).outcome).toBe('pushed');
    await world.sees(REQUESTER, 'do not hold the requester role');
    expect(await imports()).toEqual([]);
  });

  it('imports once, however often the submission is delivered', async () => {
    await opened();
    await me().choose(QUESTION, 'no');
    await me().submit();
    const delivery = world.slack.requests.at(-1);
    if (delivery === undefined) throw new Error('nothing was sent');
    const acks = await Promise.all([world.slack.send(delivery), world.slack.send(delivery)]);
    expect(acks.map(({ status }) => status)).toEqual([200, 200]);
    expect(await ended()).toHaveLength(1);
    expect(await imports()).toHaveLength(1);
  });
});

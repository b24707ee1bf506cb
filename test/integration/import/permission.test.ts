/** The permission that an import gives and takes: the whole table, for new and known addresses. */
import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { PERMISSIONS, type Permission } from '../../../src/consent/permission.ts';
import type { Suppression } from '../../../src/consent/suppression.ts';
import type { ImportInput } from '../../../src/workflow/import-contacts.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addPeople, idOf, interviewOf } from '../../support/people.ts';
import {
  addressOf,
  csvOf,
  entriesOf,
  faultsOf,
  type ImportOver,
  imported,
  NOW,
  otherInterview,
} from './world.ts';

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
  deps.setNow(NOW);
});

afterAll(() => deps.close());

const SAYS = ['nothing', 'old', 'recent', 'unsubscribed', 'bounced', 'complained'] as const;
type Says = (typeof SAYS)[number];
const ANSWERS = ['yes', 'no', 'other'] as const;
type Answer = (typeof ANSWERS)[number];

/** Each kind of row; the addresses differ by what they are called. */
function fileOf(names: Readonly<Record<Says, string>>): string {
  return csvOf(
    'Email,Status,Consent date',
    `${names.nothing},,`,
    `${names.old},,2024-06-14`,
    `${names.recent},,2024-06-16`,
    `${names.unsubscribed},unsubscribed,`,
    `${names.bounced},bounced,`,
    `${names.complained},complained,`,
  );
}

function namesFor(prefix: string): Record<Says, string> {
  const name = (says: Says) => `${prefix}-${says}@example.com`;
  return {
    nothing: name('nothing'),
    old: name('old'),
    recent: name('recent'),
    unsubscribed: name('unsubscribed'),
    bounced: name('bounced'),
    complained: name('complained'),
  };
}

function answered(answer: Answer): Pick<ImportInput, 'permission' | 'interview'> {
  if (answer === 'no') return { permission: 'no', interview: undefined };
  const interview = answer === 'other' ? otherInterview(NOW) : interviewOf(NOW);
  return { permission: 'yes', interview };
}

const SUPPRESSES: Readonly<Record<Says, readonly Suppression[]>> = {
  nothing: [],
  old: [],
  recent: [],
  unsubscribed: [],
  bounced: ['hard-bounce'],
  complained: ['complaint'],
};

describe('a new address', () => {
  const table: [Answer, Says, Permission][] = [
    ['yes', 'nothing', 'single-opt-in'],
    ['yes', 'old', 'non-marketable'],
    ['yes', 'recent', 'single-opt-in'],
    ['yes', 'unsubscribed', 'opted-out-by-recipient'],
    ['yes', 'bounced', 'single-opt-in'],
    ['yes', 'complained', 'opted-out-by-recipient'],
    ['no', 'nothing', 'non-marketable'],
    ['no', 'old', 'non-marketable'],
    ['no', 'recent', 'non-marketable'],
    ['no', 'unsubscribed', 'opted-out-by-recipient'],
    ['no', 'bounced', 'non-marketable'],
    ['no', 'complained', 'opted-out-by-recipient'],
    ['other', 'nothing', 'non-marketable'],
    ['other', 'old', 'non-marketable'],
    ['other', 'recent', 'non-marketable'],
    ['other', 'unsubscribed', 'opted-out-by-recipient'],
    ['other', 'bounced', 'non-marketable'],
    ['other', 'complained', 'opted-out-by-recipient'],
  ];

  beforeAll(async () => {
    for (const answer of ANSWERS) {
      await imported(deps, fileOf(namesFor(`new-${answer}`)), answered(answer));
    }
  });

  test.each(table)('said %s, the row says %s → %s', async (answer, says, expected) => {
    const address = await addressOf(deps, namesFor(`new-${answer}`)[says]);
    expect(address.permission).toBe(expected);
    expect(address.suppressions).toEqual(SUPPRESSES[says]);
    const entries = await deps.database.of(WORKSPACE).ledger.findMany(address.entries);
    expect(entries).toHaveLength(1);
    const entry = entries.at(0);
    expect(entry).toMatchObject({ act: 'import-address', to: expected, who: 'olga' });
    expect(entry?.from).toBeUndefined();
    expect(entry?.adds ?? []).toEqual(SUPPRESSES[says]);
    expect(entry?.provenance?.source).toBe(
      { yes: 'web-form', no: undefined, other: 'other' }[answer],
    );
  });

  it('covers every case', () => {
    expect(new Set(table.map((row) => row.slice(0, 2).join())).size).toBe(18);
  });
});

describe('a known address', () => {
  const cases = PERMISSIONS.flatMap((permission) =>
    ANSWERS.flatMap((answer) => SAYS.map((says) => [permission, answer, says] as const)),
  );
  const nameOf = (permission: Permission, answer: Answer) => namesFor(`${permission}-${answer}`);

  beforeAll(async () => {
    await addPeople(
      deps,
      cases.map(([permission, answer, says]) => ({
        address: nameOf(permission, answer)[says],
        permission,
        in: [],
      })),
    );
    for (const answer of ANSWERS) {
      const rows = PERMISSIONS.map((permission) => fileOf(nameOf(permission, answer)));
      const [header = ''] = (rows[0] ?? '').split('\n');
      const lines = rows.flatMap((file) => file.trim().split('\n').slice(1));
      await imported(deps, csvOf(header, ...lines), answered(answer));
    }
  });

  test.each(cases)('%s, said %s, the row says %s', async (permission, answer, says) => {
    const address = await addressOf(deps, nameOf(permission, answer)[says]);
    const isStopped = says === 'unsubscribed' || says === 'complained';
    const expected = isStopped ? 'opted-out-by-recipient' : permission;
    expect(address.permission).toBe(expected);
    expect(address.suppressions).toEqual(SUPPRESSES[says]);
    const isMoved = expected !== permission;
    const entries = await deps.database.of(WORKSPACE).ledger.findMany(address.entries);
    expect(entries.map(({ from, to, adds = [] }) => ({ from, to, adds }))).toEqual(
      isMoved || SUPPRESSES[says].length > 0
        ? [
            {
              from: isMoved ? permission : undefined,
              to: isMoved ? expected : undefined,
              adds: SUPPRESSES[says],
            },
          ]
        : [],
    );
  });

  it('has its proofs on both sides', async () => {
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('the ledger', () => {
  it('tells the beginning and the end of an import, without addresses', async () => {
    const text = csvOf('Email', 'told@example.com', 'not an address');
    const { batch } = await imported(deps, text);
    const entries = await deps.database.of(WORKSPACE).ledger.ofCause('import', batch ?? '');
    expect(entries.map(({ _id }) => _id)).toEqual(
      expect.arrayContaining([`${batch}.begin`, `${batch}.0.0`, `${batch}.end`]),
    );
    const end = entries.find(({ _id }) => _id === `${batch}.end`);
    expect(end).toMatchObject({
      act: 'import',
      cause: { kind: 'import', id: batch },
      facts: { state: 'done', rows: 2, contacts: 1, addressesNew: 1, rejected: 1 },
      addresses: [],
    });
    const page = entries.find(({ act }) => act === 'import-address');
    expect(page?.addresses).toEqual([idOf(deps, 'told@example.com')]);
    expect(page?.facts).toEqual({ fileHash: end?.facts?.['fileHash'] });
  });

  it('names at most 1,000 addresses in an entry', async () => {
    const lines = Array.from({ length: 700 }, (_, n) => `m${n}@a.com,m${n}@b.com,m${n}@c.com`);
    const { batch, addresses } = await imported(deps, csvOf('Email,Email 2,Email 3', ...lines));
    expect(addresses).toEqual({ new: 2_100, known: 0 });
    const entries = await deps.database.of(WORKSPACE).ledger.ofCause('import', batch ?? '');
    const sizes = entries.map((entry) => entry.addresses.length).filter((size) => size > 0);
    expect(sizes.toSorted((a, b) => a - b)).toEqual([100, 1_000, 1_000]);
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('an interview that is refused', () => {
  it('imports nothing and stands in the ledger', async () => {
    const interview = { source: 'purchased' as const, answers: {}, attested: true };
    const refused = imported(deps, csvOf('Email', 'bought@example.com'), { interview });
    await expect(refused).rejects.toMatchObject({ code: 'provenance_refused' });
    const [entry, ...others] = await entriesOf(deps, 'refuse-request');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      cause: { kind: 'import' },
      who: 'olga',
      facts: { source: 'purchased' },
      addresses: [],
    });
    await expect(addressOf(deps, 'bought@example.com')).rejects.toThrow('not on file');
  });

  const unfit: [string, ImportOver][] = [
    ['interview_missing', { interview: undefined }],
    ['provenance_incomplete', { interview: { source: 'event', answers: {}, attested: true } }],
    // Doors may bring us anything.
    ['permission_unanswered', JSON.parse('{"permission":null}')],
    ['tag_not_usable', { tags: ['  '] }],
    ['tag_not_usable', { tags: ['x'.repeat(81)] }],
  ];
  test.each(unfit)('is refused as %s', async (code, over) => {
    const before = await entriesOf(deps);
    const refused = imported(deps, csvOf('Email', 'nobody@example.com'), over);
    await expect(refused).rejects.toMatchObject({ code });
    expect(await entriesOf(deps)).toEqual(before);
  });

  it('is not put on record by a dry run', async () => {
    const before = await entriesOf(deps);
    const interview = { source: 'rented' as const, answers: {}, attested: true };
    const refused = imported(deps, csvOf('Email', 'r@example.com'), { interview, dryRun: true });
    await expect(refused).rejects.toMatchObject({ code: 'provenance_refused' });
    expect(await entriesOf(deps)).toEqual(before);
  });
});

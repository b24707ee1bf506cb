/** Merging: what importing a person again makes of the contact, its batches and its tags. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { IMPORTS, TAGS } from '../../../src/store/audiences.ts';
import { CONTACTS } from '../../../src/store/contacts.ts';
import { LEDGER, UNSEALED } from '../../../src/store/ledger.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { addressOf, contactsOf, csvOf, faultsOf, imported, membershipsOf, NOW } from './world.ts';

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
  deps.setNow(NOW);
});

beforeEach(async () => {
  for (const name of [ADDRESSES, CONTACTS, IMPORTS, TAGS, LEDGER, UNSEALED]) {
    await deps.database.db.collection(name).deleteMany({});
  }
});

afterAll(() => deps.close());

const first = (text: string) => imported(deps, text, { fileName: 'first.csv' });
const second = (text: string) => imported(deps, text, { fileName: 'second.csv' });

describe('a contact that comes again', () => {
  it('is found by its external id, and given values replace what is on file', async () => {
    await first(csvOf('Id,Email,First name,Last name', '7,ann@example.com,Ann,Old'));
    await second(csvOf('Id,Email,First name,Last name', '7,ann@example.com,,New'));
    const contacts = await contactsOf(deps);
    expect(contacts).toHaveLength(1);
    const contact = contacts.at(0);
    expect(contact).toMatchObject({ externalId: '7', firstName: 'Ann', lastName: 'New' });
    expect(contact?.batches).toHaveLength(2);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('is found by its first address if the file has no ids, whatever its case', async () => {
    await first(csvOf('Email,Email 2,Name', 'Bob@example.com,two@example.com,Bob'));
    const result = await second(csvOf('Email,Name', 'BOB@Example.com,Robert'));
    expect(result).toMatchObject({ contacts: 1, addresses: { new: 0, known: 1 } });
    const [contact, ...others] = await contactsOf(deps);
    expect(others).toEqual([]);
    expect(contact).toMatchObject({
      name: 'Robert',
      addresses: [
        { field: 'email', id: idOf(deps, 'bob@example.com') },
        { field: 'email2', id: idOf(deps, 'two@example.com') },
      ],
    });
    expect(await membershipsOf(deps, 'two@example.com')).toEqual(['first#email2', 'second#email2']);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('keeps people with one address and two ids apart', async () => {
    await first(csvOf('Id,Email', '1,family@example.com', '2,family@example.com'));
    const contacts = await contactsOf(deps);
    expect(new Set(contacts.map(({ externalId }) => externalId))).toEqual(new Set(['1', '2']));
    expect(await membershipsOf(deps, 'family@example.com')).toEqual(['first#email']);
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('an address that is new to a known contact', () => {
  it('comes into the tags and batches that the contact has', async () => {
    await first(csvOf('Id,Email,Tags', '1,a@example.com,vip'));
    await second(csvOf('Id,Email,Email 2', '1,a@example.com,b@example.com'));
    expect(await membershipsOf(deps, 'b@example.com')).toEqual([
      'first#email2',
      'second#email2',
      'vip#email2',
    ]);
    expect(await membershipsOf(deps, 'a@example.com')).toEqual([
      'first#email',
      'second#email',
      'vip#email',
    ]);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('takes over the memberships of the one that it replaces, which loses them', async () => {
    await first(csvOf('Id,Email,Tags', '1,old@example.com,vip'));
    await second(csvOf('Id,Email', '1,new@example.com'));
    expect(await membershipsOf(deps, 'new@example.com')).toEqual([
      'first#email',
      'second#email',
      'vip#email',
    ]);
    expect(await membershipsOf(deps, 'old@example.com')).toEqual([]);
    expect(await addressOf(deps, 'old@example.com')).toMatchObject({ permission: 'single-opt-in' });
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('leaves the old one where another contact still holds it', async () => {
    await first(csvOf('Id,Email,Tags', '1,shared@example.com,vip', '2,shared@example.com,'));
    await second(csvOf('Id,Email', '1,own@example.com'));
    expect(await membershipsOf(deps, 'shared@example.com')).toEqual(['first#email']);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('leaves the old one where another contact of the same rows comes to hold it', async () => {
    await first(csvOf('Id,Email,Tags', '1,moving@example.com,vip'));
    const rows = ['1,own@example.com,', '2,moving@example.com,vip'];
    await second(csvOf('Id,Email,Tags', ...rows));
    expect(await membershipsOf(deps, 'moving@example.com')).toEqual(['second#email', 'vip#email']);
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('is exchanged with another one', async () => {
    await first(csvOf('Id,Email,Email 2,Tags', '1,a@example.com,b@example.com,vip'));
    await second(csvOf('Id,Email,Email 2', '1,b@example.com,a@example.com'));
    expect(await membershipsOf(deps, 'a@example.com')).toEqual([
      'first#email2',
      'second#email2',
      'vip#email2',
    ]);
    expect(await faultsOf(deps)).toEqual([]);
  });
});

describe('one file', () => {
  it.each([undefined, 1])('may name a contact twice, in chunks of %s', async (chunkRows) => {
    const text = csvOf('Id,Email', '1,a@example.com', '1,b@example.com', '2,a@example.com');
    const result = await imported(deps, text, { chunkRows: chunkRows ?? 1_000 });
    expect(result).toMatchObject({
      contacts: 2,
      addresses: { new: 2, known: 0 },
      duplicatesInFile: 1,
      permission: { 'single-opt-in': 2 },
    });
    expect(await faultsOf(deps)).toEqual([]);
  });

  it.each([1, 2, 3])('counts an address once, in chunks of %s', async (chunkRows) => {
    await first(csvOf('Id,Email,Email 2', '9,k@example.com,held@example.com'));
    const rows = ['9,k@example.com', '8,held@example.com', '7,held@example.com', '6,n@example.com'];
    const result = await imported(deps, csvOf('Id,Email', ...rows), { chunkRows });
    expect(result).toMatchObject({ addresses: { new: 1, known: 2 }, duplicatesInFile: 1 });
    expect(await faultsOf(deps)).toEqual([]);
  });

  const rows = ['x@example.com,', 'x@example.com,unsubscribed', 'x@example.com,bounced'];
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ].flatMap((order) => [1, 2, 3].map((chunkRows) => ({ order, chunkRows })));
  it.each(orders)(
    'lets the strictest status win: $order in chunks of $chunkRows',
    async (given) => {
      const lines = given.order.map((index) => rows[index] ?? '');
      const result = await imported(deps, csvOf('Email,Status', ...lines), given);
      expect(result).toMatchObject({
        duplicatesInFile: 2,
        permission: { 'opted-out-by-recipient': 1 },
      });
      const address = await addressOf(deps, 'x@example.com');
      expect(address).toMatchObject({
        permission: 'opted-out-by-recipient',
        suppressions: ['hard-bounce'],
      });
      expect(await faultsOf(deps)).toEqual([]);
    },
  );

  it.each([1, 2, 3])('lets the oldest consent win, in chunks of %s', async (chunkRows) => {
    const lines = ['y@example.com,2026-01-01', 'y@example.com,2020-01-01', 'y@example.com,'];
    await imported(deps, csvOf('Email,Consent date', ...lines), { chunkRows });
    const address = await addressOf(deps, 'y@example.com');
    expect(address.permission).toBe('non-marketable');
    expect(address.consentAt).toEqual(new Date('2020-01-01'));
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('takes an old consent from nobody who was opted in before', async () => {
    await first(csvOf('Email', 'z@example.com'));
    await second(csvOf('Email,Consent date', 'z@example.com,2020-01-01'));
    expect((await addressOf(deps, 'z@example.com')).permission).toBe('single-opt-in');
  });
});

describe('tags and speech', () => {
  it('counts the contacts of each tag when the import ends, whatever its spelling', async () => {
    await first(csvOf('Email,Tags', 'a@example.com,"VIP, Berlin"', 'b@example.com,vip'));
    await imported(deps, csvOf('Email,Tags', 'c@example.com,Vip'), { tags: ['Spring fair'] });
    const { audiences } = deps.database.of(WORKSPACE);
    const tags = (await audiences.suggest('')).filter(({ kind }) => kind === 'tag');
    const sizes = Object.fromEntries(tags.map(({ name, size }) => [name.toLowerCase(), size]));
    expect(sizes).toEqual({ vip: 3, berlin: 1, 'spring fair': 1 });
    expect(await faultsOf(deps)).toEqual([]);
  });

  it('copies language and time zone to the addresses, and keeps what is on file', async () => {
    await first(csvOf('Email,Language,Time zone', 'a@example.com,de,Europe/Berlin'));
    await second(csvOf('Email,Email 2,Language', 'a@example.com,b@example.com,fr'));
    const a = await addressOf(deps, 'a@example.com');
    const b = await addressOf(deps, 'b@example.com');
    expect([a.language, a.timeZone]).toEqual(['fr', 'Europe/Berlin']);
    expect([b.language, b.timeZone]).toEqual(['fr', 'Europe/Berlin']);
  });

  it('holds memberships from the time when the import began', async () => {
    await first(csvOf('Email,Tags', 'a@example.com,vip'));
    const { memberships } = await addressOf(deps, 'a@example.com');
    expect(memberships.map(({ since }) => since)).toEqual([NOW, NOW]);
  });
});

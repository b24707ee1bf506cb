/** Ledger entries: their canonical bytes are what a seal will hash, years from now. */
import { expect, it } from '@jest/globals';
import { entryBytes, type LedgerEntry, LedgerEntrySchema } from '../../../src/consent/ledger.ts';

const ENTRY: LedgerEntry = {
  _id: 'q_1.0.0.non-marketable',
  workspace: 'T1',
  v: 1,
  act: 'opt-in',
  from: 'non-marketable',
  to: 'single-opt-in',
  cause: { kind: 'request', id: 'q_1' },
  who: 'U1',
  approver: 'U2',
  at: new Date('2026-11-23T12:00:00Z'),
  addresses: ['0'.repeat(32), 'f'.repeat(32)],
};

it('has the same bytes for ever: these are part of the format, version 1', () => {
  expect(entryBytes(ENTRY).toString()).toBe(
    '{"_id":"q_1.0.0.non-marketable","act":"opt-in",' +
      `"addresses":["${'0'.repeat(32)}","${'f'.repeat(32)}"],"approver":"U2",` +
      '"at":"2026-11-23T12:00:00.000Z","cause":{"id":"q_1","kind":"request"},' +
      '"from":"non-marketable","to":"single-opt-in","v":1,"who":"U1","workspace":"T1"}',
  );
});

it.each(Object.keys(ENTRY))('attests %s: another value has other bytes', (key) => {
  const value = ENTRY[key as keyof LedgerEntry];
  const other = Array.isArray(value) ? [...value].reverse() : `${JSON.stringify(value)}x`;
  const changed = { ...ENTRY, [key]: other } as unknown as LedgerEntry;
  expect(entryBytes(changed).equals(entryBytes(ENTRY))).toBe(false);
});

it('takes no address, no unknown field and no more than 1,000 addresses', () => {
  expect(LedgerEntrySchema.safeParse(ENTRY).success).toBe(true);
  const broken = [
    { ...ENTRY, addresses: ['ann@example.com'] },
    { ...ENTRY, note: 'x' },
    { ...ENTRY, addresses: Array.from({ length: 1_001 }, () => '0'.repeat(32)) },
    { ...ENTRY, act: 'forget' },
  ];
  expect(broken.map((entry) => LedgerEntrySchema.safeParse(entry).success)).toEqual([
    false,
    false,
    false,
    false,
  ]);
});

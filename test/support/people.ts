/**
 * People: addresses put straight into the database, in any state, so that a rule can be tried
 * without an import. Their ids are keyed hashes like all others.
 */
import { createHash } from 'node:crypto';
import type { AudienceSource, EmailField } from '../../src/consent/audience.ts';
import { membershipKey } from '../../src/consent/audience.ts';
import type { Permission } from '../../src/consent/permission.ts';
import type { Suppression } from '../../src/consent/suppression.ts';
import { ADDRESSES, type AddressDocument, addressId } from '../../src/store/address-document.ts';
import { IMPORTS, type ImportDocument, TAGS, type TagDocument } from '../../src/store/audiences.ts';
import type { Deps } from '../../src/workflow/deps.ts';
import { WORKSPACE } from './deps.ts';

export interface Person {
  readonly address: string;
  readonly permission?: Permission;
  readonly suppressions?: readonly Suppression[];
  readonly consentAt?: Date;
  readonly asks?: AddressDocument['asks'];
  readonly in?: readonly AudienceSource[];
  readonly field?: EmailField;
  readonly since?: Date;
  readonly language?: string;
}

export const BATCH: AudienceSource = { kind: 'batch', id: 'b_test' };
export const TAG: AudienceSource = { kind: 'tag', id: 't_test' };
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

export const idOf = (deps: Pick<Deps, 'addressKey'>, address: string, workspace = WORKSPACE) =>
  addressId(deps.addressKey, workspace, address.toLowerCase());

/** Puts people into the batch `b_test`, or wherever they say. */
export async function addPeople(
  deps: Pick<Deps, 'database' | 'addressKey'>,
  people: readonly Person[],
  workspace = WORKSPACE,
): Promise<void> {
  const documents = people.map(
    (person): AddressDocument => ({
      _id: idOf(deps, person.address, workspace),
      workspace,
      v: 1,
      address: person.address,
      permission: person.permission ?? 'non-marketable',
      permissionSince: LONG_AGO,
      suppressions: [...(person.suppressions ?? [])],
      ...(person.consentAt === undefined ? {} : { consentAt: person.consentAt }),
      asks: [...(person.asks ?? [])],
      entries: [],
      memberships: (person.in ?? [BATCH]).map((source) => ({
        key: membershipKey(source, person.field ?? 'email'),
        since: person.since ?? LONG_AGO,
      })),
      ...(person.language === undefined ? {} : { language: person.language }),
      createdAt: LONG_AGO,
    }),
  );
  for (let first = 0; first < documents.length; first += 10_000) {
    await deps.database.db
      .collection<AddressDocument>(ADDRESSES)
      .insertMany(documents.slice(first, first + 10_000));
  }
}

/** Makes the batch `b_test` and the tag `t_test` known, so that requests can name them. */
export async function addAudiences(
  deps: Pick<Deps, 'database'>,
  workspace = WORKSPACE,
): Promise<void> {
  await addBatch(deps, BATCH.id, workspace);
  await deps.database.db.collection<TagDocument>(TAGS).insertOne({
    _id: TAG.id,
    workspace,
    v: 1,
    name: 'vip',
    nameKey: 'vip',
    contacts: 0,
    usedAt: LONG_AGO,
  });
}

/** Makes a finished import batch known under this id. */
export async function addBatch(
  deps: Pick<Deps, 'database'>,
  id: string,
  workspace = WORKSPACE,
): Promise<AudienceSource> {
  await deps.database.db.collection<ImportDocument>(IMPORTS).insertOne({
    _id: id,
    workspace,
    v: 1,
    name: id === BATCH.id ? 'Spring fair' : id,
    nameKey: id === BATCH.id ? 'spring fair' : id,
    state: 'done',
    fileHash: createHash('sha256').update(id).digest('hex'),
    fileName: 'spring.csv',
    round: 1,
    by: 'test',
    permission: 'no',
    rowsDone: 0,
    chunks: 0,
    counts: {
      rows: 0,
      contacts: 0,
      addressesNew: 0,
      addressesKnown: 0,
      rejected: 0,
      duplicatesInFile: 0,
    },
    startedAt: LONG_AGO,
  });
  return { kind: 'batch', id };
}

/** A complete interview whose addresses were collected a month before `now`. */
export function interviewOf(now: Date, monthsOld = 1) {
  const day = new Date(now.getTime() - monthsOld * 30 * 24 * 60 * 60 * 1000)
    .toISOString()
    .slice(0, 10);
  return {
    source: 'web-form' as const,
    answers: {
      url: 'https://example.com/newsletter',
      wording: 'Yes, send me the newsletter of Example GmbH once a month.',
      tickedByDefault: false,
      collectedFrom: day,
      collectedUntil: day,
    },
    attested: true,
  };
}

/**
 * Audiences: import batches and tags as people find them, by typing the beginning of a name.
 */
import { createHash } from 'node:crypto';
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import type { AudienceSource } from '../consent/audience.ts';
import { scoped, type Tx } from './scoped.ts';

export const TAGS = 'tags';
export const IMPORTS = 'imports';
/** Slack shows at most 100 options; two groups of 25 answer well within its 3 seconds. */
const SUGGESTIONS_MAX = 25;

export const TagDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  name: z.string(),
  /** Folded name: what typing is compared with. */
  nameKey: z.string(),
  /** Contacts that carry the tag, as the last import counted them. */
  contacts: z.int(),
  usedAt: z.date(),
});
export type TagDocument = z.infer<typeof TagDocument>;

const count = z.int().min(0);
export const ImportDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  name: z.string(),
  nameKey: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  fileHash: z.string().length(64),
  fileName: z.string(),
  /** Which import of this very file it is: 1, or more after `--again`. */
  round: z.int(),
  by: z.string(),
  permission: z.enum(['yes', 'no']),
  interview: z
    .strictObject({
      source: z.string(),
      answers: z.record(z.string(), z.union([z.string(), z.boolean()])),
      attested: z.boolean(),
    })
    .optional(),
  /** SHA-256 of everything that was answered (permission, interview, tags, columns). */
  terms: z.string().length(64).optional(),
  /** How far it got: rows written so far, and chunks (part of the ids of ledger entries). */
  rowsDone: count,
  chunks: count,
  counts: z.strictObject({
    rows: count,
    contacts: count,
    addressesNew: count,
    addressesKnown: count,
    rejected: count,
    duplicatesInFile: count,
  }),
  /** Permission on file of its distinct addresses when it ended. */
  permissions: z.record(z.string(), count).optional(),
  /** The opt-in request that it opened. */
  request: z.string().optional(),
  lease: z.strictObject({ token: z.string(), until: z.date() }).optional(),
  startedAt: z.date(),
  finishedAt: z.date().optional(),
});
export type ImportDocument = z.infer<typeof ImportDocument>;

export interface Suggestion extends AudienceSource {
  readonly name: string;
  readonly size: number;
}

/** Compatibility-folded, accents kept, lower case, single spaces: what names are compared by. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/gu, ' ').toLowerCase();
}

/** A tag's id is made from workspace and folded name, so that every import finds the same tag. */
export function tagId(workspace: string, name: string): string {
  const hash = createHash('sha256')
    .update(`tag\0${workspace}\0${nameKey(name)}`)
    .digest('hex');
  return `t_${hash.slice(0, 16)}`;
}

export function audienceStore(db: Db, workspace: string) {
  const tags = scoped(db.collection<TagDocument>(TAGS), workspace);
  const imports = scoped(db.collection<ImportDocument>(IMPORTS), workspace);

  const asTag = ({ _id, name, contacts }: TagDocument): Suggestion => ({
    kind: 'tag',
    id: _id,
    name,
    size: contacts,
  });
  const asBatch = ({ _id, name, counts }: ImportDocument): Suggestion => ({
    kind: 'batch',
    id: _id,
    name,
    size: counts.contacts,
  });

  return {
    /** Tags and batches whose name begins with what was typed; the latest if nothing was. */
    async suggest(typed: string, limit = SUGGESTIONS_MAX): Promise<Suggestion[]> {
      const prefix = nameKey(typed);
      const match = prefix === '' ? {} : { nameKey: startsWith(prefix) };
      const [batches, found] = await Promise.all([
        imports
          .find(match as Filter<ImportDocument>, {
            sort: prefix === '' ? { startedAt: -1 } : { nameKey: 1 },
            limit,
          })
          .toArray(),
        tags
          .find(match as Filter<TagDocument>, {
            sort: prefix === '' ? { usedAt: -1 } : { nameKey: 1 },
            limit,
          })
          .toArray(),
      ]);
      return [
        ...batches.map((doc) => asBatch(doc as ImportDocument)),
        ...found.map((doc) => asTag(doc as TagDocument)),
      ];
    },

    /** The batches and tags with these ids, in their order; those that no longer exist are missing. */
    async describe(sources: readonly AudienceSource[]): Promise<Suggestion[]> {
      const ids = (kind: AudienceSource['kind']) =>
        sources.filter((source) => source.kind === kind).map(({ id }) => id);
      const [batches, found] = await Promise.all([
        imports.find({ _id: { $in: ids('batch') } }).toArray(),
        tags.find({ _id: { $in: ids('tag') } }).toArray(),
      ]);
      const known = [
        ...batches.map((doc) => asBatch(doc as ImportDocument)),
        ...found.map((doc) => asTag(doc as TagDocument)),
      ];
      return sources.flatMap(
        ({ kind, id }) => known.find((item) => item.kind === kind && item.id === id) ?? [],
      );
    },

    /** Finds a batch or tag by what a person typed in a command: its id or its whole name. */
    async findByName(kind: AudienceSource['kind'], name: string): Promise<Suggestion | undefined> {
      const either = { $or: [{ _id: name }, { nameKey: nameKey(name) }] };
      if (kind === 'tag') {
        const found = await tags.findOne(either);
        return found === null ? undefined : asTag(found);
      }
      const found = await imports.findOne(either, {
        sort: { startedAt: -1 },
      });
      return found === null ? undefined : asBatch(found);
    },

    /** Makes the tags that a chunk of rows uses, or moves them to the front. */
    async touchTags(names: readonly string[], usedAt: Date, tx?: Tx): Promise<void> {
      await tags.updateEach(
        names.map((name) => ({
          filter: { _id: tagId(workspace, name) },
          update: {
            $set: { usedAt },
            $setOnInsert: { v: 1, name, nameKey: nameKey(name), contacts: 0 },
          } as unknown as UpdateFilter<TagDocument>,
          upsert: true,
        })),
        tx,
      );
    },

    async setTagContacts(id: string, contacts: number): Promise<void> {
      await tags.updateOne({ _id: id }, { $set: { contacts } });
    },
  };
}

/** A range instead of a regular expression: it uses the index whatever was typed. */
const startsWith = (prefix: string) => ({ $gte: prefix, $lt: `${prefix}\u{10FFFF}` });

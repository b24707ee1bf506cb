/**
 * Evidence: files that show how addresses were obtained, by what they hold.
 *
 * A document says what is known of a file; its bytes lie in GridFS under the same id. The document is
 * written first and says last that the file is complete, so what was cut off in between is not seen,
 * is completed by the next try, and is dropped after a while like all that no request took along.
 * Every write is an upsert under an id made from the content: two who bring the same file at once
 * write the same.
 */
import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { type Db, type Filter, GridFSBucket, type ObjectId, type UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { EVIDENCE_TYPES } from '../consent/evidence.ts';
import { scoped, type Tx } from './scoped.ts';

export const EVIDENCE = 'evidence';
/** GridFS keeps the bytes in `evidence-bytes.files` and `evidence-bytes.chunks`. */
const BYTES = 'evidence-bytes';
const FILES = `${BYTES}.files`;
export const EVIDENCE_CHUNKS = `${BYTES}.chunks`;
/** GridFS's own size of a chunk: a document with it fits two of the server's pages of 128 KiB. */
const CHUNK_BYTES = 255 * 1_024;
const ID_BYTES = 16;

export const EvidenceDocument = z.strictObject({
  /** Made from workspace, name and content: the same file, brought again, is the same evidence. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  name: z.string(),
  type: z.enum(EVIDENCE_TYPES),
  bytes: z.int().min(1),
  /** Of the content, hex. */
  sha256: z.string().length(64),
  /** Where it lies in Slack, for people. */
  link: z.string().optional(),
  /** Slack user id of who brought it. */
  by: z.string(),
  at: z.date(),
  /** True once all of its bytes are there. */
  complete: z.boolean(),
  /** Requests whose plans name it; it stays for as long as there is one. */
  requests: z.array(z.string()),
});
export type EvidenceDocument = z.infer<typeof EvidenceDocument>;

export type NewEvidence = Pick<EvidenceDocument, 'name' | 'type' | 'link' | 'by' | 'at'> & {
  readonly content: Buffer;
};

export function evidenceStore(db: Db, workspace: string) {
  const evidence = scoped(db.collection<EvidenceDocument>(EVIDENCE), workspace);

  return {
    /** Keeps a file, once, however often it is brought. */
    async keep({ content, ...facts }: NewEvidence): Promise<EvidenceDocument> {
      const sha256 = createHash('sha256').update(content).digest('hex');
      const _id = evidenceId(workspace, facts.name, sha256);
      // What is brought again is as young as if it were new.
      const known = await evidence.findOneAndUpdate(
        { _id, complete: true },
        {
          $max: { at: facts.at },
        },
      );
      if (known !== null) return known;
      const first = {
        v: 1,
        ...facts,
        bytes: content.length,
        sha256,
        complete: false,
        requests: [],
      };
      await evidence.updateOne({ _id }, { $setOnInsert: first } as Update, undefined, UPSERT);
      await writeBytes(db, { id: _id, content, at: facts.at });
      const kept = await evidence.findOneAndUpdate({ _id }, { $set: { complete: true } });
      assert(kept !== null, 'a file that was brought just now is not dropped yet');
      return kept;
    },

    async findMany(ids: readonly string[]): Promise<EvidenceDocument[]> {
      const found = await evidence.find(complete(ids)).toArray();
      return ids.flatMap((id) => found.find(({ _id }) => _id === id) ?? []);
    },

    /** The bytes of a file; undefined if there is none of this id in this workspace. */
    async read(id: string): Promise<Buffer | undefined> {
      if ((await evidence.findOne({ _id: id, complete: true })) === null) return undefined;
      const pieces: Buffer[] = [];
      for await (const piece of bucketOf(db).openDownloadStream(asFileId(id))) pieces.push(piece);
      return Buffer.concat(pieces);
    },

    /** Notes that a request names these files. @returns how many of them are there */
    async take(ids: readonly string[], request: string, tx: Tx): Promise<number> {
      const { matchedCount } = await evidence.updateMany(
        complete(ids),
        { $addToSet: { requests: request } },
        tx,
      );
      return matchedCount;
    },

    /** Drops a file that no request names; leaves it if one does by now. */
    async drop(id: string): Promise<void> {
      const unused = { _id: id, requests: { $size: 0 } } as Filter<EvidenceDocument>;
      if (!(await evidence.deleteOne(unused))) return;
      await db.collection<File>(FILES).deleteOne({ _id: id });
      await db.collection<Chunk>(EVIDENCE_CHUNKS).deleteMany({ files_id: id });
    },
  };
}

/** Files that no request took along, across workspaces, for the clock: ids only. */
export function evidenceClock(db: Db) {
  const evidence = db.collection<EvidenceDocument>(EVIDENCE);
  return {
    async unusedEvidence(
      before: Date,
      limit: number,
    ): Promise<{ readonly workspace: string; readonly id: string }[]> {
      const unused = { requests: { $size: 0 }, at: { $lt: before } } as Filter<EvidenceDocument>;
      const found = await evidence.find(unused, { projection: { workspace: 1 }, limit }).toArray();
      return found.map(({ _id: id, workspace }) => ({ workspace, id }));
    },
  };
}

function evidenceId(workspace: string, name: string, sha256: string): string {
  const hash = createHash('sha256').update(`evidence\0${workspace}\0${name}\0${sha256}`);
  return `e_${hash.digest('hex').slice(0, 2 * ID_BYTES)}`;
}

const bucketOf = (db: Db): GridFSBucket => new GridFSBucket(db, { bucketName: BYTES });

const UPSERT = { upsert: true } as const;
type Update = UpdateFilter<EvidenceDocument>;

const complete = (ids: readonly string[]): Filter<EvidenceDocument> => ({
  _id: { $in: [...ids] },
  complete: true,
});

/** GridFS takes any id; its types know only one kind. */
const asFileId = (id: string): ObjectId => id as unknown as ObjectId;

/** A file and its chunks as GridFS lays them out. */
interface File {
  readonly _id: string;
  readonly length: number;
  readonly chunkSize: number;
  readonly uploadDate: Date;
  readonly filename: string;
}
interface Chunk {
  readonly _id: string;
  readonly files_id: string;
  readonly n: number;
  readonly data: Buffer;
}

async function writeBytes(
  db: Db,
  { id, content, at }: { readonly id: string; readonly content: Buffer; readonly at: Date },
): Promise<void> {
  const chunks = Array.from({ length: Math.ceil(content.length / CHUNK_BYTES) }, (_, n) => ({
    updateOne: {
      filter: { _id: `${id}.${n}` },
      update: {
        $setOnInsert: {
          files_id: id,
          n,
          data: content.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES),
        },
      },
      upsert: true,
    },
  }));
  await db.collection<Chunk>(EVIDENCE_CHUNKS).bulkWrite(chunks, { ordered: false });
  const facts = { length: content.length, chunkSize: CHUNK_BYTES, filename: id };
  await db
    .collection<File>(FILES)
    .updateOne({ _id: id }, { $setOnInsert: { ...facts, uploadDate: at } }, UPSERT);
}

/**
 * Check database: a MongoDB that can hold permissions and proofs: a replica set, of a version that
 * we know, that writes to a majority, with room left on its disk and a clock like ours.
 */
import { type Document, MongoClient, type MongoClientOptions } from 'mongodb';
import { type Check, type Finding, fail, ok, warn } from '../consent/finding.ts';

const ANSWER_MS = 5_000;
/** The driver's floor, and what we are tested with. */
const VERSION_MIN = 4.2;
const VERSION_TESTED = 6;
/** Part of the disk that must be free. */
const FREE_WARN = 0.2;
const FREE_FAIL = 0.05;
/** Leases compare the clocks of several machines; a lease lives some ten seconds (ms). */
const SKEW_WARN_MS = 1_000;
const SKEW_FAIL_MS = 10_000;
const PROBE = 'doctor';

/** Buildinfo and dbStats are outside of the strict API that the product itself keeps to. */
const OPTIONS: MongoClientOptions = {
  appName: 'assent-doctor',
  serverSelectionTimeoutMS: ANSWER_MS,
};

export function databaseCheck({
  uri,
  name,
  now,
}: {
  uri: string;
  name: string;
  now: () => Date;
}): Check {
  const what = 'MongoDB';
  return {
    what,
    async run() {
      const client = new MongoClient(uri, OPTIONS);
      try {
        await client.connect();
        return await look(client, name, now);
      } catch {
        const remedy = 'Check MONGODB_URI, and that the server runs and lets this user in.';
        return [fail(what, 'It does not answer.', remedy)];
      } finally {
        await client.close();
      }
    },
  };
}

async function look(client: MongoClient, name: string, now: () => Date): Promise<Finding[]> {
  const admin = client.db('admin');
  const before = now().getTime();
  const hello = await admin.command({ hello: 1 });
  const after = now().getTime();
  const { version } = await admin.command({ buildInfo: 1 });
  const stats = await diskStats(client, name);
  const skewMs = skewOf(new Date(String(hello['localTime'])).getTime(), before, after);
  const isWhole = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid';
  return [
    judgeVersion(String(version)),
    isWhole
      ? ok('MongoDB replica set', 'It has transactions.')
      : fail(
          'MongoDB replica set',
          'It is a standalone server, which has no transactions.',
          'Start mongod with --replSet rs0 and run once: mongosh --eval "rs.initiate()".',
        ),
    ...(isWhole ? [await majority(client, name)] : []),
    judgeDisk(Number(stats['fsUsedSize']), Number(stats['fsTotalSize'])),
    judgeSkew('Clock against MongoDB', skewMs),
  ];
}

/** A database without a collection says nothing of its disk; the oplog's is always there. */
async function diskStats(client: MongoClient, name: string): Promise<Document> {
  const own = await client.db(name).command({ dbStats: 1 });
  if (Number(own['fsTotalSize']) > 0) return own;
  return client
    .db('local')
    .command({ dbStats: 1 })
    .catch(() => own);
}

/** How far the other clock is from ours (ms), as far as the way there lets us tell. */
export function skewOf(theirs: number, before: number, after: number): number {
  if (theirs < before) return before - theirs;
  return Math.max(0, theirs - after);
}

export function judgeSkew(what: string, skewMs: number): Finding {
  const says = `The clocks differ by ${(skewMs / 1_000).toFixed(1)} s.`;
  if (skewMs >= SKEW_FAIL_MS) return fail(what, says, 'Set both clocks by NTP.');
  if (skewMs >= SKEW_WARN_MS) return warn(what, says, 'Set both clocks by NTP.');
  return ok(what, 'The clocks agree.');
}

export function judgeVersion(version: string): Finding {
  const what = 'MongoDB version';
  const number = Number(/^\d+\.\d+/u.exec(version)?.[0]);
  if (!(number >= VERSION_MIN)) return fail(what, `It is ${version}.`, 'Use 6.0 or newer.');
  if (number < VERSION_TESTED) {
    return warn(what, `It is ${version}; Assent is tested with 6.0.`, 'Use 6.0 or newer.');
  }
  return ok(what, `It is ${version}.`);
}

/** @param used, total in bytes; not a number where the server does not tell */
export function judgeDisk(used: number, total: number): Finding {
  const what = 'MongoDB disk';
  const free = 1 - used / total;
  if (!Number.isFinite(free)) {
    return warn(what, 'The server does not say how full its disk is.', 'Watch it yourself.');
  }
  const says = `${Math.round(free * 100)} % of the disk is free.`;
  if (free < FREE_FAIL) return fail(what, says, 'Make room: MongoDB stops when it is full.');
  if (free < FREE_WARN) return warn(what, says, 'Make room before it is full.');
  return ok(what, says);
}

/** Writes and removes one document as a proof is written. */
async function majority(client: MongoClient, name: string): Promise<Finding> {
  const what = 'MongoDB write concern';
  const probes = client.db(name).collection(PROBE);
  const writeConcern = { w: 'majority' as const, wtimeoutMS: ANSWER_MS };
  try {
    const { insertedId } = await probes.insertOne({}, { writeConcern });
    await probes.deleteOne({ _id: insertedId }, { writeConcern });
    return ok(what, 'A majority of the replica set confirms writes.');
  } catch {
    return fail(
      what,
      'No majority of the replica set confirmed a write in time.',
      'See that most of its members are up, and that the user may write.',
    );
  }
}

/**
 * Paces: what all senders know together about a route, or a route and one provider, that had trouble:
 * its slower rate and its breaker. Where nothing is on file, nothing is held back.
 *
 * Changed by compare-and-set only (`rev`), since several senders learn at the same time.
 */
import { createHash } from 'node:crypto';
import type { Db, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import {
  BREAKER_REASONS,
  BREAKER_STATES,
  type Breaker,
  CLOSED_BREAKER,
  RESULTS_KEPT,
} from '../consent/breaker.ts';
import type { Slowed } from '../consent/pace.ts';
import { isDuplicate } from './duplicate.ts';
import { scoped, type Tx } from './scoped.ts';

export const PACES = 'paces';
/** The provider of what stands for a route as a whole. */
export const WHOLE_ROUTE = '*';
/** Trouble that nothing was heard of for so long is forgotten; what a person stopped is not. */
const FORGET_MS = 7 * 24 * 60 * 60 * 1000;
/** Troubled providers that a sender looks at; the latest first. */
const PACES_MAX = 1_000;
const ID_BYTES = 12;

export const PaceDocument = z.strictObject({
  /** Of route and provider; says nothing about either. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  rev: z.int(),
  route: z.string(),
  provider: z.string(),
  slowed: z.strictObject({ perSecond: z.number(), at: z.date() }).optional(),
  breaker: z.strictObject({
    state: z.enum(BREAKER_STATES),
    failures: z.int(),
    openings: z.int(),
    results: z.array(z.int()).max(RESULTS_KEPT),
    until: z.date().optional(),
    reason: z.enum(BREAKER_REASONS).optional(),
    probeUntil: z.date().optional(),
  }),
  /** Openings since ever, each told in a message of its own. */
  episode: z.int(),
  changedAt: z.date(),
  expiresAt: z.date().optional(),
});
type PaceDocument = z.infer<typeof PaceDocument>;

export interface PaceKey {
  readonly route: string;
  readonly provider: string;
}

export interface Pace extends PaceKey {
  readonly id: string;
  readonly rev: number;
  readonly slowed?: Slowed | undefined;
  readonly breaker: Breaker;
  readonly episode: number;
}

/** What a change makes of it; the rest follows. */
export type PaceChange = Pick<Pace, 'slowed' | 'breaker' | 'episode'>;

export function paceStore(db: Db, workspace: string) {
  const paces = scoped(db.collection<PaceDocument>(PACES), workspace);

  return {
    /** Everything that is held back somewhere. */
    async all(): Promise<Pace[]> {
      const found = paces.find({}, { sort: { changedAt: -1 }, limit: PACES_MAX });
      return (await found.toArray()).map(fromDocument);
    },

    async findById(id: string, tx?: Tx): Promise<Pace | undefined> {
      const found = await paces.findOne({ _id: id }, {}, tx);
      return found === null ? undefined : fromDocument(found);
    },

    /** What is known, or what is true where nothing is known. */
    async find(key: PaceKey, tx?: Tx): Promise<Pace> {
      const id = paceId(workspace, key);
      const found = await paces.findOne({ _id: id }, {}, tx);
      if (found !== null) return fromDocument(found);
      return { ...key, id, rev: 0, breaker: CLOSED_BREAKER, episode: 0 };
    },

    /** Writes what became of what was read. @returns false if somebody else was faster */
    async change(pace: Pace, next: PaceChange, at: Date, tx?: Tx): Promise<boolean> {
      const { id, rev } = pace;
      try {
        const options = { upsert: rev === 0 };
        const done = await paces.updateOne({ _id: id, rev }, changeOf(pace, next, at), tx, options);
        return done.modifiedCount + done.upsertedCount === 1;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}

function changeOf(
  { rev, route, provider }: Pace,
  { slowed, breaker, episode }: PaceChange,
  at: Date,
): UpdateFilter<PaceDocument> {
  const expiresAt = breaker.state === 'held' ? undefined : new Date(at.getTime() + FORGET_MS);
  const maybe = Object.entries({ slowed, expiresAt });
  const set = maybe.filter(([, value]) => value !== undefined);
  const unset = maybe.filter(([, value]) => value === undefined).map(([name]) => [name, '']);
  return {
    $set: { rev: rev + 1, breaker, episode, changedAt: at, ...Object.fromEntries(set) },
    $setOnInsert: { v: 1, route, provider },
    ...(unset.length === 0 ? {} : { $unset: Object.fromEntries(unset) }),
  } as unknown as UpdateFilter<PaceDocument>;
}

function paceId(workspace: string, { route, provider }: PaceKey): string {
  return createHash('sha256')
    .update(`pace\0${workspace}\0${route}\0${provider}`)
    .digest()
    .subarray(0, ID_BYTES)
    .toString('base64url');
}

function fromDocument({ _id, rev, route, provider, slowed, breaker, episode }: PaceDocument): Pace {
  return {
    id: _id,
    rev,
    route,
    provider,
    episode,
    breaker,
    ...(slowed === undefined ? {} : { slowed }),
  };
}

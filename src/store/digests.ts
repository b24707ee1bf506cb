/**
 * Digests: what happened in a workspace in some days, counted from its requests and its ledger; and
 * that the message which tells it is written down once.
 */
import type { Db } from 'mongodb';
import type { LedgerEntry } from '../consent/ledger.ts';
import type { Request } from '../consent/request.ts';
import { ANNOUNCEMENTS, type AnnouncementDocument } from './announcements.ts';
import { LEDGER } from './ledger.ts';
import { REQUESTS, type RequestDocument, requestFrom } from './requests.ts';
import { scoped } from './scoped.ts';

/** Addresses that one kind of act named. */
export interface ActCount {
  readonly act: LedgerEntry['act'];
  readonly to: LedgerEntry['to'];
  readonly addresses: number;
  /** Of them, those to which the act added a complaint. */
  readonly complaints: number;
}

export interface Days {
  readonly from: Date;
  readonly until: Date;
}

export function digestStore(db: Db, workspace: string) {
  const requests = scoped(db.collection<RequestDocument>(REQUESTS), workspace);
  const ledger = scoped(db.collection<LedgerEntry>(LEDGER), workspace);
  const announcements = scoped(db.collection<AnnouncementDocument>(ANNOUNCEMENTS), workspace);

  return {
    /** Requests that were made in these days: the latest `limit` of them, and how many in all. */
    async requestsIn(
      { from, until }: Days,
      limit: number,
    ): Promise<{ readonly latest: Request[]; readonly all: number }> {
      const filter = { requestedAt: { $gte: from, $lt: until } };
      const [latest, all] = await Promise.all([
        requests.find(filter, { sort: { requestedAt: -1 }, limit }).toArray(),
        requests.count(filter),
      ]);
      return { latest: latest.map((doc) => requestFrom(doc as RequestDocument)), all };
    },

    async waiting(): Promise<number> {
      return requests.count({ state: 'awaiting-approval' });
    },

    /** What was done to addresses in these days. */
    async actsIn({ from, until }: Days): Promise<ActCount[]> {
      const size = { $size: '$addresses' };
      const isComplaint = { $in: ['complaint', { $ifNull: ['$adds', []] }] };
      return ledger
        .aggregate<ActCount>({ at: { $gte: from, $lt: until } }, [
          {
            $group: {
              _id: { act: '$act', to: '$to' },
              addresses: { $sum: size },
              complaints: { $sum: { $cond: [isComplaint, size, 0] } },
            },
          },
          { $project: { _id: 0, act: '$_id.act', to: '$_id.to', addresses: 1, complaints: 1 } },
        ])
        .toArray();
    },

    /**
     * Writes the message of a week down. Its id says the week and no channel: there is one, wherever
     * cards are posted meanwhile.
     * @returns false if it was written down before
     */
    async want(week: string, to: string, at: Date): Promise<boolean> {
      const { upsertedCount } = await announcements.updateOne(
        { _id: `digest:${workspace}:${week}` },
        {
          $setOnInsert: {
            v: 1,
            kind: 'digest',
            about: { kind: 'digest', id: week },
            to,
            state: 'due',
            wanted: 1,
            shown: 0,
            nextAt: at,
            attempts: 0,
            createdAt: at,
          },
        },
        undefined,
        { upsert: true },
      );
      return upsertedCount === 1;
    },
  };
}

/** What the clock must know, across workspaces. */
export function digestClock(db: Db) {
  const requests = db.collection<RequestDocument>(REQUESTS);
  const announcements = db.collection<AnnouncementDocument>(ANNOUNCEMENTS);
  return {
    /** Workspaces in which anybody ever asked for anything, and since when. */
    async workspacesWithRequests(): Promise<{ workspace: string; since: Date }[]> {
      return requests
        .aggregate<{ workspace: string; since: Date }>([
          { $sort: { workspace: 1, requestedAt: 1 } },
          { $group: { _id: '$workspace', since: { $first: '$requestedAt' } } },
          { $project: { _id: 0, workspace: '$_id', since: 1 } },
        ])
        .toArray();
    },

    /** `T0ABC:2026-W48` of the digests of these weeks that are written down already. */
    async digestsWritten(weeks: readonly string[]): Promise<Set<string>> {
      const found = announcements.find(
        { kind: 'digest', 'about.id': { $in: [...weeks] } },
        { projection: { workspace: 1, 'about.id': 1 } },
      );
      return new Set(
        (await found.toArray()).map(({ workspace, about }) => `${workspace}:${about.id}`),
      );
    },
  };
}

/**
 * Requests: one document each; its state is moved by compare-and-set only.
 *
 * The deciding write holds all four eyes in its filter: the state, that the approver is not the
 * requester, that the plan is the one the approver saw, and that it has not expired.
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import { EMAIL_FIELDS } from '../consent/audience.ts';
import type { Plan } from '../consent/plan.ts';
import { REQUEST_KINDS } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import {
  nextState,
  REQUEST_STATES,
  type Request,
  type RequestCounts,
  type RequestEvent,
  type RequestState,
  type RequestStep,
} from '../consent/request.ts';
import { clockIds } from './clock-ids.ts';
import { scoped, type Tx } from './scoped.ts';

export const REQUESTS = 'requests';
/** A cancelled request is looked after this long after its approval (ms). */
const CANCELLED_LATELY_MS = 7 * 24 * 60 * 60 * 1000;

const Counted = z.record(z.string(), z.int().min(0));
const PlanDocument = z.strictObject({
  terms: z.strictObject({
    kind: z.enum(REQUEST_KINDS),
    audience: z.strictObject({
      sources: z.array(z.strictObject({ kind: z.enum(['batch', 'tag']), id: z.string() })),
      match: z.enum(['any', 'all']),
      fields: z.array(z.enum(EMAIL_FIELDS)),
      cutoff: z.date(),
    }),
    interview: z
      .strictObject({
        source: z.string(),
        answers: z.record(z.string(), z.union([z.string(), z.boolean()])),
        attested: z.boolean(),
      })
      .optional(),
    evidence: z
      .array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          bytes: z.int(),
          sha256: z.string().length(64),
          link: z.string().optional(),
        }),
      )
      .optional(),
    reason: z.string().optional(),
    ask: z
      .strictObject({
        who: z.enum(['changed', 'single-opt-in']),
        template: z.string(),
        templateHash: z.string(),
        silence: z.enum(['keep', 'revert']),
        linkDays: z.int(),
        required: z.boolean().optional(),
        reminderDays: z.int().optional(),
        reminderHash: z.string().optional(),
        unknown: z.enum(['hold', 'resend-once']).optional(),
        followsUp: z.literal(true).optional(),
        notAskedDays: z.int().optional(),
      })
      .optional(),
  }),
  counts: z.strictObject({
    addresses: z.int(),
    change: z.int(),
    skips: Counted,
    asks: z.int(),
    askSkips: Counted,
  }),
  countedAt: z.date(),
  hash: z.string().length(64),
});

const ApprovalDocument = z.strictObject({ by: z.string(), at: z.date(), planHash: z.string() });
const StepDocument = z.strictObject({
  event: z.string(),
  by: z.string(),
  at: z.date(),
  note: z.string().optional(),
});

export const RequestDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  kind: z.enum(REQUEST_KINDS),
  state: z.enum(REQUEST_STATES),
  requestedBy: z.string(),
  requestedAt: z.date(),
  plan: PlanDocument,
  warning: z.string().optional(),
  campaign: z.string().optional(),
  runAt: z.date().optional(),
  expiresAt: z.date(),
  approval: ApprovalDocument.optional(),
  history: z.array(StepDocument),
  pausedFrom: z.enum(['processing', 'asking']).optional(),
  counts: z
    .strictObject({ addresses: z.int(), changed: z.int(), skips: Counted, asks: z.int() })
    .optional(),
  /** What the submission came from (a view's id): a replay finds the request instead of a second. */
  submission: z.string(),
});
export type RequestDocument = z.infer<typeof RequestDocument>;

export interface Move {
  readonly event: RequestEvent;
  readonly by: string;
  readonly at: Date;
  readonly note?: string;
}

export function requestStore(db: Db, workspace: string) {
  const requests = scoped(db.collection<RequestDocument>(REQUESTS), workspace);

  /** Moves a request one step along its life, exactly once. */
  async function move(
    request: Request,
    { event, by, at, note }: Move,
    tx?: Tx,
    also: { filter?: Filter<RequestDocument>; set?: object } = {},
  ): Promise<Request> {
    const state = nextState(request.state, event);
    const step: RequestStep = { event, by, at, ...(note === undefined ? {} : { note }) };
    const moved = await requests.findOneAndUpdate(
      { _id: request.id, state: request.state, ...also.filter },
      { $set: { state, ...also.set }, $push: { history: step } },
      tx,
    );
    if (moved === null) throw new Refusal('request_not_open');
    return requestFrom(moved);
  }

  return {
    /** @throws Refusal `request_not_found` */
    async find(id: string, tx?: Tx): Promise<Request> {
      const found = await requests.findOne({ _id: id }, {}, tx);
      if (found === null) throw new Refusal('request_not_found');
      return requestFrom(found);
    },

    /** The state alone: what a worker looks at before each page. */
    async stateOf(id: string): Promise<RequestState | undefined> {
      const found = await requests.findOne({ _id: id }, { projection: { state: 1 } });
      return found?.state;
    },

    /** The states of those of these requests that are there, by id. */
    async statesOf(ids: readonly string[]): Promise<Map<string, RequestState>> {
      const found = requests.find({ _id: { $in: [...ids] } }, { projection: { state: 1 } });
      return new Map((await found.toArray()).map(({ _id, state }) => [_id, state]));
    },

    /** The request that an earlier delivery of the same submission made, if there is one. */
    async findBySubmission(submission: string): Promise<Request | undefined> {
      const found = await requests.findOne({ submission });
      return found === null ? undefined : requestFrom(found);
    },

    async insert(request: Request, submission: string, tx: Tx): Promise<void> {
      const { id, workspace: _workspace, ...rest } = request;
      await requests.insertOne(
        { _id: id, v: 1, ...rest, submission } as unknown as Omit<RequestDocument, 'workspace'>,
        tx,
      );
    },

    move,

    /**
     * Approves: state, four eyes, the plan's hash and the expiry stand in the filter of the write.
     * @throws Refusal `request_not_open` if any of them does not hold any more
     */
    async approve(
      request: Request,
      { by, at, event }: { by: string; at: Date; event: 'approve' | 'approve-later' },
      tx: Tx,
    ): Promise<Request> {
      const { hash } = request.plan;
      return move(request, { event, by, at }, tx, {
        filter: {
          requestedBy: { $ne: by },
          'plan.hash': hash,
          expiresAt: { $gt: at },
        },
        set: { approval: { by, at, planHash: hash } },
      });
    },

    /** Puts a newly counted plan in place of the one that was shown; the request stays open. */
    async replacePlan(request: Request, plan: Plan, at: Date, tx: Tx): Promise<Request> {
      const replaced = await requests.findOneAndUpdate(
        {
          _id: request.id,
          state: 'awaiting-approval',
          'plan.hash': request.plan.hash,
        },
        {
          $set: { plan },
          $push: { history: { event: 'recount', by: 'assent', at } },
        } as unknown as UpdateFilter<RequestDocument>,
        tx,
      );
      if (replaced === null) throw new Refusal('request_not_open');
      return requestFrom(replaced);
    },

    /** Records the end counts together with the last move of the processing. */
    async finishProcessing(
      request: Request,
      { event, counts, at }: { event: 'ask' | 'finish'; counts: RequestCounts; at: Date },
      tx: Tx,
    ): Promise<Request> {
      return move(request, { event, by: 'assent', at }, tx, { set: { counts } });
    },

    /** Of these, those that may send: they are at it, or done with something that may follow. */
    async sendingOf(ids: readonly string[], states: readonly RequestState[]): Promise<Request[]> {
      if (ids.length === 0) return [];
      const followsUp = { state: 'done', 'plan.terms.ask.followsUp': true };
      const filter = { _id: { $in: [...ids] }, $or: [{ state: { $in: [...states] } }, followsUp] };
      const found = await requests.find(filter as Filter<RequestDocument>).toArray();
      return found.map((doc) => requestFrom(doc as RequestDocument));
    },

    /** The latest requests first. @param limit at most 100 */
    async recent(limit: number, states?: readonly RequestState[]): Promise<Request[]> {
      const found = requests.find(states === undefined ? {} : { state: { $in: [...states] } }, {
        sort: { requestedAt: -1 },
        limit,
      });
      return (await found.toArray()).map((doc) => requestFrom(doc as RequestDocument));
    },
  };
}

/** What the clock must look after, across workspaces: ids only. */
export function requestClock(db: Db) {
  const requests = db.collection<RequestDocument>(REQUESTS);
  const ids = clockIds(requests);
  return {
    /** Approved and due, or in the middle: their alarms are set again if a crash lost them. */
    async toRun(now: Date) {
      return ids({
        $or: [
          { state: { $in: ['approved', 'processing', 'asking'] } },
          { state: 'scheduled', runAt: { $lte: now } },
        ],
      });
    },
    /** Cancelled lately: a crash may have kept the asks of their mail from being given back. */
    async cancelledLately(now: Date) {
      const since = new Date(now.getTime() - CANCELLED_LATELY_MS);
      // A campaign's run is younger than the approval that it goes by.
      const late = [{ 'approval.at': { $gte: since } }, { requestedAt: { $gte: since } }];
      return ids({ state: 'cancelled', approval: { $exists: true }, $or: late });
    },
    /** Where reminders or second tries may be due. */
    async workspacesFollowingUp(): Promise<string[]> {
      const filter = {
        'plan.terms.ask.followsUp': true,
        state: { $in: ['processing', 'asking', 'done'] },
      } as Filter<RequestDocument>;
      const groups = requests.aggregate<{ _id: string }>([
        { $match: filter },
        { $group: { _id: '$workspace' } },
      ]);
      return (await groups.toArray()).map(({ _id }) => _id);
    },
    /** Those that wait for an approval since before this moment. */
    async toRemind(before: Date) {
      return ids({ state: 'awaiting-approval', requestedAt: { $lte: before } });
    },

    async toExpire(now: Date) {
      return ids({ state: 'awaiting-approval', expiresAt: { $lte: now } });
    },
  };
}

/** A request as the rest of the program knows it. */
export function requestFrom(document: RequestDocument): Request {
  const { _id, v: _v, submission: _submission, ...rest } = document;
  return { id: _id, ...rest } as unknown as Request;
}

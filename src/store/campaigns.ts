/**
 * Campaigns: one document each; its state is moved by compare-and-set only.
 *
 * The approving write holds all four eyes in its filter, as that of a request does. A run is taken by
 * moving the next run's time on, so that of several clocks that ring at once one has it.
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import {
  CAMPAIGN_STATES,
  type Campaign,
  type CampaignEvent,
  type CampaignRun,
  type CampaignState,
  type CampaignStep,
  CampaignTermsSchema,
  nextCampaignState,
} from '../consent/campaign.ts';
import { Refusal } from '../consent/refusal.ts';
import { clockIds } from './clock-ids.ts';
import { scoped, type Tx } from './scoped.ts';

export const CAMPAIGNS = 'campaigns';
/** Runs that stand in the campaign itself; all of them are requests and ledger entries too. */
const RUNS_KEPT = 20;
const HISTORY_KEPT = 50;

const Counted = z.record(z.string(), z.int().min(0));

export const CampaignDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  state: z.enum(CAMPAIGN_STATES),
  requestedBy: z.string(),
  requestedAt: z.date(),
  terms: CampaignTermsSchema,
  hash: z.string().length(64),
  counts: z.strictObject({
    addresses: z.int(),
    change: z.int(),
    skips: Counted,
    asks: z.int(),
    askSkips: Counted,
  }),
  expiresAt: z.date(),
  approval: z
    .strictObject({ by: z.string(), at: z.date(), hash: z.string().length(64) })
    .optional(),
  nextRunAt: z.date().optional(),
  runs: z.array(
    z.strictObject({
      dueAt: z.date(),
      at: z.date(),
      asks: z.int(),
      request: z.string().optional(),
    }),
  ),
  history: z.array(
    z.strictObject({
      event: z.string(),
      by: z.string(),
      at: z.date(),
      note: z.string().optional(),
    }),
  ),
  /** What the submission came from (a view's id): a replay finds the campaign instead of a second. */
  submission: z.string(),
});
export type CampaignDocument = z.infer<typeof CampaignDocument>;

export interface CampaignMove {
  readonly event: CampaignEvent;
  readonly by: string;
  readonly at: Date;
  readonly note?: string | undefined;
}

export function campaignStore(db: Db, workspace: string) {
  const campaigns = scoped(db.collection<CampaignDocument>(CAMPAIGNS), workspace);

  async function change(
    campaign: Campaign,
    { event, by, at, note }: CampaignMove,
    also: { filter?: Filter<CampaignDocument>; set?: object; unset?: object },
    tx: Tx,
  ): Promise<Campaign> {
    const state = nextCampaignState(campaign.state, event);
    const step: CampaignStep = { event, by, at, ...(note === undefined ? {} : { note }) };
    const moved = await campaigns.findOneAndUpdate(
      { _id: campaign.id, state: campaign.state, ...also.filter },
      {
        $set: { state, ...also.set },
        ...(also.unset === undefined ? {} : { $unset: also.unset }),
        $push: { history: { $each: [step], $slice: -HISTORY_KEPT } },
      } as unknown as UpdateFilter<CampaignDocument>,
      tx,
    );
    if (moved === null) throw new Refusal('campaign_not_open');
    return fromDocument(moved);
  }

  return {
    /** @throws Refusal `campaign_not_found` */
    async find(id: string): Promise<Campaign> {
      const found = await campaigns.findOne({ _id: id });
      if (found === null) throw new Refusal('campaign_not_found');
      return fromDocument(found);
    },

    /** The campaign that an earlier delivery of the same submission made, if there is one. */
    async findBySubmission(submission: string): Promise<Campaign | undefined> {
      const found = await campaigns.findOne({ submission });
      return found === null ? undefined : fromDocument(found);
    },

    async insert({ id, workspace: _workspace, ...rest }: Campaign, submission: string, tx: Tx) {
      await campaigns.insertOne(
        { _id: id, v: 1, ...rest, submission } as unknown as Omit<CampaignDocument, 'workspace'>,
        tx,
      );
    },

    /**
     * Approves: state, four eyes, the terms' hash and the expiry stand in the filter of the write.
     * @throws Refusal `campaign_not_open` if any of them does not hold any more
     */
    async approve(
      campaign: Campaign,
      { by, at, nextRunAt }: { by: string; at: Date; nextRunAt: Date },
      tx: Tx,
    ): Promise<Campaign> {
      const { hash } = campaign;
      const filter = { requestedBy: { $ne: by }, hash, expiresAt: { $gt: at } };
      const set = { approval: { by, at, hash }, nextRunAt };
      return change(campaign, { event: 'approve', by, at }, { filter, set }, tx);
    },

    /** Goes on; `nextRunAt` is the first run after the pause. @throws Refusal `campaign_not_open` */
    async resume(campaign: Campaign, move: Omit<CampaignMove, 'event'>, nextRunAt: Date, tx: Tx) {
      return change(campaign, { event: 'resume', ...move }, { set: { nextRunAt } }, tx);
    },

    /** Any move after which it does not run. @throws Refusal `campaign_not_open` */
    async stop(
      campaign: Campaign,
      move: CampaignMove & { readonly event: Exclude<CampaignEvent, 'approve' | 'resume'> },
      tx: Tx,
    ): Promise<Campaign> {
      return change(campaign, move, { unset: { nextRunAt: '' } }, tx);
    },

    /**
     * Takes the run that is due: moves the time of the next one on, if nobody did.
     * @returns undefined if it was taken, or the campaign was paused, meanwhile
     */
    async takeRun(
      campaign: Campaign,
      { run, nextRunAt }: { run: CampaignRun; nextRunAt: Date },
      tx: Tx,
    ): Promise<Campaign | undefined> {
      const taken = await campaigns.findOneAndUpdate(
        {
          _id: campaign.id,
          state: 'active',
          nextRunAt: run.dueAt,
          'approval.hash': campaign.hash,
          hash: campaign.hash,
        },
        {
          $set: { nextRunAt },
          $push: { runs: { $each: [run], $slice: -RUNS_KEPT } },
        },
        tx,
      );
      return taken === null ? undefined : fromDocument(taken);
    },

    /** The latest campaigns first. @param limit at most 100 */
    async recent(limit: number, states?: readonly CampaignState[]): Promise<Campaign[]> {
      const filter = states === undefined ? {} : { state: { $in: [...states] } };
      const found = campaigns.find(filter, { sort: { requestedAt: -1 }, limit });
      return (await found.toArray()).map((doc) => fromDocument(doc as CampaignDocument));
    },
  };
}

/** What the clock must look after, across workspaces: ids only. */
export function campaignClock(db: Db) {
  const ids = clockIds(db.collection<CampaignDocument>(CAMPAIGNS));
  return {
    async campaignsToRun(now: Date) {
      return ids({ state: 'active', nextRunAt: { $lte: now } });
    },
    async campaignsToExpire(now: Date) {
      return ids({ state: 'awaiting-approval', expiresAt: { $lte: now } });
    },
  };
}

function fromDocument(document: CampaignDocument): Campaign {
  const { _id, v: _v, submission: _submission, ...rest } = document;
  return { id: _id, ...rest } as unknown as Campaign;
}

/**
 * Page: up to 1,000 addresses of one range, judged alone and written in one transaction.
 */
import { askedLatelySince, askWindowStart } from '../consent/ask.ts';
import { oldestConsent } from '../consent/eligibility.ts';
import { type Judged, judgeUnder } from '../consent/judging.ts';
import { ENTRY_ADDRESSES_MAX } from '../consent/ledger.ts';
import type { Permission } from '../consent/permission.ts';
import type { Terms } from '../consent/plan.ts';
import { provenanceHash } from '../consent/provenance.ts';
import { NO_PROVIDER } from '../consent/provider.ts';
import type { Request } from '../consent/request.ts';
import type { AddressPageItem, AskReservation } from '../store/address-document.ts';
import type { Store } from '../store/database.ts';
import type { NewEntry } from '../store/ledger.ts';
import type { RangeDocument } from '../store/ranges.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';

/** A page fits one ledger entry. */
const PAGE_ADDRESSES = ENTRY_ADDRESSES_MAX;

/** Another worker holds the range: nothing of this page was written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** An address changed so that it must be judged anew: nothing of this page was written. */
class PageStale extends Error {
  override readonly name = 'PageStale';
}

/** Pages that change under our hands so often are a fault, not bad luck. */
const PAGE_TRIES_MAX = 10;

export interface PageWork {
  readonly request: Request;
  readonly range: RangeDocument;
  readonly page: readonly AddressPageItem[];
  readonly lease: { readonly token: string; readonly until: Date };
}

/** The next addresses of a range after its checkpoint; empty at its end. */
export async function loadPage(
  { database }: Pick<Deps, 'database'>,
  { workspace, plan }: Request,
  { checkpoint, before }: Pick<RangeDocument, 'checkpoint' | 'before'>,
): Promise<AddressPageItem[]> {
  return database.of(workspace).addresses.page(plan.terms.audience, {
    after: checkpoint,
    before,
    limit: PAGE_ADDRESSES,
    withAsks: plan.terms.ask !== undefined,
  });
}

/** Addresses that share one outcome: they change alike and are asked alike. */
interface Outcome {
  readonly code: string;
  readonly change: { readonly from: Permission; readonly to: Permission } | undefined;
  readonly asks: boolean;
  readonly ids: string[];
}

interface Judgement {
  readonly outcomes: readonly Outcome[];
  readonly skips: Readonly<Record<string, number>>;
}

/**
 * Judges and writes a page. If an address changed meanwhile such that another outcome is due, the
 * page is read and judged anew; an opt-out is simply counted as the skip that it now is.
 * @throws LeaseLost if the range was taken over; then nothing was written
 */
export async function writePage(deps: Deps, work: PageWork): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { request, range } = work;
      const again = tries === 1 ? work.page : await loadPage(deps, request, range);
      // Only addresses up to the first reading's last one: the next page was fetched from there.
      const last = work.page.at(-1)?.id ?? '';
      await writeOnce(deps, { ...work, page: again.filter(({ id }) => id <= last) }, last);
      return;
    } catch (error) {
      if (!(error instanceof PageStale) || tries >= PAGE_TRIES_MAX) throw error;
    }
  }
}

async function writeOnce(deps: Deps, work: PageWork, checkpoint: string): Promise<void> {
  const { request, range, page, lease } = work;
  const at = deps.now();
  const { outcomes, skips } = judgePage(request, page, at);
  const store = deps.database.of(request.workspace);
  await deps.database.inTransaction(async (tx) => {
    const progress = { changed: 0, asks: 0, skips: { ...skips } };
    for (const outcome of outcomes) {
      const took = await writeOutcome(store, { work, outcome, at, tx });
      if (outcome.change !== undefined) progress.changed += took.length;
      if (outcome.asks) progress.asks += took.length;
      if (took.length < outcome.ids.length) {
        await countLate(store, { work, outcome, took, at, tx, skips: progress.skips });
      }
    }
    const counted = { checkpoint, addresses: page.length, ...progress };
    if (!(await store.ranges.advance(range, lease, counted, tx))) throw new LeaseLost(range._id);
  });
}

function judgePage({ plan }: Request, page: readonly AddressPageItem[], at: Date): Judgement {
  const outcomes = new Map<string, Outcome>();
  const skips: Record<string, number> = {};
  const since = askInstants(plan.terms, at);
  for (const item of page) {
    const judged = judgeUnder(plan.terms, factsOf(item, since), at);
    const outcome = outcomeOf(judged);
    if (outcome === undefined) countSkip(skips, judged);
    else {
      const known = outcomes.get(outcome.code) ?? outcome;
      known.ids.push(item.id);
      outcomes.set(outcome.code, known);
    }
  }
  return { outcomes: [...outcomes.values()], skips };
}

/** Since when earlier asks stand in the way of another one. */
const askInstants = ({ ask }: Terms, at: Date) => ({
  windowStart: askWindowStart(at),
  notSince: askedLatelySince(at, ask?.notAskedDays),
});

function factsOf(
  { permission, suppressions, consentAt, asks }: Omit<AddressPageItem, 'id'>,
  { windowStart, notSince }: ReturnType<typeof askInstants>,
) {
  const asksInWindow = asks.filter((ask) => ask >= windowStart).length;
  const askedLately = notSince !== undefined && asks.some((ask) => ask >= notSince);
  return { permission, suppressions, consentAt, asksInWindow, askedLately };
}

function outcomeOf({ verdict, ask }: Judged): Outcome | undefined {
  const change = verdict?.kind === 'change' ? { from: verdict.from, to: verdict.to } : undefined;
  const asks = ask?.kind === 'ask';
  if (change === undefined && !asks) return undefined;
  const code = `${change?.from ?? 'ask'}${change !== undefined && asks ? '+ask' : ''}`;
  return { code, change, asks, ids: [] };
}

/** A request that changes nothing (`reconfirm`) counts whom it does not ask. */
function countSkip(skips: Record<string, number>, { verdict, ask }: Judged): void {
  const reason =
    verdict?.kind === 'skip' ? verdict.reason : ask?.kind === 'skip' ? ask.reason : undefined;
  if (reason !== undefined) skips[reason] = (skips[reason] ?? 0) + 1;
}

interface OutcomeWork {
  readonly work: PageWork;
  readonly outcome: Outcome;
  readonly at: Date;
  readonly tx: Tx;
}

/** Writes one outcome and its proof; returns the ids for which it took effect. */
async function writeOutcome(store: Store, { work, outcome, at, tx }: OutcomeWork) {
  const { request, range } = work;
  const { change, asks, ids } = outcome;
  const ask: AskReservation | undefined = asks
    ? { cause: request.id, kind: 'ask', ...askInstants(request.plan.terms, at) }
    : undefined;
  const entry = `${range._id}.${range.pages}.${outcome.code}`;
  const took =
    change === undefined
      ? await store.addresses.reserveAsks(ids, ask as AskReservation, at, tx)
      : await store.addresses.change(
          { ids, ...change, entry, at, ...judgedBy(request, at), ...(ask ? { ask } : {}) },
          tx,
        );
  if (took.length === 0) return took;
  if (change !== undefined) {
    await store.ledger.append([pageEntry(request, { entry, change, took, at })], tx);
  }
  if (asks) await store.sends.insertMany(sendsOf(work, took, at), tx);
  return took;
}

/** What an opt-in was judged by stands again in the filter of its write. */
function judgedBy({ kind }: Request, at: Date) {
  return kind === 'opt-in' ? { unsuppressed: true, consentNotBefore: oldestConsent(at) } : {};
}

/** Addresses that changed between judging and writing: the recipient won; count them as skips. */
async function countLate(
  store: Store,
  {
    work: { request },
    outcome,
    took,
    at,
    tx,
    skips,
  }: OutcomeWork & { readonly took: readonly string[]; readonly skips: Record<string, number> },
): Promise<void> {
  const taken = new Set(took);
  const late = outcome.ids.filter((id) => !taken.has(id));
  const since = askInstants(request.plan.terms, at);
  for (const { permission, suppressions, consentAt, asks } of await store.addresses.findMany(
    late,
    tx,
  )) {
    const dates = asks.map((ask) => ask.at);
    const facts = factsOf({ permission, suppressions, consentAt, asks: dates }, since);
    const judged = judgeUnder(request.plan.terms, facts, at);
    if (outcomeOf(judged) !== undefined) throw new PageStale(outcome.code);
    countSkip(skips, judged);
  }
}

function pageEntry(
  { id, kind, requestedBy, approval, plan }: Request,
  {
    entry,
    change,
    took,
    at,
  }: {
    entry: string;
    change: { from: Permission; to: Permission };
    took: readonly string[];
    at: Date;
  },
): NewEntry {
  const { interview, reason } = plan.terms;
  return {
    _id: entry,
    act: kind === 'opt-out' ? 'opt-out' : 'opt-in',
    ...change,
    cause: { kind: 'request', id },
    who: requestedBy,
    ...(approval === undefined ? {} : { approver: approval.by }),
    planHash: plan.hash,
    ...(interview === undefined
      ? {}
      : { provenance: { source: interview.source, hash: provenanceHash(interview) } }),
    ...(reason === undefined ? {} : { facts: { reason } }),
    at,
    addresses: [...took],
  };
}

function sendsOf({ request, page }: PageWork, addresses: readonly string[], at: Date) {
  const { ask } = request.plan.terms;
  if (ask === undefined) return [];
  const providers = new Map(page.map(({ id, provider }) => [id, provider ?? NO_PROVIDER]));
  return addresses.map((address) => ({
    cause: { kind: 'request' as const, id: request.id },
    address,
    kind: 'ask' as const,
    provider: providers.get(address) ?? NO_PROVIDER,
    ...(ask.reminderDays === undefined ? {} : { remind: true as const }),
    template: ask.template,
    templateHash: ask.templateHash,
    silence: ask.silence,
    linkDays: ask.linkDays,
    createdAt: at,
  }));
}

/**
 * Send governor, claims: which due mails are claimed next, provider by provider in turn, so that a
 * slow one never stands before the others, and request by request as far as their canaries allow.
 */
import type { Passage } from '../../consent/breaker.ts';
import { isBigProvider, NO_PROVIDER } from '../../consent/provider.ts';
import type { Request } from '../../consent/request.ts';
import type { Store } from '../../store/database.ts';
import type { ClaimQuota, SendClaim } from '../../store/send-claims.ts';
import type { SendDocument } from '../../store/send-document.ts';
import type { Deps } from '../deps.ts';
import { type Allowance, watchCanary } from '../watch-canary.ts';
import { requestsThatSend } from './check-sends.ts';

/** Which providers have due mail is believed for so long. */
const PROVIDERS_BELIEVED_MS = 5_000;
/** Requests and their canaries are looked at this often where all their mail may leave. */
const REQUESTS_BELIEVED_MS = 1_000;
const CANARY_BELIEVED_MS = 30_000;
/** Providers that one claim of a canary looks at. */
const CANARY_PROVIDERS_MAX = 200;
/** Small providers that one claim takes together. */
const SMALL_TOGETHER = 48;

/** What the governor knows of providers. */
export interface Gates {
  /** Reads what is needed to answer. */
  prepare(): Promise<void>;
  passage(provider: string): Passage;
  /** Mails a second that all routes together may send to a slowed provider. */
  slowedTo(provider: string): number | undefined;
}

type Key = string | null;

export function sendClaims(deps: Deps, store: Store, gates: Gates) {
  const requests = requestsInView(deps, store);
  const providers = providersInTurn(store);

  /** What one request's canary still allows, all of it to providers that are open. */
  async function claimCanary(id: string, allowance: Allowance, claim: SendClaim, limit: number) {
    if (allowance.kind !== 'some') return [];
    const open = (await providers.open([id], gates, claim.now)).slice(0, CANARY_PROVIDERS_MAX);
    if (open.length === 0) return [];
    const quotas = quotasOf(open, gates, Math.min(limit, allowance.most));
    const rows = await store.sends.claim(
      quotas.map((quota) => ({ ...quota, requests: [id] })),
      claim,
    );
    if (rows.length === 0) return [];
    const granted = await allowance.take(rows.length);
    const back = rows.slice(granted).map(({ _id }) => ({ id: _id }));
    if (granted === 0) await store.sends.release(claim.token);
    else await store.sends.putBack(back, claim);
    return rows.slice(0, granted);
  }

  /** The first slice of providers that has mail for us, in their turn. */
  async function claimFree(free: readonly string[], claim: SendClaim, limit: number) {
    for (const slice of await providers.next(free, gates, claim.now)) {
      const quotas = quotasOf(slice, gates, limit).map((quota) => ({ ...quota, requests: free }));
      const rows = await store.sends.claim(quotas, claim);
      if (rows.length > 0) return rows;
      providers.passed();
    }
    // A list that was read a moment ago may name providers whose mail is gone by now.
    providers.forget();
    return [];
  }

  return {
    async claim(claim: SendClaim, limit: number): Promise<SendDocument[]> {
      await gates.prepare();
      const { free, canaries } = await requests.look();
      for (const [id, allowance] of canaries) {
        const rows = await claimCanary(id, allowance, claim, limit);
        if (rows.length > 0) return inTurn(rows);
      }
      if (free.length === 0) return [];
      const rows = await claimFree(free, claim, limit);
      return inTurn(rows.length > 0 ? rows : await claimFree(free, claim, limit));
    },
  };
}

/** One of each provider, then the next of each: no provider is sent to at a stretch. */
function inTurn(rows: readonly SendDocument[]): SendDocument[] {
  const queues = new Map<string | undefined, SendDocument[]>();
  for (const row of rows) {
    const queue = queues.get(row.provider);
    if (queue === undefined) queues.set(row.provider, [row]);
    else queue.push(row);
  }
  const longest = Math.max(0, ...[...queues.values()].map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) =>
    [...queues.values()].flatMap((queue) => queue[turn] ?? []),
  ).flat();
}

/** Of each big or slowed provider a share; the small ones share one. A probe is one mail, alone. */
function quotasOf(
  open: readonly Key[],
  gates: Gates,
  limit: number,
): Omit<ClaimQuota, 'requests'>[] {
  const probe = open.find((key) => gates.passage(nameOf(key)) === 'probe');
  if (probe !== undefined) return [{ providers: [probe], limit: 1 }];
  const small = open.filter((key) => isSmall(key, gates));
  const alone = open.filter((key) => !isSmall(key, gates)).map((key) => [key]);
  const parts = small.length === 0 ? alone : [...alone, small];
  const some = parts.slice(0, limit);
  return some
    .map((keys, index) => {
      const share = Math.floor(limit / some.length) + (index < limit % some.length ? 1 : 0);
      const rate = gates.slowedTo(nameOf(keys[0] ?? null));
      const most = rate === undefined ? share : Math.min(share, Math.max(1, Math.ceil(rate)));
      return { providers: keys, limit: most };
    })
    .filter(({ limit: rows }) => rows > 0);
}

const nameOf = (key: Key): string => key ?? NO_PROVIDER;

const isSmall = (key: Key, gates: Gates): boolean =>
  !isBigProvider(nameOf(key)) && gates.slowedTo(nameOf(key)) === undefined;

/** The requests whose mail may leave, and what their canaries allow. */
function requestsInView(deps: Deps, store: Store) {
  let known: ReadonlyMap<string, Request> = new Map();
  let readAtMs = Number.NEGATIVE_INFINITY;
  const allowances = new Map<string, { allowance: Allowance; atMs: number }>();

  async function allowanceOf(request: Request): Promise<Allowance> {
    const found = allowances.get(request.id);
    if (found !== undefined && performance.now() - found.atMs < CANARY_BELIEVED_MS) {
      return found.allowance;
    }
    const allowance = await watchCanary(deps, store, request);
    // Only what lasts is remembered; how far a stage has come is looked at each time.
    if (allowance.kind === 'all' || request.state === 'done') {
      allowances.set(request.id, { allowance, atMs: performance.now() });
    }
    return allowance;
  }

  return {
    async look(): Promise<{ free: string[]; canaries: [string, Allowance][] }> {
      if (performance.now() - readAtMs > REQUESTS_BELIEVED_MS) {
        known = await requestsThatSend(store);
        readAtMs = performance.now();
      }
      const free: string[] = [];
      const canaries: [string, Allowance][] = [];
      for (const request of known.values()) {
        const allowance = await allowanceOf(request);
        if (allowance.kind === 'all') free.push(request.id);
        if (allowance.kind === 'some') canaries.push([request.id, allowance]);
      }
      return { free, canaries };
    },
  };
}

/** The providers with due mail, in turn. */
function providersInTurn(store: Store) {
  let names = '';
  let list: readonly Key[] = [];
  let readAtMs = Number.NEGATIVE_INFINITY;
  let cursor = 0;

  async function dueOf(requests: readonly string[], now: Date): Promise<readonly Key[]> {
    const lists = await Promise.all(requests.map((id) => store.sendGroups.dueProviders(id, now)));
    return [...new Set(lists.flat())];
  }

  const openOf = (keys: readonly Key[], gates: Gates) =>
    keys.filter((key) => gates.passage(nameOf(key)) !== 'shut');

  return {
    /** All that are open, for a request by itself. */
    async open(requests: readonly string[], gates: Gates, now: Date): Promise<readonly Key[]> {
      return openOf(await dueOf(requests, now), gates);
    },

    /** The slices of one round, beginning where the last one ended. */
    async next(requests: readonly string[], gates: Gates, now: Date): Promise<readonly Key[][]> {
      const isOld = performance.now() - readAtMs > PROVIDERS_BELIEVED_MS;
      if (isOld || names !== requests.join()) {
        list = await dueOf(requests, now);
        names = requests.join();
        readAtMs = performance.now();
      }
      const open = openOf(list, gates);
      const big = open.filter((key) => !isSmall(key, gates));
      const small = open.filter((key) => isSmall(key, gates));
      const count = Math.max(1, Math.ceil(small.length / SMALL_TOGETHER));
      const slices = Array.from({ length: count }, (_, index) => {
        const from = ((index + cursor) % count) * SMALL_TOGETHER;
        return [...big, ...small.slice(from, from + SMALL_TOGETHER)];
      });
      cursor += 1;
      return open.length === 0 ? [] : slices;
    },
    /** A slice had nothing. */
    passed() {
      cursor += 1;
    },
    forget() {
      readAtMs = Number.NEGATIVE_INFINITY;
    },
  };
}

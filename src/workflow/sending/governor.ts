/**
 * Send governor: who may be mailed now, and over which route: the pace that receivers accept.
 *
 *   claim:  requests (as far as their canaries allow) × providers in turn, those that are shut left out
 *   admit:  a route for each mail by weight, as far as its rate, its warm-up and its breakers allow
 *   note:   what became of a mail, for the breakers and the paces that all senders share
 *
 * One governor serves one pass. What it decides on lives in the database; what it keeps itself is
 * believed for a moment only.
 */
import { NO_PROVIDER } from '../../consent/provider.ts';
import { dailyCap, dayOf } from '../../consent/warm-up.ts';
import type { Delivery } from '../../mail/delivery.ts';
import type { Store } from '../../store/database.ts';
import type { SendClaim } from '../../store/send-claims.ts';
import type { SendDocument } from '../../store/send-document.ts';
import type { AskMailer, Deps, MailRoute } from '../deps.ts';
import type { CheckedSend } from './check-sends.ts';
import { sendClaims } from './governor-claims.ts';
import { newsGatherer } from './governor-news.ts';
import { type OpenRoute, routeChooser } from './governor-routes.ts';
import { type PaceView, paceView } from './governor-view.ts';

const SECOND_MS = 1_000;
/** A mail that a slow provider has no room for is looked at again after this long at most. */
const PUT_OFF_MS_MAX = 60 * 60 * 1_000;

export interface Admission {
  readonly go: readonly { readonly item: CheckedSend; readonly route: MailRoute }[];
  /** The route is at its rate: a moment. */
  readonly wait: readonly CheckedSend[];
  /** No route takes them now: they go back into the queue. */
  readonly back: readonly { readonly send: SendDocument; readonly nextAt?: Date }[];
}

export interface Governor {
  /** Claims up to `limit` mails that may leave now; none: nothing is due, or nothing may leave. */
  claim(claim: SendClaim, limit: number): Promise<SendDocument[]>;
  admit(items: readonly CheckedSend[]): Promise<Admission>;
  /** False if its route or its provider was shut since it was admitted. */
  mayBegin(route: MailRoute, send: SendDocument): boolean;
  note(route: MailRoute, send: SendDocument, delivery: Delivery): Promise<void>;
  /** At the end of a pass. */
  finish(): Promise<void>;
}

export interface GovernorScope {
  readonly deps: Deps;
  readonly mail: AskMailer;
  readonly workspace: string;
  readonly store: Store;
}

export function sendGovernor(scope: GovernorScope): Governor {
  const { deps, mail, workspace, store } = scope;
  const view = paceView(store, deps.now);
  const news = newsGatherer(deps, workspace, view);
  const spent = new Set<string>();
  /** Mails that were let through a breaker that is shut to all others. */
  const probes = new Set<string>();
  const open = (provider: string): OpenRoute[] =>
    mail.routes
      .filter(({ name }) => !spent.has(name))
      .map((route) => ({ route, passage: view.passage(route, provider) }))
      .filter(({ passage }) => passage !== 'shut');
  const claims = sendClaims(deps, store, {
    async prepare() {
      await view.refresh();
    },
    passage(provider) {
      const passages = open(provider).map(({ passage }) => passage);
      if (passages.includes('free')) return 'free';
      return passages.length === 0 ? 'shut' : 'probe';
    },
    slowedTo(provider) {
      const rates = open(provider).map(({ route }) => view.rate(route, provider));
      const slowed = rates.filter((rate) => rate !== undefined);
      return slowed.length < rates.length ? undefined : slowed.reduce((sum, rate) => sum + rate, 0);
    },
  });
  let claiming: Promise<unknown> = Promise.resolve();
  const routeFor = routeChooser(scope, { view, open, probes });

  return {
    claim(claim, limit) {
      // One at a time: lanes that look together find the same rows, and all but one of them none.
      const claimed = claiming.then(() => claims.claim(claim, limit));
      claiming = claimed.catch(() => undefined);
      return claimed;
    },

    async admit(items) {
      await view.refresh();
      const go: Admission['go'][number][] = [];
      const wait: CheckedSend[] = [];
      const back: Admission['back'][number][] = [];
      const { routed, none } = await byRoute(items, routeFor);
      back.push(...none.map((send) => ({ send })));
      for (const [route, mails] of routed) {
        const paced = await pace(scope, view, { route, mails });
        back.push(...paced.back);
        const room = await roomOf(scope, { route, wanted: paced.mails.length });
        if (room.isSpent) spent.add(route.name);
        go.push(...paced.mails.slice(0, room.granted).map((item) => ({ item, route })));
        wait.push(...paced.mails.slice(room.granted));
      }
      return { go, wait, back };
    },

    mayBegin: (route, send) =>
      probes.delete(send._id) || view.passage(route, providerOfSend(send)) === 'free',

    note: (route, send, delivery) => news.note(route, providerOfSend(send), delivery),
    finish: () => news.flush(),
  };
}

async function byRoute(
  items: readonly CheckedSend[],
  routeFor: (send: SendDocument, provider: string) => Promise<MailRoute | undefined>,
) {
  const routed = new Map<MailRoute, CheckedSend[]>();
  const none: SendDocument[] = [];
  for (const item of items) {
    const route = await routeFor(item.send, providerOfSend(item.send));
    if (route === undefined) none.push(item.send);
    else routed.set(route, [...(routed.get(route) ?? []), item]);
  }
  return { routed, none };
}

const providerOfSend = ({ provider }: Pick<SendDocument, 'provider'>): string =>
  provider ?? NO_PROVIDER;

/** Leaves out what slowed providers have no room for; that is due again when they have. */
async function pace(
  { deps, store }: GovernorScope,
  view: PaceView,
  { route, mails }: { route: MailRoute; mails: readonly CheckedSend[] },
) {
  const free: CheckedSend[] = [];
  const back: Admission['back'][number][] = [];
  const slowed = new Map<string, CheckedSend[]>();
  for (const item of mails) {
    const provider = providerOfSend(item.send);
    if (view.rate(route, provider) === undefined) free.push(item);
    else slowed.set(provider, [...(slowed.get(provider) ?? []), item]);
  }
  for (const [provider, items] of slowed) {
    const rate = view.rate(route, provider) ?? route.perSecond;
    const name = `mail:${route.name}:${provider}`;
    const bucket = store.budget({ name, perSecond: rate, capacity: Math.max(1, rate) });
    const granted = await bucket.take(items.length);
    free.push(...items.slice(0, granted));
    for (const [index, { send }] of items.slice(granted).entries()) {
      const waitMs = Math.min(PUT_OFF_MS_MAX, ((index + 1) / rate) * SECOND_MS);
      back.push({ send, nextAt: new Date(deps.now().getTime() + waitMs) });
    }
  }
  return { mails: free, back };
}

/** How many of the wanted mails a route takes now, by its rate and by its day's cap. */
async function roomOf(
  { deps, store }: GovernorScope,
  { route, wanted }: { route: MailRoute; wanted: number },
): Promise<{ granted: number; isSpent: boolean }> {
  if (wanted === 0) return { granted: 0, isSpent: false };
  const { name, perSecond } = route;
  const rate = store.budget({
    name: `mail:${name}`,
    perSecond,
    capacity: Math.max(1, perSecond),
    isShared: true,
  });
  const byRate = await rate.take(wanted);
  const cap = dailyCap(route.warmUpFrom, deps.now());
  if (cap === undefined || byRate === 0) return { granted: byRate, isSpent: false };
  if (cap === 0) return { granted: 0, isSpent: true };
  const day = `mail:${name}:${dayOf(deps.now())}`;
  const granted = await store
    .budget({ name: day, perSecond: 0, capacity: cap, isShared: true })
    .take(byRate);
  await rate.giveBack(byRate - granted);
  return { granted, isSpent: granted < byRate };
}

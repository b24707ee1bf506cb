/**
 * Send governor, news: what each mail tells about its route and its provider, gathered, and written
 * where it matters. A route without trouble costs no write at all.
 */
import type { RouteNews } from '../../consent/breaker.ts';
import { asksToSlow } from '../../consent/pace.ts';
import type { Delivery } from '../../mail/delivery.ts';
import { type Pace, type PaceKey, WHOLE_ROUTE } from '../../store/paces.ts';
import { learnPace } from '../change-pace.ts';
import type { Deps, MailRoute } from '../deps.ts';
import type { PaceView } from './governor-view.ts';

/** News that nobody waits for is written when so much has come together. */
const GATHERED_MAX = 100;

interface Gathered {
  readonly key: PaceKey;
  readonly limit: number;
  readonly news: RouteNews[];
  slow: boolean;
}

export interface NewsGatherer {
  /** Takes note of one mail; what changes what may be sent is written at once. */
  note(route: MailRoute, provider: string, delivery: Delivery): Promise<void>;
  /** Writes the rest. */
  flush(): Promise<void>;
}

export function newsGatherer(deps: Deps, workspace: string, view: PaceView): NewsGatherer {
  let gathered = new Map<string, Gathered>();
  let count = 0;
  let writing: Promise<void> = Promise.resolve();

  function add(route: MailRoute, provider: string, told: { news?: RouteNews; slow?: boolean }) {
    const key = { route: route.name, provider };
    // Where there is no trouble, good news is no news.
    if (told.slow !== true && told.news === 'fine' && isClean(view.find(key))) return;
    const name = `${route.name}\0${provider}`;
    const entry = gathered.get(name) ?? { key, limit: route.perSecond, news: [], slow: false };
    if (told.news !== undefined) entry.news.push(told.news);
    if (told.slow === true) entry.slow = true;
    gathered.set(name, entry);
    count += 1;
  }

  async function write(): Promise<void> {
    const entries = [...gathered.values()];
    gathered = new Map();
    count = 0;
    for (const learned of entries) await learnPace(deps, workspace, learned);
    if (entries.length === 0) return;
    // What this sender learned counts for its very next mail.
    view.forget();
    await view.refresh();
  }

  async function flush(): Promise<void> {
    writing = writing.then(write);
    await writing;
  }

  return {
    async note(route, provider, delivery) {
      const news = newsOf(delivery);
      const slow = delivery.kind === 'deferred' && asksToSlow(delivery);
      if (news === undefined) return;
      add(route, WHOLE_ROUTE, { news });
      // That a server cannot be reached says nothing about who is behind it.
      const isAboutRoute = news === 'connect-failure' || news === 'auth-failure';
      if (!isAboutRoute) add(route, provider, { news, slow });
      const isUrgent = news !== 'fine' || slow || view.isTroubled(route.name, provider);
      if (isUrgent || count >= GATHERED_MAX) await flush();
    },
    flush,
  };
}

/** True if good news would change nothing. */
function isClean(pace: Pace | undefined): boolean {
  if (pace === undefined) return true;
  const { state, failures, results } = pace.breaker;
  return state === 'closed' && failures === 0 && !results.includes(1);
}

/** Undefined if the mail tells nothing about its route. */
function newsOf(delivery: Delivery): RouteNews | undefined {
  switch (delivery.kind) {
    case 'accepted':
    case 'bounced':
    case 'deferred':
      return 'fine';
    case 'blocked':
      return 'policy-block';
    case 'unknown':
      return undefined;
    case 'route-down':
      if (delivery.fault === 'stopped') return undefined;
      return delivery.fault === 'auth' || delivery.fault === 'config'
        ? 'auth-failure'
        : 'connect-failure';
    default:
      return delivery satisfies never;
  }
}

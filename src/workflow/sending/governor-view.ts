/**
 * Send governor, view: what is held back now, as one sender knows it: read together, believed for a
 * moment, read anew when this sender itself learned something.
 */
import { type Passage, passage } from '../../consent/breaker.ts';
import { rateNow } from '../../consent/pace.ts';
import type { Store } from '../../store/database.ts';
import { type Pace, type PaceKey, WHOLE_ROUTE } from '../../store/paces.ts';
import type { MailRoute } from '../deps.ts';

/** What other senders learned is seen after this long at most. */
const BELIEVED_MS = 1_000;

export interface PaceView {
  refresh(): Promise<void>;
  /** The next refresh reads anew. */
  forget(): void;
  find(key: PaceKey): Pace | undefined;
  /** What may pass over a route to a provider: the worse of the route's own and the provider's. */
  passage(route: MailRoute, provider: string): Passage;
  /** The rate a provider is slowed to on a route, in mails a second; undefined: it is not. */
  rate(route: MailRoute, provider: string): number | undefined;
  /** True if a mail's success would change something: it must be known soon. */
  isTroubled(route: string, provider: string): boolean;
}

const WORSE: readonly Passage[] = ['shut', 'probe', 'free'];

export function paceView(store: Store, now: () => Date): PaceView {
  let known = new Map<string, Pace>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  /** Reads may overtake one another: what an older one saw must not replace what a newer one did. */
  let reads = 0;
  let shown = 0;
  const find = ({ route, provider }: PaceKey) => known.get(`${route}\0${provider}`);
  return {
    async refresh() {
      if (performance.now() - readAtMs < BELIEVED_MS) return;
      readAtMs = performance.now();
      reads += 1;
      const read = reads;
      const paces = await store.paces.all();
      if (read < shown) return;
      shown = read;
      known = new Map(paces.map((pace) => [`${pace.route}\0${pace.provider}`, pace]));
    },
    forget() {
      readAtMs = Number.NEGATIVE_INFINITY;
    },
    find,
    passage({ name: route }, provider) {
      const both = [WHOLE_ROUTE, provider].map((each) =>
        passage(find({ route, provider: each })?.breaker, now()),
      );
      return WORSE.find((each) => both.includes(each)) ?? 'free';
    },
    rate: ({ name: route, perSecond }, provider) =>
      rateNow(find({ route, provider })?.slowed, perSecond, now()),
    isTroubled: (route, provider) =>
      [WHOLE_ROUTE, provider].some((each) => {
        const breaker = find({ route, provider: each })?.breaker;
        return breaker !== undefined && (breaker.state !== 'closed' || breaker.failures > 0);
      }),
  };
}

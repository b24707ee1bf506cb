/**
 * Send governor, routes: which route one mail takes: a probe where a route waits for one, else one of
 * those that are open, by weight.
 */
import type { Passage } from '../../consent/breaker.ts';
import { WHOLE_ROUTE } from '../../store/paces.ts';
import type { SendDocument } from '../../store/send-document.ts';
import { takeProbe } from '../change-pace.ts';
import type { Deps, MailRoute } from '../deps.ts';
import type { PaceView } from './governor-view.ts';

/** A route that is not shut to a provider. */
export interface OpenRoute {
  readonly route: MailRoute;
  readonly passage: Passage;
}

interface Choice {
  readonly view: PaceView;
  readonly open: (provider: string) => readonly OpenRoute[];
  /** Gets the ids of mails that were let through as probes. */
  readonly probes: Set<string>;
}

/** The route for one mail to a provider; undefined: none now. */
export function routeChooser(
  { deps, workspace }: { readonly deps: Deps; readonly workspace: string },
  { view, open, probes }: Choice,
): (send: Pick<SendDocument, '_id'>, provider: string) => Promise<MailRoute | undefined> {
  const choose = byWeight();

  async function takesProbe(route: MailRoute, provider: string): Promise<boolean> {
    for (const each of [WHOLE_ROUTE, provider]) {
      const key = { route: route.name, provider: each };
      if (view.find(key) === undefined) continue;
      if (!(await takeProbe(deps, workspace, key))) return false;
    }
    return true;
  }

  return async ({ _id }, provider) => {
    const options = open(provider);
    for (const { route, passage } of options) {
      if (passage !== 'probe') continue;
      view.forget();
      if (!(await takesProbe(route, provider))) continue;
      probes.add(_id);
      return route;
    }
    return choose(options.filter(({ passage }) => passage === 'free').map(({ route }) => route));
  };
}

/** Smooth weighted round robin: over time each route gets its share, and none gets it in one go. */
function byWeight(): (routes: readonly MailRoute[]) => MailRoute | undefined {
  const credit = new Map<string, number>();
  return (routes) => {
    const total = routes.reduce((sum, { weight }) => sum + weight, 0);
    let best: MailRoute | undefined;
    for (const route of routes) {
      credit.set(route.name, (credit.get(route.name) ?? 0) + route.weight);
      const isBetter = (credit.get(route.name) ?? 0) > (credit.get(best?.name ?? '') ?? 0);
      if (best === undefined || isBetter) best = route;
    }
    if (best !== undefined) credit.set(best.name, (credit.get(best.name) ?? 0) - total);
    return best;
  };
}

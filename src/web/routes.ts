/**
 * Routes: which path is served by which door, and by which methods. GET and HEAD change nothing,
 * on any of them but Slack's redirect after an installation (install-door.ts).
 */

export const ROUTES = [
  { name: 'review', methods: ['GET', 'POST'], pattern: /^\/c\/([^/]+)$/u },
  { name: 'stop', methods: ['GET', 'POST'], pattern: /^\/s\/([^/]+)$/u },
  { name: 'one-click', methods: ['GET', 'POST'], pattern: /^\/u\/([^/]+)$/u },
  { name: 'hook', methods: ['POST'], pattern: /^\/hooks\/(ses|sendgrid|mailgun|postmark)$/u },
  { name: 'install', methods: ['GET', 'POST'], pattern: /^\/slack\/install$/u },
  { name: 'oauth-redirect', methods: ['GET'], pattern: /^\/slack\/oauth_redirect$/u },
  { name: 'healthz', methods: ['GET'], pattern: /^\/healthz$/u },
  { name: 'readyz', methods: ['GET'], pattern: /^\/readyz$/u },
  { name: 'home', methods: ['GET'], pattern: /^\/$/u },
] as const;

export type Route = (typeof ROUTES)[number];
export type RouteName = Route['name'];

/** Longer paths are not looked at: no link of ours is (characters). */
const PATH_CHARACTERS_MAX = 500;

export interface FoundRoute {
  readonly route: Route;
  /** The token (or the name of a hook) in the path, decoded; empty for routes without one. */
  readonly token: string;
}

/** The path of a request target, in origin form or absolute form (RFC 9112, 3.2). */
export function pathOf(target: string): string | undefined {
  if (target.length > PATH_CHARACTERS_MAX) return undefined;
  if (target.startsWith('/')) return target.split('?', 1)[0];
  return /^https?:/iu.test(target) && URL.canParse(target) ? new URL(target).pathname : undefined;
}

export function findRoute(path: string): FoundRoute | undefined {
  for (const route of ROUTES) {
    const match = route.pattern.exec(path);
    if (match === null) continue;
    const token = decode(match[1] ?? '');
    return token === undefined ? undefined : { route, token };
  }
  return undefined;
}

/** What RFC 9110, 10.2.1 wants told. */
export function allowOf({ methods }: Route): string {
  return methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/**
 * Answer: from an HTTP request to what is written back. Nothing that a client sends makes it throw,
 * and no token is ever logged: requests are named by their route.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { clientGroup } from '../consent/client-rate.ts';
import type { Answer, AskDoor, Visit } from './ask-door.ts';
import { clientIp } from './client-ip.ts';
import type { HealthDoor } from './health-door.ts';
import { HttpFault } from './http-fault.ts';
import type { InstallDoor } from './install-door.ts';
import { localeFor } from './languages.ts';
import type { Pages } from './pages.ts';
import { readForm } from './request-body.ts';
import { allowOf, findRoute, pathOf, type RouteName } from './routes.ts';
import type { Headers } from './security-headers.ts';
import type { HookDoor } from './webhook-door.ts';

/** A client that still sends after its answer gets this long to hear it. */
const LINGER_MS = 1_000;

export interface Doors {
  readonly asks: AskDoor;
  readonly health: HealthDoor;
  readonly hooks: HookDoor;
  readonly installs: InstallDoor;
  readonly pages: Pages;
  readonly headers: Headers;
  readonly trustedProxies: number;
  readonly log: Logger;
}

/** Serves a request. Never throws and never rejects. */
export async function answer(
  doors: Doors,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = performance.now();
  const found = findRoute(pathOf(request.url ?? '') ?? '');
  const route = found?.route.name ?? 'none';
  try {
    const given = await serve(doors, request, found);
    write(doors, { request, response }, given);
  } catch (error) {
    writeFault(doors, { request, response, route }, error);
  }
  const ms = Math.round(performance.now() - startedMs);
  const level = route === 'healthz' || route === 'readyz' ? 'debug' : 'info';
  doors.log[level]({ route, method: request.method, status: response.statusCode, ms }, 'answered');
}

async function serve(
  { asks, health, hooks, installs, pages, trustedProxies }: Doors,
  request: IncomingMessage,
  found: ReturnType<typeof findRoute>,
): Promise<Answer> {
  if (found === undefined) throw new HttpFault(404, 'notFound');
  const { route, token } = found;
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  if (!route.methods.some((allowed) => allowed === method)) {
    throw new HttpFault(405, 'wrongMethod', { Allow: allowOf(route) });
  }
  if (route.name === 'install' || route.name === 'oauth-redirect') {
    return installs.serve(route.name, request);
  }
  if (route.name === 'hook') return hooks.receive(token, request);
  const visit = visitOf(request, token, trustedProxies);
  if (method === 'POST') return post(asks, route.name, visit, await readForm(request));
  switch (route.name) {
    case 'review':
      return asks.showReview(visit);
    case 'stop':
    case 'one-click':
      return asks.showStop(visit);
    case 'healthz':
      return health.alive();
    case 'readyz':
      return health.ready();
    case 'home': {
      const locale = localeFor(pages.locales, undefined, visit.acceptLanguage);
      return { status: 200, body: pages.notice(locale, 'home') };
    }
    default:
      return route satisfies never;
  }
}

async function post(
  asks: AskDoor,
  route: Exclude<RouteName, 'hook' | 'install' | 'oauth-redirect'>,
  visit: Visit,
  form: ReadonlyMap<string, string>,
): Promise<Answer> {
  switch (route) {
    case 'review':
      return asks.confirm(visit, form);
    case 'stop':
      return asks.stop(visit, form);
    case 'one-click':
      return asks.oneClick(visit, form);
    case 'healthz':
    case 'readyz':
    case 'home':
      throw new HttpFault(405, 'wrongMethod');
    default:
      return route satisfies never;
  }
}

function visitOf(request: IncomingMessage, token: string, trustedProxies: number): Visit {
  const ip = clientIp(request, trustedProxies);
  return {
    token,
    ip,
    client: clientGroup(ip),
    userAgent: request.headers['user-agent'],
    acceptLanguage: request.headers['accept-language'],
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function write(
  { headers }: Pick<Doors, 'headers'>,
  { request, response }: Exchange,
  { status, body, plain, extra = {} }: Answer,
): void {
  if (response.headersSent || response.destroyed) return;
  const bytes = Buffer.from(body, 'utf8');
  endUnreadBody({ request, response });
  response.writeHead(status, {
    ...headers,
    ...extra,
    'Content-Type': plain === true ? 'text/plain; charset=utf-8' : 'text/html; charset=utf-8',
    'Content-Length': bytes.length,
    ...(plain === true ? {} : { Vary: 'Accept-Language' }),
  });
  // Of an answer to HEAD, Node sends the headers only.
  response.end(bytes);
}

/** Refused requests get their page; anything else one apology, whose reference stands in the log. */
export function writeFault(
  doors: Doors,
  { request, response, route }: Exchange & { readonly route: string },
  error: unknown,
): void {
  const fault = error instanceof HttpFault ? error : new HttpFault(500, 'broken');
  if (fault.status === 500) {
    // A client that went away in the middle of its request is no fault of ours.
    if (request.destroyed && !request.complete) return;
    const reference = randomBytes(4).toString('hex');
    doors.log.error({ err: error, route, reference }, 'a page could not be served');
  }
  const locale = localeFor(doors.pages.locales, undefined, request.headers['accept-language']);
  const body = doors.pages.notice(locale, fault.notice);
  write(doors, { request, response }, { status: fault.status, body, extra: fault.headers });
}

/**
 * Where a body was not read to its end, the connection is of no more use: it is closed, after the
 * client had time to hear why. What it still sends is thrown away as it comes.
 */
function endUnreadBody({ request, response }: Exchange): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || request.complete) return;
  response.setHeader('Connection', 'close');
  request.on('error', () => undefined);
  request.resume();
  response.once('finish', () => {
    setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  });
}

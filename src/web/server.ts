/**
 * Web server: one HTTP server for everything that comes in: recipients' pages, health checks, and
 * Slack where it speaks HTTP. TLS is ended in front of it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Deps } from '../workflow/deps.ts';
import { answer, type Doors, writeFault } from './answer.ts';
import { askDoor } from './ask-door.ts';
import { healthDoor } from './health-door.ts';
import { installDoor } from './install-door.ts';
import { installPages } from './install-pages.ts';
import type { PageLocales } from './page-words.ts';
import { pagesOf } from './pages.ts';
import { rateLimit } from './rate-limit.ts';
import { pathOf } from './routes.ts';
import { securityHeaders, sharedHeaders } from './security-headers.ts';
import { handToSlack, isForSlack, type SlackListener } from './slack-door.ts';
import { type HookSettings, hookDoor } from './webhook-door.ts';
import type { HookFetch } from './webhook-sns.ts';

/** Whoever needs longer for some headers and a form of two fields holds a connection on purpose. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 15_000;
const KEEP_ALIVE_MS = 10_000;
/** A connection on which nothing moves. */
const SOCKET_IDLE_MS = 30_000;
const HEADER_BYTES_MAX = 16 * 1024;
const REQUESTS_PER_CONNECTION_MAX = 1_000;
const CONNECTIONS_MAX = 5_000;
/** Requests that are being served when the process is told to stop get this long. */
const CLOSE_GRACE_MS = 5_000;

export interface WebServerOptions {
  readonly deps: Deps;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly pages: PageLocales;
  /** Bolt's request listener, for `/slack/*`. */
  readonly slack?: SlackListener | undefined;
  /** How many proxies of the operator's own stand in front; see client-ip.ts. */
  readonly trustedProxies: number;
  /** Which mail providers may report, and how they prove who they are; none if not given. */
  readonly hooks?: HookSettings | undefined;
  /** How Amazon's certificates are fetched, if not from Amazon. */
  readonly hookFetch?: HookFetch | undefined;
}

export interface WebServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Takes no more, lets what is being served end, then cuts the rest. */
  close(): Promise<void>;
}

/** @throws Error with the remedy if the port cannot be listened on */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { host, port, deps } = options;
  const server = createServer({
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    connectionsCheckingInterval: HEADERS_MS / 2,
  });
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SOCKET_IDLE_MS);
  const doors = doorsOf(options);
  server.on('request', (request, response) => {
    response.on('error', (error) => deps.log.debug({ err: error }, 'a client went away'));
    void route(options, doors, request, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    refuseGarbage(error, socket);
  });
  await listen(server, host, port);
  return { url: urlOf(server), close: () => close(server) };
}

function doorsOf({
  deps,
  pages: locales,
  trustedProxies,
  hooks = { sesTopics: [] },
  hookFetch,
}: WebServerOptions): Doors {
  const { publicUrl, log } = deps;
  const host = new URL(publicUrl).hostname;
  const pages = pagesOf(locales, host);
  const headers = securityHeaders({ publicUrl, styleHash: pages.styleHash });
  return {
    pages,
    asks: askDoor({ deps, pages, limit: rateLimit(deps.now) }),
    hooks: hookDoor(deps, hooks, hookFetch),
    health: healthDoor(deps.database, () => performance.now()),
    headers,
    installs: installDoor({
      deps,
      pages: installPages(locales, host),
      limit: rateLimit(deps.now),
      headers,
      trustedProxies,
    }),
    trustedProxies,
    log,
  };
}

/** Never rejects: whatever goes wrong ends as an answer or a closed connection. */
async function route(
  { deps, slack }: WebServerOptions,
  doors: Doors,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { log, publicUrl } = deps;
  try {
    if (!isForSlack(pathOf(request.url ?? ''))) return await answer(doors, request, response);
    for (const [name, value] of Object.entries(sharedHeaders(publicUrl))) {
      response.setHeader(name, value);
    }
    try {
      await handToSlack(slack, { request, response, log });
    } catch (error) {
      writeFault(doors, { request, response, route: 'slack' }, error);
    }
  } catch (error) {
    log.error({ err: error }, 'a request could not be answered at all');
    request.socket.destroy();
  }
}

/** What is no HTTP, too slow, or has too many headers: said in one line, and the end. */
function refuseGarbage({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  socket.destroySoon();
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new Error(
          `The web server cannot listen on ${host}:${port}. Choose another port, or end what uses it.`,
          { cause },
        ),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

function urlOf(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a TCP server has an address');
  const { address, port, family } = bound;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

/**
 * Server: the playable Slack on the loopback. Pages are drawn here, acts are posted with the token
 * of this start, and every change is told to the open pages.
 *
 * Other web pages in the same browser must not act here, nor read: the host must be the loopback's
 * own (DNS rebinding), acts carry the token, and nothing of elsewhere is loaded.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Inbox } from '../inbox/inbox.ts';
import type { SlackDouble } from '../slack/double.ts';
import { parseJson } from '../slack/json.ts';
import { BadAct, greet, perform, type Theatre } from './acts.ts';
import { type Changes, newChanges } from './changes.ts';
import type { Frame } from './frame.ts';
import { readManifest } from './manifest.ts';
import { renderPage } from './page.ts';
import { mailPage } from './page-inbox.ts';
import { newReads } from './reads.ts';
import { readScreen, worldOf } from './screen.ts';

const HOST = '127.0.0.1';
export const USUAL_PORT = 3333;
/** Ten files of 10 MB, as base64. */
const BODY_BYTES_MAX = 150_000_000;

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const ASSETS: Readonly<Record<string, string>> = {
  '/style.css': 'text/css',
  '/icon.svg': 'image/svg+xml',
  '/client/main.js': 'text/javascript',
  '/client/morph.js': 'text/javascript',
  '/client/wire.js': 'text/javascript',
  '/client/combo.js': 'text/javascript',
  '/client/compose.js': 'text/javascript',
  '/client/dialogs.js': 'text/javascript',
  '/client/acts.js': 'text/javascript',
};

export interface Browser {
  /** `http://127.0.0.1:3333/`. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface BrowserOptions {
  readonly slack: SlackDouble;
  readonly inbox: Inbox;
  /** The company that this Slack belongs to; `Demo` if not said. */
  readonly company?: string;
  readonly installing?: Frame['installing'];
  readonly managing?: Frame['managing'];
  /** Who and where one is first. */
  readonly first: { readonly user: string; readonly channel: string };
  /** Another one is taken if somebody has it. */
  readonly port: number;
}

interface Door
  extends Theatre,
    Pick<BrowserOptions, 'inbox' | 'first'>,
    Pick<Frame, 'company' | 'installing' | 'managing'> {
  readonly token: string;
  readonly changes: Changes;
}

export async function startBrowser(options: BrowserOptions): Promise<Browser> {
  const { slack, inbox, first, port } = options;
  greet(slack.workspace);
  const door: Door = {
    slack,
    inbox,
    first,
    company: options.company ?? 'Demo',
    installing: options.installing,
    managing: options.managing,
    manifest: await readManifest(),
    reads: newReads(),
    token: randomBytes(24).toString('base64url'),
    changes: newChanges(slack, inbox),
  };
  const server = createServer((request, response) => {
    serve(door, request, response).catch((error: unknown) => {
      const bad = error instanceof BadAct;
      if (!response.headersSent)
        response.writeHead(bad ? 400 : 500, { 'Content-Type': 'text/plain' });
      response.end(bad ? error.message : 'The demo broke; its terminal says more.');
      if (!bad) console.error(error);
    });
  });
  const taken = await listen(server, port);
  return {
    url: `http://${HOST}:${taken}/`,
    stop: async () => {
      door.changes.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(wanted, HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  await attempt(port).catch(() => attempt(0));
  // A listening TCP server has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return (server.address() as AddressInfo).port;
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse) {
  harden(response);
  if (!isOurHost(request)) return plain(response, 421, 'This demo answers to the loopback only.');
  const url = new URL(request.url ?? '/', `http://${HOST}`);
  if (request.method === 'POST' && url.pathname === '/act') return act(door, request, response);
  if (request.method !== 'GET') return plain(response, 405, 'Only acts are posted.');
  if (url.pathname === '/changes') return door.changes.follow(response);
  if (Object.hasOwn(ASSETS, url.pathname)) return sendAsset(url.pathname, response);
  const [, area, name = ''] = url.pathname.split('/');
  if (area === 'mail') return sendMail(door, Number(name), response);
  if (area === 'file') return sendFile(door, name, response);
  return sendPage(door, url, response);
}

function harden(response: ServerResponse): void {
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Cache-Control', 'no-store');
}

const isOurHost = ({ headers, socket }: IncomingMessage): boolean =>
  [`${HOST}:${socket.localPort}`, `localhost:${socket.localPort}`].includes(headers.host ?? '');

function sendPage(door: Door, url: URL, response: ServerResponse): void {
  const { slack, inbox, first, ...rest } = door;
  const ws = slack.workspace;
  const screen = readScreen(ws, url, first.channel);
  if (url.pathname === '/') {
    response.writeHead(302, { Location: `/${first.user}/${first.channel}` }).end();
    return;
  }
  if (screen === undefined) {
    plain(response, 404, 'There is no such page.');
    return;
  }
  const world = worldOf(ws, screen.user);
  const page = renderPage({ ...rest, ws, screen, world, mails: inbox.mails });
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page.text);
}

async function sendAsset(path: string, response: ServerResponse): Promise<void> {
  const bytes = await readFile(new URL(`.${path}`, import.meta.url));
  const type = `${ASSETS[path] ?? 'text/plain'}; charset=utf-8`;
  response.writeHead(200, { 'Content-Type': type }).end(bytes);
}

/** Mail is somebody else's HTML: it gets a frame of its own, without scripts and forms. */
function sendMail({ inbox }: Door, number: number, response: ServerResponse): void {
  const mail = inbox.mails[number - 1];
  if (mail === undefined) {
    plain(response, 404, 'There is no such mail.');
    return;
  }
  response.setHeader('Content-Security-Policy', MAIL_POLICY);
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(mailPage(mail).text);
}

/** What a page may show as a picture: nothing of it can run. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** A download, unless it is a picture: nothing that somebody uploaded runs in a page of ours. */
function sendFile({ slack }: Door, id: string, response: ServerResponse): void {
  const file = slack.workspace.files.get(id);
  if (file === undefined) {
    plain(response, 404, 'There is no such file.');
    return;
  }
  response.writeHead(200, {
    'Content-Type': PICTURES.has(file.mimetype) ? file.mimetype : 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
  });
  response.end(file.content);
}

async function act(door: Door, request: IncomingMessage, response: ServerResponse) {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json') || !isToken(door, request.headers['x-token']))
    return plain(response, 403, 'This page is from an earlier start: load it again.');
  const answer = await perform(door, parseJson(await read(request)));
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
}

function isToken({ token }: Door, given: string | string[] | undefined): boolean {
  const [one, other] = [Buffer.from(token), Buffer.from(String(given))];
  return one.length === other.length && timingSafeEqual(one, other);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) throw new BadAct('these files are too large together');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

function plain(response: ServerResponse, status: number, says: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(says);
}

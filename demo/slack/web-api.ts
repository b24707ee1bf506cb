/** Web API: the HTTP server that the app believes to be Slack. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHAT_METHODS } from './chat-methods.ts';
import { FILE_METHODS, receiveUpload, sendFile } from './files.ts';
import { FUNCTION_METHODS } from './functions.ts';
import { asString, isObject, type Json, parseJson } from './json.ts';
import type { Method } from './method.ts';
import { PEOPLE_METHODS } from './people-methods.ts';
import type { Planted, Plot } from './planted.ts';
import type { RateLimiter } from './rate-limit.ts';
import { takeResponse } from './response-url.ts';
import { SlackError } from './slack-error.ts';
import { VIEW_METHODS } from './view-methods.ts';
import type { Workspace } from './workspace.ts';

const METHODS: Readonly<Record<string, Method>> = {
  ...PEOPLE_METHODS,
  ...VIEW_METHODS,
  ...CHAT_METHODS,
  ...FILE_METHODS,
  ...FUNCTION_METHODS,
};

/** The one method that the app's own token is for. */
const OPEN_CONNECTION = 'apps.connections.open';

/** Arguments that come as JSON inside the form. */
const JSON_ARGS = ['view', 'blocks', 'attachments', 'metadata', 'files'];

interface Door {
  readonly ws: Workspace;
  readonly plot: Plot;
  readonly limiter: RateLimiter | undefined;
}

/** The server, not listening yet. */
export function webApiServer(ws: Workspace, plot: Plot, limiter: RateLimiter | undefined): Server {
  const door: Door = { ws, plot, limiter };
  return createServer((request, response) => {
    serve(door, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
}

async function serve(door: Door, request: IncomingMessage, response: ServerResponse) {
  const [, area = '', name = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (area === 'files' && request.method === 'GET') {
    const fault = door.plot.next('file_download');
    if (fault?.delayMs !== undefined) await sleep(fault.delayMs);
    if (!sabotaged(fault, response)) sendFile(door.ws, request, response);
    return;
  }
  const body = await read(request);
  if (area === 'api') serveMethod(door, name, request, body, response);
  else if (area === 'response') serveResponse(door, name, body, response);
  else if (area === 'upload') await serveUpload(door.ws, name, request, body, response);
  else response.writeHead(404).end();
}

function serveMethod(
  { ws, plot, limiter }: Door,
  method: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const { token, ...args } = argsIn(request, body);
  const planted = plot.next(method);
  const wait = limiter?.(method, asString(args['channel']));
  const fault = planted ?? (wait === undefined ? undefined : { status: 429, retryAfter: wait });
  const given = request.headers.authorization?.replace('Bearer ', '') ?? asString(token);
  const answer =
    fault === undefined ? answerTo(ws, method, args, given) : { ok: false, error: nameOf(fault) };
  ws.calls.push({ method, at: ws.now(), args, answer });
  ws.changed();
  if (sabotaged(fault, response)) return;
  send(response, 200, answer, { 'X-OAuth-Scopes': ws.scopes.join(',') });
}

function answerTo(ws: Workspace, method: string, args: Json, token: string): Json {
  try {
    if (token === '') throw new SlackError('not_authed');
    if (method === OPEN_CONNECTION) return { ok: true, url: connectionFor(ws, token) };
    if (token !== ws.botToken) throw new SlackError('invalid_auth');
    const run = Object.hasOwn(METHODS, method) ? METHODS[method] : undefined;
    if (run === undefined) throw new SlackError('unknown_method');
    return { ok: true, ...run(ws, args) };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { code, messages } = error;
    return {
      ok: false,
      error: code,
      ...(messages.length > 0 && { response_metadata: { messages } }),
    };
  }
}

/** @throws SlackError not_allowed_token_type for the bot's token, invalid_auth for any other */
function connectionFor(ws: Workspace, token: string): string {
  if (token === ws.botToken) throw new SlackError('not_allowed_token_type');
  if (token !== ws.appToken) throw new SlackError('invalid_auth');
  return ws.socketMode.ticket(ws.origin);
}

/** Plays a planted fault; false if there is none, or none that stands in the way of the answer. */
function sabotaged(fault: Planted | undefined, response: ServerResponse): boolean {
  if (fault?.hang === true) return true;
  if (fault?.status === undefined) return false;
  const headers = fault.status === 429 ? { 'Retry-After': String(fault.retryAfter ?? 1) } : {};
  send(response, fault.status, { ok: false, error: nameOf(fault) }, headers);
  return true;
}

const nameOf = (fault: Planted): string =>
  fault.error ??
  (fault.hang === true ? 'no_answer' : fault.status === 429 ? 'ratelimited' : 'internal_error');

function serveResponse(door: Door, id: string, body: Buffer, response: ServerResponse): void {
  const fault = door.plot.next('response_url');
  if (sabotaged(fault, response)) return;
  try {
    if (fault !== undefined) throw new SlackError(nameOf(fault));
    takeResponse(door.ws, id, parseJson(body.toString()));
    response.end('ok');
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const gone = error.code === 'used_url' || error.code === 'expired_url';
    response.writeHead(gone ? 404 : 400).end(error.code);
  }
}

async function serveUpload(
  ws: Workspace,
  id: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const content = await uploadedBytes(request.headers['content-type'] ?? '', body);
  const taken = receiveUpload(ws, id, content);
  response.writeHead(taken ? 200 : 400).end(taken ? `OK - ${content.length}` : 'bad upload');
}

/** The one file of a multipart form, or the body itself. */
async function uploadedBytes(contentType: string, body: Buffer): Promise<Buffer> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), {
    headers: { 'Content-Type': contentType },
  }).formData();
  for (const part of form.values()) {
    if (typeof part !== 'string') return Buffer.from(await part.arrayBuffer());
  }
  return Buffer.alloc(0);
}

function argsIn(request: IncomingMessage, body: Buffer): Json {
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const parsed = parseJson(body.toString());
    return isObject(parsed) ? parsed : {};
  }
  const fields = Object.entries(Object.fromEntries(new URLSearchParams(body.toString())));
  return Object.fromEntries(
    fields.map(([name, text]) => [
      name,
      JSON_ARGS.includes(name) ? (parseJson(text) ?? text) : text,
    ]),
  );
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, status: number, answer: Json, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(answer));
}

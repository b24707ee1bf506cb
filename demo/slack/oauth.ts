/**
 * OAuth: several workspaces behind one Web API, as Slack has them: the page on which somebody allows
 * an app, codes, and tokens that are given and taken back. Each workspace is a double of its own; the
 * hub stands in front of them and knows them by their tokens.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SlackDouble } from './double.ts';
import { asString, isObject, type Json, parseJson } from './json.ts';
import { type Offer, serveAllowPage } from './oauth-page.ts';
import {
  type Consent,
  doubleOf,
  type HubOptions,
  type Membership,
  Register,
  withTeams,
} from './oauth-register.ts';

/** Slack's codes live this long. */
const CODE_MS = 10 * 60_000;
const CODE_BYTES = 12;

export interface SlackHub {
  readonly apiUrl: string;
  readonly origin: string;
  /** Every token that was ever given, the latest last. */
  readonly tokens: readonly string[];
  add(double: SlackDouble, options?: Membership): void;
  /** Whether the app holds a token of this place that is good. */
  isInstalled(place: string): boolean;
  /** Says yes on Slack's page. @returns where the browser is sent */
  allow(authorizeUrl: string, consent: Consent): string;
  /** Says no. */
  decline(authorizeUrl: string): string;
  /** Forgets every token of this place, as when an admin removes the app there. */
  uninstall(place: string): void;
  /** From now on calls with these tokens are answered with this error. */
  revoke(place: string, error?: string): void;
  stop(): Promise<void>;
}

/** Starts the hub on a free port of the loopback. */
export async function startSlackHub(options: HubOptions): Promise<SlackHub> {
  const register = new Register(options);
  const server = createServer((request, response) => {
    serve(register, request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  const origin = await listening(server);
  return {
    origin,
    apiUrl: `${origin}/api/`,
    get tokens() {
      return register.grants.map(({ token }) => token);
    },
    add: (double, membership = {}) => {
      register.members.set(double.teamId, { double, ...membership });
    },
    isInstalled: (place) =>
      register.grants.some((grant) => grant.place === place && grant.error === undefined),
    allow: (url, consent) => allow(register, url, consent),
    decline: (url) => decline(register, url),
    uninstall: (place) => {
      register.forget(place);
      for (const { double } of register.members.values()) double.workspace.changed();
    },
    revoke: (place, error = 'token_revoked') => {
      for (const grant of register.grants) {
        if (grant.place === place) grant.error ??= error;
      }
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the app asks for; throws what Slack's page would complain of. */
function readAsked({ options }: Register, url: string) {
  const { searchParams: asked, pathname } = new URL(url);
  const redirectUrl = asked.get('redirect_uri') ?? '';
  if (pathname !== '/oauth/v2/authorize') throw new Error(`Slack has no page ${pathname}`);
  if (asked.get('client_id') !== options.clientId) throw new Error('invalid_client_id');
  if (!options.redirectUrls.includes(redirectUrl)) throw new Error('bad_redirect_uri');
  const scopes = asked.get('scope') ?? '';
  if (scopes === '') throw new Error('invalid_scope_requested');
  return { redirectUrl, scopes, state: asked.get('state') ?? '' };
}

function allow(register: Register, url: string, consent: Consent): string {
  const { redirectUrl, scopes, state } = readAsked(register, url);
  const code = randomBytes(CODE_BYTES).toString('hex');
  register.codes.set(code, {
    consent,
    redirectUrl,
    scopes: consent.scopes?.join(',') ?? scopes,
    until: register.now().getTime() + CODE_MS,
  });
  return back(redirectUrl, { code, state });
}

function decline(register: Register, url: string): string {
  const { redirectUrl, state } = readAsked(register, url);
  return back(redirectUrl, { error: 'access_denied', state });
}

/** What Slack's page offers: each workspace that somebody may say yes for. */
function offers({ members }: Register): Offer[] {
  return [...members.values()].flatMap(({ double, name, installer }) =>
    installer === undefined
      ? []
      : [
          {
            consent: { team: double.teamId, user: installer },
            team: name ?? double.teamId,
            person: double.workspace.users.get(installer)?.name ?? installer,
          },
        ],
  );
}

function back(redirectUrl: string, answer: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUrl);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return url.href;
}

async function serve(register: Register, request: IncomingMessage, response: ServerResponse) {
  const [, area, method = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (area === 'oauth') {
    return serveAllowPage(request, response, {
      asked: (url) => readAsked(register, url),
      offers: offers(register),
      allow: (url, consent) => allow(register, url, consent),
      decline: (url) => decline(register, url),
    });
  }
  if (area !== 'api') return response.writeHead(404).end();
  const args = await readArgs(request);
  if (method === 'oauth.v2.access') return send(response, access(register, args));
  const bearer = request.headers.authorization?.replace('Bearer ', '');
  const token = bearer ?? asString(args['token']);
  const grant = register.grants.find((given) => given.token === token);
  if (grant === undefined) return send(response, { ok: false, error: 'invalid_auth' });
  if (grant.error !== undefined) return send(response, { ok: false, error: grant.error });
  const { status, answer, headers } = await forward(doubleOf(register, grant, args), method, args);
  send(response, withTeams(register, grant, answer), status, headers);
}

/** oauth.v2.access: a code becomes a token, once. */
function access(register: Register, args: Json): Json {
  const { clientId, clientSecret } = register.options;
  const refuse = (error: string) => ({ ok: false, error });
  if (args['client_id'] !== clientId) return refuse('invalid_client_id');
  if (args['client_secret'] !== clientSecret) return refuse('bad_client_secret');
  const code = register.codes.get(String(args['code']));
  register.codes.delete(String(args['code']));
  if (code === undefined || code.until < register.now().getTime()) return refuse('invalid_code');
  if (args['redirect_uri'] !== code.redirectUrl) return refuse('bad_redirect_uri');
  const { team, user, orgWide = false } = code.consent;
  const { double, enterprise, name = 'Demo' } = register.member(team);
  const { token } = register.grant(code.consent);
  for (const other of register.members.values()) other.double.workspace.changed();
  return {
    ok: true,
    access_token: token,
    token_type: 'bot',
    scope: code.scopes,
    bot_user_id: double.botUserId,
    app_id: double.workspace.appId,
    team: orgWide ? null : { id: team, name },
    enterprise: enterprise === undefined ? null : { id: enterprise, name: 'Demo Org' },
    is_enterprise_install: orgWide,
    authed_user: { id: user },
  };
}

async function forward(
  double: SlackDouble,
  method: string,
  args: Json,
): Promise<{ status: number; answer: unknown; headers: Record<string, string> }> {
  const { token: _token, ...rest } = args;
  const answer = await fetch(`${double.apiUrl}${method}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: `Bearer ${double.botToken}`,
    },
    body: new URLSearchParams(
      Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString(),
  });
  const retry = answer.headers.get('retry-after');
  return {
    status: answer.status,
    answer: parseJson(await answer.text()),
    headers: retry === null ? {} : { 'Retry-After': retry },
  };
}

async function readArgs(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  if ((request.headers['content-type'] ?? '').startsWith('application/json')) {
    const parsed = parseJson(text);
    return isObject(parsed) ? parsed : {};
  }
  return Object.fromEntries(new URLSearchParams(text));
}

function send(response: ServerResponse, answer: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(answer));
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

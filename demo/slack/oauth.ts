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

/** Slack's codes live this long. */
const CODE_MS = 10 * 60_000;
const CODE_BYTES = 12;

export interface HubOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** "Redirect URLs" of the app. */
  readonly redirectUrls: readonly string[];
  readonly now?: () => Date;
}

/** Who says yes on Slack's page, and where. */
export interface Consent {
  readonly team: string;
  readonly user: string;
  /** For the whole organisation of that workspace. */
  readonly orgWide?: boolean;
  /** What is granted, if it is less than what was asked for. */
  readonly scopes?: readonly string[];
}

export interface SlackHub {
  readonly apiUrl: string;
  readonly origin: string;
  /** Every token that was ever given, the latest last. */
  readonly tokens: readonly string[];
  add(double: SlackDouble, options?: { readonly enterprise?: string }): void;
  /** Says yes on Slack's page. @returns where the browser is sent */
  allow(authorizeUrl: string, consent: Consent): string;
  /** Says no. */
  decline(authorizeUrl: string): string;
  /** From now on calls with these tokens are answered with this error. */
  revoke(place: string, error?: string): void;
  stop(): Promise<void>;
}

interface Grant {
  readonly token: string;
  /** `T…` or `E…`. */
  readonly place: string;
  error: string | undefined;
}

interface Code {
  readonly consent: Consent;
  readonly scopes: string;
  readonly redirectUrl: string;
  readonly until: number;
}

interface Member {
  readonly double: SlackDouble;
  readonly enterprise: string | undefined;
}

/** What the hub remembers. */
class Register {
  readonly members = new Map<string, Member>();
  readonly grants: Grant[] = [];
  readonly codes = new Map<string, Code>();
  readonly options: HubOptions;
  readonly now: () => Date;

  constructor(options: HubOptions) {
    this.options = options;
    this.now = options.now ?? (() => new Date());
  }

  member(team: string): Member {
    const found = this.members.get(team);
    if (found === undefined) throw new Error(`there is no workspace ${team}; call add() first`);
    return found;
  }

  /** The first token of a workspace is its double's own, so that its files can be fetched too. */
  grant({ team, orgWide }: Consent): Grant {
    const { double, enterprise } = this.member(team);
    const place = orgWide === true ? (enterprise ?? '') : team;
    const own = this.grants.some(({ token }) => token === double.botToken);
    const token = own || orgWide === true ? `xoxb-hub-${this.grants.length}` : double.botToken;
    const grant = { token, place, error: undefined };
    this.grants.push(grant);
    return grant;
  }
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
    add: (double, { enterprise } = {}) => {
      register.members.set(double.teamId, { double, enterprise });
    },
    allow: (url, consent) => allow(register, url, consent),
    decline: (url) => {
      const { redirectUrl, state } = readAsked(register, url);
      return back(redirectUrl, { error: 'access_denied', state });
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

function back(redirectUrl: string, answer: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUrl);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  return url.href;
}

async function serve(register: Register, request: IncomingMessage, response: ServerResponse) {
  const [, area, method = ''] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
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
  const { double, enterprise } = register.member(team);
  return {
    ok: true,
    access_token: register.grant(code.consent).token,
    token_type: 'bot',
    scope: code.scopes,
    bot_user_id: double.botUserId,
    app_id: double.workspace.appId,
    team: orgWide ? null : { id: team, name: 'Demo' },
    enterprise: enterprise === undefined ? null : { id: enterprise, name: 'Demo Org' },
    is_enterprise_install: orgWide,
    authed_user: { id: user },
  };
}

/** An organisation's token works in all its workspaces: the one that holds what the call names. */
function doubleOf({ members }: Register, { place }: Grant, args: Json): SlackDouble {
  const own = members.get(place);
  if (own !== undefined) return own.double;
  const all = [...members.values()].filter(({ enterprise }) => enterprise === place);
  const named = (name: string) => asString(args[name]);
  const holder = all.find(({ double: { workspace: ws } }) =>
    [
      ws.users.has(named('user')),
      ws.users.has(named('channel')),
      ws.channels.has(named('channel')),
      ws.groups.has(named('usergroup')),
      ws.triggers.has(named('trigger_id')),
      ws.views.has(named('view_id')),
    ].includes(true),
  );
  const [first] = all;
  if (first === undefined) throw new Error(`there is no workspace of ${place}`);
  return (holder ?? first).double;
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

/** Of somebody in an organisation, Slack says in which of its workspaces they are. */
function withTeams({ members }: Register, { place }: Grant, answer: unknown): unknown {
  if (members.has(place) || !isObject(answer) || !isObject(answer['user'])) return answer;
  const { user } = answer;
  const teams = [...members.values()]
    .filter(({ double, enterprise }) => {
      return enterprise === place && double.workspace.users.has(String(user['id']));
    })
    .map(({ double }) => double.teamId);
  return { ...answer, user: { ...user, enterprise_user: { enterprise_id: place, teams } } };
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

/**
 * Install door: adding the app to a Slack workspace. Looking shows what is asked for; the button
 * begins and leads to Slack; Slack leads back to the redirect, which ends it.
 *
 * The redirect is the one GET of ours that changes something, as OAuth has it (RFC 6749, 4.1.2): it
 * is taken once, and only in the browser that began.
 */
import type { IncomingMessage } from 'node:http';
import { clientGroup } from '../consent/client-rate.ts';
import type { Deps } from '../workflow/deps.ts';
import { beginInstall, dropInstall, finishInstall, INSTALL_MS } from '../workflow/install-app.ts';
import { InstallRefused, type Installs } from '../workflow/installs.ts';
import type { Answer } from './ask-door.ts';
import { clientIp } from './client-ip.ts';
import { HttpFault } from './http-fault.ts';
import type { InstallPages } from './install-pages.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Headers } from './security-headers.ts';

const SECOND_MS = 1_000;
/** Codes and states are shorter (characters). */
const PART_CHARACTERS_MAX = 400;
/** What a cookie of ours looks like. */
const BROWSER = /^[A-Za-z0-9_-]{43}$/u;

export interface InstallDesk {
  readonly deps: Deps;
  readonly pages: InstallPages;
  readonly limit: RateLimit;
  /** Of every answer: one page needs another policy. */
  readonly headers: Headers;
  readonly trustedProxies: number;
}

export interface InstallDoor {
  /** @throws HttpFault 404 where the app cannot be installed, 405, 429 */
  serve(route: 'install' | 'oauth-redirect', request: IncomingMessage): Promise<Answer>;
}

export function installDoor(desk: InstallDesk): InstallDoor {
  return {
    async serve(route, request) {
      const { installs } = desk.deps;
      if (installs === undefined) throw new HttpFault(404, 'notFound');
      const ip = clientIp(request, desk.trustedProxies);
      const wait = desk.limit.take(clientGroup(ip));
      if (wait > 0) throw new HttpFault(429, 'tooMany', { 'Retry-After': String(wait) });
      if (route === 'oauth-redirect') return finish(desk, installs, request);
      return request.method === 'POST'
        ? begin(desk, installs, request)
        : show(desk, installs, request);
    },
  };
}

/** GET and HEAD: changes nothing. */
function show(
  { pages, headers }: InstallDesk,
  { port }: Installs,
  request: IncomingMessage,
): Answer {
  const body = pages.show(request.headers['accept-language'], port.scopes);
  // The form ends at Slack, by a redirect, which browsers hold against form-action too.
  const slack = new URL(port.authorizeUrl('')).origin;
  const policy = headers['Content-Security-Policy'] ?? '';
  const wider = policy.replace("form-action 'self'", `form-action 'self' ${slack}`);
  return { status: 200, body, extra: { 'Content-Security-Policy': wider } };
}

async function begin(
  { deps }: InstallDesk,
  installs: Installs,
  request: IncomingMessage,
): Promise<Answer> {
  const { url, browser } = await beginInstall(deps, installs, cookieOf(deps, request));
  const cookie = cookieLine(deps, browser, INSTALL_MS / SECOND_MS);
  return { status: 303, body: '', extra: { Location: url, 'Set-Cookie': cookie } };
}

async function finish(
  { deps, pages }: InstallDesk,
  installs: Installs,
  request: IncomingMessage,
): Promise<Answer> {
  // Whoever looks ahead (link previews) must not use the state up.
  if (request.method === 'HEAD') throw new HttpFault(405, 'wrongMethod', { Allow: 'GET' });
  const language = request.headers['accept-language'];
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const part = (name: string) => query.get(name)?.slice(0, PART_CHARACTERS_MAX) ?? '';
  const state = { state: part('state'), browser: cookieOf(deps, request) ?? '' };
  if (part('error') !== '') {
    await dropInstall(deps, installs, state);
    return { status: 200, body: pages.notice(language, 'declined') };
  }
  try {
    await finishInstall(deps, installs, { ...state, code: part('code') });
    const extra = { 'Set-Cookie': cookieLine(deps, '', 0) };
    return { status: 200, body: pages.notice(language, 'done'), extra };
  } catch (error) {
    if (!(error instanceof InstallRefused)) throw error;
    const { because } = error;
    deps.log.warn({ because }, 'the app was not installed');
    if (because === 'state') return { status: 400, body: pages.notice(language, 'stale') };
    return { status: 502, body: pages.refused(language, because) };
  }
}

/** With https, no other host can set or read it (RFC 6265bis, `__Host-`). */
function cookieName({ publicUrl }: Pick<Deps, 'publicUrl'>): string {
  return publicUrl.startsWith('https:') ? '__Host-assent-install' : 'assent-install';
}

function cookieLine(deps: Pick<Deps, 'publicUrl'>, value: string, seconds: number): string {
  const secure = deps.publicUrl.startsWith('https:') ? '; Secure' : '';
  // Lax: Slack's redirect is a navigation from another site, and must bring it along.
  return `${cookieName(deps)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`;
}

/** Undefined if the browser brings none, or one that is none of ours. */
function cookieOf(deps: Pick<Deps, 'publicUrl'>, request: IncomingMessage): string | undefined {
  const start = `${cookieName(deps)}=`;
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(start))
    ?.slice(start.length);
  return found !== undefined && BROWSER.test(found) ? found : undefined;
}

/**
 * Webhook door: posts of mail providers under /hooks/. Proven, then counted once, or refused.
 *
 * A post is answered with 200 when all of it is written down; with 5xx the provider comes again,
 * and what was written is not written twice.
 */
import type { IncomingMessage } from 'node:http';
import type { MailEvent } from '../consent/mail-event.ts';
import type { Deps } from '../workflow/deps.ts';
import { receiveMailEvent } from '../workflow/receive-mail-event.ts';
import type { Answer } from './ask-door.ts';
import { HttpFault } from './http-fault.ts';
import { readBytes } from './request-body.ts';
import { fetchFromAmazon } from './webhook-fetch.ts';
import { mailgunHook } from './webhook-mailgun.ts';
import { postmarkHook } from './webhook-postmark.ts';
import { HOOK_AGE_MS, type Hook, type HookReading } from './webhook-reading.ts';
import { sendgridHook } from './webhook-sendgrid.ts';
import { sesHook } from './webhook-ses.ts';
import type { HookFetch } from './webhook-sns.ts';

/** SendGrid's batches have up to 768 kB, SNS messages 256 kB. */
export const HOOK_BYTES_MAX = 1024 * 1024;
/** Posts that are held in memory at once. */
export const HOOK_POSTS_MAX = 20;
/** Events of one post that are written at once. */
const EVENTS_AT_ONCE = 8;
/** No workspace: a token is used up before it is known whose mail it speaks of. */
const NOBODY = 'hooks';
const NONCE_MS = HOOK_AGE_MS + 60 * 60 * 1000;

/** A hook without its setting does not exist. */
export interface HookSettings {
  readonly sesTopics: readonly string[];
  readonly sendgridPublicKey?: string | undefined;
  readonly mailgunSigningKey?: string | undefined;
  readonly postmarkSecret?: string | undefined;
}

export interface HookDoor {
  /** @throws HttpFault 404, 413, 415 or 503; what is wrong with the post itself is an answer */
  receive(provider: string, request: IncomingMessage): Promise<Answer>;
}

export function hookDoor(
  deps: Deps,
  settings: HookSettings,
  fetch: HookFetch = fetchFromAmazon,
): HookDoor {
  const hooks = hooksOf(settings, fetch);
  let posts = 0;
  return {
    async receive(provider, request) {
      const hook = hooks.get(provider);
      if (hook === undefined) throw new HttpFault(404, 'notFound');
      if (posts >= HOOK_POSTS_MAX) throw new HttpFault(503, 'tooMany', { 'Retry-After': '5' });
      posts += 1;
      try {
        const body = await readPost(hook, request);
        const reading = await hook.read({ headers: request.headers, body, now: deps.now() });
        return await take(deps, provider, reading);
      } catch (error) {
        if (error instanceof HttpFault) countRefused(deps, provider, error.notice);
        throw error;
      } finally {
        posts -= 1;
      }
    },
  };
}

function hooksOf(settings: HookSettings, fetch: HookFetch): ReadonlyMap<string, Hook> {
  const { sesTopics, sendgridPublicKey, mailgunSigningKey, postmarkSecret } = settings;
  const hooks = new Map<string, Hook>();
  if (sesTopics.length > 0) hooks.set('ses', sesHook(sesTopics, fetch));
  if (sendgridPublicKey !== undefined) hooks.set('sendgrid', sendgridHook(sendgridPublicKey));
  if (mailgunSigningKey !== undefined) hooks.set('mailgun', mailgunHook(mailgunSigningKey));
  if (postmarkSecret !== undefined) hooks.set('postmark', postmarkHook(postmarkSecret));
  return hooks;
}

function checkType({ types }: Hook, { headers }: IncomingMessage): void {
  const media = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = headers['content-encoding'] ?? 'identity';
  if (!types.includes(media) || encoding !== 'identity') throw new HttpFault(415, 'wrongType');
}

async function readPost(hook: Hook, request: IncomingMessage): Promise<Buffer> {
  checkType(hook, request);
  return readBytes(request, HOOK_BYTES_MAX);
}

function countRefused({ returns, log }: Deps, provider: string, why: string): void {
  returns['hook-refused'] += 1;
  log.warn({ provider, why }, 'a post of a mail provider was refused');
}

async function take(deps: Deps, provider: string, reading: HookReading): Promise<Answer> {
  switch (reading.kind) {
    case 'refused':
      countRefused(deps, provider, reading.why);
      return said(reading.status, `${reading.why}: nothing was done`);
    case 'done':
      deps.log.info({ provider }, 'a mail provider was answered');
      return said(200, 'ok');
    case 'events':
      return takeOnce(deps, provider, reading);
  }
}

/** What was begun and not ended comes again with the same proof; each of its events counts once. */
async function takeOnce(
  deps: Deps,
  provider: string,
  { events, nonce }: Extract<HookReading, { kind: 'events' }>,
): Promise<Answer> {
  const { seen } = deps.database.of(NOBODY);
  if (nonce !== undefined) {
    const { token, purpose } = nonce;
    if (!(await seen.isFor(token, purpose, deps.now(), NONCE_MS))) {
      const why = 'token used for something else';
      countRefused(deps, provider, why);
      return said(403, `${why}: nothing was done`);
    }
  }
  await takeAll(deps, events);
  return said(200, 'ok');
}

async function takeAll(deps: Deps, events: readonly MailEvent[]): Promise<void> {
  if (events.length === 0) deps.returns['hook-ignored'] += 1;
  for (let first = 0; first < events.length; first += EVENTS_AT_ONCE) {
    const some = events.slice(first, first + EVENTS_AT_ONCE);
    await Promise.all(some.map(async (event) => receiveMailEvent(deps, event)));
  }
}

const said = (status: number, body: string): Answer => ({ status, body: `${body}\n`, plain: true });

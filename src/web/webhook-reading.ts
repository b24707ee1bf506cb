/**
 * Webhook reading: what a provider's post comes down to, and what all of them have in common: how
 * the mail is found, and how old a post may be.
 *
 * A mail is found by its Message-ID, which is its send's id: that needs nothing from a provider but
 * to keep the header. Message-IDs are no secret, so nothing is read of a post that is not proven.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { MailEvent, MailEventKind, MailEventProvider } from '../consent/mail-event.ts';
import { type BounceKind, knownBounceKind } from '../mail/bounces/bounce-meaning.ts';

export interface HookPost {
  readonly headers: IncomingHttpHeaders;
  /** As it came: signatures are over these bytes. */
  readonly body: Buffer;
  readonly now: Date;
}

export type HookReading =
  | { readonly kind: 'events'; readonly events: readonly MailEvent[]; readonly nonce?: HookNonce }
  /** Genuine, and dealt with: nothing about a mail of ours. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly status: HookRefusal; readonly why: string };
/** Where the proof says nothing about the events: it is good for these, however often they come. */
interface HookNonce {
  readonly token: string;
  readonly purpose: string;
}
/** Malformed, without proof, or with a wrong or old one. */
type HookRefusal = 400 | 401 | 403;

export interface Hook {
  /** Media types that the provider posts. */
  readonly types: readonly string[];
  read(post: HookPost): Promise<HookReading>;
}

/**
 * How old a proven post may be. Providers repeat for hours what was not answered; the ids of events
 * are kept for longer than this, so that an old post can do nothing twice.
 */
export const HOOK_AGE_MS = 24 * 60 * 60 * 1000;
/** Clocks differ. */
const HOOK_EARLY_MS = 5 * 60 * 1000;
/** Events in one post; SendGrid's largest batches have 1,000. */
export const HOOK_EVENTS_MAX = 2_000;
const REPLY_CHARACTERS_MAX = 1_000;
const EVENT_ID_CHARACTERS_MAX = 300;

const STATUS = /^[245]\.\d{1,3}\.\d{1,3}$/;
/** A send's id is 128 bits as base64url; what stands behind the @ may be changed by a provider. */
const MESSAGE_ID = /^<?([A-Za-z0-9_-]{22})@/;
const SEND_ID = /^[A-Za-z0-9_-]{22}$/;

export const refused = (status: HookRefusal, why: string): HookReading => ({
  kind: 'refused',
  status,
  why,
});

/** The id in a Message-ID header; undefined if it is not one of ours. */
export function sendOfMessageId(messageId: string | undefined): string | undefined {
  return MESSAGE_ID.exec(messageId?.trim() ?? '')?.[1];
}

/** The id in a custom argument of the mail. */
export function sendOfArgument(argument: string | undefined): string | undefined {
  return argument !== undefined && SEND_ID.test(argument) ? argument : undefined;
}

/** True if a post of this time may be believed. */
export function isFresh(at: Date, now: Date): boolean {
  const ageMs = now.getTime() - at.getTime();
  return ageMs <= HOOK_AGE_MS && ageMs >= -HOOK_EARLY_MS;
}

/** Equal, without telling by the time it takes how much of it is. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** JSON of a body; undefined if it is none. */
export function jsonOf(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What a provider calls permanent is, unless its own words say what it is instead. */
export function permanentKind(status: string | undefined, said: string): BounceKind {
  return knownBounceKind(status, said) ?? 'hard-bounce';
}

/** What a provider calls temporary suppresses nobody at once. */
export function temporaryKind(status: string | undefined, said: string): BounceKind {
  return knownBounceKind(status, said) === 'blocked' ? 'blocked' : 'soft-bounce';
}

export interface Told {
  readonly kind: MailEventKind;
  readonly send: string;
  readonly eventId: string;
  /** When it happened; now if the provider does not say. */
  readonly at: Date | undefined;
  readonly status?: string | undefined;
  readonly reply?: string | undefined;
  readonly feedback?: string | undefined;
}

/** The event in its one form. An event of the future is one of now. */
export function eventOf(provider: MailEventProvider, told: Told, now: Date): MailEvent {
  const { kind, send, eventId, status, reply, feedback } = told;
  const atMs = told.at?.getTime() ?? Number.NaN;
  return {
    kind,
    send,
    provider,
    eventId: eventId.slice(0, EVENT_ID_CHARACTERS_MAX),
    at: Number.isNaN(atMs) || atMs > now.getTime() ? now : new Date(atMs),
    ...(status !== undefined && STATUS.test(status) ? { status } : {}),
    ...(reply === undefined || reply === '' ? {} : { reply: reply.slice(0, REPLY_CHARACTERS_MAX) }),
    ...(feedback === undefined ? {} : { feedback: feedback.slice(0, 40) }),
  };
}

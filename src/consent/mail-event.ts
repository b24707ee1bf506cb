/**
 * Mail event: what the world reports about a mail of ours, in one form whoever reports it, and what
 * follows from it.
 *
 * A report counts for the mail that it names. It never loosens anything: it can suppress an address
 * or opt it out, and it can settle what we did not know. Somebody who confirmed after that mail had
 * left has read it, so a bounce that comes later is about some other box.
 */
import type { Permission } from './permission.ts';
import type { Suppression } from './suppression.ts';

export const MAIL_EVENT_KINDS = [
  'delivered',
  'delayed',
  'soft-bounce',
  'hard-bounce',
  'blocked',
  'complaint',
  'unsubscribe',
] as const;
export type MailEventKind = (typeof MAIL_EVENT_KINDS)[number];

export const MAIL_EVENT_PROVIDERS = ['smtp', 'ses', 'sendgrid', 'mailgun', 'postmark'] as const;
export type MailEventProvider = (typeof MAIL_EVENT_PROVIDERS)[number];

export interface MailEvent {
  readonly kind: MailEventKind;
  readonly send: string;
  readonly provider: MailEventProvider;
  /** The same each time the provider tells of this very event; without personal data. */
  readonly eventId: string;
  /** When it happened, as the provider says; never later than it was heard of. */
  readonly at: Date;
  /** RFC 3463: `5.1.1`. */
  readonly status?: string | undefined;
  /** What the receiving server or the provider said; may hold addresses until it is masked. */
  readonly reply?: string | undefined;
  /** What kind of complaint (RFC 5965, 7.3): `abuse`. */
  readonly feedback?: string | undefined;
}

/** How a send stands, as far as an event can change it. */
export const SEND_STATES = [
  'queued',
  'sending',
  'sent',
  'bounced',
  'blocked',
  'unknown',
  'cancelled',
] as const;
export type SendState = (typeof SEND_STATES)[number];

export interface MailEventFacts {
  readonly state: SendState;
  /** True once the mail was offered to a server, however that ended. */
  readonly tried: boolean;
  /** Undefined if the address is not on file any more. */
  readonly address?: {
    readonly permission: Permission;
    readonly suppressions: readonly Suppression[];
    /** True if its recipient confirmed after this mail had left. */
    readonly confirmedSince: boolean;
    /** Days with a soft bounce that still counts, this event's included. */
    readonly softBounceDays: number;
  };
}

export interface MailEventVerdict {
  /** What the send becomes. */
  readonly state?: 'sent' | 'bounced' | 'blocked';
  /** The recipient said stop. */
  readonly stops: boolean;
  readonly adds: readonly Suppression[];
}

/**
 * Soft bounces on so many days make a mailbox a dead one. Nobody is asked more than twice in 180
 * days, so they are counted for longer than that, and forgotten as soon as the mailbox shows life.
 */
export const SOFT_BOUNCE_DAYS_MAX = 3;
export const SOFT_BOUNCE_WINDOW_DAYS = 400;

const NOTHING: MailEventVerdict = { stops: false, adds: [] };

/** What follows from an event. Pure; the same event again changes nothing more. */
export function judgeMailEvent(kind: MailEventKind, facts: MailEventFacts): MailEventVerdict {
  switch (kind) {
    case 'delayed':
      return NOTHING;
    case 'delivered':
      return isOpen(facts) ? { ...NOTHING, state: 'sent' } : NOTHING;
    case 'unsubscribe':
    case 'complaint':
      return judgeStop(kind, facts);
    case 'hard-bounce':
    case 'soft-bounce':
    case 'blocked':
      return judgeBounce(kind, facts);
  }
}

/** The recipient's word counts in every state, also about a mail that we believe never left. */
function judgeStop(kind: 'unsubscribe' | 'complaint', facts: MailEventFacts): MailEventVerdict {
  const { address } = facts;
  const isNewComplaint =
    kind === 'complaint' && address?.suppressions.includes('complaint') === false;
  return {
    ...(isOpen(facts) ? { state: 'sent' } : {}),
    stops: address !== undefined && address.permission !== 'opted-out-by-recipient',
    adds: isNewComplaint ? ['complaint'] : [],
  };
}

function judgeBounce(
  kind: 'hard-bounce' | 'soft-bounce' | 'blocked',
  facts: MailEventFacts,
): MailEventVerdict {
  const { address, tried } = facts;
  if (!tried || address?.confirmedSince === true) return NOTHING;
  const isDead =
    kind === 'hard-bounce' ||
    (kind === 'soft-bounce' && (address?.softBounceDays ?? 0) >= SOFT_BOUNCE_DAYS_MAX);
  const isNew = isDead && address?.suppressions.includes('hard-bounce') === false;
  const state = bouncedState(kind, facts);
  return {
    ...(state === undefined ? {} : { state }),
    stops: false,
    adds: isNew ? ['hard-bounce'] : [],
  };
}

/** Only a hard bounce ends retries of ours; what was settled before is not made milder. */
function bouncedState(
  kind: 'hard-bounce' | 'soft-bounce' | 'blocked',
  facts: MailEventFacts,
): MailEventVerdict['state'] {
  const { state } = facts;
  const isWithServer = state === 'sent' || state === 'sending' || state === 'unknown';
  if (kind === 'hard-bounce') {
    return isWithServer || isOpen(facts) || state === 'blocked' ? 'bounced' : undefined;
  }
  if (!isWithServer) return undefined;
  return kind === 'blocked' ? 'blocked' : 'bounced';
}

/** Tried, and nobody knows yet how it ended. */
function isOpen({ state, tried }: MailEventFacts): boolean {
  if (state === 'sending' || state === 'unknown') return true;
  return tried && state === 'queued';
}

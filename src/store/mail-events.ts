/**
 * Mail events: which reports about mail were taken, so that none counts twice, and how often an
 * address bounced softly. Each is forgotten when it can neither come again nor count any more.
 */
import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { z } from 'zod';
import {
  MAIL_EVENT_KINDS,
  MAIL_EVENT_PROVIDERS,
  type MailEvent,
  SOFT_BOUNCE_WINDOW_DAYS,
} from '../consent/mail-event.ts';
import { scoped, type Tx } from './scoped.ts';

export const MAIL_EVENTS = 'mail_events';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than any provider repeats itself, and than the hooks believe a signature. */
const REPEATS_DAYS = 30;

export const MailEventDocument = z.strictObject({
  /** Of provider and the provider's id of the event. */
  _id: z.string().length(64),
  workspace: z.string(),
  v: z.literal(1),
  provider: z.enum(MAIL_EVENT_PROVIDERS),
  kind: z.enum(MAIL_EVENT_KINDS),
  send: z.string(),
  address: z.string(),
  status: z.string().max(11).optional(),
  at: z.date(),
  receivedAt: z.date(),
  expiresAt: z.date(),
});
type MailEventDocument = z.infer<typeof MailEventDocument>;

type EventName = Pick<MailEvent, 'provider' | 'eventId'>;

export function mailEventStore(db: Db, workspace: string) {
  const events = scoped(db.collection<MailEventDocument>(MAIL_EVENTS), workspace);
  const idOf = ({ provider, eventId }: EventName): string =>
    createHash('sha256').update(`${workspace}\0${provider}\0${eventId}`).digest('hex');

  return {
    async has(event: EventName, tx: Tx): Promise<boolean> {
      const found = await events.findOne({ _id: idOf(event) }, { projection: { _id: 1 } }, tx);
      return found !== null;
    },

    /** Writes it down, in the transaction of what follows from it. */
    async insert(event: MailEvent, address: string, now: Date, tx: Tx): Promise<void> {
      const { provider, kind, send, at, status } = event;
      const days = kind === 'soft-bounce' ? SOFT_BOUNCE_WINDOW_DAYS : REPEATS_DAYS;
      await events.insertOne(
        {
          _id: idOf(event),
          v: 1,
          provider,
          kind,
          send,
          address,
          ...(status === undefined ? {} : { status }),
          at,
          receivedAt: now,
          expiresAt: new Date(now.getTime() + days * DAY_MS),
        },
        tx,
      );
    },

    /** When the mail to an address bounced softly, after the given instant. */
    async softBounces(address: string, after: Date, tx: Tx): Promise<Date[]> {
      const found = events.find(
        { address, kind: 'soft-bounce', at: { $gt: after } },
        { projection: { at: 1 } },
        tx,
      );
      return (await found.toArray()).map(({ at }) => at);
    },
  };
}

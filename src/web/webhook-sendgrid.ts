/** Webhook of SendGrid: batches of events, signed with ECDSA P-256 over timestamp and raw body. */
import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import type { MailEvent, MailEventKind } from '../consent/mail-event.ts';
import {
  eventOf,
  HOOK_EVENTS_MAX,
  type Hook,
  type HookPost,
  type HookReading,
  isFresh,
  jsonOf,
  permanentKind,
  refused,
  sendOfMessageId,
} from './webhook-reading.ts';

const SECOND_MS = 1_000;

const Event = z.object({
  event: z.string(),
  sg_event_id: z.string(),
  timestamp: z.number().optional(),
  'smtp-id': z.string().optional(),
  status: z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
  type: z.string().optional(),
});
type Event = z.infer<typeof Event>;
/** One that is not understood must not cost the others: each is read by itself. */
const Batch = z.array(z.unknown()).max(HOOK_EVENTS_MAX);

/** Why SendGrid did not even try: what it knew from mails before. */
const DROPPED: readonly (readonly [RegExp, MailEventKind])[] = [
  [/^bounced address|^invalid/i, 'hard-bounce'],
  [/^spam reporting/i, 'complaint'],
  [/unsubscribed/i, 'unsubscribe'],
];

/** @param publicKeyPem as SendGrid shows it, in PEM */
export function sendgridHook(publicKeyPem: string): Hook {
  const key = createPublicKey(publicKeyPem);
  return {
    types: ['application/json'],
    async read(post) {
      const timestamp = headerOf(post, 'x-twilio-email-event-webhook-timestamp');
      const signature = headerOf(post, 'x-twilio-email-event-webhook-signature');
      if (timestamp === '' || signature === '') return refused(401, 'no signature');
      const signed = Buffer.concat([Buffer.from(timestamp), post.body]);
      if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) {
        return refused(403, 'wrong signature');
      }
      const at = new Date(Number(timestamp) * SECOND_MS);
      return isFresh(at, post.now) ? readBatch(post) : refused(403, 'old signature');
    },
  };
}

function readBatch({ body, now }: HookPost): HookReading {
  const batch = Batch.safeParse(jsonOf(body));
  if (!batch.success) return refused(400, 'no batch of events');
  const events = batch.data.flatMap((item) => {
    const event = Event.safeParse(item);
    return event.success ? (readEvent(event.data, now) ?? []) : [];
  });
  return { kind: 'events', events };
}

function readEvent(event: Event, now: Date): MailEvent | undefined {
  const send = sendOfMessageId(event['smtp-id']);
  const kind = kindOf(event);
  if (send === undefined || kind === undefined) return undefined;
  const { sg_event_id: eventId, timestamp, status, reason, response } = event;
  const at = timestamp === undefined ? undefined : new Date(timestamp * SECOND_MS);
  const reply = reason ?? response;
  return eventOf('sendgrid', { kind, send, eventId, at, status, reply }, now);
}

function kindOf({ event, type, status, reason = '' }: Event): MailEventKind | undefined {
  switch (event) {
    case 'delivered':
      return 'delivered';
    case 'deferred':
      return 'delayed';
    case 'bounce':
      // "blocked" is what SendGrid calls a refusal that is not about the mailbox.
      return type === 'blocked' ? 'blocked' : permanentKind(status, reason);
    case 'dropped':
      return DROPPED.find(([pattern]) => pattern.test(reason))?.[1] ?? 'blocked';
    case 'spamreport':
      return 'complaint';
    case 'unsubscribe':
    case 'group_unsubscribe':
      return 'unsubscribe';
    default:
      return undefined;
  }
}

function headerOf({ headers }: HookPost, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

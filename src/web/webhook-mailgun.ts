/**
 * Webhook of Mailgun: one event a post. The signature is over a time and a token only, not over the
 * event: so a token is good for one event, which may come again.
 */
import { createHash, createHmac } from 'node:crypto';
import { z } from 'zod';
import type { MailEventKind } from '../consent/mail-event.ts';
import { knownBounceKind } from '../mail/bounces/bounce-meaning.ts';
import {
  eventOf,
  type Hook,
  type HookPost,
  type HookReading,
  isFresh,
  isSame,
  jsonOf,
  permanentKind,
  refused,
  sendOfMessageId,
} from './webhook-reading.ts';

const SECOND_MS = 1_000;

const Post = z.object({
  signature: z.object({
    timestamp: z.string().regex(/^\d{1,12}$/),
    token: z.string().min(20).max(100),
    signature: z.string().regex(/^[0-9a-f]{64}$/i),
  }),
  'event-data': z.unknown(),
});

const Event = z.object({
  event: z.string(),
  id: z.string(),
  timestamp: z.number().optional(),
  severity: z.string().optional(),
  reason: z.string().optional(),
  'delivery-status': z
    .object({
      'enhanced-code': z.string().optional(),
      message: z.string().optional(),
      description: z.string().nullable().optional(),
    })
    .optional(),
  message: z.object({ headers: z.object({ 'message-id': z.string().optional() }) }).optional(),
});
type Event = z.infer<typeof Event>;

/** Reasons of Mailgun's own: what it knew from mails before, or that it gave up. */
const REASONS: Readonly<Record<string, MailEventKind>> = {
  'suppress-bounce': 'hard-bounce',
  'suppress-complaint': 'complaint',
  'suppress-unsubscribe': 'unsubscribe',
  espblock: 'blocked',
  old: 'soft-bounce',
};

export function mailgunHook(signingKey: string): Hook {
  return {
    types: ['application/json'],
    async read(post) {
      const parsed = Post.safeParse(jsonOf(post.body));
      if (!parsed.success) return refused(400, 'no signed event');
      const { timestamp, token, signature } = parsed.data.signature;
      const expected = createHmac('sha256', signingKey)
        .update(timestamp + token)
        .digest('hex');
      if (!isSame(signature.toLowerCase(), expected)) return refused(403, 'wrong signature');
      const at = new Date(Number(timestamp) * SECOND_MS);
      if (!isFresh(at, post.now)) return refused(403, 'old signature');
      return readEvent(parsed.data['event-data'], token, post);
    },
  };
}

function readEvent(data: unknown, token: string, { now }: HookPost): HookReading {
  const nothing: HookReading = { kind: 'events', events: [], nonce: nonceOf(token, []) };
  const parsed = Event.safeParse(data);
  if (!parsed.success) return nothing;
  const { id: eventId, timestamp, message, 'delivery-status': status } = parsed.data;
  const send = sendOfMessageId(message?.headers['message-id']);
  const kind = kindOf(parsed.data);
  if (send === undefined || kind === undefined) return nothing;
  const told = {
    kind,
    send,
    eventId,
    at: timestamp === undefined ? undefined : new Date(timestamp * SECOND_MS),
    status: status?.['enhanced-code'],
    reply: saidBy(parsed.data),
  };
  const nonce = nonceOf(token, [kind, send, eventId]);
  return { kind: 'events', events: [eventOf('mailgun', told, now)], nonce };
}

const nonceOf = (token: string, meaning: readonly string[]) => ({
  token: `mailgun:${token}`,
  purpose: createHash('sha256').update(JSON.stringify(meaning)).digest('hex'),
});

function kindOf(event: Event): MailEventKind | undefined {
  switch (event.event) {
    case 'delivered':
      return 'delivered';
    case 'failed':
      return event.severity === 'temporary' ? 'delayed' : failedKind(event);
    case 'rejected':
      return 'blocked';
    case 'complained':
      return 'complaint';
    case 'unsubscribed':
      return 'unsubscribe';
    default:
      return undefined;
  }
}

function failedKind(event: Event): MailEventKind {
  const code = event['delivery-status']?.['enhanced-code'];
  const known = REASONS[event.reason ?? ''];
  if (known !== undefined) return known;
  if (event.reason === 'bounce') return permanentKind(code, saidBy(event));
  return knownBounceKind(code, saidBy(event)) ?? 'soft-bounce';
}

function saidBy({ 'delivery-status': status }: Event): string {
  return status?.message || status?.description || '';
}

/**
 * Webhook of Amazon SES, which speaks through SNS: events of a configuration set, and the older
 * notifications of an identity, which look alike.
 */
import { z } from 'zod';
import type { MailEvent, MailEventKind } from '../consent/mail-event.ts';
import {
  eventOf,
  type Hook,
  type HookPost,
  type HookReading,
  isFresh,
  jsonOf,
  permanentKind,
  refused,
  sendOfMessageId,
  temporaryKind,
} from './webhook-reading.ts';
import { type HookFetch, type SnsKeys, SnsMessage, snsKeys, snsUrl } from './webhook-sns.ts';

/** Recipients of one mail; ours have one. */
const RECIPIENTS_MAX = 50;

const Recipient = z.object({
  status: z.string().optional(),
  diagnosticCode: z.string().optional(),
});
const Bounce = z.object({
  bounceType: z.string(),
  bounceSubType: z.string().optional(),
  bouncedRecipients: z.array(Recipient).max(RECIPIENTS_MAX).optional(),
  timestamp: z.string().optional(),
});
const Complaint = z.object({
  complaintFeedbackType: z.string().nullable().optional(),
  timestamp: z.string().optional(),
});
const Header = z.object({ name: z.string(), value: z.string() });
const SesEvent = z.object({
  eventType: z.string().optional(),
  notificationType: z.string().optional(),
  mail: z.object({
    headers: z.array(Header).optional(),
    commonHeaders: z.object({ messageId: z.string().optional() }).optional(),
  }),
  bounce: Bounce.optional(),
  complaint: Complaint.optional(),
  delivery: z.object({ timestamp: z.string().optional() }).optional(),
});
type SesEvent = z.infer<typeof SesEvent>;

interface Report {
  readonly kind: MailEventKind;
  readonly at?: string | undefined;
  readonly status?: string | undefined;
  readonly reply?: string | undefined;
  readonly feedback?: string | undefined;
}

/** Says no more about the mailbox than that our mail did not suit. */
const BLOCKED_SUBTYPES = new Set(['MessageTooLarge', 'ContentRejected', 'AttachmentRejected']);
/** Feedback that is no complaint (RFC 6430, RFC 6591). */
const NO_COMPLAINTS = new Set(['not-spam', 'auth-failure']);

/** @param topics ARNs of the topics that are believed */
export function sesHook(topics: readonly string[], fetch: HookFetch): Hook {
  const keys = snsKeys(fetch);
  return {
    // SNS says text/plain of its JSON.
    types: ['text/plain', 'application/json'],
    async read(post) {
      const parsed = SnsMessage.safeParse(jsonOf(post.body));
      if (!parsed.success) return refused(400, 'no SNS message');
      const message = parsed.data;
      const fault = await faultOf(message, { topics, keys, now: post.now });
      if (fault !== undefined) return refused(403, fault);
      switch (message.Type) {
        case 'Notification':
          return readNotification(message, post);
        case 'SubscriptionConfirmation':
          return confirm(message, fetch);
        case 'UnsubscribeConfirmation':
          return { kind: 'done' };
      }
    },
  };
}

/** Why it is not believed. Cheap reasons first: nothing is fetched for a topic that nobody named. */
async function faultOf(
  message: SnsMessage,
  { topics, keys, now }: { topics: readonly string[]; keys: SnsKeys; now: Date },
): Promise<string | undefined> {
  if (!topics.includes(message.TopicArn)) return 'unknown topic';
  if (!isFresh(new Date(message.Timestamp), now)) return 'old message';
  return (await keys.isGenuine(message, now)) ? undefined : 'wrong signature';
}

/** SNS sends nothing before its address was visited: that is how it knows that we want it. */
async function confirm(message: SnsMessage, fetch: HookFetch): Promise<HookReading> {
  const url = snsUrl(message.SubscribeURL ?? '', message.TopicArn);
  if (url === undefined) return refused(403, 'wrong SubscribeURL');
  await fetch(url);
  return { kind: 'done' };
}

function readNotification(message: SnsMessage, { now }: HookPost): HookReading {
  const parsed = SesEvent.safeParse(jsonOf(message.Message));
  // SES says hello to a new topic with a text that is no event.
  if (!parsed.success) return { kind: 'done' };
  const send = sendIn(parsed.data);
  const report = reportOf(parsed.data);
  if (send === undefined || report === undefined) return { kind: 'events', events: [] };
  const { kind, at, status, reply, feedback } = report;
  const event: MailEvent = eventOf(
    'ses',
    {
      kind,
      send,
      eventId: message.MessageId,
      at: at === undefined ? undefined : new Date(at),
      status,
      reply,
      feedback,
    },
    now,
  );
  return { kind: 'events', events: [event] };
}

/** SES replaces the Message-ID of a mail, and tells with each event what it was before. */
function sendIn({ mail: { headers = [], commonHeaders } }: SesEvent): string | undefined {
  const own = headers.filter(({ name }) => name.toLowerCase() === 'message-id');
  return [...own.map(({ value }) => value), commonHeaders?.messageId]
    .map(sendOfMessageId)
    .find((send) => send !== undefined);
}

function reportOf(event: SesEvent): Report | undefined {
  switch (event.eventType ?? event.notificationType ?? '') {
    case 'Delivery':
      return { kind: 'delivered', at: event.delivery?.timestamp };
    case 'DeliveryDelay':
      return { kind: 'delayed' };
    case 'Reject':
      return { kind: 'blocked' };
    case 'Bounce':
      return event.bounce === undefined ? undefined : bounceReport(event.bounce);
    case 'Complaint':
      return complaintReport(event.complaint);
    default:
      return undefined;
  }
}

/** Several recipients are no mail of ours; the mildest word counts. */
function bounceReport(bounce: z.infer<typeof Bounce>): Report {
  const { bounceType, bounceSubType = '', bouncedRecipients = [{}], timestamp: at } = bounce;
  if (bounceSubType === 'UnsubscribedRecipient') return { kind: 'unsubscribe', at };
  if (BLOCKED_SUBTYPES.has(bounceSubType)) return { kind: 'blocked', at };
  const judge = bounceType === 'Permanent' ? permanentKind : temporaryKind;
  const reports = bouncedRecipients.map(({ status, diagnosticCode = '' }) => ({
    kind: judge(status, diagnosticCode),
    at,
    status,
    reply: diagnosticCode,
  }));
  const mildest = reports.find(({ kind }) => kind !== 'hard-bounce') ?? reports[0];
  return mildest ?? { kind: judge(undefined, ''), at };
}

function complaintReport(complaint: SesEvent['complaint']): Report | undefined {
  const feedback = complaint?.complaintFeedbackType ?? undefined;
  if (feedback !== undefined && NO_COMPLAINTS.has(feedback)) return undefined;
  return { kind: 'complaint', at: complaint?.timestamp, feedback };
}

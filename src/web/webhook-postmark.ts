/**
 * Webhook of Postmark: one record a post. Postmark signs nothing; it can send a secret, as the
 * password in the URL or in a header. It gives mails a Message-ID of its own, so ours is found in
 * the metadata of the mail (`X-PM-Metadata-assent-send`), or in the bounce that it returns.
 */
import { z } from 'zod';
import type { MailEventKind } from '../consent/mail-event.ts';
import { knownBounceKind } from '../mail/bounces/bounce-meaning.ts';
import {
  eventOf,
  type Hook,
  type HookPost,
  type HookReading,
  isSame,
  jsonOf,
  permanentKind,
  refused,
  sendOfArgument,
  sendOfMessageId,
} from './webhook-reading.ts';

const PostmarkRecord = z.object({
  RecordType: z.string(),
  ID: z.union([z.number(), z.string()]).optional(),
  MessageID: z.string().optional(),
  Type: z.string().optional(),
  Description: z.string().optional(),
  Details: z.string().optional(),
  Content: z.string().optional(),
  BouncedAt: z.string().optional(),
  DeliveredAt: z.string().optional(),
  ChangedAt: z.string().optional(),
  SuppressSending: z.boolean().optional(),
  SuppressionReason: z.string().nullable().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
});
type PostmarkRecord = z.infer<typeof PostmarkRecord>;

/** The name of the metadata field; Postmark keeps it as it is written. */
const METADATA = 'assent-send';
/** So much of a returned mail is searched for its Message-ID. */
const CONTENT_CHARACTERS_MAX = 200_000;

/** Bounce types of Postmark; those that are not here are no news about a mailbox. */
const TYPES: Readonly<Record<string, MailEventKind>> = {
  BadEmailAddress: 'hard-bounce',
  SoftBounce: 'soft-bounce',
  DnsError: 'soft-bounce',
  Transient: 'delayed',
  Unsubscribe: 'unsubscribe',
  SpamComplaint: 'complaint',
  SpamNotification: 'blocked',
  VirusNotification: 'blocked',
  Blocked: 'blocked',
  DMARCPolicy: 'blocked',
  SMTPApiError: 'blocked',
};

export function postmarkHook(secret: string): Hook {
  return {
    types: ['application/json'],
    async read(post) {
      const given = secretsIn(post);
      if (given.length === 0) return refused(401, 'no secret');
      // Each is compared, so that the time says nothing about which was right.
      const right = given.map((each) => isSame(each, secret));
      return right.includes(true) ? readRecord(post) : refused(403, 'wrong secret');
    },
  };
}

function secretsIn({ headers }: HookPost): string[] {
  const own = headers['x-assent-secret'];
  const basic = /^basic ([A-Za-z0-9+/=]+)$/i.exec(headers.authorization ?? '')?.[1];
  const login = basic === undefined ? '' : Buffer.from(basic, 'base64').toString('utf8');
  const password = login.includes(':') ? login.slice(login.indexOf(':') + 1) : '';
  return [typeof own === 'string' ? own : '', password].filter((each) => each !== '');
}

function readRecord({ body, now }: HookPost): HookReading {
  const parsed = PostmarkRecord.safeParse(jsonOf(body));
  if (!parsed.success) return refused(400, 'no record');
  const record = parsed.data;
  const send = sendIn(record);
  const kind = kindOf(record);
  if (send === undefined || kind === undefined) return { kind: 'events', events: [] };
  const time = record.BouncedAt ?? record.DeliveredAt ?? record.ChangedAt;
  const told = {
    kind,
    send,
    eventId: eventIdOf(record),
    at: time === undefined ? undefined : new Date(time),
    reply: record.Details || record.Description,
  };
  return { kind: 'events', events: [eventOf('postmark', told, now)] };
}

function kindOf(record: PostmarkRecord): MailEventKind | undefined {
  const { RecordType, Type = '', Details = '', Description = '' } = record;
  switch (RecordType) {
    case 'Delivery':
      return 'delivered';
    case 'SpamComplaint':
      return 'complaint';
    case 'Bounce':
      if (Type === 'HardBounce') return permanentKind(undefined, Details);
      return Type === 'Unknown' ? knownBounceKind(undefined, Details || Description) : TYPES[Type];
    case 'SubscriptionChange':
      return record.SuppressSending === true ? suppressedKind(record) : undefined;
    default:
      return undefined;
  }
}

/** A bounce has a record of its own, which says more. */
function suppressedKind({ SuppressionReason }: PostmarkRecord): MailEventKind | undefined {
  if (SuppressionReason === 'SpamComplaint') return 'complaint';
  return SuppressionReason === 'ManualSuppression' ? 'unsubscribe' : undefined;
}

function sendIn({ Metadata, Content }: PostmarkRecord): string | undefined {
  const argument = sendOfArgument(Metadata?.[METADATA]);
  if (argument !== undefined || Content === undefined) return argument;
  const returned = Content.slice(0, CONTENT_CHARACTERS_MAX);
  const ids = [...returned.matchAll(/^message-id:[ \t]*(?:\r?\n[ \t]+)?(<[^>\s]{1,320}>)/gim)];
  return ids.map(([, id]) => sendOfMessageId(id)).find((send) => send !== undefined);
}

function eventIdOf({ RecordType, ID, MessageID, ChangedAt }: PostmarkRecord): string {
  return [RecordType, ID ?? '', MessageID ?? '', ChangedAt ?? ''].join(':');
}

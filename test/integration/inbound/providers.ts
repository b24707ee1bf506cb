/** Providers: posts as SES, SendGrid, Mailgun and Postmark make them, with real signatures. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { HookSettings } from '../../../src/web/webhook-door.ts';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from '../../support/certificate.ts';

const SECOND_MS = 1_000;
export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail-events';
export const OTHER_TOPIC = 'arn:aws:sns:eu-west-1:210987654321:of-somebody-else';
const CERTIFICATE_URL =
  'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
const MAILGUN_KEY = 'key-0123456789abcdef0123456789abcdef';
export const POSTMARK_SECRET = 'a secret of our own';
const sendgrid = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

export const SETTINGS: HookSettings = {
  sesTopics: [TOPIC],
  sendgridPublicKey: sendgrid.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  mailgunSigningKey: MAILGUN_KEY,
  postmarkSecret: POSTMARK_SECRET,
};

export type Provider = 'ses' | 'sendgrid' | 'mailgun' | 'postmark';
export const PROVIDERS: readonly Provider[] = ['ses', 'sendgrid', 'mailgun', 'postmark'];

export interface HookRequest {
  readonly body: string;
  readonly headers: Record<string, string>;
}

/** A stand-in for Amazon that has the certificate, and writes down what it was asked for. */
export function amazon() {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url: URL): Promise<string> => {
      asked.push(url.href);
      if (url.href.startsWith(CERTIFICATE_URL)) return CERTIFICATE_PEM;
      return '<ConfirmSubscriptionResponse/>';
    },
  };
}

let ids = 0;
const nextId = () => {
  ids += 1;
  return `${ids}-${Math.random()}`;
};

/** A message of SNS, signed. `after` changes it when it is signed already. */
export function snsPost(
  over: Record<string, string>,
  {
    version = '2',
    now = new Date(),
    after = {},
  }: { version?: '1' | '2'; now?: Date; after?: Record<string, string | undefined> } = {},
): HookRequest {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: nextId(),
    TopicArn: TOPIC,
    Message: '{}',
    Timestamp: now.toISOString(),
    SignatureVersion: version,
    SigningCertURL: CERTIFICATE_URL,
    ...over,
  };
  const names =
    message['Type'] === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const text = names
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
  const algorithm = version === '1' ? 'sha1' : 'sha256';
  const Signature = sign(algorithm, Buffer.from(text), CERTIFICATE_KEY_PEM).toString('base64');
  return {
    body: JSON.stringify({ ...message, Signature, ...after }),
    headers: { 'Content-Type': 'text/plain; charset=UTF-8' },
  };
}

/** An event of SES about a mail with this Message-ID. */
export function sesEvent(messageId: string, event: Record<string, unknown>): string {
  return JSON.stringify({
    mail: {
      messageId: '0102018f-ses-id',
      source: 'news@example.com',
      headers: [
        { name: 'From', value: 'news@example.com' },
        { name: 'Message-ID', value: messageId },
      ],
      commonHeaders: { messageId: '<0102018f-ses-id@eu-west-1.amazonses.com>' },
    },
    ...event,
  });
}

export function sendgridPost(
  events: unknown,
  { now = new Date(), key = sendgrid.privateKey, body = JSON.stringify(events) } = {},
): HookRequest {
  const timestamp = String(Math.floor(now.getTime() / SECOND_MS));
  const signature = sign('sha256', Buffer.from(timestamp + body), key).toString('base64');
  return {
    body,
    headers: {
      'Content-Type': 'application/json',
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
      'X-Twilio-Email-Event-Webhook-Signature': signature,
    },
  };
}

export function sendgridEvent(messageId: string, event: Record<string, unknown>) {
  return {
    'smtp-id': messageId,
    sg_event_id: nextId(),
    timestamp: Date.now() / SECOND_MS,
    ...event,
  };
}

export function mailgunPost(
  data: Record<string, unknown>,
  { now = new Date(), key = MAILGUN_KEY, token = nextId().padEnd(50, '0').slice(0, 50) } = {},
): HookRequest {
  const timestamp = String(Math.floor(now.getTime() / SECOND_MS));
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  return {
    body: JSON.stringify({ signature: { timestamp, token, signature }, 'event-data': data }),
    headers: { 'Content-Type': 'application/json' },
  };
}

/** Mailgun writes Message-IDs without brackets. */
export function mailgunEvent(messageId: string, event: Record<string, unknown>) {
  const headers = { 'message-id': messageId.replace(/[<>]/g, '') };
  return { id: nextId(), timestamp: Date.now() / SECOND_MS, message: { headers }, ...event };
}

export function postmarkPost(
  record: Record<string, unknown>,
  {
    secret = POSTMARK_SECRET,
    by = 'password',
  }: { secret?: string; by?: 'password' | 'header' } = {},
): HookRequest {
  const login = Buffer.from(`assent:${secret}`).toString('base64');
  return {
    body: JSON.stringify(record),
    headers: {
      'Content-Type': 'application/json',
      ...(by === 'password' ? { Authorization: `Basic ${login}` } : { 'X-Assent-Secret': secret }),
    },
  };
}

export function postmarkRecord(send: string, record: Record<string, unknown>) {
  ids += 1;
  return { ID: ids, MessageID: nextId(), Metadata: { 'assent-send': send }, ...record };
}

interface Proof {
  readonly now?: Date;
  readonly isForged?: boolean;
}

/** A report of a mailbox that does not exist, from each of them; genuine and of now if not said. */
export function bounceBy(
  provider: Provider,
  send: string,
  { now = new Date(), isForged = false }: Proof = {},
): HookRequest {
  const messageId = `<${send}@example.com>`;
  switch (provider) {
    case 'ses': {
      const bouncedRecipients = [{ status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 unknown' }];
      const bounce = { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients };
      const Message = sesEvent(messageId, { eventType: 'Bounce', bounce });
      return isForged
        ? snsPost({ Message: '{}' }, { now, after: { Message } })
        : snsPost({ Message }, { now });
    }
    case 'sendgrid': {
      const event = { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550' };
      const key = isForged ? stranger.privateKey : sendgrid.privateKey;
      return sendgridPost([sendgridEvent(messageId, event)], { now, key });
    }
    case 'mailgun': {
      const status = { code: 550, 'enhanced-code': '5.1.1', message: 'user unknown' };
      const failed = { event: 'failed', severity: 'permanent', reason: 'bounce' };
      const event = mailgunEvent(messageId, { ...failed, 'delivery-status': status });
      return mailgunPost(event, { now, key: isForged ? 'another key' : MAILGUN_KEY });
    }
    case 'postmark': {
      const bounce = { RecordType: 'Bounce', Type: 'HardBounce', Details: 'smtp;550 5.1.1' };
      const secret = isForged ? 'a secret of others' : POSTMARK_SECRET;
      return postmarkPost(postmarkRecord(send, bounce), { secret });
    }
  }
}

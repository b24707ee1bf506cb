/**
 * Webhook signature of Amazon SNS: RSA over chosen fields, by a certificate that is fetched from
 * Amazon. Whatever is fetched stands in the post, so only Amazon's own hosts are asked, and only
 * for a topic that the operator named.
 *
 * Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages".
 */
import { type KeyObject, verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';

export const SnsMessage = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string().min(1).max(200),
  TopicArn: z.string().max(400),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string().max(1_000),
  Subject: z.string().optional(),
  SubscribeURL: z.string().max(2_000).optional(),
  Token: z.string().optional(),
});
export type SnsMessage = z.infer<typeof SnsMessage>;

/** Fetches a page of Amazon's. @throws Error if it cannot be had, or is too large */
export type HookFetch = (url: URL) => Promise<string>;

/** What each kind of message signs, in this order; a field that is not there is left out. */
const NOTIFICATION = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const CONFIRMATION = [
  'Message',
  'MessageId',
  'SubscribeURL',
  'Timestamp',
  'Token',
  'TopicArn',
  'Type',
] as const;
const ALGORITHMS = { '1': 'sha1', '2': 'sha256' } as const;

const CERTIFICATE_PATH = /^\/SimpleNotificationService-[a-f0-9]{1,64}\.pem$/;
const CERTIFICATE_MS = 24 * 60 * 60 * 1000;
/** Amazon changes them about once a year, in each region. */
const CERTIFICATES_MAX = 20;

export interface SnsKeys {
  /** True if Amazon signed it. @throws Error if the certificate cannot be fetched now */
  isGenuine(message: SnsMessage, now: Date): Promise<boolean>;
}

/** The host of a topic's region; undefined if the ARN is none. */
function snsHostOf(topicArn: string): string | undefined {
  const [, partition, region] = /^arn:(aws[a-z-]*):sns:([a-z0-9-]+):\d{12}:/.exec(topicArn) ?? [];
  if (region === undefined) return undefined;
  return `sns.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`;
}

/** A URL at Amazon SNS in the topic's region; undefined for any other. */
export function snsUrl(text: string, topicArn: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.protocol !== 'https:' || url.port !== '') return undefined;
  if (url.username !== '' || url.password !== '') return undefined;
  return url.hostname === snsHostOf(topicArn) ? url : undefined;
}

/** Keeps certificates for a day. */
export function snsKeys(fetch: HookFetch): SnsKeys {
  const known = new Map<string, { readonly key: KeyObject; readonly untilMs: number }>();

  const keyOf = async (url: URL, now: Date): Promise<KeyObject> => {
    const nowMs = now.getTime();
    const kept = known.get(url.href);
    if (kept !== undefined && kept.untilMs > nowMs) return kept.key;
    const certificate = new X509Certificate(await fetch(url));
    const [fromMs, toMs] = [certificate.validFrom, certificate.validTo].map((at) => Date.parse(at));
    if (fromMs === undefined || toMs === undefined || !(fromMs <= nowMs && nowMs < toMs)) {
      throw new Error('the certificate of Amazon SNS is not valid now');
    }
    const [oldest] = known.keys();
    if (known.size >= CERTIFICATES_MAX && oldest !== undefined) known.delete(oldest);
    const key = certificate.publicKey;
    known.set(url.href, { key, untilMs: Math.min(nowMs + CERTIFICATE_MS, toMs) });
    return key;
  };

  return {
    async isGenuine(message, now) {
      const url = snsUrl(message.SigningCertURL, message.TopicArn);
      if (url === undefined || !CERTIFICATE_PATH.test(url.pathname) || url.search !== '') {
        return false;
      }
      const key = await keyOf(url, now);
      const algorithm = ALGORITHMS[message.SignatureVersion];
      const signed = Buffer.from(signedText(message), 'utf8');
      return verify(algorithm, signed, key, Buffer.from(message.Signature, 'base64'));
    },
  };
}

function signedText(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? NOTIFICATION : CONFIRMATION;
  return names
    .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
    .join('');
}

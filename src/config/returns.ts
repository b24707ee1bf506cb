/** Config returns: the variables of what comes back: the listener for mail, and providers' webhooks. */
import { createPublicKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { Group } from './faults.ts';
import { listOf, matching } from './values.ts';

/** Environment files often hold a PEM in one line, with `\n` for its line ends. */
const pem = z.string().transform((text) => text.replaceAll('\\n', '\n'));

const certificate = pem.refine((text) => {
  try {
    return new X509Certificate(text).subject !== '';
  } catch {
    return false;
  }
}, 'must be a certificate in PEM, with those that signed it after it');

const privateKey = pem.refine(
  (text) => /^-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(text.trim()),
  'must be a private key in PEM, not encrypted',
);

const PORT_FAULT = 'must be a whole number from 0 to 65535 (TCP port); 0: any free one';
const port = matching(/^\d{1,5}$/, PORT_FAULT)
  .transform(Number)
  .pipe(z.int().max(65_535, PORT_FAULT));

/** SendGrid shows its key as bare base64 (DER, SPKI). */
const sendgridKey = z
  .string()
  .transform((text) => (text.includes('-----') ? text.replaceAll('\\n', '\n') : wrapped(text)))
  .refine(
    isP256,
    'must be the verification key that SendGrid shows under "Event Webhook", "Signature Verification"',
  );

export const returnsShape = {
  INBOUND_SMTP_HOST: matching(
    /^[\w.:-]+$/,
    'must be an IP address or host name of this machine',
  ).default('127.0.0.1'),
  INBOUND_SMTP_PORT: port.optional(),
  INBOUND_TLS_CERT: certificate.optional(),
  INBOUND_TLS_KEY: privateKey.optional(),
  HOOK_SES_TOPICS: listOf(
    /^arn:aws(?:-cn|-us-gov)?:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    'must be topic ARNs like arn:aws:sns:eu-west-1:123456789012:name, with commas',
  ).default([]),
  HOOK_SENDGRID_PUBLIC_KEY: sendgridKey.optional(),
  HOOK_MAILGUN_SIGNING_KEY: z.string().min(16, 'must have 16 characters or more').optional(),
  HOOK_POSTMARK_SECRET: z.string().min(16, 'must have 16 characters or more').optional(),
};

export const RETURNS_SECRETS = [
  'INBOUND_TLS_CERT',
  'INBOUND_TLS_KEY',
  'HOOK_MAILGUN_SIGNING_KEY',
  'HOOK_POSTMARK_SECRET',
] as const;

export const RETURNS_GROUPS: readonly Group[] = [
  { given: ['INBOUND_SMTP_PORT'], needed: ['MAIL_BOUNCE_DOMAIN'] },
  {
    given: ['INBOUND_TLS_CERT', 'INBOUND_TLS_KEY'],
    needed: ['INBOUND_SMTP_PORT', 'INBOUND_TLS_CERT', 'INBOUND_TLS_KEY'],
  },
];

const Returns = z.object(returnsShape);

/** `inbound` is undefined where no port is set: then nothing listens for mail. */
export function returnsOf(
  values: z.infer<typeof Returns> & { readonly MAIL_BOUNCE_DOMAIN?: string | undefined },
) {
  const { INBOUND_TLS_CERT: cert, INBOUND_TLS_KEY: key } = values;
  const { INBOUND_SMTP_HOST: host, INBOUND_SMTP_PORT, MAIL_BOUNCE_DOMAIN: domain } = values;
  const tls = cert === undefined || key === undefined ? undefined : { cert, key };
  const inbound =
    INBOUND_SMTP_PORT === undefined || domain === undefined
      ? undefined
      : { host, port: INBOUND_SMTP_PORT, domain, tls };
  return {
    inbound,
    hooks: {
      sesTopics: values.HOOK_SES_TOPICS,
      sendgridPublicKey: values.HOOK_SENDGRID_PUBLIC_KEY,
      mailgunSigningKey: values.HOOK_MAILGUN_SIGNING_KEY,
      postmarkSecret: values.HOOK_POSTMARK_SECRET,
    },
  };
}

const wrapped = (base64: string): string =>
  `-----BEGIN PUBLIC KEY-----\n${base64.trim()}\n-----END PUBLIC KEY-----\n`;

function isP256(text: string): boolean {
  try {
    return createPublicKey(text).asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

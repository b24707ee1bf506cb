/** Config, signing: how mail is signed, and how we log in and hand it over where it is not the plain way. */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Group } from './faults.ts';
import { domain, line, matching, oneOf, rsaKey, webUrl } from './values.ts';

const selector = matching(/^[\w.-]{1,63}$/, 'must be letters, digits, - and .');
const ed25519Key = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n'))
  .refine(
    isEd25519,
    'must be an Ed25519 private key in PEM, not encrypted; make one with `openssl genpkey -algorithm ed25519`',
  );

export const signingShape = {
  MAIL_TRANSPORT: oneOf(['own', 'pool'], 'own'),
  DKIM_DOMAIN: domain.optional(),
  DKIM_SELECTOR: selector.optional(),
  DKIM_PRIVATE_KEY: rsaKey.optional(),
  DKIM_ED25519_SELECTOR: selector.optional(),
  DKIM_ED25519_PRIVATE_KEY: ed25519Key.optional(),
  SMTP_OAUTH2_CLIENT_ID: line.optional(),
  SMTP_OAUTH2_CLIENT_SECRET: line.optional(),
  SMTP_OAUTH2_REFRESH_TOKEN: line.optional(),
  SMTP_OAUTH2_TOKEN_URL: webUrl.optional(),
};
const Values = z.object(signingShape);

export const SIGNING_SECRETS = [
  'DKIM_PRIVATE_KEY',
  'DKIM_ED25519_PRIVATE_KEY',
  'SMTP_OAUTH2_CLIENT_SECRET',
  'SMTP_OAUTH2_REFRESH_TOKEN',
] as const;

const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'];
const ED25519 = ['DKIM_ED25519_SELECTOR', 'DKIM_ED25519_PRIVATE_KEY'];
const OAUTH2 = [
  'SMTP_OAUTH2_CLIENT_ID',
  'SMTP_OAUTH2_CLIENT_SECRET',
  'SMTP_OAUTH2_REFRESH_TOKEN',
  'SMTP_OAUTH2_TOKEN_URL',
];

export const SIGNING_GROUPS: readonly Group[] = [
  { given: DKIM, needed: DKIM },
  { given: ED25519, needed: [...ED25519, ...DKIM] },
  { given: OAUTH2, needed: [...OAUTH2, 'SMTP_URL'] },
];

/** Undefined where the provider signs. */
export function dkimOf(values: z.infer<typeof Values>) {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = values;
  const { DKIM_ED25519_SELECTOR, DKIM_ED25519_PRIVATE_KEY } = values;
  if (!DKIM_DOMAIN || !DKIM_SELECTOR || !DKIM_PRIVATE_KEY) return undefined;
  const isDual = DKIM_ED25519_SELECTOR && DKIM_ED25519_PRIVATE_KEY;
  return {
    domain: DKIM_DOMAIN,
    selector: DKIM_SELECTOR,
    privateKeyPem: DKIM_PRIVATE_KEY,
    ed25519: isDual
      ? { selector: DKIM_ED25519_SELECTOR, privateKeyPem: DKIM_ED25519_PRIVATE_KEY }
      : undefined,
  };
}

/** Undefined where a password, or nothing, opens the SMTP server. */
export function oauth2Of(values: z.infer<typeof Values>) {
  const { SMTP_OAUTH2_CLIENT_ID: clientId, SMTP_OAUTH2_CLIENT_SECRET: clientSecret } = values;
  const { SMTP_OAUTH2_REFRESH_TOKEN: refreshToken, SMTP_OAUTH2_TOKEN_URL: tokenUrl } = values;
  if (!clientId || !clientSecret || !refreshToken || !tokenUrl) return undefined;
  return { clientId, clientSecret, refreshToken, tokenUrl };
}

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

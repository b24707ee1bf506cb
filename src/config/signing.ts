/** Config, signing: how mail is signed, and how it is handed over where it is not the plain way. */
import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { Group } from './faults.ts';
import { domain, matching, oneOf, rsaKey } from './values.ts';

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
};
const Values = z.object(signingShape);

export const SIGNING_SECRETS = ['DKIM_PRIVATE_KEY', 'DKIM_ED25519_PRIVATE_KEY'] as const;

const DKIM = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'];
const ED25519 = ['DKIM_ED25519_SELECTOR', 'DKIM_ED25519_PRIVATE_KEY'];

export const SIGNING_GROUPS: readonly Group[] = [
  { given: DKIM, needed: DKIM },
  { given: ED25519, needed: [...ED25519, ...DKIM] },
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

function isEd25519(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

/** Environment: values that are right, for tests that make one of them wrong. */
import { generateKeyPairSync } from 'node:crypto';
import { ConfigFault, readConfig } from '../../../src/config.ts';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from '../../support/certificate.ts';

export const HEX = 'ab'.repeat(32);
export const OTHER_HEX = 'cd'.repeat(32);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export const slack = {
  SLACK_BOT_TOKEN: 'xoxb-1-2-secret',
  SLACK_SIGNING_SECRET: 'f'.repeat(32),
  SLACK_CHANNEL: 'C012AB3CD',
};
export const mail = {
  SMTP_URL: 'smtp://user:secret@127.0.0.1:587',
  MAIL_FROM: 'hello@example.com',
  MAIL_FROM_NAME: 'Example & Söhne',
  MAIL_POSTAL_ADDRESS: 'Example Ltd, 1 Example Street, Exampleton',
  PUBLIC_URL: 'https://assent.example.com/',
};
export const inbound = {
  MAIL_BOUNCE_DOMAIN: 'bounce.example.com',
  INBOUND_SMTP_PORT: '2525',
  INBOUND_TLS_CERT: CERTIFICATE_PEM,
  INBOUND_TLS_KEY: CERTIFICATE_KEY_PEM,
};
export const ED25519_PEM = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
export const ed25519 = { DKIM_ED25519_SELECTOR: 's2', DKIM_ED25519_PRIVATE_KEY: ED25519_PEM };
export const oauth2 = {
  SMTP_OAUTH2_CLIENT_ID: 'client',
  SMTP_OAUTH2_CLIENT_SECRET: 'a secret',
  SMTP_OAUTH2_REFRESH_TOKEN: 'a token',
  SMTP_OAUTH2_TOKEN_URL: 'https://oauth2.example.com/token',
};
export const dkim = { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 's1', DKIM_PRIVATE_KEY: PEM };

export function faultsOf(
  environment: NodeJS.ProcessEnv,
  readFile?: (path: string) => string,
): string[] {
  try {
    readConfig(environment, readFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((fault) => fault.replace('  - ', ''));
  }
}

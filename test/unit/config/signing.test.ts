/** Config, signing: what belongs together, and what is read of it. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';

const RSA_PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const ED25519_PEM = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const mail = {
  SMTP_URL: 'smtp://news@127.0.0.1:2525',
  MAIL_FROM: 'hello@example.com',
  MAIL_FROM_NAME: 'Example',
  MAIL_POSTAL_ADDRESS: 'Example Ltd, 1 Example Street, Exampleton',
  PUBLIC_URL: 'https://assent.example.com/',
};
const dkim = { DKIM_DOMAIN: 'example.com', DKIM_SELECTOR: 's1', DKIM_PRIVATE_KEY: RSA_PEM };
const ed25519 = { DKIM_ED25519_SELECTOR: 's2', DKIM_ED25519_PRIVATE_KEY: ED25519_PEM };

/** The names of the variables that are missing. */
function missing(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    const [, ...faults] = (error as Error).message.split('\n');
    return faults.map((fault) => fault.replace(/^ *- /, '').replace(/ is missing; .*/, ''));
  }
}

describe('what belongs together', () => {
  const cases: [string, NodeJS.ProcessEnv, string[]][] = [
    ['a second DKIM key', { ...mail, ...dkim, ...ed25519 }, []],
    [
      'a second DKIM key alone',
      { ...mail, ...ed25519 },
      ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'],
    ],
  ];
  it.each(cases)('%s', (_, environment, expected) => {
    expect(missing(environment)).toEqual(expected);
  });
});

it('tells how mail is signed twice, and by what it is handed over', () => {
  const read = readConfig({ ...mail, ...dkim, ...ed25519, MAIL_TRANSPORT: 'pool' });
  expect(read.mail?.dkim?.ed25519?.selector).toBe('s2');
  expect(read.mail?.dkim?.ed25519?.privateKeyPem.trim()).toBe(ED25519_PEM.trim());
  expect(read.mail?.transport).toBe('pool');
  expect(readConfig(mail).mail).toMatchObject({ dkim: undefined, transport: 'own' });
});

/** Config returns: how the listener and the webhooks are switched on, and what each needs. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../src/config.ts';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from '../../support/certificate.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:mail-events';
const domain = { MAIL_BOUNCE_DOMAIN: 'bounce.example.com' };

describe('the listener', () => {
  it('is off without a port', () => {
    expect(readConfig(domain).returns.inbound).toBeUndefined();
  });

  it('needs no SMTP server for outgoing mail: another process may send', () => {
    expect(readConfig({ ...domain, INBOUND_SMTP_PORT: '2525' }).returns.inbound).toEqual({
      host: '127.0.0.1',
      port: 2525,
      domain: 'bounce.example.com',
      tls: undefined,
    });
  });

  it('has TLS with a certificate and its key, also in one line', () => {
    const { inbound } = readConfig({
      ...domain,
      INBOUND_SMTP_PORT: '0',
      INBOUND_TLS_CERT: CERTIFICATE_PEM.replaceAll('\n', '\\n'),
      INBOUND_TLS_KEY: CERTIFICATE_KEY_PEM,
    }).returns;
    expect(inbound?.port).toBe(0);
    expect(inbound?.tls?.cert.trim()).toBe(CERTIFICATE_PEM.trim());
    expect(inbound?.tls?.key.trim()).toBe(CERTIFICATE_KEY_PEM.trim());
  });

  it.each([
    [{ INBOUND_SMTP_PORT: '25' }, 'MAIL_BOUNCE_DOMAIN is missing'],
    [
      { ...domain, INBOUND_SMTP_PORT: '25', INBOUND_TLS_CERT: CERTIFICATE_PEM },
      'INBOUND_TLS_KEY is missing',
    ],
    [
      { ...domain, INBOUND_TLS_CERT: CERTIFICATE_PEM, INBOUND_TLS_KEY: CERTIFICATE_KEY_PEM },
      'INBOUND_SMTP_PORT is missing',
    ],
  ])('is not half set up (%#)', (environment, fault) => {
    expect(() => readConfig(environment)).toThrow(fault);
  });
});

describe('webhooks', () => {
  it('take topics in a list', () => {
    const { hooks } = readConfig({ HOOK_SES_TOPICS: `${TOPIC}, ${TOPIC}2` }).returns;
    expect(hooks.sesTopics).toEqual([TOPIC, `${TOPIC}2`]);
  });

  it('take SendGrid’s key as SendGrid shows it, or in PEM', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const bare = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    for (const key of [pem, bare, pem.replaceAll('\n', '\\n')]) {
      const { hooks } = readConfig({ HOOK_SENDGRID_PUBLIC_KEY: key }).returns;
      expect(hooks.sendgridPublicKey?.replaceAll('\n', '')).toBe(pem.replaceAll('\n', ''));
    }
  });

  it('take no key of another kind', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => readConfig({ HOOK_SENDGRID_PUBLIC_KEY: pem })).toThrow('HOOK_SENDGRID_PUBLIC_KEY');
  });
});

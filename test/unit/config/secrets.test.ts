/** Config: what is needed together, secrets that come in files, and names that nobody knows. */
import { describe, expect, it } from '@jest/globals';
import { INSTALLS_SECRETS } from '../../../src/config/installs.ts';
import { readConfig, SECRETS } from '../../../src/config.ts';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from '../../support/certificate.ts';
import {
  dkim,
  ED25519_PEM,
  ed25519,
  faultsOf,
  HEX,
  inbound,
  mail,
  oauth2,
  PEM,
  slack,
} from './environment.ts';

describe('what is needed together', () => {
  const cases: [string, Record<string, string>, string[]][] = [
    ['Slack over HTTP', slack, []],
    [
      'Socket Mode',
      { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', SLACK_CHANNEL: 'C012AB3CD' },
      [],
    ],
    [
      'a bot token alone',
      { SLACK_BOT_TOKEN: 'xoxb-1' },
      ['SLACK_CHANNEL', 'SLACK_SIGNING_SECRET or SLACK_APP_TOKEN'],
    ],
    [
      'approvers alone',
      { SLACK_APPROVERS: 'U012AB3CD' },
      ['SLACK_BOT_TOKEN', 'SLACK_CHANNEL', 'SLACK_SIGNING_SECRET or SLACK_APP_TOKEN'],
    ],
    ['mail', mail, []],
    [
      'an SMTP server alone',
      { SMTP_URL: mail.SMTP_URL },
      ['MAIL_FROM', 'MAIL_FROM_NAME', 'MAIL_POSTAL_ADDRESS', 'PUBLIC_URL'],
    ],
    ['a sender without an SMTP server', { MAIL_FROM: mail.MAIL_FROM }, []],
    ['DKIM', { ...mail, ...dkim }, []],
    [
      'a DKIM selector alone',
      { ...mail, DKIM_SELECTOR: 's1' },
      ['DKIM_DOMAIN', 'DKIM_PRIVATE_KEY'],
    ],
  ];
  it.each(cases)('%s', (_, environment, missing) => {
    const faults = faultsOf(environment);
    expect(
      faults.map((fault) => fault.replace(/ is missing; it is needed because .*/, '')),
    ).toEqual(missing);
  });
});

describe('a secret in a file', () => {
  const good: Record<string, string> = {
    ASSENT_ADDRESS_KEY: HEX,
    ASSENT_TOKEN_KEYS: `k1:${HEX}`,
    MONGODB_URI: 'mongodb://db.example.com/?replicaSet=rs0',
    SLACK_BOT_TOKEN: slack.SLACK_BOT_TOKEN,
    SLACK_SIGNING_SECRET: slack.SLACK_SIGNING_SECRET,
    SLACK_APP_TOKEN: 'xapp-1-secret',
    SMTP_URL: mail.SMTP_URL,
    DKIM_PRIVATE_KEY: PEM,
    DKIM_ED25519_PRIVATE_KEY: ED25519_PEM,
    SMTP_OAUTH2_CLIENT_SECRET: oauth2.SMTP_OAUTH2_CLIENT_SECRET,
    SMTP_OAUTH2_REFRESH_TOKEN: oauth2.SMTP_OAUTH2_REFRESH_TOKEN,
    INBOUND_TLS_CERT: CERTIFICATE_PEM,
    INBOUND_TLS_KEY: CERTIFICATE_KEY_PEM,
    HOOK_MAILGUN_SIGNING_KEY: 'key-0123456789abcdef',
    HOOK_POSTMARK_SECRET: 'a secret of our own',
  };
  const around = { ...slack, ...mail, ...dkim, ...ed25519, ...oauth2, ...inbound };

  // Those of many workspaces: installs.test.ts.
  const own = SECRETS.filter((name) => !INSTALLS_SECRETS.some((other) => other === name));
  it.each(own.map((name) => [name]))('%s is read from it, without the line end', (name) => {
    const value = good[name] ?? '';
    const read = readConfig(
      { ...around, [name]: '', [`${name}_FILE`]: '/run/secrets/it' },
      (path) => (path === '/run/secrets/it' ? `${value}\n` : 'another file'),
    );
    expect(read).toEqual(readConfig({ ...around, [name]: value }));
  });

  const fails = () => {
    throw Object.assign(new Error('no such file: /run/secrets/it'), { code: 'ENOENT' });
  };
  it.each([
    ['cannot be read (ENOENT); correct the path', '', fails],
    ['names an empty file', '', () => '\n'],
    ['are both set; keep one', good['MONGODB_URI'], () => good['MONGODB_URI'] ?? ''],
  ])('that %s is a fault, without its path', (fault, value, readFile) => {
    const environment = { MONGODB_URI: value, MONGODB_URI_FILE: '/run/secrets/it' };
    expect(faultsOf(environment, readFile)).toEqual([expect.stringContaining(fault)]);
    expect(faultsOf(environment, readFile).join()).not.toContain('/run');
  });

  it('is read from the disk if nobody says otherwise', () => {
    const faults = faultsOf({ SMTP_URL_FILE: '/no/such/file', ...mail, SMTP_URL: undefined });
    expect(faults).toEqual([expect.stringMatching(/^SMTP_URL_FILE .*\(ENOENT\)/)]);
  });
});

describe('an unknown name', () => {
  it.each([
    ['ASSENT_WORKSPCE', 'Did you mean ASSENT_WORKSPACE?'],
    ['ASSENT_TOKEN_KEY', 'Did you mean ASSENT_TOKEN_KEYS?'],
    ['ASSENT_ADDRESS_KEYFILE', 'Did you mean ASSENT_ADDRESS_KEY_FILE?'],
    ['ASSENT_SOMETHING_ELSE_ENTIRELY', 'Remove it.'],
  ])('%s: %s', (name, hint) => {
    expect(faultsOf({ [name]: 'x' })).toEqual([`${name} is not a variable of Assent. ${hint}`]);
  });

  it('of somebody else is none of our business', () => {
    expect(faultsOf({ SLACK_CLI_XAPP: 'x', ASSENTIAL: 'x', PATH: '/bin', ASSENT_OLD: '' })).toEqual(
      [],
    );
  });
});

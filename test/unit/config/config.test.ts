/** Config: what is read, and that a fault names the variable and the remedy and never the value. */
import { describe, expect, it } from '@jest/globals';
import { installsShape } from '../../../src/config/installs.ts';
import { readConfig, VARIABLES } from '../../../src/config.ts';
import { CERTIFICATE_PEM } from '../../support/certificate.ts';
import {
  dkim,
  ED25519_PEM,
  ed25519,
  faultsOf,
  HEX,
  inbound,
  mail,
  OTHER_HEX,
  oauth2,
  PEM,
  slack,
} from './environment.ts';

describe('an empty environment', () => {
  it('is enough for a first try', () => {
    expect(readConfig({})).toEqual({
      production: false,
      logLevel: 'info',
      role: 'all',
      home: '.assent',
      workspace: undefined,
      keys: { addressKey: undefined, tokenKeys: undefined },
      mongodb: { uri: undefined, database: 'assent', binary: undefined },
      slack: undefined,
      web: { publicUrl: undefined, host: '127.0.0.1', port: 3000, trustedProxies: 0 },
      mail: undefined,
      returns: {
        inbound: undefined,
        hooks: {
          sesTopics: [],
          sendgridPublicKey: undefined,
          mailgunSigningKey: undefined,
          postmarkSecret: undefined,
        },
      },
      limits: {
        approvalTypedOver: 1000,
        approvalExpiresHours: 72,
        linkDays: 14,
        importBytesMax: 2_147_483_648,
        leaseSeconds: 30,
        lockSeconds: 60,
        tickSeconds: 5,
      },
      evidenceIp: 'truncated',
    });
  });

  it('is the same as one of empty and blank variables', () => {
    const blank = Object.fromEntries(VARIABLES.map((name, i) => [name, i % 2 ? '' : '  ']));
    expect(readConfig(blank)).toEqual(readConfig({}));
  });
});

describe('a full environment', () => {
  const full = {
    ...slack,
    ...mail,
    ...dkim,
    NODE_ENV: 'production',
    LOG_LEVEL: 'debug',
    ASSENT_ROLE: 'sender',
    ASSENT_HOME: '/var/lib/assent',
    ASSENT_WORKSPACE: 'T012AB3CD',
    ASSENT_ADDRESS_KEY: HEX,
    ASSENT_TOKEN_KEYS: `k2:${OTHER_HEX}, k1:${HEX}`,
    MONGODB_URI: 'mongodb://a.example.com:27017,b.example.com:27018/?replicaSet=rs0',
    SLACK_APP_TOKEN: 'xapp-1-secret',
    SLACK_REQUESTERS: 'U012AB3CD,U012AB3CE  W012AB3CF',
    SLACK_APPROVERS: 'U012AB3CG',
    SLACK_FILE_HOSTS: 'files.slack.com, 127.0.0.1:4000',
    HOST: '::1',
    PORT: '0',
    MAIL_REPLY_TO: 'answers@example.com',
    MAIL_BOUNCE_DOMAIN: 'bounce.example.com',
    MAIL_PRIVACY_URL: 'https://example.com/privacy',
    MAIL_PER_SECOND: '500',
    EVIDENCE_IP: 'keyed-hash',
  };

  it('is grouped, with numbers, lists and keys read', () => {
    const config = readConfig(full);
    expect(config).toMatchObject({
      production: true,
      logLevel: 'debug',
      role: 'sender',
      home: '/var/lib/assent',
      workspace: 'T012AB3CD',
      mongodb: { uri: full.MONGODB_URI },
      slack: {
        botToken: full.SLACK_BOT_TOKEN,
        signingSecret: full.SLACK_SIGNING_SECRET,
        appToken: full.SLACK_APP_TOKEN,
        apiUrl: 'https://slack.com/api/',
        channel: 'C012AB3CD',
        fileHosts: ['files.slack.com', '127.0.0.1:4000'],
        requesters: ['U012AB3CD', 'U012AB3CE', 'W012AB3CF'],
        approvers: ['U012AB3CG'],
        admins: [],
      },
      web: { publicUrl: 'https://assent.example.com', host: '::1', port: 0 },
      mail: {
        routes: [{ name: 'default', url: full.SMTP_URL, perSecond: 500, connections: 5 }],
        from: full.MAIL_FROM,
        fromName: full.MAIL_FROM_NAME,
        postalAddress: full.MAIL_POSTAL_ADDRESS,
        replyTo: full.MAIL_REPLY_TO,
        privacyUrl: full.MAIL_PRIVACY_URL,
        bounceDomain: full.MAIL_BOUNCE_DOMAIN,
        dkim: { domain: 'example.com', selector: 's1', privateKeyPem: PEM.trim() },
      },
      evidenceIp: 'keyed-hash',
    });
    expect(config.keys.addressKey?.toString('hex')).toBe(HEX);
    expect(config.keys.tokenKeys?.map(({ id, key }) => `${id}:${key.toString('hex')}`)).toEqual([
      `k2:${OTHER_HEX}`,
      `k1:${HEX}`,
    ]);
  });

  it('is frozen to the last list', () => {
    const config = readConfig(full);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.limits)).toBe(true);
    expect(Object.isFrozen(config.slack?.requesters)).toBe(true);
    expect(Object.isFrozen(config.keys.tokenKeys?.[0])).toBe(true);
  });

  it('takes an address key as base64url too', () => {
    const text = Buffer.from(HEX, 'hex').toString('base64url');
    expect(readConfig({ ASSENT_ADDRESS_KEY: text }).keys.addressKey?.toString('hex')).toBe(HEX);
  });

  it('takes a PEM in one line', () => {
    const environment = { ...mail, ...dkim, DKIM_PRIVATE_KEY: PEM.replaceAll('\n', '\\n') };
    expect(readConfig(environment).mail?.dkim?.privateKeyPem.trim()).toBe(PEM.trim());
  });
});

describe('a wrong value', () => {
  const CANARY = 'cAnArY';
  const wrong: [string, string[]][] = [
    ['NODE_ENV', ['staging']],
    ['LOG_LEVEL', ['verbose', 'INFO']],
    ['ASSENT_ROLE', ['workers']],
    ['ASSENT_WORKSPACE', ['two words', 'a.b']],
    ['ASSENT_ADDRESS_KEY', ['short', HEX.slice(1), `${HEX}ab`, 'z'.repeat(64)]],
    [
      'ASSENT_TOKEN_KEYS',
      [HEX, `k1:${HEX.slice(1)}`, `k.1:${HEX}`, `k1:${HEX},k1:${OTHER_HEX}`, ','],
    ],
    ['MONGODB_URI', ['mysql://localhost', 'localhost:27017', 'mongodb://with space']],
    ['MONGODB_DATABASE', ['a.b', 'a'.repeat(39)]],
    ['SLACK_BOT_TOKEN', ['xoxp-1', 'xoxb-']],
    ['SLACK_SIGNING_SECRET', ['f'.repeat(31), 'g'.repeat(32)]],
    ['SLACK_APP_TOKEN', ['xoxb-1']],
    ['SLACK_API_URL', ['slack.com/api', 'ftp://slack.com/']],
    ['SLACK_FILE_HOSTS', ['https://slack.example']],
    ['SLACK_CHANNEL', ['#general', 'U012AB3CD']],
    ['SLACK_REQUESTERS', ['ann', 'U012AB3CD;U012AB3CE', '@U012AB3CD']],
    ['SLACK_APPROVERS', ['S012AB3CD']],
    ['SLACK_ADMINS', ['u012ab3cd']],
    [
      'PUBLIC_URL',
      [
        'assent.example.com',
        'http://assent.example.com',
        'http://127.0.0.1.example.com',
        'https://user:pw@example.com',
        'https://example.com/?a=1',
        'https://example.com/#a',
        'https://',
      ],
    ],
    ['HOST', ['not a host']],
    ['PORT', ['-1', '65536', '3000.5', '0x10', '1e3', 'http']],
    ['TRUSTED_PROXIES', ['11', 'true']],
    ['SMTP_URL', ['mail.example.com', 'http://mail.example.com', 'smtp://']],
    ['MAIL_FROM', ['Ann <ann@example.com>', 'ann@localhost']],
    ['MAIL_FROM_NAME', ['two\nlines', 'a'.repeat(201)]],
    ['MAIL_REPLY_TO', ['nobody']],
    ['MAIL_POSTAL_ADDRESS', ['two\r\nlines']],
    ['MAIL_PRIVACY_URL', ['http://example.com']],
    ['MAIL_BOUNCE_DOMAIN', ['bounce', 'a@example.com', 'https://example.com', '10.0.0.1']],
    ['MAIL_PER_SECOND', ['0', '501']],
    ['MAIL_CONNECTIONS', ['0', '101']],
    ['MAIL_WARM_UP_FROM', ['2026-02-30', 'soon']],
    ['MAIL_CANARY_MINUTES', ['-1', '1441']],
    ['MAIL_ALLOW', ['example.com', '@example']],
    ['DKIM_DOMAIN', ['example']],
    ['DKIM_SELECTOR', ['a b']],
    ['DKIM_PRIVATE_KEY', ['not a key', PEM.slice(0, 300), ED25519_PEM]],
    ['DKIM_ED25519_SELECTOR', ['a b']],
    ['DKIM_ED25519_PRIVATE_KEY', ['not a key', PEM]],
    ['SMTP_OAUTH2_CLIENT_ID', ['two\nlines']],
    ['SMTP_OAUTH2_CLIENT_SECRET', ['two\nlines']],
    ['SMTP_OAUTH2_REFRESH_TOKEN', ['two\nlines']],
    ['SMTP_OAUTH2_TOKEN_URL', ['http://example.com', 'token']],
    ['MAIL_TRANSPORT', ['nodemailer']],
    ['INBOUND_SMTP_HOST', ['not a host']],
    ['INBOUND_SMTP_PORT', ['-1', '65536', 'smtp']],
    ['INBOUND_TLS_CERT', ['not a certificate', PEM]],
    ['INBOUND_TLS_KEY', ['not a key', CERTIFICATE_PEM]],
    [
      'HOOK_SES_TOPICS',
      ['mail-events', 'arn:aws:sns:eu-west-1:12:x', 'arn:aws:sqs:eu-west-1:123456789012:x'],
    ],
    ['HOOK_SENDGRID_PUBLIC_KEY', ['not a key', HEX]],
    ['HOOK_MAILGUN_SIGNING_KEY', ['short']],
    ['HOOK_POSTMARK_SECRET', ['short']],
    ['APPROVAL_TYPED_OVER', ['-1', 'many']],
    ['APPROVAL_EXPIRES_HOURS', ['0', '721']],
    ['LINK_DAYS', ['0', '31', '14d']],
    ['IMPORT_BYTES_MAX', ['0', '2GB', '99999999999999999999']],
    ['LEASE_SECONDS', ['0', '601']],
    ['LOCK_SECONDS', ['0', '3601']],
    ['TICK_SECONDS', ['0', '301']],
    ['EVIDENCE_IP', ['yes', 'keyed_hash']],
  ];
  /** Partners that a variable needs, so that its own fault is the only one. */
  const around = { ...slack, ...mail, ...dkim, ...ed25519, ...oauth2, ...inbound };

  it.each(wrong)('of %s is refused, with the remedy and without the value', (name, values) => {
    for (const value of [...values, `${values[0]}!${CANARY}`]) {
      const faults = faultsOf({ ...around, [name]: value });
      expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name} (must|has) .{10,}\\.$`))]);
      expect(faults.join()).not.toContain(CANARY);
    }
  });

  it('is known for every variable but paths', () => {
    // Those of many workspaces: installs.test.ts.
    const own = VARIABLES.filter((name) => !(name in installsShape));
    expect(own.filter((name) => !wrong.some(([known]) => known === name))).toEqual([
      'ASSENT_HOME',
      'MONGOD_BINARY',
      'MAIL_ROUTES_FILE',
    ]);
  });

  it('of each of several variables is named at once', () => {
    const faults = faultsOf({ PORT: 'a', LINK_DAYS: '99', ASSENT_ROL: 'web', SMTP_URL: 'x' });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'ASSENT_ROL',
      'MAIL_FROM',
      'MAIL_FROM_NAME',
      'MAIL_POSTAL_ADDRESS',
      'PUBLIC_URL',
      'PORT',
      'SMTP_URL',
      'LINK_DAYS',
    ]);
  });
});

describe('a web address', () => {
  const good: [string, string][] = [
    ['https://assent.example.com', 'https://assent.example.com'],
    ['https://example.com/assent//', 'https://example.com/assent'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ];
  it.each(good)('%s is taken as %s', (given, taken) => {
    expect(readConfig({ PUBLIC_URL: given }).web.publicUrl).toBe(taken);
  });
});

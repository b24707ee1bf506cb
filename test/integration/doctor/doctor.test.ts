/**
 * Doctor: `assent doctor` against real servers on the loopback: MongoDB, SMTP, DNS, Slack's double
 * and our own pages; each right, and each wrong in the ways that operators meet.
 */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import { doctorCommand } from '../../../src/cli/doctor.ts';
import { type Config, readConfig } from '../../../src/config.ts';
import type { Check, Finding } from '../../../src/consent/finding.ts';
import { openCheckup } from '../../../src/doctor.ts';
import { dkimChecks, domainChecks, ptrCheck } from '../../../src/mail/check-dns.ts';
import { dkimSigner } from '../../../src/mail/dkim/dkim.ts';
import { dnsLookups } from '../../../src/mail/dns.ts';
import { databaseCheck } from '../../../src/store/check-database.ts';
import { publicChecks } from '../../../src/web/check-public.ts';
import { loadPageWords } from '../../../src/web/page-words.ts';
import { startWebServer, type WebServer } from '../../../src/web/server.ts';
import { type TestDeps, testDeps } from '../../support/deps.ts';
import { type DnsServer, startDns } from '../../support/dns.ts';

const KEY = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const OTHER_KEY = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const ED25519_PEM = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const SIGNER = dkimSigner({ domain: 'example.com', selector: 's1', privateKeyPem: KEY });
const PASSWORD = 'opensesame';
const MANIFEST = JSON.parse(readFileSync('manifests/manifest.http.json', 'utf8'));
const SCOPES = [
  ...MANIFEST.oauth_config.scopes.bot,
  'channels:read', // More than is needed does no harm.
];

let deps: TestDeps;
let dns: DnsServer;
let smtp: SMTPServer;
let smtpPort: number;
let slack: SlackDouble;
let web: WebServer;

beforeAll(async () => {
  deps = await testDeps();
  dns = await startDns({
    'example.com TXT': ['v=spf1 include:spf.example.net -all'],
    'example.com MX': ['10 mail.example.com'],
    '_dmarc.example.com TXT': ['v=DMARC1; p=quarantine'],
    's1._domainkey.example.com TXT': [SIGNER.record.value],
    'mail.example.com A': ['192.0.2.1'],
    '1.2.0.192.in-addr.arpa PTR': ['mail.example.com'],
    'bare.example.com A': ['192.0.2.9'],
    'bounces.example.com A': ['192.0.2.1'],
  });
  smtp = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ password }, _session, done) => {
      if (password === PASSWORD) done(null, { user: 'sender' });
      else done(new Error('no'));
    },
  });
  smtpPort = await new Promise((resolve) => {
    const server = smtp.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
    });
  });
  slack = await startSlackDouble({ signingSecret: 'a'.repeat(32), scopes: SCOPES });
  const pages = await loadPageWords('templates/pages');
  web = await startWebServer({ deps, host: '127.0.0.1', port: 0, pages, trustedProxies: 0 });
});
afterAll(async () => {
  dns.close();
  await new Promise((resolve) => {
    smtp.close(() => resolve(undefined));
  });
  await slack.stop();
  await web.close();
  await deps.close();
});

const lookups = () => dnsLookups([dns.address]);

function configOf(over: NodeJS.ProcessEnv = {}): Config {
  return readConfig({
    MONGODB_URI: process.env['TEST_MONGODB_URI'],
    MONGODB_DATABASE: deps.database.db.databaseName,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: 'a'.repeat(32),
    SLACK_API_URL: slack.apiUrl,
    SLACK_CHANNEL: 'C0APPROVALS',
    PUBLIC_URL: web.url,
    SMTP_URL: `smtp://sender:${PASSWORD}@127.0.0.1:${smtpPort}`,
    MAIL_FROM: 'news@example.com',
    MAIL_FROM_NAME: 'Example',
    MAIL_POSTAL_ADDRESS: 'Example GmbH, Beispielweg 1',
    DKIM_DOMAIN: 'example.com',
    DKIM_SELECTOR: 's1',
    DKIM_PRIVATE_KEY: KEY,
    ...over,
  });
}

async function checkup(over: NodeJS.ProcessEnv = {}, argv: string[] = []) {
  const out: string[] = [];
  const err: string[] = [];
  const { checks, close } = await openCheckup({
    config: configOf(over),
    environment: {},
    say: () => {},
    dns: lookups(),
  });
  const io = { out: (line: string) => out.push(line), err: (line: string) => err.push(line) };
  const status = await doctorCommand(async () => checks, argv, io);
  await close();
  return { status, out: out.join('\n'), err: err.join('\n') };
}

const run = async (checks: readonly Check[]): Promise<readonly Finding[]> =>
  (await Promise.all(checks.map((check) => check.run()))).flat();

it('finds nothing wrong where nothing is', async () => {
  const { status, out } = await checkup();
  expect(out).not.toContain('FAIL');
  expect(status).toBe(0);
  for (const what of [
    'MongoDB version',
    'MongoDB replica set',
    'MongoDB write concern',
    'MongoDB disk',
    'Clock against MongoDB',
    'Slack token',
    'Slack scopes',
    'Clock against Slack',
    `Mail server 127.0.0.1:${smtpPort} (route default)`,
    'DKIM key s1._domainkey.example.com',
    'SPF of example.com',
    'DMARC of example.com',
    'MX of example.com',
    'PUBLIC_URL',
    'Recipients’ pages',
    'One-click unsubscribe',
  ]) {
    expect(out).toContain(`  ${what}: `);
  }
});

it('warns of a bounce domain that nothing listens for', async () => {
  const domain = { MAIL_BOUNCE_DOMAIN: 'bounces.example.com' };
  const { out } = await checkup(domain);
  expect(out).toMatch(/warn {2}Returned mail: Mail to bounces\.example\.com is not read here/u);
  expect(out).toContain('Set INBOUND_SMTP_PORT for every process');
  const listening = await checkup({ ...domain, INBOUND_SMTP_PORT: '0' });
  expect(listening.out).not.toContain('Returned mail');
  expect((await checkup()).out).not.toContain('Returned mail');
});

it('says the same to programs', async () => {
  const { out } = await checkup({}, ['--json']);
  const said = JSON.parse(out);
  expect(said.ok).toBe(true);
  expect(said.findings).toContainEqual({
    what: 'DKIM key s1._domainkey.example.com',
    level: 'ok',
    says: 'The published key verifies what we sign.',
  });
});

it('fails with what to do, and never says a secret', async () => {
  const { status, out } = await checkup({
    SMTP_URL: `smtp://sender:wrong-password@127.0.0.1:${smtpPort}`,
    DKIM_PRIVATE_KEY: OTHER_KEY,
    SLACK_BOT_TOKEN: 'xoxb-of-another-app',
    PUBLIC_URL: 'http://127.0.0.1:1',
  });
  expect(status).toBe(1);
  expect(out).toMatch(/FAIL {2}Mail server .*: It cannot be used/u);
  expect(out).toContain('Check user and password in the URL of the route.');
  expect(out).toMatch(/FAIL {2}DKIM key .*: the DKIM self-test failed/u);
  expect(out).toMatch(/FAIL {2}Slack token: Slack does not take it \(invalid_auth\)/u);
  expect(out).toMatch(/FAIL {2}Recipients’ pages: Nothing answers/u);
  expect(out).not.toMatch(/wrong-password|xoxb-of-another-app|PRIVATE/u);
});

it('tells what is not configured, and what that means', async () => {
  const config = readConfig({ MONGODB_URI: process.env['TEST_MONGODB_URI'] });
  const { checks } = await openCheckup({ config, environment: {}, say: () => {} });
  const findings = await run(checks);
  expect(findings).toContainEqual(expect.objectContaining({ what: 'Slack', level: 'warn' }));
  expect(findings).toContainEqual(expect.objectContaining({ what: 'Mail', level: 'warn' }));
});

it('knows its options, and looks at nothing for a wrong one', async () => {
  const { status, err } = await checkup({}, ['--all']);
  expect(status).toBe(2);
  expect(err).toContain('Nothing was looked at.');
  const help = await checkup({}, ['--help']);
  expect(help).toMatchObject({ status: 0, out: expect.stringContaining('assent doctor [--json]') });
});

it('goes on when a check breaks', async () => {
  const lines: string[] = [];
  const broken: Check = { what: 'Weather', run: () => Promise.reject(new Error('no barometer')) };
  const io = { out: (line: string) => lines.push(line), err: () => {} };
  expect(await doctorCommand(async () => [broken], [], io)).toBe(1);
  expect(lines[0]).toContain('Weather: It could not be looked at: no barometer.');
});

describe('DNS', () => {
  it('looks above a subdomain for DMARC, and misses SPF and MX where they are not', async () => {
    const domains = { from: 'example.com', bounces: 'bounces.example.com' };
    const levels = (await run(domainChecks(lookups(), domains))).map(({ level }) => level);
    expect(levels).toEqual(['fail', 'ok', 'fail']);
    const below = { from: 'news.example.com', bounces: undefined };
    const [spf, dmarc, mx] = await run(domainChecks(lookups(), below));
    expect([spf?.level, dmarc?.level, mx?.level]).toEqual(['fail', 'ok', 'warn']);
  });

  it('wants the key published', async () => {
    const other = dkimSigner({ domain: 'example.com', selector: 's2', privateKeyPem: KEY });
    const [finding] = await run(dkimChecks(lookups(), other));
    expect(finding).toMatchObject({
      level: 'fail',
      remedy: expect.stringContaining('s2._domainkey.example.com: v=DKIM1; k=rsa; p='),
    });
  });

  it('wants the second key published too, and no other', async () => {
    const ed25519 = { selector: 's3', privateKeyPem: ED25519_PEM };
    const options = { domain: 'example.com', selector: 's1', privateKeyPem: KEY, ed25519 };
    const signer = dkimSigner(options);
    const found = async (record: string) => {
      const zone = await startDns({
        's1._domainkey.example.com TXT': [SIGNER.record.value],
        's3._domainkey.example.com TXT': [record],
      });
      const findings = await run(dkimChecks(dnsLookups([zone.address]), signer));
      zone.close();
      return findings.map(({ level }) => level);
    };
    expect(await found(signer.records[1]?.value ?? '')).toEqual(['ok', 'ok']);
    expect(await found('v=DKIM1; k=ed25519; p=AAAA')).toEqual(['ok', 'fail']);
  });

  it.each([
    ['mail.example.com', 'ok'],
    ['bare.example.com', 'warn'],
    ['nowhere.example.com', 'fail'],
  ])('PTR of %s: %s', async (host, level) => {
    expect(await run([ptrCheck(lookups(), host)])).toMatchObject([{ level }]);
  });
});

it('tells which scopes a token lacks', async () => {
  const poor = await startSlackDouble({ signingSecret: 'a'.repeat(32), scopes: ['commands'] });
  const { out } = await checkup({ SLACK_BOT_TOKEN: poor.botToken, SLACK_API_URL: poor.apiUrl });
  await poor.stop();
  expect(out).toMatch(/FAIL {2}Slack scopes: Not granted: .*chat:write/u);
});

it('tells a MongoDB that is away', async () => {
  const uri = 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200';
  const findings = await run([databaseCheck({ uri, name: 'x', now: () => new Date() })]);
  expect(findings).toMatchObject([{ level: 'fail', says: 'It does not answer.' }]);
});

it('tells a public address that leads to something else', async () => {
  const [reach, pages, click] = await run(publicChecks(slack.origin));
  expect(reach?.level).toBe('warn');
  expect(pages).toMatchObject({ level: 'fail' });
  // It answers 404 as well, and is not ours.
  expect(click).toMatchObject({ level: 'fail', says: expect.stringContaining('not by Assent') });
});

/**
 * Doctor: which checks an installation gets, from how it is configured. Each check lives with what
 * it looks at: store/, mail/, slack/, web/.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Config } from './config.ts';
import { type Check, warn } from './consent/finding.ts';
import { dkimChecks, domainChecks, ptrCheck } from './mail/check-dns.ts';
import { smtpCheck } from './mail/check-smtp.ts';
import { dkimSigner } from './mail/dkim/dkim.ts';
import { type Dns, dnsLookups } from './mail/dns.ts';
import { smtpLogin } from './mail/smtp/login.ts';
import { readSmtpUrl } from './mail/smtp/url.ts';
import { slackChecks } from './slack/wire/check-slack.ts';
import { databaseCheck } from './store/check-database.ts';
import { startLocalMongod } from './store/local-mongod.ts';
import { publicChecks } from './web/check-public.ts';

const MANIFESTS = new URL('../manifests/', import.meta.url);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/u;

export interface CheckupOptions {
  readonly config: Config;
  /** For a mongod of our own, where no MONGODB_URI is configured. */
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly dns?: Dns | undefined;
}

export interface Checkup {
  readonly checks: readonly Check[];
  /** Ends what was started to be looked at. */
  close(): Promise<void>;
}

/** @throws Error with what to do if there is no MongoDB to look at */
export async function openCheckup(options: CheckupOptions): Promise<Checkup> {
  const { config, environment, say, dns = dnsLookups() } = options;
  const now = () => new Date();
  const mongod =
    config.mongodb.uri === undefined
      ? await startLocalMongod({ folder: config.home, env: environment, say })
      : undefined;
  const uri = config.mongodb.uri ?? mongod?.uri ?? '';
  return {
    checks: [
      databaseCheck({ uri, name: config.mongodb.database, now }),
      ...(await slackPart(config, now)),
      ...mailPart(config, dns),
      ...publicPart(config),
    ],
    close: async () => mongod?.stop(),
  };
}

async function slackPart({ slack }: Config, now: () => Date): Promise<readonly Check[]> {
  const what = 'Slack';
  if (slack === undefined) {
    return [
      missing(what, 'It is not configured, so nobody can ask or approve.', 'SLACK_BOT_TOKEN'),
    ];
  }
  const { botToken, appToken, apiUrl } = slack;
  if (botToken === undefined) {
    const says = 'Many workspaces install the app; each token is checked once a day by itself.';
    return [{ what, run: async () => [{ what, level: 'ok', says }] }];
  }
  const scopes = await manifestScopes(
    appToken === undefined ? 'manifest.http.json' : 'manifest.json',
  );
  return slackChecks({ apiUrl, botToken, appToken, scopes, now });
}

const Manifest = z.object({
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
});

async function manifestScopes(name: string): Promise<readonly string[]> {
  const text = await readFile(fileURLToPath(new URL(name, MANIFESTS)), 'utf8');
  return Manifest.parse(JSON.parse(text)).oauth_config.scopes.bot;
}

function mailPart(config: Config, dns: Dns): readonly Check[] {
  const { mail } = config;
  if (mail === undefined) {
    return [missing('Mail', 'It is not configured, so no recipient can be asked.', 'SMTP_URL')];
  }
  const checks: Check[] = [];
  for (const { name, url, oauth2, dkim = mail.dkim } of mail.routes) {
    const route = readSmtpUrl(url);
    checks.push(smtpCheck(name, route, smtpLogin(route, oauth2)));
    if (!LOOPBACK.test(route.host)) checks.push(ptrCheck(dns, route.host));
    if (dkim === undefined) {
      const says = `Route ${name} does not sign; the provider has to.`;
      checks.push(missing('DKIM', says, 'DKIM_DOMAIN and its key, unless the provider signs'));
    } else checks.push(...dkimChecks(dns, dkimSigner(dkim)));
  }
  checks.push(...returnsPart(config));
  const from = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  return [...checks, ...domainChecks(dns, { from, bounces: mail.bounceDomain })];
}

/** A bounce domain that nobody listens for: bounces are lost, and with them the proof of a bad list. */
function returnsPart({ mail, returns }: Config): readonly Check[] {
  if (mail?.bounceDomain === undefined || returns.inbound !== undefined) return [];
  const what = 'Returned mail';
  const says = `Mail to ${mail.bounceDomain} is not read here: bounces and complaints do not count, and mails offer no stop by mail.`;
  const remedy =
    'Set INBOUND_SMTP_PORT for every process and let the MX of the domain lead there, or unset MAIL_BOUNCE_DOMAIN; see docs/mail.md.';
  return [{ what, run: async () => [warn(what, says, remedy)] }];
}

function publicPart({ web, mail }: Config): readonly Check[] {
  if (web.publicUrl !== undefined) return publicChecks(web.publicUrl.replace(/\/$/u, ''));
  if (mail === undefined) return [];
  return [missing('PUBLIC_URL', 'It is not configured.', 'PUBLIC_URL')];
}

function missing(what: string, says: string, variable: string): Check {
  return { what, run: async () => [warn(what, says, `Set ${variable}; see .env.example.`)] };
}

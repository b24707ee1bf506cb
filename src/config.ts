/**
 * Config: the environment, read once, checked whole. Each variable is explained in .env.example.
 *
 * A fault names the variable and what to do, never a value: the log of a failed start is read by
 * more people than the secrets are meant for.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Group, missingPartners, readTexts, unknownNames } from './config/faults.ts';
import {
  INSTALLS_GROUPS,
  INSTALLS_SECRETS,
  installFaults,
  installsOf,
  installsShape,
} from './config/installs.ts';
import { OAUTH2_GROUPS, OAUTH2_SECRETS } from './config/oauth2.ts';
import { RETURNS_GROUPS, RETURNS_SECRETS, returnsOf, returnsShape } from './config/returns.ts';
import { readRoutes, routesShape } from './config/routes.ts';
import type { RouteConfig } from './config/routes-file.ts';
import { dkimOf, SIGNING_GROUPS, SIGNING_SECRETS, signingShape } from './config/signing.ts';
import {
  address,
  addressKey,
  domain,
  line,
  listOf,
  matching,
  oneOf,
  tokenKeys,
  urlOf,
  webUrl,
  whole,
} from './config/values.ts';

const GB = 1024 ** 3;

const users = listOf(
  /^[UW][A-Z0-9]{2,}$/,
  'must be Slack user ids like U012AB3CD, with commas; in Slack: profile, "Copy member ID"',
).default([]);

const Environment = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production'], 'development'),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  ASSENT_ROLE: oneOf(['all', 'web', 'worker', 'sender'], 'all'),
  ASSENT_HOME: z.string().default('.assent'),
  ASSENT_WORKSPACE: matching(
    /^[A-Za-z0-9_-]{1,64}$/,
    'must be a Slack team id like T012AB3CD, or a name of letters, digits, - and _',
  ).optional(),
  ASSENT_ADDRESS_KEY: addressKey.optional(),
  ASSENT_TOKEN_KEYS: tokenKeys.optional(),

  MONGODB_URI: matching(
    /^mongodb(\+srv)?:\/\/\S+$/,
    'must begin with mongodb:// or mongodb+srv://; your MongoDB provider shows it under "Connect"',
  ).optional(),
  MONGODB_DATABASE: matching(/^[\w-]{1,38}$/, 'must be 1 to 38 letters, digits, - and _').default(
    'assent',
  ),
  MONGOD_BINARY: z.string().optional(),

  SLACK_BOT_TOKEN: matching(
    /^xoxb-\S+$/,
    'must begin with xoxb-; it is on the page "Install App" of your app at api.slack.com/apps',
  ).optional(),
  SLACK_SIGNING_SECRET: matching(
    /^[0-9a-f]{32,}$/i,
    'must be 32 or more hex digits; it is on the page "Basic Information" of your app',
  ).optional(),
  SLACK_APP_TOKEN: matching(
    /^xapp-\S+$/,
    'must begin with xapp-; "Basic Information", "App-Level Tokens", with connections:write',
  ).optional(),
  SLACK_API_URL: urlOf(['https:', 'http:'], 'must be an http(s):// address').default(
    'https://slack.com/api/',
  ),
  SLACK_FILE_HOSTS: listOf(
    /^[a-z0-9.-]+(?::\d+)?$/i,
    'must be host names like files.slack.com, with commas',
  ).default(['files.slack.com']),
  SLACK_CHANNEL: matching(
    /^[CG][A-Z0-9]{2,}$/,
    'must be a channel id like C012AB3CD; in Slack: channel details, at the end',
  ).optional(),
  SLACK_REQUESTERS: users,
  SLACK_APPROVERS: users,
  SLACK_ADMINS: users,
  ...installsShape,

  PUBLIC_URL: webUrl.optional(),
  HOST: matching(/^[\w.:-]+$/, 'must be an IP address or host name of this machine').default(
    '127.0.0.1',
  ),
  PORT: whole('TCP port', { min: 0, max: 65_535, fallback: 3000 }),
  TRUSTED_PROXIES: whole('proxies', { min: 0, max: 10, fallback: 0 }),

  ...routesShape,
  MAIL_FROM: address.optional(),
  MAIL_FROM_NAME: line.optional(),
  MAIL_REPLY_TO: address.optional(),
  MAIL_POSTAL_ADDRESS: line.optional(),
  MAIL_PRIVACY_URL: webUrl.optional(),
  MAIL_BOUNCE_DOMAIN: domain.optional(),
  ...signingShape,
  ...returnsShape,

  APPROVAL_TYPED_OVER: whole('addresses', { min: 0, max: 1_000_000_000, fallback: 1000 }),
  APPROVAL_EXPIRES_HOURS: whole('hours', { min: 1, max: 720, fallback: 72 }),
  LINK_DAYS: whole('days', { min: 1, max: 30, fallback: 14 }),
  IMPORT_BYTES_MAX: whole('bytes', { min: 1, max: 1024 * GB, fallback: 2 * GB }),
  LEASE_SECONDS: whole('seconds', { min: 1, max: 600, fallback: 30 }),
  LOCK_SECONDS: whole('seconds', { min: 1, max: 3600, fallback: 60 }),
  TICK_SECONDS: whole('seconds', { min: 1, max: 300, fallback: 5 }),
  EVIDENCE_IP: oneOf(['off', 'truncated', 'keyed-hash', 'full'], 'truncated'),
});

/** Every variable there is. */
export const VARIABLES: readonly string[] = Object.keys(Environment.shape);

/** Those that may also come as NAME_FILE, the path of a file that holds the value. */
export const SECRETS: readonly string[] = [
  'ASSENT_ADDRESS_KEY',
  'ASSENT_TOKEN_KEYS',
  'MONGODB_URI',
  'SLACK_BOT_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_APP_TOKEN',
  'SMTP_URL',
  ...SIGNING_SECRETS,
  ...OAUTH2_SECRETS,
  ...RETURNS_SECRETS,
  ...INSTALLS_SECRETS,
];

const GROUPS: readonly Group[] = [
  {
    given: [
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'SLACK_APP_TOKEN',
      'SLACK_CHANNEL',
      'SLACK_REQUESTERS',
      'SLACK_APPROVERS',
      'SLACK_ADMINS',
    ],
    needed: ['SLACK_BOT_TOKEN', 'SLACK_CHANNEL', 'SLACK_SIGNING_SECRET or SLACK_APP_TOKEN'],
    unless: 'SLACK_CLIENT_ID',
  },
  {
    given: ['SMTP_URL', 'MAIL_ROUTES_FILE'],
    needed: ['MAIL_FROM', 'MAIL_FROM_NAME', 'MAIL_POSTAL_ADDRESS', 'PUBLIC_URL'],
  },
  ...SIGNING_GROUPS,
  ...OAUTH2_GROUPS,
  ...RETURNS_GROUPS,
  ...INSTALLS_GROUPS,
];

/** The environment cannot be used; the message is for the operator and needs no stack. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
}

type Frozen<T> = T extends Uint8Array
  ? T
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;

/** Times and sizes carry their unit in the name. `slack` or `mail` is undefined where it is not set up. */
export type Config = Frozen<ReturnType<typeof group>>;

/**
 * Reads the environment. An empty variable counts as unset.
 * @param readFile reads the files that NAME_FILE variables name
 * @throws ConfigFault that names every fault at once, with its remedy and without any value
 */
export function readConfig(
  environment: NodeJS.ProcessEnv,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const { texts, faults } = readTexts({
    environment,
    names: VARIABLES,
    secrets: SECRETS,
    readFile,
  });
  const known = [...VARIABLES, ...SECRETS.map((name) => `${name}_FILE`)];
  faults.push(...unknownNames(environment, known), ...missingPartners(environment, GROUPS));
  faults.push(...installFaults(environment));
  const result = Environment.safeParse(texts);
  for (const { path, message } of result.error?.issues ?? []) {
    faults.push(`${String(path[0])} ${message}.`);
  }
  const mailRoutes = result.success
    ? readRoutes(result.data, result.data.NODE_ENV === 'production', readFile)
    : { routes: [], faults: [] };
  faults.push(...mailRoutes.faults);
  if (result.success && faults.length === 0) return freeze(group(result.data, mailRoutes.routes));
  throw new ConfigFault(
    [
      'Nothing was started: the environment has faults. .env.example explains every variable.',
      ...faults.map((fault) => `  - ${fault}`),
    ].join('\n'),
  );
}

function group(values: z.infer<typeof Environment>, routes: readonly RouteConfig[]) {
  return {
    production: values.NODE_ENV === 'production',
    logLevel: values.LOG_LEVEL,
    role: values.ASSENT_ROLE,
    home: values.ASSENT_HOME,
    /** Of the command line where there is no Slack. */
    workspace: values.ASSENT_WORKSPACE,
    keys: { addressKey: values.ASSENT_ADDRESS_KEY, tokenKeys: values.ASSENT_TOKEN_KEYS },
    mongodb: {
      uri: values.MONGODB_URI,
      database: values.MONGODB_DATABASE,
      binary: values.MONGOD_BINARY,
    },
    slack: slackOf(values),
    web: {
      publicUrl: values.PUBLIC_URL,
      host: values.HOST,
      port: values.PORT,
      trustedProxies: values.TRUSTED_PROXIES,
    },
    mail: mailOf(values, routes),
    returns: returnsOf(values),
    limits: {
      approvalTypedOver: values.APPROVAL_TYPED_OVER,
      approvalExpiresHours: values.APPROVAL_EXPIRES_HOURS,
      linkDays: values.LINK_DAYS,
      importBytesMax: values.IMPORT_BYTES_MAX,
      leaseSeconds: values.LEASE_SECONDS,
      lockSeconds: values.LOCK_SECONDS,
      tickSeconds: values.TICK_SECONDS,
    },
    evidenceIp: values.EVIDENCE_IP,
  };
}

/** Undefined where Slack is not set up; missingPartners has seen to it that it is whole. */
function slackOf(values: z.infer<typeof Environment>) {
  const { SLACK_BOT_TOKEN: botToken, SLACK_CHANNEL: channel } = values;
  const installs = installsOf(values);
  if (installs === undefined && (botToken === undefined || channel === undefined)) return undefined;
  return {
    /** Of the one workspace; undefined where many install the app. */
    botToken,
    channel,
    installs,
    signingSecret: values.SLACK_SIGNING_SECRET,
    /** Set: Socket Mode. */
    appToken: values.SLACK_APP_TOKEN,
    apiUrl: values.SLACK_API_URL,
    fileHosts: values.SLACK_FILE_HOSTS,
    requesters: values.SLACK_REQUESTERS,
    approvers: values.SLACK_APPROVERS,
    admins: values.SLACK_ADMINS,
  };
}

/** Undefined where no mail can be sent; missingPartners has seen to it that it is whole. */
function mailOf(values: z.infer<typeof Environment>, routes: readonly RouteConfig[]) {
  const { MAIL_FROM: from, MAIL_FROM_NAME: fromName } = values;
  const postalAddress = values.MAIL_POSTAL_ADDRESS;
  const [first, ...others] = routes;
  if (!first || !from || !fromName || !postalAddress) return undefined;
  return {
    /** At least one; each with a name of its own. */
    routes: [first, ...others] as const,
    /** Undefined: everybody. */
    allow: values.MAIL_ALLOW,
    canaryMinutes: values.MAIL_CANARY_MINUTES,
    from,
    fromName,
    postalAddress,
    replyTo: values.MAIL_REPLY_TO,
    privacyUrl: values.MAIL_PRIVACY_URL,
    bounceDomain: values.MAIL_BOUNCE_DOMAIN,
    dkim: dkimOf(values),
    transport: values.MAIL_TRANSPORT,
  };
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null && !(part instanceof Uint8Array)) freeze(part);
  }
  return Object.freeze(value);
}

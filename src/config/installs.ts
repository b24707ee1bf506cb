/** Config installs: the variables for many workspaces, each of which installs the app (OAuth). */
import { z } from 'zod';
import type { Group } from './faults.ts';
import { listOf, matching } from './values.ts';

const KEY_BYTES = 32;

const secretsKeys = listOf(
  /^[A-Za-z0-9_-]{1,16}:[A-Za-z0-9+/_-]{43}=?$/,
  `must be id:key, several with commas; id: letters and digits, key: ${KEY_BYTES} bytes as base64; make one with \`openssl rand -base64 ${KEY_BYTES}\``,
)
  .transform((parts) => parts.map(readKey))
  .refine(
    (keys) => new Set(keys.map(({ id }) => id)).size === keys.length,
    'has an id twice; each key needs its own',
  )
  .transform(([first, ...others]) => (first ? ([first, ...others] as const) : undefined));

function readKey(part: string): { id: string; key: Buffer } {
  const [id = '', base64 = ''] = part.split(':');
  return { id, key: Buffer.from(base64, 'base64') };
}

export const installsShape = {
  SLACK_CLIENT_ID: matching(
    /^\d{3,20}\.\d{3,20}$/,
    'must be two numbers with a point between; it is on the page "Basic Information" of your app',
  ).optional(),
  SLACK_CLIENT_SECRET: matching(
    /^[0-9a-f]{32,}$/i,
    'must be 32 or more hex digits; it is on the page "Basic Information" of your app',
  ).optional(),
  ASSENT_SECRETS_KEYS: secretsKeys.optional(),
};

export const INSTALLS_SECRETS = ['SLACK_CLIENT_SECRET', 'ASSENT_SECRETS_KEYS'] as const;

export const INSTALLS_GROUPS: readonly Group[] = [
  {
    given: ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'ASSENT_SECRETS_KEYS'],
    needed: [
      'SLACK_CLIENT_ID',
      'SLACK_CLIENT_SECRET',
      'SLACK_SIGNING_SECRET',
      'ASSENT_SECRETS_KEYS',
      'PUBLIC_URL',
    ],
  },
];

/** These belong to the one workspace of a configured bot token. */
const ONE_WORKSPACE = ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'];
/** Ids of one workspace mean nothing in another, or somebody else. */
const DECIDED_IN_SLACK = ['SLACK_CHANNEL', 'SLACK_REQUESTERS', 'SLACK_APPROVERS', 'SLACK_ADMINS'];

/** One workspace by its token, or many that install the app: not both. */
export function installFaults(environment: NodeJS.ProcessEnv): string[] {
  const isSet = (name: string) =>
    [name, `${name}_FILE`].some((each) => (environment[each]?.trim() ?? '') !== '');
  if (!isSet('SLACK_CLIENT_ID')) return [];
  return [
    ...ONE_WORKSPACE.filter(isSet).map(
      (name) =>
        `${name} is for one workspace and SLACK_CLIENT_ID for many; unset one of the two (docs/workspaces.md).`,
    ),
    ...DECIDED_IN_SLACK.filter(isSet).map(
      (name) =>
        `${name} is for one workspace; with SLACK_CLIENT_ID each workspace decides this in Slack, with /assent settings. Unset it.`,
    ),
  ];
}

const Installs = z.object(installsShape);

/** Undefined where the app cannot be installed; missingPartners has seen to it that it is whole. */
export function installsOf(values: z.infer<typeof Installs>) {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = values;
  const { ASSENT_SECRETS_KEYS: keys } = values;
  if (!clientId || !clientSecret || !keys) return undefined;
  return { clientId, clientSecret, keys };
}

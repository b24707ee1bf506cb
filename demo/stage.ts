/**
 * Stage: everything that the story is played on: the product itself, a Slack double with its
 * people, an inbox, and a local MongoDB. One call builds it, one takes it down.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { pino } from 'pino';
import { readConfig } from '../src/config.ts';
import { openResources, type Resources } from '../src/resources.ts';
import { openDoors } from '../src/start.ts';
import { COLLECTIONS } from '../src/store/migrations.ts';
import { type Inbox, startInbox } from './inbox/inbox.ts';
import { decide, install, NEIGHBOUR, openNeighbour } from './installation.ts';
import { type SlackDouble, startSlackDouble } from './slack/double.ts';
import { type SlackHub, startSlackHub } from './slack/oauth.ts';
import type { Person } from './slack/person.ts';

const SIGNING_SECRET = '0123456789abcdef0123456789abcdef';
const CLIENT_ID = '1234567890.0987654321';
const CLIENT_SECRET = 'fedcba9876543210fedcba9876543210';
/** The tokens of a double open nothing, so their key may stand here. */
const SECRETS_KEYS = `demo:${Buffer.alloc(32, 7).toString('base64')}`;
/** Fast enough for a story, and still a pace. */
const MAILS_PER_SECOND = '400';

/** The company whose Slack the story happens in. */
export const COMPANY = 'Example Gardens';
export const CHANNEL = { id: 'C0APPROVALS', name: 'mail-approvals' } as const;

export interface Cast {
  /** Marketing; asks. */
  readonly rita: Person;
  /** Privacy; approves. */
  readonly adam: Person;
  /** A guest; may do nothing. */
  readonly gus: Person;
  /** Sees to the settings. */
  readonly vera: Person;
  /** Asks like Rita, and reads German. */
  readonly hanna: Person;
}

export interface Stage {
  readonly resources: Resources;
  readonly slack: SlackDouble;
  /** Another company's Slack, where the app can be installed too. */
  readonly neighbour: SlackDouble;
  /** Slack's side of installing, for both. */
  readonly hub: SlackHub;
  readonly inbox: Inbox;
  readonly cast: Cast;
  /** Where recipients land. */
  readonly url: string;
  /** Slack's ids as names, for printing. */
  readonly names: (id: string) => string | undefined;
  close(): Promise<void>;
}

/**
 * @param home folder for the local MongoDB and the keys
 * @param environment variables that count instead of the stage's own
 */
export async function buildStage(
  home: string,
  say: (line: string) => void,
  environment: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const slack = await startSlackDouble({ signingSecret: SIGNING_SECRET });
  const neighbour = await openNeighbour(SIGNING_SECRET);
  const cast = hire(slack);
  const inbox = await startInbox();
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const hub = await startSlackHub({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    redirectUrls: [`${publicUrl}/slack/oauth_redirect`],
  });
  hub.add(slack, { name: COMPANY, installer: cast.vera.id });
  hub.add(neighbour, { name: NEIGHBOUR.name, installer: NEIGHBOUR.installer });
  const config = readConfig({
    ...pick(process.env, ['MONGODB_URI', 'MONGOD_BINARY']),
    ASSENT_HOME: home,
    MONGODB_DATABASE: 'assent-demo',
    LOG_LEVEL: 'error',
    ...slackEnvironment(hub, [slack, neighbour]),
    PUBLIC_URL: publicUrl,
    PORT: String(port),
    SMTP_URL: inbox.smtpUrl,
    MAIL_FROM: 'news@gardens.example',
    MAIL_FROM_NAME: COMPANY,
    MAIL_POSTAL_ADDRESS: `${COMPANY}, 1 Meadow Lane, Springfield`,
    MAIL_PER_SECOND: MAILS_PER_SECOND,
    // The inbox answers at once: nobody has to wait for its bounces.
    MAIL_CANARY_MINUTES: '0',
    TICK_SECONDS: '1',
    ...environment,
  });
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const resources = await openResources({ config, log, say, environment: process.env });
  await forgetEarlierStories(resources);
  const doors = await openDoors(resources);
  for (const double of [slack, neighbour]) double.connect(publicUrl);
  await settleIn(resources, hub, slack, cast);
  return {
    resources,
    slack,
    neighbour,
    hub,
    inbox,
    cast,
    url: publicUrl,
    names: namesOf(slack),
    async close() {
      await doors.close();
      await resources.close();
      await inbox.stop();
      await hub.stop();
      await Promise.all([slack.stop(), neighbour.stop()]);
    },
  };
}

/** Many workspaces may install the app, by OAuth. */
function slackEnvironment(hub: SlackHub, doubles: readonly SlackDouble[]) {
  return {
    SLACK_CLIENT_ID: CLIENT_ID,
    SLACK_CLIENT_SECRET: CLIENT_SECRET,
    ASSENT_SECRETS_KEYS: SECRETS_KEYS,
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: hub.apiUrl,
    SLACK_FILE_HOSTS: doubles.map(({ origin }) => new URL(origin).host).join(','),
  };
}

/** The story's company has the app already; Vera installed it and gave the roles. */
async function settleIn(
  { deps }: Resources,
  hub: SlackHub,
  { teamId }: SlackDouble,
  { rita, adam, gus, vera, hanna }: Cast,
): Promise<void> {
  await install(deps.publicUrl, hub, { team: teamId, user: vera.id });
  const values = {
    requesters: [rita.id, hanna.id],
    // Gus was given a role by mistake; a guest is refused all the same.
    approvers: [adam.id, gus.id],
    channel: CHANNEL.id,
  };
  await decide(deps, { workspace: teamId, by: vera.id, values });
}

/** The story begins with nothing on file, however often it is told. */
async function forgetEarlierStories({ deps }: Resources): Promise<void> {
  const { db } = deps.database;
  for (const name of [...Object.keys(COLLECTIONS), 'agendaJobs']) {
    await db.collection(name).deleteMany({});
  }
}

/** The links in mails name the port, so it is chosen before anything listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

function hire(slack: SlackDouble): Cast {
  const cast = {
    rita: slack.addUser({ id: 'U0RITA', name: 'Rita (requester)' }),
    adam: slack.addUser({ id: 'U0ADAM', name: 'Adam (approver)' }),
    gus: slack.addUser({ id: 'U0GUS', name: 'Gus (guest)', isRestricted: true }),
    vera: slack.addUser({ id: 'U0VERA', name: 'Vera (admin)', isAdmin: true }),
    hanna: slack.addUser({ id: 'U0HANNA', name: 'Hanna (in German)', locale: 'de-DE' }),
  };
  slack.addChannel(CHANNEL);
  slack.addChannel({ id: 'C0GENERAL', name: 'general' });
  return cast;
}

function namesOf(slack: SlackDouble): (id: string) => string | undefined {
  return (id) =>
    id === CHANNEL.id ? CHANNEL.name : slack.people().find((person) => person.id === id)?.name;
}

function pick(from: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

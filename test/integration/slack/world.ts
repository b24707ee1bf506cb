/** World: the real Slack app on a real database, in front of the Slack double, with people in it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import type { Person } from '../../../demo/slack/person.ts';
import type { PostedMessage } from '../../../demo/slack/workspace.ts';
import { createAnnouncer } from '../../../src/slack/announcer.ts';
import { createSlackApp } from '../../../src/slack/app.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { BUDGETS } from '../../../src/store/budget.ts';
import { announceDue } from '../../../src/workflow/announce.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import {
  ADMIN,
  APPROVER,
  CHANNEL,
  OTHER_APPROVER,
  REQUESTER,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences } from '../../support/people.ts';

/** Holds no role. */
export const NOBODY = 'U0NOBODY';
const SIGNING_SECRET = 'a'.repeat(32);

type Roles = { -readonly [Role in 'requesters' | 'approvers' | 'admins']?: readonly string[] };

export interface SlackWorld {
  readonly deps: TestDeps;
  /** Who holds which role from now on, where it is not as at the start. */
  readonly roles: Roles;
  readonly slack: SlackDouble;
  person(id: string): Person;
  /** Posts what is due, as the announce job does. */
  announce(): Promise<void>;
  /** The same, by a clock that is ahead: edits of one message keep some distance. */
  announceLater(ms: number): Promise<void>;
  /** Lets the next messages out at once: a test that posts many would wait for the shared pace. */
  refillPace(): Promise<void>;
  /** The latest message in the channel whose text begins so. */
  card(beginning: string): PostedMessage;
  /** Waits for a new modal, or one that changed, that holds these words. */
  sees(user: string, words: string): Promise<void>;
  /** Waits for words that only this person reads. */
  reads(user: string, words: string): Promise<void>;
  /** @throws Error if Slack found a fault in anything that we sent, or an address in a channel */
  close(): Promise<void>;
}

export async function slackWorld(
  over: Partial<Deps> = {},
  options: { readonly fileHosts?: readonly string[] } = {},
): Promise<SlackWorld> {
  const roles: Roles = {};
  const base = await testDeps(over);
  const deps: TestDeps = {
    ...base,
    settings: async (workspace) => ({ ...(await base.settings(workspace)), ...roles }),
  };
  await addAudiences(deps);
  const slack = await startSlackDouble({ signingSecret: SIGNING_SECRET, teamId: WORKSPACE });
  for (const id of [REQUESTER, APPROVER, OTHER_APPROVER, ADMIN, NOBODY]) {
    slack.addUser({ id, name: id.slice(2).toLowerCase() });
  }
  slack.addChannel({ id: CHANNEL, name: 'approvals' });
  const { apiUrl, botToken } = slack;
  const clients = slackClients({ apiUrl, botToken });
  const fileHosts = options.fileHosts ?? [new URL(slack.origin).host];
  const config = { apiUrl, botToken, fileHosts, signingSecret: SIGNING_SECRET };
  const { requestListener } = createSlackApp({ deps, clients, config });
  if (requestListener === undefined) throw new Error('the app listens over HTTP here');
  const server = createServer(requestListener);
  slack.connect(await listening(server));
  const port = createAnnouncer(deps, clients);
  const announce = () => announceDue(deps, port, { signal: new AbortController().signal });
  const shown = (thing: unknown): string => JSON.stringify(thing ?? '');
  return {
    deps,
    roles,
    slack,
    person: (id) => slack.person(id),
    announce,
    async announceLater(ms) {
      deps.setNow(new Date(deps.now().getTime() + ms));
      await announce();
      deps.setNow(undefined);
    },
    async refillPace() {
      await deps.database.db.collection(BUDGETS).deleteMany({});
    },
    card(beginning) {
      const found = slack.messages(CHANNEL).findLast(({ text }) => text.startsWith(beginning));
      if (found === undefined) throw new Error(`no card begins with "${beginning}"`);
      return found;
    },
    async sees(user, words) {
      await slack.until(() => shown(slack.modal(user)).includes(words));
    },
    async reads(user, words) {
      await slack.until(() => shown(slack.person(user).ephemerals()).includes(words));
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await slack.stop();
      await deps.close();
      if (slack.faults.length > 0) throw new Error(`Slack's faults: ${shown(slack.faults)}`);
      if (slack.leaks.length > 0) throw new Error(`addresses in Slack: ${shown(slack.leaks)}`);
    },
  };
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

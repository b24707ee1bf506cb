/**
 * Double: a Slack of our own, for tests and the demo. It listens on the loopback, keeps one
 * workspace in memory, signs what it sends as Slack does, refuses what Slack would refuse, and lets
 * people act.
 */
import type { AddressInfo } from 'node:net';
import type { Json } from './json.ts';
import type { Leak } from './leaks.ts';
import { eventEnvelope } from './payloads.ts';
import { messagesIn, personOf } from './people.ts';
import type { Person } from './person.ts';
import { newPlot, type Planted } from './planted.ts';
import { newRateLimiter } from './rate-limit.ts';
import { type Ack, deliver, eventBody, type SignedRequest, sign } from './sign.ts';
import type { SocketMode } from './socket-mode.ts';
import { webApiServer } from './web-api.ts';
import {
  type ApiCall,
  type OpenView,
  type PostedMessage,
  type RecordedFault,
  type UserGroup,
  Workspace,
} from './workspace.ts';

const EVENTS_PATH = '/slack/events';
const UNTIL_MS = 25_000;
const UNTIL_STEP_MS = 10;

export interface SlackDoubleOptions {
  readonly signingSecret: string;
  readonly teamId?: string;
  readonly botToken?: string;
  /** `xapp-…`; an app that opens a connection with it gets its requests there (Socket Mode). */
  readonly appToken?: string;
  /** Granted to the token, as X-OAuth-Scopes tells with every answer; none if not said. */
  readonly scopes?: readonly string[];
  /**
   * The workspace's clock: message times, triggers, response URLs. Signatures use the real one, as
   * the app's check of them does.
   */
  readonly now?: () => Date;
  /** Whether calls are counted against Slack's rate limits. */
  readonly limits?: boolean;
}

interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly locale?: string;
  readonly tz?: string;
  readonly isAdmin?: boolean;
  readonly isRestricted?: boolean;
  readonly isBot?: boolean;
  readonly teamId?: string;
}

interface NewChannel {
  readonly id: string;
  readonly name: string;
  /** Everybody there is now, if not said. */
  readonly members?: readonly string[];
  /** Whether the app was invited; it was, if not said. */
  readonly withApp?: boolean;
  readonly isPrivate?: boolean;
  readonly isArchived?: boolean;
}

export interface SlackDouble {
  /** For SLACK_API_URL. */
  readonly apiUrl: string;
  /** Where files and response URLs live, `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly teamId: string;
  readonly botToken: string;
  readonly appToken: string;
  /** Connections that the app opened, how they end, and how many there were. */
  readonly socketMode: Pick<SocketMode, 'isOpen' | 'connections' | 'refresh' | 'cut'>;
  readonly botUserId: string;
  /** Every Web API call, tokens left out. */
  readonly calls: readonly ApiCall[];
  /** Every request to the app and how it was answered. */
  readonly acks: readonly Ack[];
  /** Every request to the app as it was sent, to send again or to tamper with. */
  readonly requests: readonly SignedRequest[];
  /** What Slack refuses, or should not be shown. A good app leaves this empty. */
  readonly faults: readonly RecordedFault[];
  /** E-mail addresses where none may be. A good app leaves this empty. */
  readonly leaks: readonly Leak[];
  /** Everything it holds, for a screen to draw. */
  readonly workspace: Workspace;
  /**
   * Says where the app's HTTP door is, `http://127.0.0.1:3000`; requests go to its `/slack/events`.
   */
  connect(appUrl: string): void;
  addUser(user: NewUser): Person;
  addChannel(channel: NewChannel): void;
  /** Adds a user group, or sets its members anew. */
  addUserGroup(group: UserGroup): void;
  person(id: string): Person;
  people(): Person[];
  /** Channels, direct messages left out. */
  channels(): { id: string; name: string }[];
  messages(channelOrUser: string): PostedMessage[];
  modal(userId: string): OpenView | undefined;
  home(userId: string): OpenView | undefined;
  /** Sends an event of the Events API; with `retry`, as Slack repeats one that was not answered. */
  event(event: Json, options?: { id?: string; retry?: number }): Promise<Ack>;
  /** Signs a body: with another time, or another secret, for forgeries. */
  sign(body: string, contentType: string, how?: { at?: Date; secret?: string }): SignedRequest;
  /** Sends a request as it is. */
  send(request: SignedRequest): Promise<Ack>;
  failNext(method: string, fault: Planted): void;
  /** Waits until `find` gives something but undefined and false. Rejects after 25 s or `ms`. */
  until<T>(find: () => T | undefined | false, ms?: number): Promise<T>;
  /** Calls the watcher after every change, until the returned function is called. */
  onChange(watcher: () => void): () => void;
  stop(): Promise<void>;
}

/** Starts a Slack on a free port of the loopback. */
export async function startSlackDouble(options: SlackDoubleOptions): Promise<SlackDouble> {
  const now = options.now ?? (() => new Date());
  const ws = new Workspace({
    teamId: options.teamId ?? 'T0DEMO000',
    botToken: options.botToken ?? 'xoxb-double',
    now,
    scopes: options.scopes ?? [],
    appToken: options.appToken ?? 'xapp-double',
  });
  const plot = newPlot();
  const server = webApiServer(ws, plot, options.limits === true ? newRateLimiter(now) : undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  ws.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on('upgrade', (request, socket) => ws.socketMode.upgrade(request, socket));
  const wire = newWire(options.signingSecret, ws.socketMode);
  return {
    ...view(ws),
    ...wire.door,
    ...cast(ws, wire),
    failNext: (method, fault) => plot.plant(method, fault),
    event: (event, { id, retry } = {}) =>
      sendEvent(wire, eventEnvelope(ws, event, id ?? ws.nextId('Ev')), retry),
    until: (find, ms = UNTIL_MS) => until(find, ms),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      ws.socketMode.cut();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What can be read of a workspace. */
const view = (ws: Workspace) => ({
  workspace: ws,
  apiUrl: `${ws.origin}/api/`,
  origin: ws.origin,
  teamId: ws.teamId,
  botToken: ws.botToken,
  appToken: ws.appToken,
  socketMode: ws.socketMode,
  botUserId: ws.botUserId,
  calls: ws.calls,
  faults: ws.faults,
  leaks: ws.leaks,
  channels: () =>
    [...ws.channels.values()]
      .filter(({ kind }) => kind === 'public' || kind === 'private')
      .map(({ id, name }) => ({ id, name })),
  messages: (channelOrUser: string) => messagesIn(ws, channelOrUser),
  modal: (userId: string) => ws.modal(userId),
  home: (userId: string) => ws.homes.get(userId),
  onChange: (watcher: () => void) => ws.onChange(watcher),
});

type SignedWire = ReturnType<typeof newWire>;

/** The way to the app, and everything that went along it. */
function newWire(signingSecret: string, socketMode: SocketMode) {
  let address = '';
  const acks: Ack[] = [];
  const requests: SignedRequest[] = [];
  const post = async (request: SignedRequest): Promise<Ack> => {
    const isOpen = socketMode.isOpen();
    if (address === '' && !isOpen) throw new Error('no app is connected: call connect() first');
    requests.push(request);
    const ack = await (isOpen ? socketMode.deliver(request) : deliver(address, request));
    acks.push(ack);
    return ack;
  };
  const signed = (kind: string, body: string, contentType: string) =>
    sign(kind, body, contentType, signingSecret, new Date());
  return {
    send: (kind: string, [body, type]: readonly [string, string]) => post(signed(kind, body, type)),
    signed,
    post,
    door: {
      acks,
      requests,
      connect: (appUrl: string) => {
        address = new URL(EVENTS_PATH, appUrl).href;
      },
      sign: (body: string, contentType: string, how: { at?: Date; secret?: string } = {}) =>
        sign('raw', body, contentType, how.secret ?? signingSecret, how.at ?? new Date()),
      send: post,
    },
  };
}

/** Who and what there is, and how more comes in. */
function cast(ws: Workspace, wire: SignedWire) {
  const people = new Map<string, Person>();
  const person = (id: string): Person => {
    const found = people.get(id);
    if (found === undefined) throw new Error(`there is no person ${id}; call addUser() first`);
    return found;
  };
  return {
    person,
    people: () => [...people.values()],
    addUser: (given: NewUser): Person => {
      const user = { ...DEFAULT_USER, teamId: ws.teamId, ...given };
      ws.users.set(user.id, user);
      people.set(user.id, personOf(ws, wire, user));
      return person(user.id);
    },
    addChannel: (given: NewChannel): void => {
      const members = new Set(given.members ?? ws.users.keys());
      if (given.withApp !== false) members.add(ws.botUserId);
      ws.channels.set(given.id, {
        id: given.id,
        name: given.name,
        kind: given.isPrivate === true ? 'private' : 'public',
        members,
        archived: given.isArchived === true,
      });
    },
    addUserGroup: (group: UserGroup): void => {
      ws.groups.set(group.id, group);
    },
  };
}

const DEFAULT_USER = {
  locale: 'en-US',
  tz: 'Europe/Amsterdam',
  isAdmin: false,
  isRestricted: false,
  isBot: false,
};

function sendEvent(wire: SignedWire, envelope: Json, retry: number | undefined): Promise<Ack> {
  const request = wire.signed('event', ...eventBody(envelope));
  const repeated =
    retry === undefined
      ? {}
      : { 'X-Slack-Retry-Num': String(retry), 'X-Slack-Retry-Reason': 'http_timeout' };
  return wire.post({ ...request, headers: { ...request.headers, ...repeated } });
}

async function until<T>(find: () => T | undefined | false, ms: number): Promise<T> {
  const end = performance.now() + ms;
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end)
      throw new Error(`it did not happen within ${ms} ms: ${String(find)}`);
    await new Promise((resolve) => setTimeout(resolve, UNTIL_STEP_MS));
  }
}

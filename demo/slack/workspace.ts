/**
 * Workspace: everything one Slack team holds: people, channels, messages, views, files, and what
 * was found wrong.
 */
import { randomBytes } from 'node:crypto';
import type { Fault } from './check.ts';
import type { Json } from './json.ts';
import type { Leak } from './leaks.ts';
import { newSocketMode } from './socket-mode.ts';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly tz: string;
  readonly isAdmin: boolean;
  readonly isRestricted: boolean;
  readonly isBot: boolean;
  /** Another team's id makes the user a stranger from Slack Connect. */
  readonly teamId: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im' | 'mpim';
  readonly members: Set<string>;
  archived: boolean;
}

/** A message as it stands now, in Slack's own shape. */
export interface PostedMessage {
  readonly type: 'message';
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly thread_ts?: string;
  /** The one person who sees it; absent on messages for everybody. */
  readonly ephemeral_to?: string;
  text: string;
  blocks: Json[];
  attachments?: Json[];
  metadata?: Json;
  edited?: { user: string; ts: string };
  files?: SlackFile[];
}

export interface SlackFile {
  readonly id: string;
  readonly name: string;
  readonly mimetype: string;
  readonly user: string;
  readonly content: Buffer;
  readonly created: number;
  /** Slack tells no address for it until files.info is asked. */
  readonly needsInfo: boolean;
}

export type StateValue = Json & { type: string };
/** What people entered: block id → action id → value. */
export type Values = Record<string, Record<string, StateValue>>;

/** A modal on somebody's screen, or their App Home. */
export interface OpenView {
  readonly id: string;
  readonly user: string;
  readonly type: 'modal' | 'home';
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  title: Json;
  submit: Json | null;
  close: Json | null;
  blocks: Json[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  clear_on_close: boolean;
  notify_on_close: boolean;
  hash: string;
  values: Values;
  /** What the last submission complained about: block id → sentence. */
  errors: Record<string, string>;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

/** Leave to open or push one view. */
export interface Trigger {
  readonly user: string;
  readonly at: Date;
  used: boolean;
}

/** An address that an app may answer to for a while. */
export interface ResponseUrl {
  readonly channel: string;
  readonly user: string;
  readonly at: Date;
  /** The message that was clicked, if one was. */
  readonly original: PostedMessage | undefined;
  uses: number;
  /** Filled with what was posted, for the one who ran the command. */
  readonly posts: PostedMessage[];
}

/** Something that Slack would refuse or show badly, and who sent it. */
export interface RecordedFault extends Fault {
  /** A Web API method, `response_url`, or the kind of request whose answer it was. */
  readonly by: string;
}

export interface ApiCall {
  readonly method: string;
  readonly at: Date;
  readonly args: Json;
  readonly answer: Json;
}

export interface WorkspaceOptions {
  readonly teamId: string;
  readonly botToken: string;
  readonly now: () => Date;
  /** Granted to the token; told with every answer. */
  readonly scopes: readonly string[];
  /** What an app opens its Socket Mode connections with. */
  readonly appToken: string;
}

export class Workspace {
  readonly teamId: string;
  readonly botToken: string;
  readonly now: () => Date;
  readonly scopes: readonly string[];
  readonly appToken: string;
  readonly socketMode = newSocketMode();
  readonly domain = 'demo';
  readonly appId = 'A0ASSENT0';
  readonly botId = 'B0ASSENT0';
  readonly botUserId = 'U0ASSENT0';
  /** Where this double listens, without a slash at the end; known once it does. */
  origin = '';

  readonly users = new Map<string, User>();
  readonly channels = new Map<string, Channel>();
  readonly messages: PostedMessage[] = [];
  readonly ephemerals: PostedMessage[] = [];
  readonly groups = new Map<string, UserGroup>();
  readonly files = new Map<string, SlackFile>();
  readonly views = new Map<string, OpenView>();
  /** Open modals of a user, the visible one last. */
  readonly stacks = new Map<string, OpenView[]>();
  readonly homes = new Map<string, OpenView>();
  readonly triggers = new Map<string, Trigger>();
  readonly responseUrls = new Map<string, ResponseUrl>();

  readonly calls: ApiCall[] = [];
  readonly faults: RecordedFault[] = [];
  readonly leaks: Leak[] = [];

  readonly #watchers = new Set<() => void>();
  #lastTs = 0;
  #lastId = 0;

  constructor(options: WorkspaceOptions) {
    this.teamId = options.teamId;
    this.botToken = options.botToken;
    this.now = options.now;
    this.scopes = options.scopes;
    this.appToken = options.appToken;
  }

  /** An id that was not given before, `V0000001`. */
  nextId(prefix: string): string {
    this.#lastId += 1;
    return prefix + String(this.#lastId).padStart(7, '0');
  }

  /** A message's time stamp, later than every one before it: `1767225600.000100`. */
  nextTs(): string {
    this.#lastTs = Math.max(this.#lastTs + 100, this.now().getTime() * 1_000);
    return `${Math.floor(this.#lastTs / 1e6)}.${String(this.#lastTs % 1e6).padStart(6, '0')}`;
  }

  nextHash(): string {
    return `${Math.floor(this.now().getTime() / 1_000)}.${randomBytes(4).toString('hex')}`;
  }

  trigger(user: string): string {
    const seconds = Math.floor(this.now().getTime() / 1_000);
    const id = `${this.nextId('')}.${seconds}.${randomBytes(16).toString('hex')}`;
    this.triggers.set(id, { user, at: this.now(), used: false });
    return id;
  }

  /** The modal that the user looks at. */
  modal(user: string): OpenView | undefined {
    return this.stacks.get(user)?.at(-1);
  }

  record(by: string, faults: readonly Fault[]): void {
    this.faults.push(...faults.map((fault) => ({ by, ...fault })));
  }

  /** Calls the watcher after every change, until the returned function is called. */
  onChange(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

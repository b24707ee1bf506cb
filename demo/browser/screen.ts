/** Screen: what somebody looks at, as the address in the browser says it; and links to elsewhere. */
import type { Channel, PostedMessage, User, Workspace } from '../slack/workspace.ts';
import type { World } from './scene.ts';

export const SHOWN_AS = ['html', 'text', 'source'] as const;
export type ShownAs = (typeof SHOWN_AS)[number];

export interface Screen {
  readonly user: User;
  /** A channel's id, one of the app's two tabs, or a page beside Slack. */
  readonly place: string;
  readonly thread?: string | undefined;
  /** Number of the mail that is open, from 1. */
  readonly mail?: number | undefined;
  readonly showAs: ShownAs;
  /** What mails are searched for. */
  readonly find: string;
  /** Said only where somebody said it: by itself the inbox stands where there is room. */
  readonly inbox?: 'open' | 'closed' | undefined;
}

export const HOME = 'home';
export const MESSAGES = 'messages';
/** Pages beside Slack: what to play, a workflow, an installation, the app among all apps. */
export const ASIDES = ['guide', 'workflow', 'install', 'manage'] as const;
export type Aside = (typeof ASIDES)[number];
const PLACES: ReadonlySet<string> = new Set([HOME, MESSAGES, ...ASIDES]);

/** Reads an address; undefined if nobody of this workspace is meant. */
export function readScreen(ws: Workspace, url: URL, first: string): Screen | undefined {
  const [, userId = '', place = ''] = url.pathname.split('/');
  const user = ws.users.get(userId);
  if (user === undefined) return undefined;
  const given = (name: string) => url.searchParams.get(name) ?? undefined;
  const known = ws.channels.get(place)?.members.has(user.id) === true;
  const showAs = SHOWN_AS.find((way) => way === given('show')) ?? 'html';
  const inbox = given('inbox');
  const mail = Number(given('mail'));
  return {
    user,
    place: known || PLACES.has(place) ? place : first,
    thread: given('thread'),
    mail: Number.isInteger(mail) && mail > 0 ? mail : undefined,
    showAs,
    find: given('find') ?? '',
    inbox: inbox === 'open' || inbox === 'closed' ? inbox : undefined,
  };
}

type Change = Partial<Omit<Screen, 'user'>> & { readonly userId?: string };

/** The address of this screen with something changed; another place closes the thread. */
export function linkTo(screen: Screen, change: Change = {}): string {
  const next = { ...screen, ...('place' in change && { thread: undefined }), ...change };
  const query = new URLSearchParams();
  if (next.thread !== undefined) query.set('thread', next.thread);
  if (next.inbox !== undefined) query.set('inbox', next.inbox);
  if (next.mail !== undefined) query.set('mail', String(next.mail));
  if (next.mail !== undefined && next.showAs !== 'html') query.set('show', next.showAs);
  if (next.find !== '') query.set('find', next.find);
  const path = `/${change.userId ?? screen.user.id}/${next.place}`;
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The conversation that a place shows; undefined for the Home tab. */
export function channelOf(ws: Workspace, { user, place }: Screen): Channel | undefined {
  if (place !== MESSAGES) return ws.channels.get(place);
  return [...ws.channels.values()].find(
    ({ kind, members }) => kind === 'im' && members.has(user.id) && members.has(ws.botUserId),
  );
}

/** What a person sees in a conversation, oldest first: everybody's messages and their own whispers. */
export function messagesFor(ws: Workspace, user: User, channelId: string): PostedMessage[] {
  const whispers = ws.ephemerals.filter(({ ephemeral_to: to }) => to === user.id);
  return [...ws.messages, ...whispers]
    .filter(({ channel }) => channel === channelId)
    .toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
}

export function worldOf(ws: Workspace, user: User): World {
  return {
    people: [
      ...[...ws.users.values()].map(({ id, name }) => ({ id, name })),
      { id: ws.botUserId, name: 'Assent' },
    ],
    channels: [...ws.channels.values()].filter(
      ({ kind }) => kind === 'public' || kind === 'private',
    ),
    groups: [...ws.groups.values()],
    locale: user.locale,
    timeZone: user.tz,
    now: ws.now(),
    fileUrl: (id) => (ws.files.has(id) ? `/file/${id}` : undefined),
  };
}

/** People methods: who is who, which groups there are, and conversations with them. */
import { asString, type Json } from './json.ts';
import { directMessages } from './messages.ts';
import type { Method } from './method.ts';
import { SlackError } from './slack-error.ts';
import type { Channel, User, UserGroup, Workspace } from './workspace.ts';

export const PEOPLE_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': (ws) => ({
    url: `https://${ws.domain}.slack.com/`,
    team: 'Demo',
    user: 'assent',
    team_id: ws.teamId,
    user_id: ws.botUserId,
    bot_id: ws.botId,
    is_enterprise_install: false,
  }),
  'users.info': (ws, args) => {
    const user = ws.users.get(asString(args['user']));
    if (user === undefined) throw new SlackError('user_not_found');
    return { user: userJson(user, isTrue(args['include_locale'])) };
  },
  'users.list': (ws, args) => ({
    members: [...ws.users.values()].map((user) => userJson(user, isTrue(args['include_locale']))),
    response_metadata: { next_cursor: '' },
  }),
  'usergroups.list': (ws, args) => ({
    usergroups: [...ws.groups.values()].map((group) => ({
      ...groupJson(ws, group),
      ...(isTrue(args['include_users']) && { users: group.users }),
    })),
  }),
  'usergroups.users.list': (ws, args) => {
    const group = ws.groups.get(asString(args['usergroup']));
    if (group === undefined) throw new SlackError('no_such_subteam');
    return { users: group.users };
  },
  'conversations.open': (ws, args) => {
    const users = asString(args['users']).split(',').filter(Boolean);
    if (users.length === 0) throw new SlackError('users_list_not_supplied');
    if (users.some((user) => !ws.users.has(user))) throw new SlackError('user_not_found');
    return { channel: { id: directMessages(ws, users).id } };
  },
  'conversations.info': (ws, args) => {
    const channel = ws.channels.get(asString(args['channel']));
    if (channel === undefined || !isVisible(ws, channel)) throw new SlackError('channel_not_found');
    return { channel: channelJson(ws, channel) };
  },
};

const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

const isVisible = (ws: Workspace, channel: Channel): boolean =>
  channel.kind === 'public' || channel.members.has(ws.botUserId);

const userJson = (user: User, withLocale: boolean): Json => ({
  id: user.id,
  team_id: user.teamId,
  name: user.name.toLowerCase().replaceAll(' ', '.'),
  real_name: user.name,
  deleted: false,
  tz: user.tz,
  is_admin: user.isAdmin,
  is_owner: false,
  is_restricted: user.isRestricted,
  is_ultra_restricted: false,
  is_bot: user.isBot,
  is_app_user: false,
  profile: { real_name: user.name, display_name: user.name, team: user.teamId },
  ...(withLocale && { locale: user.locale }),
});

const groupJson = (ws: Workspace, group: UserGroup): Json => ({
  id: group.id,
  team_id: ws.teamId,
  is_usergroup: true,
  name: group.name,
  handle: group.handle,
  user_count: group.users.length,
});

const channelJson = (ws: Workspace, channel: Channel): Json => ({
  id: channel.id,
  name: channel.name,
  is_channel: channel.kind === 'public' || channel.kind === 'private',
  is_im: channel.kind === 'im',
  is_mpim: channel.kind === 'mpim',
  is_private: channel.kind !== 'public',
  is_archived: channel.archived,
  is_member: channel.members.has(ws.botUserId),
  is_ext_shared: false,
  context_team_id: ws.teamId,
});

/** Scopes: what the app asks Slack for, each because a call or a way in needs it (manifest.test.ts). */

export const BOT_SCOPES = [
  'chat:write',
  'commands',
  'files:read',
  'files:write',
  'im:write',
  'usergroups:read',
  'users:read',
] as const;

/**
 * OAuth: Slack's side of an installation (docs.slack.dev/authentication/installing-with-oauth): its
 * page where somebody allows the app, the exchange of the code for a token, and whether a token is
 * still good.
 */
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type InstallPort, InstallRefused, type TokenHealth } from '../../workflow/installs.ts';
import { commonOptions } from './clients.ts';
import { REVOKED } from './heedful-fetch.ts';
import { BOT_SCOPES } from './scopes.ts';

/** Somebody looks at a browser meanwhile. */
const EXCHANGE_MS = 10_000;

export interface OauthOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the Web API is, with a slash at the end: `https://slack.com/api/`. */
  readonly apiUrl: string;
  /** Where Slack sends the browser back to; stands in the app's "Redirect URLs". */
  readonly redirectUrl: string;
}

const Access = z.object({
  access_token: z.string().startsWith('xoxb-'),
  scope: z.string(),
  bot_user_id: z.string(),
  is_enterprise_install: z.boolean().optional(),
  team: z.object({ id: z.string().regex(/^T[A-Z0-9]{2,20}$/u) }).nullish(),
  enterprise: z.object({ id: z.string().regex(/^E[A-Z0-9]{2,20}$/u) }).nullish(),
  authed_user: z.object({ id: z.string().regex(/^[UW][A-Z0-9]{2,20}$/u) }),
  /** Only where the app's tokens rotate. */
  expires_in: z.number().optional(),
});
const Bot = z.object({ bot_id: z.string() });

export function oauthPort(options: OauthOptions): InstallPort {
  const { clientId, apiUrl, redirectUrl } = options;
  return {
    scopes: BOT_SCOPES,
    authorizeUrl(state) {
      // https://slack.com/api/ → https://slack.com/oauth/v2/authorize
      const url = new URL('/oauth/v2/authorize', apiUrl);
      url.searchParams.set('client_id', clientId);
      url.searchParams.set('scope', BOT_SCOPES.join(','));
      url.searchParams.set('redirect_uri', redirectUrl);
      url.searchParams.set('state', state);
      return url.href;
    },
    exchange: (code) => exchange(options, code),
    health: (token) => health(apiUrl, token),
  };
}

async function exchange(
  { clientId, clientSecret, apiUrl, redirectUrl }: OauthOptions,
  code: string,
): ReturnType<InstallPort['exchange']> {
  const access = await answered(() =>
    clientOf(apiUrl).oauth.v2.access({
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: redirectUrl,
    }),
  );
  const said = Access.safeParse(access);
  // Not zod's error: it could quote the answer.
  if (!said.success) throw new InstallRefused('unexpected_answer');
  const { access_token: token, scope, team, enterprise, expires_in: expires } = said.data;
  if (expires !== undefined) throw new InstallRefused('token_rotation');
  const kind = said.data.is_enterprise_install === true ? 'org' : 'workspace';
  const id = kind === 'org' ? enterprise?.id : team?.id;
  const scopes = scope.split(',').filter((one) => one !== '');
  const missing = BOT_SCOPES.filter((one) => !scopes.includes(one));
  if (id === undefined) throw new InstallRefused('unexpected_answer');
  if (missing.length > 0) throw new InstallRefused('missing_scope');
  const bot = Bot.safeParse(await answered(() => clientOf(apiUrl, token).auth.test()));
  if (!bot.success) throw new InstallRefused('unexpected_answer');
  const { bot_user_id: botUserId, authed_user: user } = said.data;
  return { id, kind, token, botId: bot.data.bot_id, botUserId, scopes, installedBy: user.id };
}

/** @throws InstallRefused with Slack's name of the error */
async function answered(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    // The error itself would carry Slack's answer; its name is all that anybody needs.
    if (error instanceof WebAPIPlatformError) throw new InstallRefused(error.data.error);
    throw new InstallRefused('no_answer');
  }
}

async function health(apiUrl: string, token: string): Promise<TokenHealth> {
  try {
    await clientOf(apiUrl, token).auth.test();
    return 'good';
  } catch (error) {
    const isRevoked = error instanceof WebAPIPlatformError && REVOKED.has(error.data.error);
    return isRevoked ? 'revoked' : 'unknown';
  }
}

function clientOf(apiUrl: string, token?: string): WebClient {
  return new WebClient(token, { ...commonOptions(apiUrl), timeout: EXCHANGE_MS });
}

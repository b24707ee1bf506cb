/** Check Slack: the token works, has every scope that the manifest names, and the clocks agree. */
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Check, type Finding, fail, ok, warn } from '../../consent/finding.ts';

const ANSWER_MS = 5_000;
const MINUTE_MS = 60_000;
/** Slack's signatures are refused after five minutes. */
const SKEW_WARN_MS = MINUTE_MS;
const SKEW_FAIL_MS = 4 * MINUTE_MS;

export interface SlackCheck {
  readonly apiUrl: string;
  readonly botToken: string;
  /** Set for Socket Mode. */
  readonly appToken: string | undefined;
  /** Bot scopes of the manifest. */
  readonly scopes: readonly string[];
  readonly now: () => Date;
}

const Answer = z.object({
  team: z.string().optional(),
  response_metadata: z.object({ scopes: z.array(z.string()).default([]) }).optional(),
});

/** The checks of one workspace's token. */
export function slackChecks(options: SlackCheck): readonly Check[] {
  const { apiUrl, botToken, appToken, now } = options;
  const client = (token: string) =>
    new WebClient(token, {
      slackApiUrl: apiUrl,
      timeout: ANSWER_MS,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
    });
  const checks: Check[] = [
    { what: 'Slack token', run: () => tokenFindings(client(botToken), options.scopes) },
    { what: 'Clock against Slack', run: () => clockFindings(apiUrl, now) },
  ];
  if (appToken !== undefined) {
    checks.push({ what: 'Slack Socket Mode', run: () => socketFindings(client(appToken)) });
  }
  return checks;
}

async function tokenFindings(client: WebClient, wanted: readonly string[]): Promise<Finding[]> {
  const what = 'Slack token';
  try {
    const said = Answer.parse(await client.auth.test());
    const granted = said.response_metadata?.scopes ?? [];
    const missing = wanted.filter((scope) => !granted.includes(scope));
    return [ok(what, `It works, in ${said.team ?? 'its workspace'}.`), judgeScopes(missing)];
  } catch (error) {
    const remedy = 'Copy the bot token anew from "Install App" at api.slack.com/apps.';
    return [fail(what, `Slack does not take it (${codeOf(error)}).`, remedy)];
  }
}

function judgeScopes(missing: readonly string[]): Finding {
  const what = 'Slack scopes';
  if (missing.length === 0) return ok(what, 'All that the manifest names are granted.');
  return fail(
    what,
    `Not granted: ${missing.join(', ')}.`,
    'Update the app from manifests/ and install it once more.',
  );
}

async function socketFindings(client: WebClient): Promise<Finding[]> {
  const what = 'Slack Socket Mode';
  try {
    await client.apps.connections.open();
    return [ok(what, 'The app-level token opens connections.')];
  } catch (error) {
    const remedy = 'Make an app-level token with connections:write under "Basic Information".';
    return [fail(what, `Slack does not take SLACK_APP_TOKEN (${codeOf(error)}).`, remedy)];
  }
}

/** Slack says its time in the Date header of every answer (RFC 9110, 6.6.1), to the second. */
async function clockFindings(apiUrl: string, now: () => Date): Promise<Finding[]> {
  const what = 'Clock against Slack';
  const answer = await fetch(new URL('api.test', apiUrl), {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch(() => undefined);
  if (answer === undefined) {
    return [
      fail(what, 'Slack does not answer.', 'Check that this machine may reach SLACK_API_URL.'),
    ];
  }
  const theirs = Date.parse(answer.headers.get('date') ?? '');
  if (Number.isNaN(theirs)) return [warn(what, 'Slack did not say its time.', 'Ask once more.')];
  const skewMs = Math.abs(now().getTime() - theirs);
  const says = `The clocks differ by ${Math.round(skewMs / 1_000)} s.`;
  if (skewMs >= SKEW_FAIL_MS) return [fail(what, says, 'Set the clock by NTP: Slack is refused.')];
  if (skewMs >= SKEW_WARN_MS) return [warn(what, says, 'Set the clock by NTP.')];
  return [ok(what, 'The clocks agree.')];
}

function codeOf(error: unknown): string {
  if (error instanceof WebAPIPlatformError) return error.data.error;
  return error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
}

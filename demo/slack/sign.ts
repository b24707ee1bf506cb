/**
 * Sign: requests to the app, signed as Slack signs them, and how the app answered.
 *
 * docs.slack.dev/authentication/verifying-requests-from-slack: `v0=` and the HMAC-SHA256 of
 * `v0:<seconds>:<raw body>`.
 */
import { createHmac } from 'node:crypto';
import { ACK_MS_MAX } from '../../src/slack/blocks/limits.ts';

/**
 * How long an answer is waited for, so that a late one can be measured, before it counts as none.
 */
const PATIENCE_MS = 10_000;
const FORM = 'application/x-www-form-urlencoded';

/**
 * A request ready to be sent: once, again (a replay), or after somebody tampered with it (a
 * forgery).
 */
export interface SignedRequest {
  /** `command`, `event`, or the type of the interaction. */
  readonly kind: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back, and how long it took. Status 0: no answer. */
export interface Ack {
  readonly kind: string;
  readonly ms: number;
  readonly status: number;
  readonly body: string;
  /** Took longer than Slack waits. */
  readonly late: boolean;
}

/** What Slack's client shows in red when the app did not answer as it should. */
export class ShownError extends Error {
  override readonly name = 'ShownError';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** Signs a body with this time, in Slack's way. */
export function sign(
  kind: string,
  body: string,
  contentType: string,
  secret: string,
  at: Date,
): SignedRequest {
  const seconds = Math.floor(at.getTime() / 1_000);
  const mac = createHmac('sha256', secret).update(`v0:${seconds}:${body}`).digest('hex');
  return {
    kind,
    body,
    headers: {
      'Content-Type': contentType,
      'User-Agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'X-Slack-Request-Timestamp': String(seconds),
      'X-Slack-Signature': `v0=${mac}`,
    },
  };
}

/** The body of a slash command: plain form fields. */
export const commandBody = (fields: Readonly<Record<string, string>>): [string, string] => [
  new URLSearchParams(fields).toString(),
  FORM,
];

/**
 * The body of an interaction: one form field, `payload`. No enterprise is sent as null, which
 * Bolt's types leave out.
 */
export const interactionBody = (payload: object): [string, string] => [
  new URLSearchParams({ payload: JSON.stringify({ ...payload, enterprise: null }) }).toString(),
  FORM,
];

/** The body of an event: JSON. */
export const eventBody = (envelope: unknown): [string, string] => [
  JSON.stringify(envelope),
  'application/json',
];

/** Sends a request to the app's address for Slack, `…/slack/events`, and measures the answer. */
export async function deliver(address: string, request: SignedRequest): Promise<Ack> {
  const from = performance.now();
  const answer = await answerTo(address, request);
  const ms = performance.now() - from;
  return { kind: request.kind, ms, ...answer, late: ms > ACK_MS_MAX };
}

async function answerTo(address: string, request: SignedRequest) {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: request.headers,
      body: request.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}

/**
 * The ack, if Slack would take it.
 * @throws ShownError operation_timeout (late, or no answer at all), dispatch_failed (any status but
 * 200)
 */
export function accepted(ack: Ack): Ack {
  const took = `${ack.kind} was answered with ${ack.status} after ${Math.round(ack.ms)} ms`;
  if (ack.late || ack.status === 0) throw new ShownError('operation_timeout', took);
  if (ack.status !== 200) throw new ShownError('dispatch_failed', took);
  return ack;
}

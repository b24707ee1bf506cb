/**
 * Slack door: hands `/slack/*` to Slack's own listener, within our limits.
 *
 * That listener reads a body whole before it checks the signature, so the size is checked before.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { HttpFault } from './http-fault.ts';
import { findRoute } from './routes.ts';

export type SlackListener = (
  request: IncomingMessage,
  response: ServerResponse,
) => void | Promise<void>;

/** Slack's largest payloads (a view with 100 blocks) stay well below. */
export const SLACK_BODY_BYTES_MAX = 1024 * 1024;

/** Installing the app is ours: Slack's own listener knows nothing of it. */
export function isForSlack(path: string | undefined): boolean {
  return path?.startsWith('/slack/') === true && findRoute(path) === undefined;
}

/**
 * Lets the listener answer. Never rejects but with the fault to be shown.
 * @throws HttpFault 411 or 413 for a body of unknown or great length, 404 where there is no Slack
 */
export async function handToSlack(
  listener: SlackListener | undefined,
  { request, response, log }: { request: IncomingMessage; response: ServerResponse; log: Logger },
): Promise<void> {
  if (listener === undefined) throw new HttpFault(404, 'notFound');
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (encoding !== undefined && length === undefined) throw new HttpFault(411, 'tooLarge');
  if (Number(length ?? 0) > SLACK_BODY_BYTES_MAX) throw new HttpFault(413, 'tooLarge');
  try {
    await listener(request, response);
  } catch (error) {
    log.error({ err: error, route: 'slack' }, 'the Slack listener failed');
    throw new HttpFault(500, 'broken');
  }
}

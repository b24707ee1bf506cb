/**
 * Bolt logger: what Bolt and Slack's clients say, in our log. Their messages may quote payloads, so
 * only their first words are kept, and nothing below a warning.
 */
import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

const CHARACTERS_MAX = 200;
/** What could be an address or a token is not for a log. */
const PRIVATE = /\S*@\S+|xox[a-z]-\S+|xapp-\S+/gu;

export function boltLogger(log: Logger): BoltLogger {
  const say = (level: 'warn' | 'error', parts: readonly unknown[]) =>
    log[level]({ bolt: parts.map(wordsOf).join(' ') }, 'Slack');
  return {
    debug: () => {},
    info: () => {},
    warn: (...parts) => say('warn', parts),
    error: (...parts) => say('error', parts),
    setLevel: () => {},
    getLevel: () => LogLevel.WARN,
    setName: () => {},
  };
}

function wordsOf(part: unknown): string {
  if (part instanceof Error) return `${part.name}: ${wordsOf(part.message)}`;
  if (typeof part !== 'string') return typeof part;
  return part.replaceAll(PRIVATE, '…').slice(0, CHARACTERS_MAX);
}

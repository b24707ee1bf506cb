/**
 * Render moment: Slack's date mark-up (`{date_short_pretty} {time}`) in the reader's language and
 * time zone. docs.slack.dev/messaging/formatting-message-text#date-formatting
 */
import { type Html, html } from '../../src/web/html.ts';
import type { World } from './scene.ts';

const MS = 1_000;
const DAY_MS = 86_400_000;

const STYLES: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_slash: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { dateStyle: 'long' },
  date_short: { dateStyle: 'medium' },
  date_long: { dateStyle: 'full' },
  day_divider_pretty: { weekday: 'long', month: 'long', day: 'numeric' },
  time: { timeStyle: 'short' },
  time_secs: { timeStyle: 'medium' },
};

/** A `<time>` as Slack would write it; the fallback where the moment is none. */
export function renderMoment(
  world: World,
  seconds: number,
  format: string,
  fallback: string,
): Html {
  const at = new Date(seconds * MS);
  if (Number.isNaN(at.getTime())) return html`${fallback}`;
  const words = format.replaceAll(/\{(\w+)\}/g, (_all, token: string) =>
    wordsFor(world, at, token),
  );
  return html`<time datetime="${at.toISOString()}">${words}</time>`;
}

function wordsFor(world: World, at: Date, token: string): string {
  if (token === 'ago') return agoWords(world, at);
  const style = token.replace(/_pretty$/, '');
  const pretty = token.endsWith('_pretty') ? nearWords(world, at) : undefined;
  const options = STYLES[token] ?? STYLES[style];
  return pretty ?? (options === undefined ? `{${token}}` : formatted(world, at, options));
}

export const formatted = (world: World, at: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(world.locale, { timeZone: world.timeZone, ...options }).format(at);

/** "Yesterday", "today", "tomorrow" in the reader's language; undefined for any other day. */
function nearWords(world: World, at: Date): string | undefined {
  const days = Math.round((dayOf(world, at) - dayOf(world, world.now)) / DAY_MS);
  if (Math.abs(days) > 1) return undefined;
  return new Intl.RelativeTimeFormat(world.locale, { numeric: 'auto' }).format(days, 'day');
}

/** Midnight of the reader's calendar day, as if it were UTC (ms). */
function dayOf(world: World, at: Date): number {
  const zoned = new Intl.DateTimeFormat('en-CA', {
    timeZone: world.timeZone,
    dateStyle: 'short',
  }).format(at);
  return Date.parse(`${zoned}T00:00:00Z`);
}

function agoWords(world: World, at: Date): string {
  const minutes = Math.round((at.getTime() - world.now.getTime()) / 60_000);
  const relative = new Intl.RelativeTimeFormat(world.locale, { numeric: 'auto' });
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return Math.abs(hours) < 48
    ? relative.format(hours, 'hour')
    : relative.format(Math.round(hours / 24), 'day');
}

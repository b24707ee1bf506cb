/**
 * Breaker alert: mail stopped by itself: over a route, to a provider, or of one request whose first
 * mails went badly. The message says why, and its buttons let people decide.
 */
import type { Button } from '@slack/types';
import { CANARY_REASONS } from '../../consent/canary.ts';
import { isBigProvider } from '../../consent/provider.ts';
import type { Request } from '../../consent/request.ts';
import { type Pace, WHOLE_ROUTE } from '../../store/paces.ts';
import { actions, button, confirmation, context, section } from '../blocks/blocks.ts';
import { md, moment } from '../blocks/escape.ts';
import { type Message, message } from '../blocks/message.ts';
import { steerButtons } from '../request/progress-message.ts';
import { requestTitle } from '../request/words.ts';
import { BREAKER_WORDS } from '../words/breaker.ts';
import type { SlackLocale } from '../words/language.ts';

export const RESUME_ROUTE = 'resume-route';
export const STOP_ROUTE = 'stop-route';

/** The message about a breaker as it stands. */
export function breakerAlert({ id, route, provider, breaker }: Pace, locale: SlackLocale): Message {
  const words = BREAKER_WORDS[locale];
  const name = isBigProvider(provider) ? words.providers[provider] : words.otherProvider;
  const isWhole = provider === WHOLE_ROUTE;
  const what = isWhole ? words.route(route) : words.routeTo(route, name);
  if (breaker.state === 'closed') {
    const text = words.goesOn(what);
    return message(md`${text}`, [section(md`*${text}*`)]);
  }
  const isHeld = breaker.state === 'held';
  const text = isHeld ? words.held(what) : words.stopped(what);
  const reason = breaker.reason === undefined ? '' : words.reasons[breaker.reason];
  const { until } = breaker;
  return message(md`${text}`, [
    section(md`*${text}*\n${reason}`),
    ...(until === undefined ? [] : [section(md`${words.triesAt} ${moment(until, locale)}`)]),
    context(md`${isWhole ? words.waits : `${words.waits} ${words.othersGoOn}`}`),
    // A list of several holds each in its own block.
    actions(`breaker.${id}.${breaker.state}`, ...buttons(id, isHeld, locale)),
  ]);
}

/** The message about a request that its canary paused; undefined if it was paused for nothing of this. */
export function canaryAlert(request: Request, locale: SlackLocale): Message | undefined {
  const words = BREAKER_WORDS[locale];
  const note = request.history.findLast(({ event }) => event === 'pause')?.note;
  const reason = CANARY_REASONS.find((known) => known === note);
  if (reason === undefined) return undefined;
  const title = words.canary(requestTitle(request, locale));
  const steer = steerButtons(request, locale);
  return message(md`${title}`, [
    section(md`*${title}*\n${words.canaryReasons[reason]}`),
    context(md`${words.canaryNext}`),
    ...(steer === undefined ? [] : [steer]),
  ]);
}

function buttons(id: string, isHeld: boolean, locale: SlackLocale): Button[] {
  const words = BREAKER_WORDS[locale];
  const resume = button({ id: RESUME_ROUTE, text: words.resume, value: id, style: 'primary' });
  if (isHeld) return [resume];
  const stop = button({
    id: STOP_ROUTE,
    text: words.stop,
    value: id,
    confirm: confirmation({
      title: words.stopTitle,
      text: md`${words.stopText}`,
      yes: words.stopYes,
      no: words.stopNo,
      style: 'danger',
    }),
  });
  return [resume, stop];
}

/** Breaker alerts: what Slack reads when mail stopped by itself, and what its buttons carry. */
import { describe, expect, it } from '@jest/globals';
import { leaves } from '../../../demo/slack/json.ts';
import { leaksInChannel, leaksInHiding } from '../../../demo/slack/leaks.ts';
import { validateMessage } from '../../../demo/slack/validate.ts';
import {
  BREAKER_REASONS,
  BREAKER_STATES,
  type Breaker,
  CLOSED_BREAKER,
} from '../../../src/consent/breaker.ts';
import { CANARY_REASONS } from '../../../src/consent/canary.ts';
import type { Message } from '../../../src/slack/blocks/message.ts';
import {
  breakerAlert,
  canaryAlert,
  RESUME_ROUTE,
  STOP_ROUTE,
} from '../../../src/slack/notice/breaker-alert.ts';
import { CANCEL_REQUEST, RESUME_REQUEST } from '../../../src/slack/request/progress-message.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import type { Pace } from '../../../src/store/paces.ts';
import { aRequest, NOW } from './models.ts';

const OWN_DOMAIN = 'ann-smith.example';
const cells = SLACK_LOCALES.flatMap((locale) =>
  BREAKER_STATES.flatMap((state) =>
    BREAKER_REASONS.flatMap((reason) =>
      ['*', 'gmail', 'outlook', 'yahoo', OWN_DOMAIN].map((provider) => ({
        locale,
        state,
        reason,
        provider,
      })),
    ),
  ),
);
const aPace = (breaker: Partial<Breaker>, provider = '*', route = 'relay'): Pace => ({
  id: 'abc',
  rev: 1,
  route,
  provider,
  episode: 1,
  breaker: { ...CLOSED_BREAKER, ...breaker },
});
const text = (message: Message): string => JSON.stringify(message);
const valuesOf = (message: Message, id: string) =>
  leaves(message.blocks)
    .filter(({ at }) => at.endsWith('/action_id') || at.endsWith('/value'))
    .map(({ text: leaf }) => leaf)
    .filter((leaf, index, all) => leaf === id || all[index - 1] === id);

describe('about a route', () => {
  it.each(cells)('$locale, $state for $reason, to $provider', (cell) => {
    const { locale, state, reason, provider } = cell;
    const until = state === 'open' ? NOW : undefined;
    const message = breakerAlert(aPace({ state, reason, until }, provider), locale);
    expect(validateMessage(message)).toEqual([]);
    expect(leaksInChannel('test', { ...message })).toEqual([]);
    expect(leaksInHiding('test', { ...message })).toEqual([]);
    // A small domain can be a person's own.
    expect(text(message)).not.toContain(OWN_DOMAIN);
    expect(text(message).includes(RESUME_ROUTE)).toBe(state !== 'closed');
    expect(text(message).includes(STOP_ROUTE)).toBe(state === 'open');
    expect(text(message).includes('<!date^')).toBe(state === 'open');
  });

  it('carries what it is about in its buttons, and nothing else', () => {
    const message = breakerAlert(aPace({ state: 'open', reason: 'auth' }), 'en');
    expect(valuesOf(message, RESUME_ROUTE)).toEqual([RESUME_ROUTE, 'abc']);
    expect(message.text).toBe('Stopped: mail over the route “relay”');
  });

  it('says the same in two languages, with the provider’s name', () => {
    const pace = aPace({ state: 'open', reason: 'policy_blocks' }, 'gmail');
    expect(breakerAlert(pace, 'en').text).toContain('mail to Gmail over the route');
    expect(breakerAlert(pace, 'de').text).toContain('E-Mails an Gmail über die Route');
  });
});

describe('about a request', () => {
  const paused = (note: string | undefined) =>
    aRequest({
      state: 'paused',
      over: {
        pausedFrom: 'asking',
        history: [
          { event: 'pause', by: 'assent', at: NOW, ...(note === undefined ? {} : { note }) },
        ],
      },
    });
  it.each(SLACK_LOCALES.flatMap((locale) => CANARY_REASONS.map((reason) => ({ locale, reason }))))(
    '$locale, $reason: says why, and can be resumed or cancelled',
    ({ locale, reason }) => {
      const message = canaryAlert(paused(reason), locale);
      if (message === undefined) throw new Error('there is something to tell');
      expect(validateMessage(message)).toEqual([]);
      expect(text(message)).toContain(RESUME_REQUEST);
      expect(text(message)).toContain(CANCEL_REQUEST);
    },
  );

  it('says nothing of a pause that has another reason', () => {
    expect(canaryAlert(paused('template_changed'), 'en')).toBeUndefined();
    expect(canaryAlert(paused(undefined), 'en')).toBeUndefined();
  });
});

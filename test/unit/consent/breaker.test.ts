/** Breaker: when it opens, how long it rests, what a probe decides, and that people have the last word. */
import { describe, expect, it } from '@jest/globals';
import {
  afterNews,
  BREAKER_RESTS_MS,
  BREAKER_STATES,
  type Breaker,
  CLOSED_BREAKER,
  FAILURES_MAX,
  held,
  PROBE_MS,
  passage,
  probing,
  type RouteNews,
  resumed,
} from '../../../src/consent/breaker.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const at = (ms: number) => new Date(NOW.getTime() + ms);
const told = (news: readonly RouteNews[], now = NOW, from: Breaker = CLOSED_BREAKER) =>
  news.reduce((breaker, one) => afterNews(breaker, one, now), from);
const times = (count: number, news: RouteNews): RouteNews[] =>
  Array.from({ length: count }, () => news);
const OPEN = told(times(FAILURES_MAX, 'connect-failure'));

describe('opens', () => {
  it.each<[string, RouteNews[], string, string | undefined]>([
    ['four failures', times(4, 'connect-failure'), 'closed', undefined],
    ['five failures in a row', times(5, 'connect-failure'), 'open', 'connect'],
    [
      'five with a success between',
      [...times(4, 'connect-failure'), 'fine', 'connect-failure'],
      'closed',
      undefined,
    ],
    ['a login refused', ['auth-failure'], 'open', 'auth'],
    [
      'blocks among few results',
      [...times(46, 'fine'), ...times(3, 'policy-block')],
      'closed',
      undefined,
    ],
    [
      'more than 5 % blocks of 50',
      [...times(47, 'fine'), ...times(3, 'policy-block')],
      'open',
      'policy_blocks',
    ],
    [
      '5 % blocks exactly',
      [...times(190, 'fine'), ...times(10, 'policy-block')],
      'closed',
      undefined,
    ],
    [
      'more than 5 % of 200',
      [...times(189, 'fine'), ...times(11, 'policy-block')],
      'open',
      'policy_blocks',
    ],
    [
      'blocks long ago',
      [...times(10, 'policy-block'), ...times(200, 'fine'), 'policy-block'],
      'closed',
      undefined,
    ],
  ])('%s', (_what, news, state, reason) => {
    expect(told(news)).toMatchObject({ state });
    expect(told(news).reason).toBe(reason);
  });
});

it('rests 1, 2, 4 … 30 minutes, one probe between, and closes when the probe worked', () => {
  let breaker = OPEN;
  let now = NOW;
  const rests: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const until = breaker.until ?? NOW;
    rests.push(until.getTime() - now.getTime());
    expect(passage(breaker, new Date(until.getTime() - 1))).toBe('shut');
    expect(passage(breaker, until)).toBe('probe');
    breaker = probing(breaker, until);
    expect(passage(breaker, until)).toBe('shut');
    // A probe of which nothing is heard does not shut the route for ever.
    expect(passage(breaker, new Date(until.getTime() + PROBE_MS))).toBe('probe');
    now = until;
    breaker = afterNews(breaker, 'connect-failure', now);
  }
  expect(rests.slice(0, 6)).toEqual(BREAKER_RESTS_MS);
  expect(rests.slice(6)).toEqual([1_800_000, 1_800_000]);
  const last = breaker.until ?? NOW;
  expect(afterNews(probing(breaker, last), 'fine', last)).toEqual(CLOSED_BREAKER);
});

it('mail that was on its way when it opened neither closes it nor makes it rest longer', () => {
  expect(afterNews(OPEN, 'fine', at(10))).toMatchObject({ state: 'open', until: OPEN.until });
  expect(told(times(20, 'connect-failure'), at(10), OPEN)).toMatchObject({
    openings: 1,
    until: OPEN.until,
  });
});

it('a probe that is refused for policy opens it again', () => {
  const probed = probing(OPEN, at(60_000));
  expect(afterNews(probed, 'policy-block', at(61_000))).toMatchObject({
    state: 'open',
    openings: 2,
    reason: 'policy_blocks',
  });
});

describe('passage', () => {
  const states = BREAKER_STATES.flatMap((state) =>
    [undefined, -1, 1].flatMap((until) =>
      [undefined, -1, 1].map((probe) => ({ state, until, probe })),
    ),
  );
  it.each(states)('$state, rest ends $until, probe ends $probe', ({ state, until, probe }) => {
    const when = (ms: number | undefined) => (ms === undefined ? undefined : at(ms));
    const breaker = { ...CLOSED_BREAKER, state, until: when(until), probeUntil: when(probe) };
    const open = until === 1 || probe === 1 ? 'shut' : 'probe';
    expect(passage(breaker, NOW)).toBe({ closed: 'free', held: 'shut', open }[state]);
  });
  it('is free where nothing is known', () => {
    expect(passage(undefined, NOW)).toBe('free');
  });
});

it('what a person stopped stays stopped, whatever mail says, until a person resumes it', () => {
  const stopped = held(OPEN);
  expect(told(['fine', 'auth-failure', 'policy-block', 'connect-failure'], at(1), stopped)).toBe(
    stopped,
  );
  expect(passage(stopped, at(10 ** 9))).toBe('shut');
  expect(resumed()).toEqual(CLOSED_BREAKER);
});

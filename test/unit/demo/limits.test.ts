/**
 * Limits: at each of Slack's numbers a view or message passes; one more, and it is refused at that
 * place.
 */
import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../demo/slack/json.ts';
import { validateMessage, validateOptions, validateView } from '../../../demo/slack/validate.ts';
import * as limits from '../../../src/slack/blocks/limits.ts';
import * as a from './block-samples.ts';
import { type Limit, ROWS } from './limit-rows.ts';

const { plain, times } = a;
const NUMBERS: Readonly<Record<Limit, number>> = { ...limits };

/** Numbers about time, rates and what is on the screen; the other tests of the double hold them. */
const NOT_OF_THE_JSON: Limit[] = [
  'ACK_MS_MAX',
  'FILE_INPUT_BYTES_MAX',
  'POSTS_PER_SECOND',
  'QUERY_CHARS_MIN_DEFAULT',
  'RESPONSE_URL_LIFE_MS',
  'RESPONSE_URL_USES_MAX',
  'TIER_2_CALLS_PER_MINUTE',
  'TIER_3_CALLS_PER_MINUTE',
  'TIER_4_CALLS_PER_MINUTE',
  'TRIGGER_LIFE_MS',
  'VIEW_STACK_MAX',
];

const faultsOf = (thing: Json) => {
  if (thing['type'] === 'modal') return validateView(thing, 'modal');
  return thing['type'] === 'home' ? validateView(thing, 'home') : validateMessage(thing);
};

const placesOf = (thing: Json) => faultsOf(thing).map(({ at }) => at);

describe('each limit', () => {
  it.each(ROWS)('%s', (limit, at, build) => {
    expect(faultsOf(build(NUMBERS[limit]))).toEqual([]);
    expect(placesOf(build(NUMBERS[limit] + 1))).toContain(at);
  });

  it('has its row', () => {
    const held = [...ROWS.map(([limit]) => limit), ...NOT_OF_THE_JSON];
    expect(held.toSorted()).toEqual(Object.keys(NUMBERS).toSorted());
  });
});

describe('an answer to an options request', () => {
  const options = (n: number) => times(n, (index) => a.option(index));
  const group = (from: number, n: number) => ({
    label: plain('Group'),
    options: times(n, (index) => a.option(from + index)),
  });

  it.each([
    ['100 options', { options: options(100) }, 0],
    ['101 options', { options: options(101) }, 2],
    ['100 options in two groups', { option_groups: [group(0, 50), group(50, 50)] }, 0],
    ['101 options in two groups', { option_groups: [group(0, 50), group(50, 51)] }, 1],
    ['no options', { options: [] }, 0],
    ['neither options nor groups', {}, 1],
    ['both options and groups', { options: options(1), option_groups: [group(1, 1)] }, 1],
    ['the same value twice', { options: [a.option(1), a.option(1)] }, 1],
    ['no object', undefined, 1],
  ])('%s: %#', (_name, answer, faults) => {
    expect(validateOptions(answer)).toHaveLength(faults);
  });
});

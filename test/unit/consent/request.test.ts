/** The life of a request: every state against every event. */
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../src/consent/refusal.ts';
import {
  assertMayDecide,
  isEnded,
  mayHappen,
  nextState,
  REQUEST_EVENTS,
  REQUEST_STATES,
  type Request,
} from '../../../src/consent/request.ts';

/** The only moves there are. */
const MOVES = new Set([
  'awaiting-approval approve approved',
  'awaiting-approval approve-later scheduled',
  'awaiting-approval reject rejected',
  'awaiting-approval expire expired',
  'awaiting-approval cancel cancelled',
  'approved start processing',
  'approved cancel cancelled',
  'approved fail failed',
  'scheduled start processing',
  'scheduled cancel cancelled',
  'scheduled fail failed',
  'processing pause paused',
  'processing cancel cancelled',
  'processing ask asking',
  'processing finish done',
  'processing fail failed',
  'paused resume-processing processing',
  'paused resume-asking asking',
  'paused cancel cancelled',
  'asking pause paused',
  'asking cancel cancelled',
  'asking finish done',
  'asking fail failed',
  'failed start processing',
  'failed cancel cancelled',
  'done undo undone',
]);

const space = REQUEST_STATES.flatMap((state) => REQUEST_EVENTS.map((event) => ({ state, event })));

it.each(space)('$state on $event', ({ state, event }) => {
  const move = [...MOVES].find((text) => text.startsWith(`${state} ${event} `));
  expect(mayHappen(state, event)).toBe(move !== undefined);
  if (move === undefined) expect(() => nextState(state, event)).toThrow(Refusal);
  else expect(nextState(state, event)).toBe(move.split(' ')[2]);
});

it('changes nothing before an approval: every way to processing leads through one', () => {
  const before = [...MOVES].filter((move) => move.endsWith(' processing'));
  expect(before.map((move) => move.split(' ')[0]).sort()).toEqual([
    'approved',
    'failed',
    'paused',
    'scheduled',
  ]);
  const intoApproved = [...MOVES].filter((move) => / (approved|scheduled)$/.test(move));
  expect(intoApproved.every((move) => move.includes(' approve'))).toBe(true);
});

it('knows its ends', () => {
  const ended = REQUEST_STATES.filter(isEnded);
  expect(ended.sort()).toEqual(['cancelled', 'done', 'expired', 'rejected', 'undone']);
});

describe('who may decide', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const request = {
    state: 'awaiting-approval',
    requestedBy: 'U1',
    expiresAt: new Date('2026-11-23T12:00:01Z'),
  } as Request;

  it('another person, in time', () => {
    expect(() => assertMayDecide(request, 'U2', now)).not.toThrow();
  });
  it.each([
    ['request_not_open', { ...request, state: 'approved' as const }, 'U2'],
    ['approver_is_requester', request, 'U1'],
    ['request_expired', { ...request, expiresAt: now }, 'U2'],
  ])('%s', (code, given, by) => {
    expect(() => assertMayDecide(given, by, now)).toThrow(expect.objectContaining({ code }));
  });
});

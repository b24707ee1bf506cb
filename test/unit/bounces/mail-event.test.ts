/**
 * Mail event: what follows from a report, over all that can be: 7 kinds, 8 states of a send, tried
 * or not, and an address with every permission, suppression and sign of life, or none on file.
 */
import { describe, expect, it } from '@jest/globals';
import {
  judgeMailEvent,
  MAIL_EVENT_KINDS,
  type MailEventFacts,
  type MailEventKind,
  type MailEventVerdict,
  SEND_STATES,
  type SendState,
  SOFT_BOUNCE_DAYS_MAX,
} from '../../../src/consent/mail-event.ts';
import { PERMISSIONS } from '../../../src/consent/permission.ts';
import { SUPPRESSIONS, type Suppression } from '../../../src/consent/suppression.ts';

const EACH: readonly boolean[] = [true, false];
const CARRIED: readonly (readonly Suppression[])[] = [[], ...SUPPRESSIONS.map((one) => [one])];

interface Case {
  readonly kind: MailEventKind;
  readonly facts: MailEventFacts;
  readonly verdict: MailEventVerdict;
}

const ADDRESSES: readonly MailEventFacts['address'][] = [
  undefined,
  ...PERMISSIONS.flatMap((permission) =>
    CARRIED.flatMap((suppressions) =>
      EACH.flatMap((confirmedSince) =>
        [0, 1, SOFT_BOUNCE_DAYS_MAX - 1, SOFT_BOUNCE_DAYS_MAX, 9].map((softBounceDays) => ({
          permission,
          suppressions,
          confirmedSince,
          softBounceDays,
        })),
      ),
    ),
  ),
];

const SPACE: readonly Case[] = MAIL_EVENT_KINDS.flatMap((kind) =>
  SEND_STATES.flatMap((state) =>
    EACH.flatMap((tried) =>
      ADDRESSES.map((address) => {
        const facts: MailEventFacts = {
          state,
          tried,
          ...(address === undefined ? {} : { address }),
        };
        return { kind, facts, verdict: judgeMailEvent(kind, facts) };
      }),
    ),
  ),
);

const broken = (rule: (one: Case) => boolean) => SPACE.filter((one) => !rule(one)).slice(0, 3);
const isBounce = ({ kind }: Case) =>
  kind === 'hard-bounce' || kind === 'soft-bounce' || kind === 'blocked';
const isStop = ({ kind }: Case) => kind === 'unsubscribe' || kind === 'complaint';

describe('in the whole space', () => {
  it('is as large as it should be', () => {
    expect(SPACE.length).toBe(7 * 7 * 2 * (1 + 5 * 5 * 2 * 5));
  });

  it('only a stop or a complaint opts out, always, whatever the send, and never twice', () => {
    expect(
      broken((one) => {
        const { address } = one.facts;
        const wanted =
          isStop(one) && address !== undefined && address.permission !== 'opted-out-by-recipient';
        return one.verdict.stops === wanted;
      }),
    ).toEqual([]);
  });

  it('a complaint suppresses whoever does not carry it yet, and nothing else adds that', () => {
    expect(
      broken((one) => {
        const { address } = one.facts;
        const wanted =
          one.kind === 'complaint' && address?.suppressions.includes('complaint') === false;
        return one.verdict.adds.includes('complaint') === wanted;
      }),
    ).toEqual([]);
  });

  it('an address is called dead by a hard bounce, or by soft ones on enough days', () => {
    expect(
      broken(({ kind, facts: { tried, address }, verdict }) => {
        const isDead =
          kind === 'hard-bounce' ||
          (kind === 'soft-bounce' && (address?.softBounceDays ?? 0) >= SOFT_BOUNCE_DAYS_MAX);
        const wanted =
          isDead &&
          tried &&
          address !== undefined &&
          !address.confirmedSince &&
          !address.suppressions.includes('hard-bounce');
        return verdict.adds.includes('hard-bounce') === wanted;
      }),
    ).toEqual([]);
  });

  it('adds nothing else, and nothing that is carried', () => {
    expect(
      broken(({ facts: { address }, verdict: { adds } }) =>
        adds.every(
          (added) =>
            (added === 'complaint' || added === 'hard-bounce') &&
            address?.suppressions.includes(added) === false,
        ),
      ),
    ).toEqual([]);
  });

  it('a bounce of somebody who confirmed since, or of a mail never tried, says nothing', () => {
    expect(
      broken((one) => {
        if (!isBounce(one)) return true;
        const { tried, address } = one.facts;
        if (tried && address?.confirmedSince !== true) return true;
        return one.verdict.state === undefined && one.verdict.adds.length === 0;
      }),
    ).toEqual([]);
  });

  it('the fate of a send does not depend on its address, but for that', () => {
    expect(
      broken(({ kind, facts: { state, tried, address }, verdict }) => {
        if (address?.confirmedSince === true) return true;
        return verdict.state === judgeMailEvent(kind, { state, tried }).state;
      }),
    ).toEqual([]);
  });

  it('hearing the same again changes no send twice', () => {
    expect(
      broken(({ kind, facts, verdict: { state } }) => {
        if (state === undefined) return true;
        return judgeMailEvent(kind, { ...facts, state }).state === undefined;
      }),
    ).toEqual([]);
  });
});

describe('a send that was tried becomes', () => {
  const _ = undefined;
  type Row = readonly [MailEventKind, ...(MailEventVerdict['state'] | undefined)[]];
  const states: readonly SendState[] = SEND_STATES;
  // queued, sending, sent, bounced, blocked, unknown, cancelled
  const table: readonly Row[] = [
    ['delivered', 'sent', 'sent', _, _, _, 'sent', _],
    ['delayed', _, _, _, _, _, _, _],
    ['soft-bounce', _, 'bounced', 'bounced', _, _, 'bounced', _],
    ['hard-bounce', 'bounced', 'bounced', 'bounced', _, 'bounced', 'bounced', _],
    ['blocked', _, 'blocked', 'blocked', _, _, 'blocked', _],
    ['complaint', 'sent', 'sent', _, _, _, 'sent', _],
    ['unsubscribe', 'sent', 'sent', _, _, _, 'sent', _],
  ];

  it.each(table)('by %s', (kind, ...expected) => {
    expect(states.map((state) => judgeMailEvent(kind, { state, tried: true }).state)).toEqual(
      expected,
    );
  });

  it('and one that never left stays where it is', () => {
    for (const kind of MAIL_EVENT_KINDS) {
      for (const state of ['queued', 'cancelled'] as const) {
        expect(judgeMailEvent(kind, { state, tried: false }).state).toBeUndefined();
      }
    }
  });

  it('is written for every kind and state', () => {
    expect(table.map(([kind]) => kind).toSorted()).toEqual([...MAIL_EVENT_KINDS].toSorted());
    expect(table.every((row) => row.length === SEND_STATES.length + 1)).toBe(true);
  });
});

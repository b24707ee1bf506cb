/** Digest week: due on the workspace's own Monday at nine, and read back from its id. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dueDigest, readDigestWeek } from '../../../src/consent/digest-week.ts';

const BERLIN = 'Europe/Berlin';
const due = (at: string, zone = BERLIN) => dueDigest(new Date(at), zone)?.id;

describe('the digest', () => {
  it.each([
    ['a second before', '2026-03-30T06:59:59Z', BERLIN, undefined],
    ['on Monday at nine, in summer', '2026-03-30T07:00:00Z', BERLIN, '2026-W14'],
    ['on Monday at nine, in winter', '2026-03-23T08:00:00Z', BERLIN, '2026-W13'],
    ['a day late', '2026-03-31T12:00:00Z', BERLIN, '2026-W14'],
    ['two days late: left out', '2026-04-01T07:00:00Z', BERLIN, undefined],
    ['on Sunday', '2026-04-05T12:00:00Z', BERLIN, undefined],
    ['elsewhere it is not nine yet', '2026-03-30T07:00:00Z', 'America/New_York', undefined],
    ['elsewhere it is nine already', '2026-03-29T20:00:00Z', 'Pacific/Auckland', '2026-W14'],
    ['over new year', '2027-01-04T08:00:00Z', BERLIN, '2027-W01'],
    ['in a week that belongs to the year before', '2025-12-29T08:00:00Z', BERLIN, '2026-W01'],
  ])('%s', (_what, at, zone, expected) => {
    expect(due(at, zone)).toBe(expected);
  });

  it('tells of the seven days before', () => {
    expect(dueDigest(new Date('2026-03-30T10:00:00Z'), BERLIN)).toEqual({
      id: '2026-W14',
      // A week in which the clocks were put on has an hour less.
      from: new Date('2026-03-23T08:00:00Z'),
      until: new Date('2026-03-30T07:00:00Z'),
    });
  });

  it('is found again by its id, whenever it was due', () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date('2020-01-01T00:00:00Z'),
          max: new Date('2040-01-01T00:00:00Z'),
          noInvalidDate: true,
        }),
        fc.constantFrom('UTC', BERLIN, 'America/New_York', 'Pacific/Apia'),
        (at, zone) => {
          const week = dueDigest(at, zone);
          if (week === undefined) return;
          expect(readDigestWeek(week.id, zone)).toEqual(week);
          expect(week.until <= at).toBe(true);
        },
      ),
    );
  });

  it.each(['', '2026-14', '2026-W60', 'W14', '2026-W14 '])('no week is called %j', (id) => {
    expect(readDigestWeek(id, BERLIN)).toBeUndefined();
  });
});

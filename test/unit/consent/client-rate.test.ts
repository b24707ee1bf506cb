/** Client rate: what one client may ask for, what comes back, who counts as one client. */
import { describe, expect, it } from '@jest/globals';
import { clientGroup, clientRate } from '../../../src/consent/client-rate.ts';

const at = (ms: number): Date => new Date(ms);

describe('a client', () => {
  it('gets a burst, then as many as come back each second', () => {
    const rate = clientRate({ burst: 3, perSecond: 2, clientsMax: 10 });
    const take = (client: string, ms: number) => rate.take(client, at(ms));
    expect([1, 2, 3, 4].map(() => take('a', 0))).toEqual([0, 0, 0, 1]);
    expect(take('b', 0)).toBe(0);
    expect([take('a', 499), take('a', 500), take('a', 500)]).toEqual([1, 0, 1]);
    expect([1, 2, 3, 4].map(() => take('a', 60_000))).toEqual([0, 0, 0, 1]);
  });

  it('is told how long to wait, also where less than one a second comes back', () => {
    const rate = clientRate({ burst: 1, perSecond: 0.1, clientsMax: 10 });
    rate.take('a', at(0));
    expect(rate.take('a', at(0))).toBe(10);
    expect(rate.take('a', at(9_999))).toBe(1);
    expect(rate.take('a', at(10_000))).toBe(0);
  });

  it('gets nothing by a clock that goes back, nor by its return', () => {
    const rate = clientRate({ burst: 1, perSecond: 1, clientsMax: 10 });
    const taken = [10_000, 0, 10_000, 11_000].map((ms) => rate.take('a', at(ms)));
    expect(taken).toEqual([0, 1, 1, 0]);
  });

  it('is remembered while no more than so many were seen after it', () => {
    const rate = clientRate({ burst: 1, perSecond: 1, clientsMax: 2 });
    for (const client of ['a', 'b', 'a', 'c']) rate.take(client, at(0));
    expect(rate.take('a', at(0))).toBe(1);
    expect(rate.take('b', at(0))).toBe(0);
  });
});

describe('one client is', () => {
  it.each([
    ['1.2.3.4', '1.2.3.4'],
    ['::ffff:1.2.3.4', '1.2.3.4'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('%s is counted as %s', (ip, group) => {
    expect(clientGroup(ip)).toBe(group);
  });
});

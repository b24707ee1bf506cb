/** Result: what came of a request, set against its plan, in words and as a picture. */
import { describe, expect, it } from '@jest/globals';
import { leaves } from '../../../demo/slack/json.ts';
import { resultMessage } from '../../../src/slack/request/result-message.ts';
import { aRequest, aStatus } from './models.ts';

const ASK = {
  who: 'changed',
  template: 'double-opt-in',
  templateHash: 'a'.repeat(64),
  silence: 'revert',
  linkDays: 14,
} as const;

const shown = (thing: unknown): string =>
  leaves(thing)
    .filter(({ at }) => at.endsWith('/text'))
    .map(({ text }) => text)
    .join('\n');

describe('the result', () => {
  const done = (over: object = {}) =>
    aStatus(aRequest({ state: 'done' }), {
      counts: {
        addresses: 12_500,
        changed: 12_477,
        skips: { complaint: 21, opted_out_by_recipient: 2 },
        asks: 0,
      },
      ...over,
    });

  it('sets the counts against the plan and says why they are fewer', () => {
    const text = shown(resultMessage(done(), { chart: false, direct: false }, 'en'));
    expect(text).toContain('Done: 12,477 addresses opted in');
    expect(text).toContain('12,477 of 12,480 planned');
    expect(text).toContain(
      '*3 fewer than planned*, because meanwhile 1 complained about mail, 2 opted out themselves.',
    );
  });

  it('says nothing of fewer where there are none', () => {
    const counts = { addresses: 12_500, changed: 12_480, skips: { complaint: 20 }, asks: 0 };
    const text = shown(resultMessage(done({ counts }), { chart: false, direct: false }, 'en'));
    expect(text).not.toContain('fewer');
  });

  it('says how many were not reached before it was cancelled', () => {
    const status = aStatus(aRequest({ state: 'cancelled' }), {
      counts: { addresses: 500, changed: 500, skips: {}, asks: 0 },
    });
    const text = shown(resultMessage(status, { chart: false, direct: false }, 'en'));
    expect(text).toContain('Cancelled: 500 addresses opted in');
    expect(text).toContain('12,000 not reached before it was cancelled');
  });

  it('says what became of the mail', () => {
    const ask = { ...ASK, silence: 'keep' as const };
    const status = aStatus(
      aRequest({ kind: 'reconfirm', state: 'done', terms: { ask }, counts: { asks: 10 } }),
      {
        counts: { addresses: 10, changed: 0, skips: { complaint: 1 }, asks: 9 },
        asks: { sent: 7, bounced: 1, cancelled: 1 },
        sends: { sent: 8, bounced: 1, cancelled: 1 },
        outcomes: { confirmed: 5, stopped: 1 },
      },
    );
    const text = shown(resultMessage(status, { chart: false, direct: false }, 'en'));
    expect(text).toContain(
      '8 mails sent, 5 confirmed, 1 stopped, 0 did not answer in time, 1 bounced, 1 cancelled before leaving',
    );
    // Asked is who was written to: no reminder counts, and nothing that never left.
    expect(text).toContain('7 of 10 planned');
    expect(text).toContain('Done: 7 addresses asked for confirmation');
    expect(text).toContain('*1 fewer than planned*, because meanwhile 1 complained about mail.');
  });

  it('draws what the words say', () => {
    const { blocks } = resultMessage(done(), { chart: true, direct: false }, 'en');
    expect(blocks.find(({ type }) => type === 'data_visualization')).toMatchObject({
      chart: {
        segments: [
          { label: 'Changed', value: 12_477 },
          { label: 'Complained', value: 21 },
          { label: 'Opted out themselves', value: 2 },
        ],
      },
    });
  });

  it('says it in German, numbers and all', () => {
    const german = resultMessage(done(), { chart: true, direct: false }, 'de');
    const text = shown(german);
    expect(text).toContain('Erledigt: 12.477 Adressen angemeldet');
    expect(text).toContain('12.477 (geplant: 12.480)');
    expect(text).toContain('2 selbst abgemeldet');
    expect(JSON.stringify(german.blocks)).toContain('Was aus den Adressen wurde');
  });
});

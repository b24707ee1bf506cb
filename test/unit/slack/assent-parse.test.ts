/** What somebody typed after `/assent`: every text has a meaning. */
import { describe, expect, it } from '@jest/globals';
import { validateMessage } from '../../../demo/slack/validate.ts';
import {
  audiencesAnswer,
  helpAnswer,
  recentAnswer,
  statusAnswer,
  steeredAnswer,
  unclearAnswer,
} from '../../../src/slack/command/assent-answers.ts';
import { parseAssent, SUBCOMMANDS } from '../../../src/slack/command/assent-parse.ts';
import type { Reply } from '../../../src/slack/guard/door.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { AUDIENCE, aRequest, hostile, worstStatus } from './models.ts';

describe('parsing', () => {
  it.each([
    ['', { kind: 'help' }],
    ['   ', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['HELP', { kind: 'help' }],
    ['ｈｅｌｐ', { kind: 'help' }],
    ['imports', { kind: 'imports' }],
    ['tags and more', { kind: 'tags' }],
    ['import', { kind: 'import' }],
    ['status', { kind: 'status', request: undefined }],
    ['status q_1a2b', { kind: 'status', request: 'q_1a2b' }],
    ['status `q_1a2b`', { kind: 'status', request: 'q_1a2b' }],
    ['Status   “q_1a2b”', { kind: 'status', request: 'q_1a2b' }],
    ['pause q_1', { kind: 'pause', request: 'q_1' }],
    ['resume q_1', { kind: 'resume', request: 'q_1' }],
    ['cancel q_1', { kind: 'cancel', request: 'q_1' }],
    ['cancel', { kind: 'incomplete', subcommand: 'cancel', needs: 'request' }],
    ['why', { kind: 'incomplete', subcommand: 'why', needs: 'address' }],
    ['why ann@example.org', { kind: 'why', address: 'ann@example.org' }],
    ['why <mailto:ann@example.org|ann@example.org>', { kind: 'why', address: 'ann@example.org' }],
    ['why <mailto:ann@example.org>', { kind: 'why', address: 'ann@example.org' }],
    ['why <MAILTO:ann@example.org|Ann>', { kind: 'why', address: 'ann@example.org' }],
    ['why a&amp;b@example.org', { kind: 'why', address: 'a&b@example.org' }],
  ])('reads %j', (text, expected) => {
    expect(parseAssent(text)).toEqual(expected);
  });

  it.each([
    ['staus', 'status'],
    ['improts', 'imports'],
    ['imort', 'import'],
    ['wyh ann@example.org', 'why'],
    ['tag', 'tags'],
    ['cancle q_1', 'cancel'],
    ['hlp', 'help'],
  ])('guesses what %j meant', (text, meant) => {
    expect(parseAssent(text)).toMatchObject({ kind: 'unknown', meant });
  });

  it.each(['destroy everything', 'ann@example.org', '💥'])('does not guess at %j', (text) => {
    expect(parseAssent(text)).toMatchObject({ kind: 'unknown', meant: undefined });
  });
});

describe('answers', () => {
  const fits = (reply: Reply) => {
    expect(validateMessage({ ...reply })).toEqual([]);
    expect(JSON.stringify(reply)).not.toContain('<!channel>');
    return JSON.stringify(reply);
  };

  it.each(SLACK_LOCALES)('lists every subcommand in the help (%s)', (locale) => {
    const text = fits(helpAnswer(locale));
    for (const name of Object.keys(SUBCOMMANDS)) expect(text).toContain(`/assent ${name}`);
  });

  it('speaks German to whom Slack does', () => {
    const typed = hostile(2_000);
    expect(fits(unclearAnswer({ kind: 'unknown', typed, meant: 'tags' }, 'de'))).toContain(
      'Meinten Sie `/assent tags`?',
    );
    const status = worstStatus('opt-in', 'asking', 'web-form');
    expect(fits(statusAnswer(status, true, 'de'))).toContain('98.765.432');
    expect(fits(recentAnswer([aRequest()], 'de'))).toContain('12.480 Adressen anmelden');
    expect(fits(audiencesAnswer('batch', AUDIENCE, 'de'))).toContain('12.500 Kontakte');
    expect(fits(steeredAnswer('pause', aRequest(), 'de'))).toContain('Angehalten');
  });

  it('asks whether something else was meant, and repeats little of what was typed', () => {
    const typed = hostile(2_000);
    const text = fits(unclearAnswer({ kind: 'unknown', typed, meant: 'status' }, 'en'));
    expect(text).toContain('Did you mean `/assent status`?');
    expect(text.length).toBeLessThan(500);
  });

  it('says what is missing, with an example', () => {
    const text = fits(
      unclearAnswer({ kind: 'incomplete', subcommand: 'cancel', needs: 'request' }, 'en'),
    );
    expect(text).toContain('needs the request');
    expect(text).toContain('/assent cancel q_');
  });

  it('lists the latest requests with how they stand', () => {
    const text = fits(recentAnswer([aRequest(), aRequest({ state: 'paused' })], 'en'));
    expect(text).toContain('*Opt in 12,480 addresses*: Waits for approval');
    expect(text).toContain(': Paused');
    expect(text).toContain('"action_id":"show-request"');
    expect(fits(recentAnswer([], 'en'))).toContain('Nobody has asked for anything yet');
  });

  it('tells how a request stands, also the longest one', () => {
    const text = fits(statusAnswer(worstStatus('opt-in', 'asking', 'web-form'), true, 'en'));
    expect(text).toContain('could not be posted in the channel');
    expect(text).not.toContain('ann@example.org');
  });

  it('lists batches with what /optin takes', () => {
    const long = { kind: 'batch' as const, id: 'b_2', name: hostile(300), size: 1 };
    const text = fits(audiencesAnswer('batch', [...AUDIENCE, long], 'en'));
    expect(text).toContain('Spring fair: 12,500 contacts, `batch:b_1`');
    expect(fits(audiencesAnswer('tag', [], 'en'))).toContain('There are no tags yet');
  });

  it.each([
    ['pause', 'Paused'],
    ['resume', 'Resumed'],
    ['cancel', 'Cancelled'],
  ] as const)('says that it did %s', (kind, word) => {
    expect(fits(steeredAnswer(kind, aRequest(), 'en'))).toContain(
      `${word}: Opt in 12,480 addresses`,
    );
  });
});

/** Optin parse: whatever is typed behind a command has a meaning. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AUDIENCE_SOURCES_MAX } from '../../../src/consent/audience.ts';
import { parseOptin } from '../../../src/slack/wizard/optin-parse.ts';

const tag = (name: string) => ({ kind: 'tag', name });
const batch = (name: string) => ({ kind: 'batch', name });

describe('behind the command', () => {
  it.each([
    ['', []],
    ['   ', []],
    ['tag:vip', [tag('vip')]],
    ['TAG:vip Batch:b_12', [tag('vip'), batch('b_12')]],
    ['tag: vip', [tag('vip')]],
    ['batch:"Spring fair" tag:vip', [batch('Spring fair'), tag('vip')]],
    ['batch:“Spring fair”', [batch('Spring fair')]],
    ['batch:„Frühlingsmesse 2026“', [batch('Frühlingsmesse 2026')]],
    ['batch:«Foire de printemps»', [batch('Foire de printemps')]],
    ['batch: "Spring fair"', [batch('Spring fair')]],
    ['batch:"Spring fair', [batch('Spring fair')]],
    ['tag:Ann’s', [tag("Ann's")]],
    ['tag:R&amp;D', [tag('R&D')]],
    ['tag:&lt;!channel&gt;', [tag('<!channel>')]],
    ['tag:a:b', [tag('a:b')]],
    ['tag:vip tag:vip', [tag('vip')]],
    ['ｔａｇ：ｖｉｐ', [tag('vip')]],
  ])('%j names %j', (text, named) => {
    expect(parseOptin(text)).toEqual({ help: false, named, unclear: [] });
  });

  it.each([
    ['vip', ['vip']],
    ['tag:', ['tag:']],
    ['tag:""', ['tag:""']],
    ['list:vip', ['list:vip']],
    ['"Spring fair"', ['"Spring fair"']],
  ])('%j is unclear', (text, unclear) => {
    expect(parseOptin(text)).toEqual({ help: false, named: [], unclear });
  });

  it.each(['help', 'HELP', '?', '--help'])('%j asks for help', (text) => {
    expect(parseOptin(text).help).toBe(true);
  });

  it('more than fit are not taken, and said', () => {
    const typed = Array.from({ length: 12 }, (_, index) => `tag:t${index}`).join(' ');
    const { named, unclear } = parseOptin(typed);
    expect(named).toHaveLength(AUDIENCE_SOURCES_MAX);
    expect(unclear).toEqual(['tag:t10', 'tag:t11']);
  });

  it('anything may be typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const { named } = parseOptin(`tag:${text}`);
        expect(named.length).toBeLessThanOrEqual(AUDIENCE_SOURCES_MAX);
        for (const { name } of named) expect(name.trim()).not.toBe('');
      }),
    );
  });

  it('does not take long for a long text', () => {
    const from = performance.now();
    parseOptin(`${'tag:'.repeat(400)}${'"a'.repeat(200)}`);
    expect(performance.now() - from).toBeLessThan(500);
  });
});

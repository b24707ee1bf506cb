/** Notes: whatever the clock writes beside a step or a mail is told in words, in every language. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { SEND_NOTES, STEP_NOTES, STOP_NOTES } from '../../../src/consent/note.ts';
import { campaignStep } from '../../../src/slack/campaign/words.ts';
import { stepWords } from '../../../src/slack/request/words.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { PROOF_WORDS } from '../../../src/slack/words/proof.ts';
import type { SendDocument } from '../../../src/store/send-document.ts';
import { explainProof, sentenceText } from '../../../src/workflow/explain-proof.ts';
import type { Proof } from '../../../src/workflow/read-proof.ts';

const AT = new Date('2026-03-31T10:00:00Z');
/** A name of ours that slipped through: words have spaces. */
const CODE = /\b[a-z]+_[a-z_]+\b/u;

const withoutMoment = (line: string): string => line.replace(/<!date[^>]*>/gu, '');

const sourceOf = (folder: string): string => {
  const place = new URL(`../../../src/${folder}/`, import.meta.url);
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(new URL(name, place), 'utf8'))
    .join('\n');
};

const step = (note?: string) => ({
  event: 'pause' as const,
  by: 'assent',
  at: AT,
  ...(note === undefined ? {} : { note }),
});

function aProof(send: Partial<SendDocument>): Proof {
  const base: Partial<Proof> = {
    permission: 'single-opt-in',
    permissionSince: AT,
    suppressions: [],
    asksInWindow: 1,
    readAt: AT,
    audiences: [],
    acts: [],
    faults: [],
    sends: [
      {
        kind: 'ask',
        cause: { kind: 'request', id: 'q_1' },
        state: 'cancelled',
        createdAt: AT,
        ...send,
      } as SendDocument,
    ],
  };
  return base as Proof;
}

/** What the proof says of its mail. */
function mailLine(send: Partial<SendDocument>, locale: (typeof SLACK_LOCALES)[number]): string {
  const words = PROOF_WORDS[locale];
  const chapters = explainProof(aProof(send), words);
  const mails = chapters.find(({ title }) => title === words.chapters.mails);
  return mails?.sentences.map(sentenceText).join('\n') ?? '';
}

describe('a note that stands in our code', () => {
  const code = `${sourceOf('workflow')}\n${sourceOf('store')}`;
  const written = [
    ...code.matchAll(/\b(?:note(?:: \w+)?|reason) ?[=:] '(?<name>\w+)'/gu),
    ...code.matchAll(/cancelQueued\(\w+, '(?<name>[^']+)'/gu),
    ...code.matchAll(/pauseByClock\(\w+, \w+, '(?<name>[^']+)'/gu),
  ].map(({ groups }) => groups?.['name'] ?? '');

  it('has a name of the lists that the words are written for', () => {
    const known: readonly string[] = [...STEP_NOTES, ...STOP_NOTES, ...SEND_NOTES];
    expect(written.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is found by this test', () => {
    for (const name of ['app_removed', 'template_changed', 'retries_ended', 'soft_bounce']) {
      expect(written).toContain(name);
    }
    expect(written).toContain('request_ended');
    expect(written).toContain('request_cancelled');
  });
});

describe.each(SLACK_LOCALES)('in the language %s', (locale) => {
  it('every note of a request has words of its own', () => {
    const told = STEP_NOTES.map((note) => stepWords(step(note), locale).mrkdwn);
    expect(new Set(told).size).toBe(STEP_NOTES.length);
    for (const line of told) expect(withoutMoment(line)).not.toMatch(CODE);
    const plain = stepWords(step(), locale).mrkdwn;
    for (const line of told) expect(line.startsWith(`${plain}: `)).toBe(true);
  });

  it('every note of a campaign has words of its own', () => {
    const told = STOP_NOTES.map((note) => campaignStep(step(note), locale).mrkdwn);
    expect(new Set(told).size).toBe(STOP_NOTES.length);
    for (const line of told) expect(withoutMoment(line)).not.toMatch(CODE);
  });

  it('what a person wrote stands as written, without addresses', () => {
    const line = stepWords({ ...step('ask ann@example.org first'), by: 'U0BO' }, locale).mrkdwn;
    expect(line).toContain('ask (');
    expect(line).not.toContain('@example.org');
  });

  it('every note of a mail has words of its own in a proof', () => {
    const told = SEND_NOTES.map((note) => mailLine({ note }, locale));
    expect(new Set(told).size).toBe(SEND_NOTES.length);
    for (const line of told) expect(line.replace('q_1', '')).not.toMatch(CODE);
    for (const line of told) expect(line).toMatch(/\(.{10,}\)/u);
  });

  it('a mail that was tried once more is told so, and no other', () => {
    const again = PROOF_WORDS[locale].resent;
    expect(mailLine({ state: 'sent', resent: true }, locale)).toContain(again);
    expect(mailLine({ state: 'sent' }, locale)).not.toContain(again);
    expect(mailLine({ state: 'sent' }, locale)).not.toContain('(');
  });

  it('a note of a newer version is told as it is', () => {
    expect(mailLine({ note: 'from_the_future' }, locale)).toContain('(from_the_future)');
    expect(stepWords(step('from_the_future'), locale).mrkdwn).toContain('from_the_future');
  });
});

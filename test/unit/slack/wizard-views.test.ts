/**
 * Wizard views: every step of every kind, with every source, the longest and the most hostile names,
 * is a view that Slack takes.
 */
import { describe, expect, it } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { validateView } from '../../../demo/slack/validate.ts';
import { ASK_SKIPS } from '../../../src/consent/ask.ts';
import { AUDIENCE_SOURCES_MAX, EMAIL_FIELDS } from '../../../src/consent/audience.ts';
import { SKIPS } from '../../../src/consent/eligibility.ts';
import {
  isHardStop,
  type Question,
  questionsOf,
  SOURCES,
  type Source,
} from '../../../src/consent/interview.ts';
import type { PlanCounts } from '../../../src/consent/plan.ts';
import { answerId, interviewOf } from '../../../src/slack/request/interview-blocks.ts';
import {
  type Answers,
  ASK_CHOICES,
  type Draft,
  neighbour,
  newDraft,
  readPlace,
  STEPS,
  stepsOf,
  WIZARD_KINDS,
  type WizardKind,
  writePlace,
} from '../../../src/slack/wizard/drafts.ts';
import {
  hardStopView,
  readBeginning,
  resumeView,
  sentView,
} from '../../../src/slack/wizard/ends.ts';
import { WIZARD_CALLBACKS } from '../../../src/slack/wizard/frame.ts';
import { checkHow, howView } from '../../../src/slack/wizard/how.ts';
import { reviewView } from '../../../src/slack/wizard/review.ts';
import type { AskOffer } from '../../../src/slack/wizard/terms.ts';
import { whatView } from '../../../src/slack/wizard/what.ts';
import { audienceOption, whoView } from '../../../src/slack/wizard/who.ts';
import { SLACK_LOCALES, type SlackLocale } from '../../../src/slack/words/language.ts';
import type { Suggestion } from '../../../src/store/audiences.ts';
import { aRequest, theMostEvidence } from './models.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const NAMES: readonly string[] = [
  'vip',
  '<!channel> <@U0ADMIN> & *bold*',
  '👩‍👩‍👧‍👦'.repeat(40),
  '\u202Etxt.exe\n\n\t',
  ' ',
  'x'.repeat(400),
];
const SOURCES_CHOSEN = Array.from({ length: AUDIENCE_SOURCES_MAX }, (_, index) => ({
  kind: index % 2 === 0 ? ('batch' as const) : ('tag' as const),
  id: `id_${index}_${'f'.repeat(60)}`,
}));
const COUNTS: PlanCounts = {
  addresses: 1_000_000_000,
  change: 123_456_789,
  skips: Object.fromEntries(SKIPS.map((skip) => [skip, 12_345_678])),
  asks: 123_456_789,
  askSkips: Object.fromEntries(ASK_SKIPS.map((skip) => [skip, 12_345_678])),
};

/** The most that a workspace can offer. */
const OFFER: AskOffer = {
  mustAsk: false,
  templates: ['double-opt-in'],
  linkDays: 30,
  silence: 'keep',
};

const audienceNamed = (name: string): Suggestion[] =>
  SOURCES_CHOSEN.map((source) => ({ ...source, name, size: 1_000_000_000 }));

function draftOf(kind: WizardKind, step: Draft['step'], over: Partial<Answers> = {}): Draft {
  const draft = newDraft(kind, { sources: SOURCES_CHOSEN });
  return { ...draft, step, answers: { ...draft.answers, ...over } };
}

/** The longest answer that a question takes. */
function longest({ kind, lengthMax = 300 }: Question): string | boolean {
  if (kind === 'yes-no') return true;
  if (kind === 'date') return '2026-11-01';
  return kind === 'url' ? `https://example.com/${'a'.repeat(480)}` : '<'.repeat(lengthMax);
}

const answersTo = (source: Source): Answers['answers'] =>
  Object.fromEntries(questionsOf(source).map((question) => [question.id, longest(question)]));

const faults = (view: ModalView) => validateView(view, 'modal');
const textsOf = (view: ModalView): string => JSON.stringify(view.blocks);
/** What Slack would act upon: control sequences in marked-up text; plain text is shown as it is. */
const shouts = (view: ModalView): string[] =>
  markedUp(view.blocks)
    .flatMap((text) => text.match(/<[!@][^>]*>/gu) ?? [])
    .filter((one) => !one.startsWith('<!date^'));

function markedUp(thing: unknown): string[] {
  if (typeof thing !== 'object' || thing === null) return [];
  const here = 'type' in thing && thing.type === 'mrkdwn' && 'text' in thing ? [thing.text] : [];
  return [...here.map(String), ...Object.values(thing).flatMap(markedUp)];
}

/** Whatever the language, Slack takes the view, and nothing in it acts. */
function expectFit(draw: (locale: SlackLocale) => ModalView): void {
  for (const locale of SLACK_LOCALES) {
    const view = draw(locale);
    expect(faults(view)).toEqual([]);
    expect(shouts(view)).toEqual([]);
  }
}

describe('step Who', () => {
  it.each(NAMES)('with ten audiences called %j', (name) => {
    const notes = Array.from({ length: 10 }, () => `There is no tag called “${name}”.`);
    const count = { mrkdwn: 'Counting…' };
    for (const kind of WIZARD_KINDS) {
      const draft = draftOf(kind, 'who', { match: 'all' });
      const audience = audienceNamed(name);
      expectFit((locale) => whoView({ draft, audience, count, notes }, locale));
    }
  });

  it('is looked at for control sequences by a check that would find one', () => {
    const draft = draftOf('opt-in', 'who');
    const view = whoView({ draft, audience: [], count: { mrkdwn: 'a "b" <!channel>' } }, 'en');
    expect(shouts(view)).toEqual(['<!channel>']);
  });

  it('shows the size of an audience however long its name is', () => {
    for (const name of NAMES) {
      const { text } = audienceOption({ kind: 'tag', id: 't', name, size: 12_480 }, 'en');
      expect(text.text).toMatch(/ · 12,480$/u);
      expect(Array.from(text.text).length).toBeLessThanOrEqual(75);
    }
  });
});

describe('step What', () => {
  it.each(WIZARD_KINDS)('of %s', (kind) => {
    for (const fields of [[], ['email'], EMAIL_FIELDS]) {
      const draft = draftOf(kind, 'what', { fields: fields as [] });
      expectFit((locale) => whatView({ draft }, locale));
    }
  });
});

describe('step How obtained', () => {
  it.each([undefined, ...SOURCES])('for the source %s', (source) => {
    const answers = source === undefined ? {} : answersTo(source);
    for (const attested of [true, false]) {
      const evidence = attested ? theMostEvidence() : [];
      const draft = draftOf('opt-in', 'how', { source, answers, attested, evidence });
      expectFit((locale) => howView({ draft }, locale));
    }
  });

  it.each(SOURCES)('asks every question of the source %s, and none of another', (source) => {
    const view = howView({ draft: draftOf('opt-in', 'how', { source }) }, 'en');
    const asked = view.blocks
      .map(({ block_id: id = '' }) => id)
      .filter((id) => id.startsWith('answer-'));
    expect(asked).toEqual(questionsOf(source).map(({ id }) => answerId(id)));
    expect(textsOf(view).includes('attest-permission')).toBe(!isHardStop(source));
  });

  it('of an opt-out is its reason', () => {
    const draft = draftOf('opt-out', 'how', { reason: '<!here>'.repeat(71) });
    expectFit((locale) => howView({ draft }, locale));
    expect(textsOf(howView({ draft }, 'en'))).toContain('Step 3 of 4 · Why');
    expect(textsOf(howView({ draft }, 'de'))).toContain('Schritt 3 von 4 · Warum');
  });

  it('keeps answers of other sources out of the interview', () => {
    const answers = { ...answersTo('event'), ...answersTo('web-form') };
    expect(Object.keys(interviewOf('event', answers, true).answers)).toEqual([
      'event',
      'peopleTold',
      'collectedFrom',
      'collectedUntil',
    ]);
  });

  it('refuses every hard stop, with what would mend it', () => {
    for (const source of SOURCES.filter(isHardStop)) {
      const { answers } = draftOf('opt-in', 'how', { source });
      expect(checkHow(answers, { now: NOW, locale: 'en' })).toMatchObject({
        kind: 'refused',
        interview: { source, answers: {} },
        mend: expect.stringContaining('sign up themselves'),
      });
    }
  });
});

describe('step Review', () => {
  const kinds = WIZARD_KINDS.flatMap((kind) =>
    [true, false].flatMap((mustAsk) =>
      [[], ['double-opt-in'], Array.from({ length: 120 }, (_, i) => `${'t'.repeat(80)}${i}`)].map(
        (templates) => [kind, mustAsk, templates] as const,
      ),
    ),
  );

  it.each(kinds)('of %s (must ask: %s, templates: %j)', (kind, mustAsk, templates) => {
    for (const name of NAMES) {
      for (const ask of [undefined, ...ASK_CHOICES]) {
        const model = {
          draft: draftOf(kind, 'review', {
            ask,
            fields: [...EMAIL_FIELDS],
            evidence: theMostEvidence(),
            runAt: new Date('2026-12-01T08:00:00Z'),
            template: 'gone',
            silence: 'keep',
            reminderDays: 29,
            unknown: 'resend-once',
          }),
          audience: audienceNamed(name),
          offer: { ...OFFER, mustAsk, templates },
          counts: COUNTS,
          samples: Array.from({ length: 5 }, () => 'j***@ex…'),
          now: NOW,
          approvalHours: 72,
        };
        expectFit((locale) => reviewView(model, locale));
      }
    }
  });

  const review = (over: Partial<Parameters<typeof reviewView>[0]> = {}) =>
    reviewView(
      {
        draft: draftOf('opt-in', 'review'),
        audience: audienceNamed('vip'),
        offer: OFFER,
        counts: COUNTS,
        samples: [],
        now: NOW,
        approvalHours: 72,
        ...over,
      },
      'en',
    );

  it('that must ask and cannot is a dead end, and says why', () => {
    const view = review({ offer: { ...OFFER, mustAsk: true, templates: [] } });
    expect(view.submit).toBeUndefined();
    expect(textsOf(view)).toContain('SMTP_URL is not set');
    const reconfirm = draftOf('reconfirm', 'review');
    expect(review({ draft: reconfirm, offer: { ...OFFER, templates: [] } }).submit).toBeUndefined();
  });

  it('that may ask and cannot goes on without asking', () => {
    const view = review({ offer: { ...OFFER, templates: [] } });
    expect(view.submit?.text).toBe('Send for approval');
    expect(textsOf(view)).toContain('nobody will be asked');
  });

  it('names every outcome and every skip in words, with its count', () => {
    const view = review({ draft: draftOf('opt-in', 'review', { ask: 'single-opt-in' }) });
    const texts = textsOf(view);
    expect(texts.match(/12,345,678/gu)).toHaveLength(SKIPS.length + ASK_SKIPS.length);
    for (const code of [...SKIPS, ...ASK_SKIPS]) {
      if (code.includes('_')) expect(texts).not.toContain(code);
    }
  });

  it('asks nothing of mails where nobody is asked', () => {
    const texts = textsOf(review());
    expect(texts).not.toContain('choose-reminder');
    expect(texts).not.toContain('choose-unknown');
  });

  it('offers a reminder on every day before the link ends, and on no other', () => {
    const days = (linkDays: number) =>
      textsOf(
        review({
          draft: draftOf('reconfirm', 'review'),
          offer: { ...OFFER, linkDays },
        }),
      ).match(/after \d+ days?/gu);
    // The hint says after how many hours a mail counts as lost.
    expect(days(3)).toEqual(['after 1 day', 'after 2 days']);
    expect(days(30)).toHaveLength(29);
    expect(days(1)).toBeNull();
  });

  it('says so if nothing would happen', () => {
    const nothing = { ...COUNTS, change: 0, asks: 0 };
    expect(textsOf(review({ counts: nothing }))).toContain('No address would change or be asked');
    expect(textsOf(review())).not.toContain('No address would change');
  });
});

describe('the views around the steps', () => {
  it.each(NAMES)('with the name %j', (name) => {
    for (const kind of WIZARD_KINDS) {
      const model = {
        draft: draftOf(kind, 'review'),
        audience: audienceNamed(name),
        beginning: { kind, sources: SOURCES_CHOSEN },
        notes: [`There is no tag called “${name}”.`],
      };
      expectFit((locale) => resumeView(model, locale));
    }
    const draft = draftOf('opt-in', 'how');
    expectFit((locale) => hardStopView({ draft, why: name, mend: name }, locale));
  });

  it('of a request that was sent', () => {
    for (const runAt of [undefined, new Date('2026-12-01T08:00:00Z')]) {
      expectFit((locale) => sentView({ ...aRequest(), runAt }, 'C0APPROVALS', locale));
      const view = sentView({ ...aRequest(), runAt }, 'C0APPROVALS', 'en');
      expect(view.submit).toBeUndefined();
      expect(textsOf(view)).toContain('<#C0APPROVALS>');
    }
  });

  it('begin anew with what the command named, and with nothing that is not ours', () => {
    expect(readBeginning('opt-out tag:t_1 batch:b_2 list:x')).toEqual({
      kind: 'opt-out',
      sources: [
        { kind: 'tag', id: 't_1' },
        { kind: 'batch', id: 'b_2' },
      ],
    });
    expect(readBeginning('delete-everything')).toEqual({ kind: 'opt-in', sources: [] });
  });
});

describe('where a view belongs', () => {
  it('is all that it carries: draft, step and revision', () => {
    const draft = draftOf('opt-in', 'review', { rev: 7, reason: 'ann@example.org' });
    const written = writePlace(draft);
    expect(JSON.parse(written)).toEqual({ d: draft.id, s: 'review', r: 7 });
    expect(readPlace(written)).toEqual({ draft: draft.id, step: 'review', rev: 7 });
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"d":"d_1","s":"who","r":0}',
    '{"d":{"$gt":""},"s":"who","r":0}',
  ])('is not read from %j', (metadata) => {
    expect(() => readPlace(metadata)).toThrow('draft has expired');
  });

  it('leads from step to step, and never past the ends', () => {
    for (const kind of WIZARD_KINDS) {
      const steps = stepsOf(kind);
      expect(steps).toEqual(kind === 'reconfirm' ? ['who', 'what', 'review'] : STEPS);
      for (const [index, step] of steps.entries()) {
        expect(neighbour(kind, step, 1)).toBe(steps[index + 1]);
        expect(neighbour(kind, step, -1)).toBe(index === 0 ? undefined : steps[index - 1]);
      }
    }
  });

  it('every kind has a callback id of its own', () => {
    expect(new Set(WIZARD_CALLBACKS).size).toBe(WIZARD_KINDS.length);
  });
});

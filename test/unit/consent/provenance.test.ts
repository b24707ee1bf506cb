/** What the answers on how addresses were obtained allow. */
import { describe, expect, it } from '@jest/globals';
import {
  HARD_STOPS,
  type Interview,
  InterviewSchema,
  interviewJsonSchema,
  type PermittedSource,
  QUESTIONS,
  questionsOf,
  SOURCES,
  type Source,
} from '../../../src/consent/interview.ts';
import { examine, permittedInterview, provenanceHash } from '../../../src/consent/provenance.ts';
import { Refusal } from '../../../src/consent/refusal.ts';

const NOW = new Date('2026-11-23T12:00:00Z');

/** A complete interview; dates are those given. */
function complete(source: PermittedSource, from = '2026-10-01', until = '2026-10-31'): Interview {
  const answers: Record<string, string | boolean> = {};
  for (const { id, kind } of questionsOf(source)) {
    if (kind === 'yes-no') answers[id] = id !== 'tickedByDefault';
    else if (kind === 'date') answers[id] = id === 'collectedUntil' ? until : from;
    else if (kind === 'url') answers[id] = 'https://example.com/form';
    else answers[id] = 'Long enough to tell somebody something.';
  }
  return { source, answers, attested: true };
}

describe.each(Object.keys(QUESTIONS) as PermittedSource[])('%s', (source) => {
  it('is permitted when all is answered', () => {
    expect(examine(complete(source), NOW)).toEqual({
      kind: 'permitted',
      mustAsk: false,
      needsApprover: source === 'other',
    });
    expect(InterviewSchema.safeParse(complete(source)).success).toBe(true);
  });

  it.each(questionsOf(source).map(({ id }) => id))('needs an answer to %s', (missing) => {
    const interview = complete(source);
    const { [missing]: _gone, ...answers } = interview.answers;
    expect(examine({ ...interview, answers }, NOW)).toMatchObject({
      kind: 'incomplete',
      questions: [{ question: missing }],
    });
    expect(InterviewSchema.safeParse({ ...interview, answers }).success).toBe(false);
  });

  it('needs the attestation', () => {
    expect(examine({ ...complete(source), attested: false }, NOW)).toMatchObject({
      kind: 'incomplete',
      questions: [{ question: 'attested' }],
    });
  });
});

describe('hard stops', () => {
  it.each(Object.keys(HARD_STOPS) as Source[])('%s is refused without any question', (source) => {
    const found = examine({ source, answers: {}, attested: true }, NOW);
    expect(found.kind).toBe('refused');
  });

  it.each([
    ['web-form', 'tickedByDefault', true],
    ['event', 'peopleTold', false],
    ['other-system', 'unsubscribesCarriedOver', false],
  ] as const)(
    '%s with %s = %s undoes the claim, whatever else is missing',
    (source, id, answer) => {
      expect(examine({ source, answers: { [id]: answer }, attested: false }, NOW).kind).toBe(
        'refused',
      );
      const interview = complete(source);
      const answers = { ...interview.answers, [id]: answer };
      const found = examine({ ...interview, answers }, NOW);
      expect(found).toMatchObject({ kind: 'refused' });
      expect(found.kind === 'refused' && found.mend.length).toBeGreaterThan(20);
    },
  );
});

describe('age of the collection', () => {
  it.each([
    ['2026-05-23', false, 'permitted'],
    ['2026-05-22', true, 'permitted'],
    ['2024-11-23', true, 'permitted'],
    ['2024-11-22', true, 'refused'],
  ])('collected since %s: must ask %s, %s', (from, mustAsk, kind) => {
    const found = examine(complete('paper', from), NOW);
    expect(found.kind).toBe(kind);
    if (found.kind === 'permitted') expect(found.mustAsk).toBe(mustAsk);
  });

  it('refuses days that have not come and days in the wrong order', () => {
    expect(examine(complete('paper', '2026-11-25', '2026-11-26'), NOW)).toMatchObject({
      kind: 'incomplete',
    });
    expect(examine(complete('paper', '2026-10-02', '2026-10-01'), NOW)).toMatchObject({
      questions: [{ question: 'collectedUntil' }],
    });
  });

  it('takes tomorrow, which is today somewhere on Earth', () => {
    expect(examine(complete('paper', '2026-11-24', '2026-11-24'), NOW).kind).toBe('permitted');
  });
});

it('throws a refusal that says what would mend it', () => {
  const bought: Interview = { source: 'purchased', answers: {}, attested: true };
  expect(() => permittedInterview(bought, NOW)).toThrow(Refusal);
  expect(() => permittedInterview(bought, NOW)).toThrow(/Opt these addresses out/);
});

it('hashes the answers, whatever their order', () => {
  const { source, answers, attested } = complete('event');
  const reversed = Object.fromEntries(Object.entries(answers).reverse());
  expect(provenanceHash({ source, answers: reversed, attested })).toBe(
    provenanceHash({ source, answers, attested }),
  );
  expect(provenanceHash({ source, answers: { ...answers, event: 'Other' }, attested })).not.toBe(
    provenanceHash({ source, answers, attested }),
  );
});

it('prints a JSON schema that names every source', () => {
  const text = JSON.stringify(interviewJsonSchema());
  for (const source of SOURCES) expect(text).toContain(`"${source}"`);
});

/**
 * Explanation: a proof in plain words: what we may send to this person, why, and what would change
 * it. It is put together here once; Slack and the command line only set it, each in its language.
 */
import { ASKS_MAX } from '../consent/ask.ts';
import { oldestConsent } from '../consent/eligibility.ts';
import { type Question, questionsOf } from '../consent/interview.ts';
import { SEND_NOTES } from '../consent/note.ts';
import { firstSuppression } from '../consent/suppression.ts';
import { ENGLISH_PROOF, type ProofChapter, type ProofWords } from './proof-words.ts';
import type { Proof, ProofAct } from './read-proof.ts';

/** A piece of a sentence: text, a person of the team, or a moment. */
export type Phrase = string | { readonly person: string } | { readonly at: Date };
export type Sentence = readonly Phrase[];

export interface Chapter {
  readonly title: string;
  readonly sentences: readonly Sentence[];
}

/** A proof as chapters of sentences. Pure. */
export function explainProof(proof: Proof, words: ProofWords = ENGLISH_PROOF): readonly Chapter[] {
  const chapters: readonly (readonly [ProofChapter, readonly Sentence[]])[] = [
    ['may-send', maySend(proof, words)],
    ['why', why(proof, words)],
    ['changes', changes(proof, words)],
    ['history', proof.acts.map((act) => history(act, words))],
    ['mails', mails(proof, words)],
    ['audiences', proof.audiences.map((name) => [name])],
    ['faults', proof.faults.map((fault) => [fault])],
  ];
  return chapters
    .filter(([, sentences]) => sentences.length > 0)
    .map(([chapter, sentences]) => ({ title: words.chapters[chapter], sentences }));
}

/** One sentence as plain text: people by their Slack id, moments in UTC. */
export function sentenceText(sentence: Sentence): string {
  return sentence
    .map((phrase) => {
      if (typeof phrase === 'string') return phrase;
      if ('person' in phrase) return phrase.person;
      return `${phrase.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    })
    .join('');
}

function maySend(
  { permission, permissionSince, suppressions }: Proof,
  words: ProofWords,
): Sentence[] {
  const suppression = firstSuppression(suppressions);
  const may = suppression === undefined ? words.maySend[permission] : words.suppressed[suppression];
  return [[may], [words.onFile(words.permissions[permission]), { at: permissionSince }, '.']];
}

/** The act that made the permission what it is, and how the address was obtained. */
function why(proof: Proof, words: ProofWords): Sentence[] {
  const { acts, permission, suppressions } = proof;
  const suppressing = suppressions.flatMap(
    (suppression) => acts.findLast(({ entry }) => entry.adds?.includes(suppression)) ?? [],
  );
  const deciding = acts.findLast(({ entry }) => entry.to === permission && entry.from !== entry.to);
  const told = [...new Set([...suppressing, ...(deciding === undefined ? [] : [deciding])])];
  if (told.length === 0) return [[words.nobodySays]];
  const obtained = acts.findLast(({ interview }) => interview !== undefined);
  return [
    ...told.map((act) => history(act, words)),
    ...(obtained === undefined ? [] : howObtained(obtained, words)),
  ];
}

function howObtained({ interview, entry }: ProofAct, words: ProofWords): Sentence[] {
  if (interview === undefined) return [];
  const answers = questionsOf(interview.source).map((question): Sentence => {
    const label = words.label(question);
    const answer = answerWords(question, interview.answers[question.id], words);
    return [label.endsWith('?') ? label : `${label}:`, ` ${answer}`];
  });
  const attested: Sentence = [words.attestedBy, { person: entry.who }, '.'];
  return [[words.obtained(words.source(interview.source))], ...answers, attested];
}

function answerWords(
  { kind }: Pick<Question, 'kind'>,
  answer: string | boolean | undefined,
  words: ProofWords,
): string {
  if (typeof answer === 'boolean') return answer ? words.yes : words.no;
  if (answer === undefined) return words.notAnswered;
  return kind === 'date' ? words.day(answer) : answer;
}

function changes(
  { permission, suppressions, consentAt, asksInWindow, readAt }: Proof,
  words: ProofWords,
): Sentence[] {
  const suppressed = suppressions.map(
    (suppression): Sentence => [words.suppressionChanges[suppression]],
  );
  if (suppressed.length > 0) return suppressed;
  const sentences: Sentence[] = words.changes[permission].map((text) => [text]);
  if (
    permission === 'non-marketable' &&
    consentAt !== undefined &&
    consentAt < oldestConsent(readAt)
  ) {
    sentences.push([words.tooOld[0], { at: consentAt }, words.tooOld[1]]);
  }
  if (permission === 'single-opt-in') sentences.push([words.asked(asksInWindow, ASKS_MAX)]);
  return sentences;
}

/** One act as one line: when, what, who, and what it changed. */
function history(act: ProofAct, words: ProofWords): Sentence {
  const { entry } = act;
  const done = entry.facts?.['neverAsked'] === true ? words.neverAsked : words.acts[entry.act];
  const reason = entry.facts?.['reason'];
  return [
    { at: entry.at },
    `: ${done}`,
    ...byWhom(act, words),
    ...changed(act, words),
    typeof reason === 'string' ? words.reason(reason) : '',
  ].filter((phrase) => phrase !== '');
}

function byWhom({ entry, batch }: ProofAct, words: ProofWords): Phrase[] {
  const { cause, who, approver, facts } = entry;
  if (cause.kind === 'send') {
    const method = facts?.['method'];
    return [words.byMail(cause.id, typeof method === 'string' ? method : undefined)];
  }
  if (cause.kind === 'import') {
    return [words.byImport(cause.id, batch?.name), { person: who }, '.'];
  }
  const approved = approver === undefined ? [] : [', ', { person: approver }, words.approvedIt];
  return [words.byRequest(cause.id), { person: who }, words.askedIt, ...approved, '.'];
}

function changed(
  { entry: { from, to, adds = [], clears = [] } }: ProofAct,
  words: ProofWords,
): Phrase[] {
  const named = (some: typeof adds) => some.map((one) => words.suppressions[one]).join(', ');
  const parts: string[] = [];
  if (to !== undefined && from !== undefined && from !== to) {
    parts.push(`${words.permissions[from]} → ${words.permissions[to]}.`);
  } else if (to !== undefined) {
    parts.push(words.from(words.permissions[to]));
  }
  if (adds.length > 0) parts.push(words.adds(named(adds)));
  if (clears.length > 0) parts.push(words.clears(named(clears)));
  return parts.map((part) => ` ${part}`);
}

function mails({ sends }: Proof, words: ProofWords): Sentence[] {
  return sends.map(({ outcome, outcomeAt, ...send }) => [
    { at: send.sentAt ?? send.createdAt },
    words.mail(send.kind, send.cause.id, send.state),
    ...besides(send, words),
    ...(outcome === undefined ? [] : [words.outcome(outcome)]),
    ...(outcome === undefined || outcomeAt === undefined ? [] : [{ at: outcomeAt }]),
    '.',
  ]);
}

/** Why it stands so, and whether it was tried again. A note of a newer version stands as it is. */
function besides(
  { note, resent }: Pick<Proof['sends'][number], 'note' | 'resent'>,
  { sendNotes, resent: again }: ProofWords,
): string[] {
  const known = SEND_NOTES.find((one) => one === note);
  const told = known === undefined ? note : sendNotes[known];
  return [...(told === undefined ? [] : [` (${told})`]), ...(resent === true ? [again] : [])];
}

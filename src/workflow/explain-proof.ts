/**
 * Explanation: a proof in plain words: what we may send to this person, why, and what would change
 * it. The words are put together here once; Slack and the command line only set them.
 */
import { ASKS_MAX } from '../consent/ask.ts';
import { oldestConsent } from '../consent/eligibility.ts';
import { questionsOf, SOURCE_NAMES } from '../consent/interview.ts';
import type { Act } from '../consent/ledger.ts';
import type { Permission } from '../consent/permission.ts';
import { firstSuppression, type Suppression } from '../consent/suppression.ts';
import type { Proof, ProofAct } from './read-proof.ts';

/** A piece of a sentence: text, a person of the team, or a moment. */
export type Phrase = string | { readonly person: string } | { readonly at: Date };
export type Sentence = readonly Phrase[];

export interface Chapter {
  readonly title: string;
  readonly sentences: readonly Sentence[];
}

const PERMISSION_WORDS: Readonly<Record<Permission, string>> = {
  'non-marketable': 'non-marketable',
  'single-opt-in': 'single opt-in',
  'double-opt-in': 'double opt-in',
  'opted-out-by-recipient': 'opted out by the recipient',
  'opted-out-by-user': 'opted out by a teammate',
};

const MAY_SEND: Readonly<Record<Permission, string>> = {
  'non-marketable': 'No marketing mail: no permission is on file.',
  'single-opt-in':
    'Marketing mail may be sent: a permission is on file (single opt-in). The recipient has not confirmed it.',
  'double-opt-in': 'Marketing mail may be sent: the recipient confirmed it (double opt-in).',
  'opted-out-by-recipient': 'Nothing may be sent: the recipient said stop.',
  'opted-out-by-user': 'Nothing may be sent: a teammate opted this address out.',
};

const SUPPRESSED: Readonly<Record<Suppression, string>> = {
  erased: 'Nothing may be sent: this person asked to be erased.',
  complaint: 'Nothing may be sent: this person complained about our mail.',
  'hard-bounce': 'Nothing is sent: mail to this address came back for good.',
  invalid: 'Nothing is sent: this is no address that can take mail.',
};

const ENDS_IT =
  'The recipient’s stop, one click on unsubscribe or complaint ends it at once, and so does a mass opt-out.';

const CHANGES: Readonly<Record<Permission, readonly string[]>> = {
  'non-marketable': [
    'A request to opt in, with answers on how the address was obtained, that a second person approves.',
  ],
  'single-opt-in': [
    'The recipient’s yes to a double opt-in request makes it a double opt-in.',
    ENDS_IT,
  ],
  'double-opt-in': [ENDS_IT],
  'opted-out-by-recipient': [
    'Only the recipient could, by an act of their own. No mass opt-in, import or old mail brings it back.',
  ],
  'opted-out-by-user': ['No mass opt-in and no import brings it back.'],
};

const SUPPRESSION_CHANGES: Readonly<Record<Suppression, string>> = {
  erased: 'Nothing brings an erased person back.',
  complaint: 'No act of ours lifts a complaint.',
  'hard-bounce':
    'The recipient’s own yes to a mail that did arrive clears the bounce; nothing else does.',
  invalid: 'Nothing: an address that cannot take mail stays unsent.',
};

const ACT_WORDS: Readonly<Record<Act, string>> = {
  import: 'Imported',
  'import-address': 'Imported',
  'refuse-request': 'Request refused',
  'submit-request': 'Request made',
  'approve-request': 'Request approved',
  'reject-request': 'Request rejected',
  'opt-in': 'Mass opt-in',
  'opt-out': 'Mass opt-out',
  confirm: 'The recipient confirmed',
  stop: 'The recipient said stop',
  silence: 'The recipient did not answer',
  suppress: 'Suppressed',
};

/** A collection that had to be asked again, whose request ended before the mail left. */
const NEVER_ASKED = 'Put back, since nobody was asked as the age of the collection requires';

/** A proof as chapters of sentences. Pure. */
export function explainProof(proof: Proof): readonly Chapter[] {
  const chapters: Chapter[] = [
    { title: 'What we may send', sentences: maySend(proof) },
    { title: 'Why', sentences: why(proof) },
    { title: 'What would change it', sentences: changes(proof) },
    { title: 'History', sentences: proof.acts.map(history) },
    { title: 'Double opt-in mail', sentences: mails(proof) },
    { title: 'Stands in', sentences: proof.audiences.map((name) => [name]) },
    { title: 'What is wrong with this record', sentences: proof.faults.map((fault) => [fault]) },
  ];
  return chapters.filter(({ sentences }) => sentences.length > 0);
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

function maySend({ permission, permissionSince, suppressions }: Proof): Sentence[] {
  const suppression = firstSuppression(suppressions);
  const since: Sentence = [
    `Permission on file: ${PERMISSION_WORDS[permission]}, since `,
    { at: permissionSince },
    '.',
  ];
  return [[suppression === undefined ? MAY_SEND[permission] : SUPPRESSED[suppression]], since];
}

/** The act that made the permission what it is, and how the address was obtained. */
function why(proof: Proof): Sentence[] {
  const { acts, permission, suppressions } = proof;
  const suppressing = suppressions.flatMap(
    (suppression) => acts.findLast(({ entry }) => entry.adds?.includes(suppression)) ?? [],
  );
  const deciding = acts.findLast(({ entry }) => entry.to === permission && entry.from !== entry.to);
  const told = [...new Set([...suppressing, ...(deciding === undefined ? [] : [deciding])])];
  if (told.length === 0) return [['No act on file says why.']];
  const obtained = acts.findLast(({ interview }) => interview !== undefined);
  return [...told.map(history), ...(obtained === undefined ? [] : howObtained(obtained))];
}

function howObtained({ interview, entry }: ProofAct): Sentence[] {
  if (interview === undefined) return [];
  const answers = questionsOf(interview.source).map((question): Sentence => {
    const answer = interview.answers[question.id];
    const words = typeof answer === 'boolean' ? yesNo(answer) : (answer ?? 'not answered');
    return [question.label.endsWith('?') ? question.label : `${question.label}:`, ` ${words}`];
  });
  const attested: Sentence = ['Attested by ', { person: entry.who }, '.'];
  return [[`How it was obtained: ${SOURCE_NAMES[interview.source]}.`], ...answers, attested];
}

const yesNo = (answer: boolean): string => (answer ? 'yes' : 'no');

function changes({ permission, suppressions, consentAt, asksInWindow, readAt }: Proof): Sentence[] {
  const suppressed = suppressions.map(
    (suppression): Sentence => [SUPPRESSION_CHANGES[suppression]],
  );
  if (suppressed.length > 0) return suppressed;
  const sentences: Sentence[] = CHANGES[permission].map((text) => [text]);
  if (
    permission === 'non-marketable' &&
    consentAt !== undefined &&
    consentAt < oldestConsent(readAt)
  ) {
    sentences.push([
      'A mass opt-in skips it: its own consent, of ',
      { at: consentAt },
      ', is older than 24 months.',
    ]);
  }
  if (permission === 'single-opt-in') {
    sentences.push([`It was asked ${asksInWindow} of at most ${ASKS_MAX} times in 180 days.`]);
  }
  return sentences;
}

/** One act as one line: when, what, who, and what it changed. */
function history(act: ProofAct): Sentence {
  const { entry } = act;
  return [
    { at: entry.at },
    `: ${entry.facts?.['neverAsked'] === true ? NEVER_ASKED : ACT_WORDS[entry.act]}`,
    ...byWhom(act),
    ...changed(act),
    typeof entry.facts?.['reason'] === 'string' ? ` Reason: ${entry.facts['reason']}` : '',
  ].filter((phrase) => phrase !== '');
}

function byWhom({ entry, batch }: ProofAct): Phrase[] {
  const { cause, who, approver, facts } = entry;
  if (cause.kind === 'send') {
    const method = typeof facts?.['method'] === 'string' ? `, by ${facts['method']}` : '';
    return [` (mail ${cause.id}${method}).`];
  }
  if (cause.kind === 'import') {
    const name = batch === undefined ? `import ${cause.id}` : `batch “${batch.name}”`;
    return [` with ${name} by `, { person: who }, '.'];
  }
  const approved = approver === undefined ? [] : [', ', { person: approver }, ' approved'];
  return [` by request ${cause.id}. `, { person: who }, ' asked', ...approved, '.'];
}

function changed({ entry: { from, to, adds = [], clears = [] } }: ProofAct): Phrase[] {
  const parts: string[] = [];
  if (to !== undefined && from !== undefined && from !== to) {
    parts.push(`${PERMISSION_WORDS[from]} → ${PERMISSION_WORDS[to]}.`);
  } else if (to !== undefined) {
    parts.push(`Permission: ${PERMISSION_WORDS[to]}.`);
  }
  if (adds.length > 0) parts.push(`Suppressed: ${adds.join(', ')}.`);
  if (clears.length > 0) parts.push(`No longer suppressed: ${clears.join(', ')}.`);
  return parts.map((part) => ` ${part}`);
}

function mails({ sends }: Proof): Sentence[] {
  return sends.map(({ kind, cause, state, createdAt, sentAt, outcome, outcomeAt }) => [
    { at: sentAt ?? createdAt },
    `: ${kind === 'ask' ? 'Double opt-in request' : 'Reminder'} of request ${cause.id}, ${state}`,
    ...(outcome === undefined ? [] : [`; ${outcome} `]),
    ...(outcome === undefined || outcomeAt === undefined ? [] : [{ at: outcomeAt }]),
    '.',
  ]);
}

/**
 * Request words: what our cards and modals say about a request: whom it is about, how the addresses
 * were obtained, what would change, and what happened so far.
 */
import { type Interview, questionsOf, SOURCE_NAMES } from '../consent/interview.ts';
import { type Plan, planSize, type RequestKind } from '../consent/plan.ts';
import type { Request, RequestStep } from '../consent/request.ts';
import type { Suggestion } from '../store/audiences.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, shorten, userMention } from './escape.ts';
import {
  addresses,
  CHANGE_WORDS,
  FIELD_NAMES,
  formatNumber,
  KIND_NAMES,
  listed,
  SKIP_WORDS,
} from './texts.ts';

/** What stands between spaces and punctuation. */
const WORD = /[^\s<>(),;:"“”]+/gu;
/** An @ in the middle: wider than any e-mail address, on purpose. */
const LIKE_AN_ADDRESS = /.@./u;
/** Names longer than this are cut in lists, so that ten of them fit one field (code points). */
const NAME_CHARS_MAX = 60;
/** Digits of a plan's hash that people compare. */
const HASH_SHOWN = 8;

/** What somebody wrote, for many eyes: e-mail addresses in it are not repeated. */
export function withoutAddresses(text: string): string {
  // Word by word: one pattern for the whole takes quadratic time on a long text without an @.
  return text.replace(WORD, (word) => (LIKE_AN_ADDRESS.test(word) ? '(address hidden)' : word));
}

const DOES: Readonly<Record<RequestKind, (count: string) => string>> = {
  'opt-in': (count) => `opt in ${count}`,
  'opt-out': (count) => `opt out ${count}`,
  reconfirm: (count) => `ask ${count} for confirmation`,
  undo: (count) => `undo a change of ${count}`,
};

/** `opt in 12,480 addresses`: what a request does, in lower case, to go on in a sentence. */
export function requestDoes({ kind, plan }: Pick<Request, 'kind' | 'plan'>): string {
  return DOES[kind](addresses(planSize(plan)));
}

/** `Opt in 12,480 addresses`, the same at the beginning of a line. */
export function requestTitle(request: Pick<Request, 'kind' | 'plan'>): string {
  const does = requestDoes(request);
  return does.charAt(0).toUpperCase() + does.slice(1);
}

export function kindName({ kind }: Pick<Request, 'kind'>): string {
  return KIND_NAMES[kind];
}

/** `batch “Spring fair” and tag “vip”`; what was deleted meanwhile is counted. */
export function audienceWords(
  { sources, match }: Plan['terms']['audience'],
  found: readonly Suggestion[],
): Mrkdwn {
  const names = found.map(({ kind, name }) => `${kind} “${shownName(name)}”`);
  const gone = sources.length - found.length;
  if (gone > 0) names.push(`${formatNumber(gone)} deleted meanwhile`);
  const all = match === 'all' && sources.length > 1 ? ' (in all of them)' : '';
  return md`${listed(names)}${all}`;
}

/** The name of a batch or tag, for many eyes. */
export function shownName(name: string): string {
  return shorten(withoutAddresses(name), NAME_CHARS_MAX);
}

export function fieldWords({ fields }: Plan['terms']['audience']): string {
  return listed(fields.map((field) => FIELD_NAMES[field]));
}

/** Label and answer of each question, in the order of the interview. */
export function answersOf({ source, answers }: Interview): { label: string; answer: string }[] {
  return questionsOf(source).map(({ id, label }) => {
    const answer = answers[id];
    if (typeof answer === 'boolean') return { label, answer: answer ? 'Yes' : 'No' };
    return { label, answer: answer ?? 'Not answered' };
  });
}

/** How the addresses were obtained, for a card: each answer cut to `charsMax` code points. */
export function obtainedWords(interview: Interview, charsMax: number): Mrkdwn {
  const lines = answersOf(interview).map(
    ({ label, answer }) => md`• ${asked(label)} ${shorten(withoutAddresses(answer), charsMax)}`,
  );
  return joinMrkdwn([md`*How obtained:* ${SOURCE_NAMES[interview.source]}`, ...lines]);
}

/** A label before its answer: `Name of the event:`, but `Were people told?`. */
const asked = (label: string): string => (label.endsWith('?') ? label : `${label}:`);

/** What would change and what not, one line an outcome. */
export function countWords({ terms, counts }: Plan): Mrkdwn {
  const lines: Mrkdwn[] = [];
  if (terms.kind !== 'reconfirm') {
    const words = terms.kind === 'undo' ? 'will be put back' : CHANGE_WORDS[terms.kind];
    lines.push(md`• *${addresses(counts.change)}* ${words}`);
  }
  for (const [skip, count] of Object.entries(counts.skips)) lines.push(skipLine(skip, count));
  if (terms.ask !== undefined) {
    lines.push(md`• *${addresses(counts.asks)}* will be asked to confirm by mail`);
    for (const [skip, count] of Object.entries(counts.askSkips)) {
      const told = terms.kind === 'reconfirm' ? skipLine(skip, count) : askSkipLine(skip, count);
      lines.push(told);
    }
  }
  return joinMrkdwn([md`*Of ${addresses(counts.addresses)}*`, ...lines]);
}

const skipLine = (skip: string, count: number): Mrkdwn =>
  md`• ${formatNumber(count)} ${skipWords(skip)}, so they stay as they are`;
const askSkipLine = (skip: string, count: number): Mrkdwn =>
  md`• ${formatNumber(count)} ${skipWords(skip)}, so they are not asked`;

/** `opted out themselves`; the name itself of a skip that is not known (of a newer version). */
export function skipWords(skip: string): string {
  const words: Readonly<Record<string, string>> = SKIP_WORDS;
  return words[skip] ?? skip;
}

/** How recipients are asked, and what their silence means. */
export function askWords({ ask }: Plan['terms']): Mrkdwn | undefined {
  if (ask === undefined) return undefined;
  const silence =
    ask.silence === 'revert' ? 'is non-marketable again' : 'stays opted in, not confirmed';
  return md`*Mail:* template “${ask.template}”. Who has not answered within ${ask.linkDays} days ${silence}.`;
}

export function planMark({ hash }: Pick<Plan, 'hash'>): string {
  return hash.slice(0, HASH_SHOWN);
}

const STEP_WORDS: Readonly<Record<RequestStep['event'], string>> = {
  submit: 'Asked',
  recount: 'Counted anew',
  approve: 'Approved',
  'approve-later': 'Approved, for later',
  reject: 'Rejected',
  expire: 'Expired',
  cancel: 'Cancelled',
  start: 'Started',
  pause: 'Paused',
  'resume-processing': 'Resumed',
  'resume-asking': 'Resumed',
  ask: 'Changed all addresses; mail goes out',
  finish: 'Finished',
  fail: 'Failed',
  undo: 'Undone',
};

/** `Rejected by @Bo, Mar 31 at 10:12: too old`. What nobody did is told without a name. */
export function stepWords({ event, by, at, note }: RequestStep): Mrkdwn {
  const who = by === 'assent' ? md`` : md` by ${userMention(by)}`;
  const why = note === undefined ? md`` : md`: ${withoutAddresses(note)}`;
  return md`${STEP_WORDS[event]}${who}, ${moment(at)}${why}`;
}

/** The step that decided a request, if one did. */
export function decision({ history }: Pick<Request, 'history'>): RequestStep | undefined {
  return history.findLast(({ event }) => DECISIONS.has(event));
}

const DECISIONS: ReadonlySet<string> = new Set([
  'approve',
  'approve-later',
  'reject',
  'expire',
  'cancel',
]);

/**
 * Request words: what our cards and modals say about a request: whom it is about, how the addresses
 * were obtained, what would change, and what happened so far.
 */
import { type Interview, questionsOf } from '../../consent/interview.ts';
import { STEP_NOTES } from '../../consent/note.ts';
import { type Plan, planSize } from '../../consent/plan.ts';
import type { Request, RequestStep } from '../../consent/request.ts';
import type { Suggestion } from '../../store/audiences.ts';
import { joinMrkdwn, type Mrkdwn, md, moment, shorten, userMention } from '../blocks/escape.ts';
import { CARD_WORDS } from '../words/cards.ts';
import { dayWords } from '../words/days.ts';
import { questionWords, sourceName } from '../words/interview.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTE_WORDS } from '../words/notes.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { addresses, formatNumber, listed } from '../words/numbers.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

/** What stands between spaces and punctuation. */
const WORD = /[^\s<>(),;:"“”„]+/gu;
/** An @ in the middle, however it is written: wider than any e-mail address, on purpose. */
const LIKE_AN_ADDRESS = /.(?:[@＠﹫]|%40)./u;
/** Names longer than this are cut in lists, so that ten of them fit one field (code points). */
const NAME_CHARS_MAX = 60;
/** Digits of a plan's hash that people compare. */
const HASH_SHOWN = 8;

/** What somebody wrote, for many eyes: e-mail addresses in it are not repeated. */
export function withoutAddresses(text: string, locale: SlackLocale): string {
  const { addressHidden } = REQUEST_WORDS[locale];
  // Word by word: one pattern for the whole takes quadratic time on a long text without an @.
  return text.replace(WORD, (word) => (LIKE_AN_ADDRESS.test(word) ? addressHidden : word));
}

/** True if what somebody wrote may hold an e-mail address. */
export function holdsAddress(text: string): boolean {
  return (text.match(WORD) ?? []).some((word) => LIKE_AN_ADDRESS.test(word));
}

/** `opt in 12,480 addresses`: what a request does, to go on in a sentence. */
export function requestDoes(
  { kind, plan }: Pick<Request, 'kind' | 'plan'>,
  locale: SlackLocale,
): string {
  return REQUEST_WORDS[locale].does[kind](addresses(planSize(plan), locale));
}

/** `Opt in 12,480 addresses`, the same at the beginning of a line. */
export function requestTitle(request: Pick<Request, 'kind' | 'plan'>, locale: SlackLocale): string {
  const does = requestDoes(request, locale);
  return does.charAt(0).toUpperCase() + does.slice(1);
}

export function kindName({ kind }: Pick<Request, 'kind'>, locale: SlackLocale): string {
  return REQUEST_WORDS[locale].kinds[kind];
}

/** `batch “Spring fair” and tag “vip”`; what was deleted meanwhile is counted. */
export function audienceWords(
  { sources, match }: Plan['terms']['audience'],
  found: readonly Suggestion[],
  locale: SlackLocale,
): Mrkdwn {
  const words = REQUEST_WORDS[locale];
  const names = found.map(({ kind, name }) => words.named[kind](shownName(name, locale)));
  const gone = sources.length - found.length;
  if (gone > 0) names.push(words.goneSources(formatNumber(gone, locale)));
  const all = match === 'all' && sources.length > 1 ? words.inAll : '';
  return md`${listed(names, locale)}${all}`;
}

/** The name of a batch or tag, for many eyes. */
export function shownName(name: string, locale: SlackLocale): string {
  return shorten(withoutAddresses(name, locale), NAME_CHARS_MAX);
}

export function fieldWords({ fields }: Plan['terms']['audience'], locale: SlackLocale): string {
  return listed(
    fields.map((field) => REQUEST_WORDS[locale].fields[field]),
    locale,
  );
}

/** Label and answer of each question, in the order of the interview. */
export function answersOf(
  { source, answers }: Interview,
  locale: SlackLocale,
): { label: string; answer: string }[] {
  const { yes, no } = NOTICE_WORDS[locale];
  return questionsOf(source).map((question) => {
    const { label } = questionWords(question, locale);
    const answer = answers[question.id];
    if (typeof answer === 'boolean') return { label, answer: answer ? yes : no };
    if (answer === undefined) return { label, answer: REQUEST_WORDS[locale].notAnswered };
    return { label, answer: question.kind === 'date' ? dayWords(answer, locale) : answer };
  });
}

/** How the addresses were obtained, for a card: each answer cut to `charsMax` code points. */
export function obtainedWords(interview: Interview, charsMax: number, locale: SlackLocale): Mrkdwn {
  const lines = answersOf(interview, locale).map(({ label, answer }) => {
    return md`• ${asked(label)} ${shorten(withoutAddresses(answer, locale), charsMax)}`;
  });
  const { howObtained } = REQUEST_WORDS[locale];
  const title = md`*${howObtained}* ${sourceName(interview.source, locale)}`;
  return joinMrkdwn([title, ...lines]);
}

/** A label before its answer: `Name of the event:`, but `Were people told?`. */
const asked = (label: string): string => (label.endsWith('?') ? label : `${label}:`);

/** What would change and what not, one line an outcome. */
export function countWords({ terms, counts }: Plan, locale: SlackLocale): Mrkdwn {
  const words = REQUEST_WORDS[locale];
  const lines: Mrkdwn[] = [];
  const told = (count: number, then: string) =>
    lines.push(md`• *${addresses(count, locale)}* ${then}`);
  if (terms.kind !== 'reconfirm') {
    told(counts.change, words.changes[terms.kind](counts.change === 1));
  }
  for (const [skip, count] of Object.entries(counts.skips)) {
    lines.push(skipLine(skip, count, locale));
  }
  if (terms.ask !== undefined) {
    told(counts.asks, words.willBeAsked(counts.asks === 1));
    const lineOf = terms.kind === 'reconfirm' ? skipLine : askSkipLine;
    for (const [skip, count] of Object.entries(counts.askSkips)) {
      lines.push(lineOf(skip, count, locale));
    }
  }
  const title = md`*${words.ofAddresses(addresses(counts.addresses, locale))}*`;
  return joinMrkdwn([title, ...lines]);
}

function skipLine(skip: string, count: number, locale: SlackLocale): Mrkdwn {
  const stays = REQUEST_WORDS[locale].stays(skipWords(skip, count, locale), count === 1);
  return md`• ${formatNumber(count, locale)} ${stays}`;
}

function askSkipLine(skip: string, count: number, locale: SlackLocale): Mrkdwn {
  const notAsked = REQUEST_WORDS[locale].notAsked(skipWords(skip, count, locale), count === 1);
  return md`• ${formatNumber(count, locale)} ${notAsked}`;
}

/** `opted out themselves`; the name itself of a skip that is not known (of a newer version). */
export function skipWords(skip: string, count: number, locale: SlackLocale): string {
  const words: Readonly<Record<string, (one: boolean) => string>> = REQUEST_WORDS[locale].skips;
  return words[skip]?.(count === 1) ?? skip;
}

/** How recipients are asked, what their silence means, and which mails may follow. */
export function askWords({ ask }: Plan['terms'], locale: SlackLocale): Mrkdwn | undefined {
  if (ask === undefined) return undefined;
  const { mail, mailTerms, reminds, unknownMails } = REQUEST_WORDS[locale];
  const { silence, template, linkDays, reminderDays, unknown = 'hold' } = ask;
  const follows = `${reminds(reminderDays)} ${unknownMails[unknown]}`;
  return md`*${mail}* ${mailTerms[silence](template, linkDays)} ${follows}`;
}

export function planMark({ hash }: Pick<Plan, 'hash'>): string {
  return hash.slice(0, HASH_SHOWN);
}

/** `Request q_1 · plan 1a2b3c4d`: by which people find a request again. */
export function referenceWords({ id, plan }: Pick<Request, 'id' | 'plan'>, locale: SlackLocale) {
  const words = REQUEST_WORDS[locale];
  return md`${words.request} ${id} · ${words.plan} ${planMark(plan)}`;
}

/** `Rejected by @Bo, Mar 31 at 10:12: too old`. What nobody did is told without a name. */
export function stepWords({ event, by, at, note }: RequestStep, locale: SlackLocale): Mrkdwn {
  const words = REQUEST_WORDS[locale];
  const who = by === 'assent' ? md`` : md` ${words.by} ${userMention(by)}`;
  return md`${words.steps[event]}${who}, ${moment(at, locale)}${noteWords(note, locale)}`;
}

/** What the clock noted has words of its own; what a person wrote stands as written. */
function noteWords(note: string | undefined, locale: SlackLocale): Mrkdwn {
  if (note === undefined) return md``;
  const known = STEP_NOTES.find((one) => one === note);
  return md`: ${known === undefined ? withoutAddresses(note, locale) : NOTE_WORDS[locale][known]}`;
}

/** When it would start, or did. */
export function startWords({ runAt }: Pick<Request, 'runAt'>, locale: SlackLocale): Mrkdwn {
  return runAt === undefined ? md`${CARD_WORDS[locale].approval.atOnce}` : moment(runAt, locale);
}

/** What an approver is warned of, if of anything. */
export function warningWords(
  { warning, plan }: Pick<Request, 'warning' | 'plan'>,
  locale: SlackLocale,
): string | undefined {
  if (warning === undefined) return undefined;
  const isUnknownSource = plan.terms.interview?.source === 'other';
  return isUnknownSource
    ? CARD_WORDS[locale].approval.readExplanation
    : withoutAddresses(warning, locale);
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

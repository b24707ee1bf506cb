/**
 * Ask door: the pages behind the links in a mail. Looking shows, a click on a button decides.
 *
 * A token that is not genuine costs no look into the database. A genuine stop is never turned away.
 */
import { type ConfirmOutcome, confirmAddress } from '../workflow/confirm-address.ts';
import type { Deps } from '../workflow/deps.ts';
import type { Evidence } from '../workflow/evidence.ts';
import { linkTarget } from '../workflow/find-ask.ts';
import { type AskState, type AskView, readAsk } from '../workflow/read-ask.ts';
import { type WithdrawMethod, withdrawConsent } from '../workflow/withdraw-consent.ts';
import { HttpFault } from './http-fault.ts';
import { localeFor } from './languages.ts';
import { ANSWER, LOCALE_FIELD, type PageFrame, type Pages, type ResultName } from './pages.ts';
import type { RateLimit } from './rate-limit.ts';

/** A request as a door sees it. */
export interface Visit {
  readonly token: string;
  readonly client: string;
  readonly ip: string | undefined;
  readonly userAgent: string | undefined;
  readonly acceptLanguage: string | undefined;
}
type Form = ReadonlyMap<string, string>;

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** `text/plain` for machines; pages otherwise. */
  readonly plain?: boolean;
  readonly extra?: Readonly<Record<string, string>>;
}

interface Desk {
  readonly deps: Deps;
  readonly pages: Pages;
  readonly limit: RateLimit;
}

export interface AskDoor {
  /** The question, or what stands already. */
  showReview(visit: Visit): Promise<Answer>;
  showStop(visit: Visit): Promise<Answer>;
  confirm(visit: Visit, form: Form): Promise<Answer>;
  stop(visit: Visit, form: Form): Promise<Answer>;
  /** RFC 8058: the button of the mail client. */
  oneClick(visit: Visit, form: Form): Promise<Answer>;
}

/** All of them @throws HttpFault 404 for a link that is no use, 429 for too many pages. */
export function askDoor(desk: Desk): AskDoor {
  return {
    showReview: (visit) => showReview(desk, visit),
    showStop: (visit) => showStop(desk, visit),
    confirm: (visit, form) => confirm(desk, visit, form),
    stop: (visit, form) => stop(desk, visit, { form, how: 'page' }),
    async oneClick(visit, form) {
      if (!isOneClick(form)) return { ...(await showStop(desk, visit)), status: 400 };
      return stop(desk, visit, { form, how: 'one-click' });
    },
  };
}

async function showReview(desk: Desk, visit: Visit): Promise<Answer> {
  const { view, frame } = await look(desk, visit);
  if (view.state === 'open') return { status: 200, body: desk.pages.review(frame, view) };
  const offer = { offerStop: view.state !== 'opted-out', expiresAt: view.expiresAt };
  return { status: 200, body: desk.pages.result(frame, STANDING[view.state], offer) };
}

async function showStop(desk: Desk, visit: Visit): Promise<Answer> {
  const { view, frame } = await look(desk, visit);
  const body =
    view.state === 'opted-out'
      ? desk.pages.result(frame, 'optedOut', { offerStop: false })
      : desk.pages.stop(frame);
  return { status: 200, body };
}

/** Only the button says yes: a POST without its field shows the question again. */
async function confirm(desk: Desk, visit: Visit, form: Form): Promise<Answer> {
  if (form.get(ANSWER.name) !== ANSWER.yes) {
    return { ...(await showReview(desk, visit)), status: 400 };
  }
  pace(desk, visit);
  const { deps } = desk;
  const frame = await frameAfter(desk, visit, form);
  const evidence = { ...evidenceOf(deps, visit), locale: frame.locale };
  const outcome = await confirmAddress(deps, visit.token, evidence);
  if (outcome === 'unknown-link') throw unknownLink();
  const expired = outcome === 'expired' ? await readAsk(deps, visit.token) : undefined;
  const { status, name } = AFTER_YES[outcome];
  const offer = { offerStop: outcome !== 'opted-out', expiresAt: expired?.expiresAt };
  return { status, body: desk.pages.result(frame, name, offer) };
}

/** A genuine stop is not paced: mail providers send the clicks of many people from one address. */
async function stop(
  desk: Desk,
  visit: Visit,
  { form, how }: { form: Form; how: WithdrawMethod },
): Promise<Answer> {
  const { deps } = desk;
  if (linkTarget(deps, visit.token) === undefined) pace(desk, visit);
  const outcome = await withdrawConsent(deps, visit.token, how, evidenceOf(deps, visit));
  if (outcome === 'unknown-link') throw unknownLink();
  const name = outcome === 'stopped' ? 'stopped' : 'alreadyStopped';
  const frame = await frameAfter(desk, visit, form);
  return { status: 200, body: desk.pages.result(frame, name, { offerStop: false }) };
}

/** What the link stands for, and the language and name in which its page speaks. */
async function look(desk: Desk, visit: Visit): Promise<{ view: AskView; frame: PageFrame }> {
  pace(desk, visit);
  const view = await readAsk(desk.deps, visit.token);
  if (view === undefined) throw unknownLink();
  const locale = localeFor(desk.pages.locales, view.language, visit.acceptLanguage);
  return { view, frame: { locale, sender: view.sender, token: visit.token } };
}

/** Of a page that follows a click: in the language of the page that was clicked. */
async function frameAfter({ deps, pages }: Desk, visit: Visit, form: Form): Promise<PageFrame> {
  const target = linkTarget(deps, visit.token);
  if (target === undefined) throw unknownLink();
  const locale = localeFor(pages.locales, form.get(LOCALE_FIELD), visit.acceptLanguage);
  const { sender } = await deps.settings(target.workspace);
  return { locale, sender, token: visit.token };
}

function pace({ limit }: Desk, { client }: Visit): void {
  const seconds = limit.take(client);
  if (seconds > 0) throw new HttpFault(429, 'tooMany', { 'Retry-After': String(seconds) });
}

const STANDING: Readonly<Record<Exclude<AskState, 'open'>, ResultName>> = {
  confirmed: 'alreadyConfirmed',
  'opted-out': 'optedOut',
  expired: 'expired',
  stale: 'stale',
};

const AFTER_YES: Readonly<
  Record<Exclude<ConfirmOutcome, 'unknown-link'>, { status: number; name: ResultName }>
> = {
  confirmed: { status: 200, name: 'confirmed' },
  'already-confirmed': { status: 200, name: 'alreadyConfirmed' },
  expired: { status: 410, name: 'expired' },
  stale: { status: 409, name: 'stale' },
  'opted-out': { status: 409, name: 'optedOut' },
};

const unknownLink = () => new HttpFault(404, 'unknownLink');

/** Exactly this pair (RFC 8058, 3.1): a scanner's empty POST is no click. */
function isOneClick(form: Form): boolean {
  return [...form].some(
    ([name, value]) =>
      name.toLowerCase() === 'list-unsubscribe' && value.trim().toLowerCase() === 'one-click',
  );
}

function evidenceOf({ now }: Pick<Deps, 'now'>, { ip, userAgent }: Visit): Evidence {
  return { at: now(), ip, userAgent };
}

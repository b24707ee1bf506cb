/**
 * Open view: opens a modal on somebody's screen, within the leave that Slack gave for it.
 *
 * The leave ends after 3 seconds, a look at the person may take half of that, and a guest shall see
 * nothing of what we hold: so "One moment…" is opened at once, and what was asked for takes its place
 * when it is known who asks.
 */
import type { ModalView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import type { Deps } from '../../workflow/deps.ts';
import { modal, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import type { Call } from './door.ts';
import { noticeView, sentenceFor } from './refusals.ts';
import { updateView } from './update-view.ts';

/** The click was used already: this is a copy of a delivery that was answered. */
const USED = 'exchanged_trigger_id';
const OVER: ReadonlySet<string> = new Set([
  'expired_trigger_id',
  'invalid_trigger_id',
  'trigger_expired',
]);

export interface OpenedView {
  readonly id: string;
  readonly hash: string;
}

/**
 * Opens a modal; tells the person if it is too late for it.
 * @returns undefined if none was opened
 * @throws Slack's error for everything else
 */
export async function openView(call: Call, view: ModalView): Promise<OpenedView | undefined> {
  try {
    const opened = await call.client.views.open({ trigger_id: call.triggerId, view });
    return { id: opened.view?.id ?? '', hash: opened.view?.hash ?? '' };
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
    if (error.data.error === USED) return undefined;
    if (!OVER.has(error.data.error)) throw error;
    await call.reply({ text: NOTICE_WORDS[call.locale].tooLate });
    return undefined;
  }
}

export interface Opening {
  /** The listener, for the log. */
  readonly what: string;
  /**
   * Draws the view, once it is known that the person is a full member, in their language. Looks at
   * their role itself; what it throws is told in the window.
   */
  readonly draw: (call: Call) => Promise<ModalView>;
}

/** A view that is open, and the call with the person's language as Slack says it now. */
export interface CheckedView {
  readonly view: OpenedView;
  readonly call: Call;
}

/**
 * Opens "One moment…", and what was asked for in its place. For listeners that `opensView` marks.
 * @returns undefined if nothing stands there: too late, closed meanwhile, or refused (which was told)
 */
export async function openChecked(
  { log }: Pick<Deps, 'log'>,
  asked: Call,
  { what, draw }: Opening,
): Promise<CheckedView | undefined> {
  // Slack is asked who this is while the view is opened.
  const actor = asked.actor();
  actor.catch(() => undefined);
  const opened = await openView(asked, momentView(asked.locale));
  if (opened === undefined) return undefined;
  let call = asked;
  try {
    call = { ...asked, locale: await actor };
    const hash = await updateView(call.client, opened, await draw(call));
    return hash === undefined ? undefined : { view: { id: opened.id, hash }, call };
  } catch (error) {
    const { locale } = call;
    const refused = noticeView(sentenceFor(error, { log, what, locale }), locale);
    await updateView(call.client, { id: opened.id, hash: '' }, refused);
    return undefined;
  }
}

function momentView(locale: SlackLocale): ModalView {
  const { momentTitle, moment, close } = NOTICE_WORDS[locale];
  return modal({
    callbackId: 'read-notice',
    title: momentTitle,
    close,
    blocks: [section(md`${moment}`)],
  });
}

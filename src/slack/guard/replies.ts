/**
 * Replies: how the guard reaches the one who acted, wherever the act was done: in a channel, in a
 * modal, or behind a submission that took its time.
 */
import type { ModalView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import { z } from 'zod';
import { actions, button, modal, section } from '../blocks/blocks.ts';
import { escapeMrkdwn, md } from '../blocks/escape.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import type { BoltArgs, Facts } from './calls.ts';
import type { Reply, SubmissionAnswer } from './door.ts';
import { REOPEN_FORM } from './kept-form.ts';
import { noticeView } from './refusals.ts';
import { updateView } from './update-view.ts';

const PRODUCT = 'Assent';

/** An ephemeral message where there is a channel, else a modal over what the person looks at. */
export async function sendReply(
  { respond, client }: BoltArgs,
  facts: Facts | undefined,
  said: Reply,
  locale: SlackLocale,
): Promise<void> {
  const { text, blocks, replaces = false } = said;
  if (respond !== undefined) {
    await respond({
      response_type: 'ephemeral',
      replace_original: replaces,
      text,
      ...(blocks === undefined ? {} : { blocks: [...blocks] }),
    });
    return;
  }
  if (facts === undefined || facts.triggerId === '') return;
  const opening = { trigger_id: facts.triggerId, view: replyView(said, locale) };
  await (facts.view?.type === 'modal'
    ? pushOver(client, facts.view.id, opening)
    : client.views.open(opening));
}

/** Over what the person looks at; in its place, where Slack stacks no more windows. */
async function pushOver(
  client: BoltArgs['client'],
  below: string,
  opening: { readonly trigger_id: string; readonly view: ModalView },
): Promise<void> {
  try {
    await client.views.push(opening);
  } catch (error) {
    const isFull =
      error instanceof WebAPIPlatformError && error.data.error === 'push_limit_reached';
    if (!isFull) throw error;
    await updateView(client, { id: below, hash: '' }, opening.view);
  }
}

/** What takes the place of a form whose submission is not answered in time. */
export function workingView(locale: SlackLocale): ModalView {
  const { workingTitle, working, close } = NOTICE_WORDS[locale];
  return modal({
    callbackId: 'read-notice',
    title: workingTitle,
    close,
    blocks: [section(md`${working}`)],
  });
}

const Section = z.object({ text: z.object({ text: z.string() }) });

interface LateAnswer {
  readonly view: string;
  readonly user: string;
  readonly answer: SubmissionAnswer;
  /** What was refused, as marked-up text; undefined if nothing was. */
  readonly refused: string | undefined;
  readonly locale: SlackLocale;
  /** Keeps a form for later. @returns what a button carries that brings it back */
  readonly keep: (form: ModalView) => Promise<string>;
}

/**
 * The answer of a slow submission takes the place of "Working…". Where that was closed meanwhile, a
 * refusal is told directly: whoever closed it believes that all is well. A button brings their form back.
 */
export async function showLateAnswer(
  { client }: Pick<BoltArgs, 'client'>,
  { view, user, answer, refused, locale, keep }: LateAnswer,
): Promise<void> {
  // No hash: it would be the one of the form, and "Working…" stands there now.
  const shown = await updateView(client, { id: view, hash: '' }, lateView(answer, locale));
  if (shown !== undefined || refused === undefined) return;
  const words = NOTICE_WORDS[locale];
  const text = `${escapeMrkdwn(words.closedMeanwhile)} ${refused}`;
  const form = answer?.response_action === 'update' ? await keep(answer.view) : undefined;
  const again = button({ id: REOPEN_FORM, text: words.openAgain, value: form });
  await client.chat.postMessage({
    channel: user,
    text,
    unfurl_links: false,
    unfurl_media: false,
    ...(form === undefined
      ? {}
      : { blocks: [section({ mrkdwn: text }), actions('reopen', again)] }),
  });
}

/** The sentences of an answer that refuses, as marked-up text; undefined if it does not. */
export function refusedWords(answer: SubmissionAnswer): string | undefined {
  if (answer?.response_action === 'errors') {
    return escapeMrkdwn(Object.values(answer.errors).join(' '));
  }
  if (answer?.response_action !== 'push') return undefined;
  const first = Section.safeParse(answer.view.blocks.find(({ type }) => type === 'section'));
  return first.data?.text.text;
}

function lateView(answer: SubmissionAnswer, locale: SlackLocale): ModalView {
  if (answer === undefined || answer.response_action === 'clear') {
    const { mayClose, done } = NOTICE_WORDS[locale];
    return noticeView(mayClose, locale, done);
  }
  if (answer.response_action === 'errors') {
    return noticeView(Object.values(answer.errors).join(' '), locale);
  }
  return answer.view;
}

function replyView({ text, blocks }: Reply, locale: SlackLocale): ModalView {
  if (blocks === undefined) return noticeView({ mrkdwn: text }, locale);
  const { close } = NOTICE_WORDS[locale];
  return modal({ callbackId: 'read-notice', title: PRODUCT, close, blocks });
}

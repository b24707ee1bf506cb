/**
 * Replies: how the guard reaches the one who acted, wherever the act was done: in a channel, in a
 * modal, or behind a submission that took its time.
 */
import type { ModalView } from '@slack/types';
import { modal, section } from './blocks.ts';
import type { BoltArgs, Facts } from './calls.ts';
import type { Reply, SubmissionAnswer } from './door.ts';
import { md } from './escape.ts';
import { noticeView } from './refusals.ts';

/** An ephemeral message where there is a channel, else a modal over what the person looks at. */
export async function sendReply(
  { respond, client }: BoltArgs,
  facts: Facts | undefined,
  said: Reply,
): Promise<void> {
  const { text, blocks } = said;
  if (respond !== undefined) {
    await respond({
      response_type: 'ephemeral',
      replace_original: false,
      text,
      ...(blocks === undefined ? {} : { blocks: [...blocks] }),
    });
    return;
  }
  if (facts === undefined || facts.triggerId === '') return;
  const opening = { trigger_id: facts.triggerId, view: replyView(said) };
  await (facts.view?.type === 'modal' ? client.views.push(opening) : client.views.open(opening));
}

/** What takes the place of a form whose submission is not answered in time. */
export function workingView(): ModalView {
  const text = md`This takes a little longer. The answer will stand here; you can also close this window.`;
  return modal({
    callbackId: 'read-notice',
    title: 'Working…',
    close: 'Close',
    blocks: [section(text)],
  });
}

/** The answer of a slow submission takes the place of "Working…". */
export async function showLateAnswer(
  { client }: Pick<BoltArgs, 'client'>,
  view: string,
  answer: SubmissionAnswer,
): Promise<void> {
  // No hash: it would be the one of the form, and "Working…" stands there now.
  await client.views.update({ view_id: view, view: lateView(answer) });
}

function lateView(answer: SubmissionAnswer): ModalView {
  if (answer === undefined || answer.response_action === 'clear') {
    return noticeView('You can close this window.', 'Done');
  }
  if (answer.response_action === 'errors') {
    return noticeView(Object.values(answer.errors).join(' '));
  }
  return answer.view;
}

function replyView({ text, blocks }: Reply): ModalView {
  if (blocks === undefined) return noticeView({ mrkdwn: text });
  return modal({ callbackId: 'read-notice', title: 'Assent', close: 'Close', blocks });
}

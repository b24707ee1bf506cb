/**
 * Send evidence: the files of a request, from our own store to the person who reviews it.
 *
 * Slack shows a file that was brought in a modal to nobody but who brought it, so its link may open
 * for no approver. What is sent is what the plan's hash covers.
 */
import type { Request } from '../../consent/request.ts';
import { escapeMrkdwn } from '../blocks/escape.ts';
import type { ActionCall, ActionListener, Door } from '../guard/door.ts';
import { noticeView, sentenceFor } from '../guard/refusals.ts';
import { once } from '../guard/replay.ts';
import { updateView } from '../guard/update-view.ts';
import { shareFiles, UploadRefused, uploadFile } from '../wire/slack-uploads.ts';
import { EVIDENCE_WORDS } from '../words/evidence.ts';
import { shownFileName } from './evidence-blocks.ts';
import { SEND_EVIDENCE } from './review-modal.ts';
import { readableRequest } from './review-request.ts';
import { requestDoes } from './words.ts';

/** A click sends the files once, however often it is delivered; what came of it is told in a window. */
export const sendEvidence: ActionListener = async (call, door) => {
  const request = await readableRequest(door.deps, call, call.value);
  await once(door.deps, call, async () => {
    const { locale, client } = call;
    const words = EVIDENCE_WORDS[locale];
    const view = noticeView(words.sending, locale, words.evidence);
    // Uploading takes longer than the leave to open a window lives.
    const pushed = await client.views.push({ trigger_id: call.triggerId, view });
    const told = await handOver(call, door, request).catch((error: unknown) => {
      const { log } = door.deps;
      if (!(error instanceof UploadRefused)) {
        return sentenceFor(error, { log, what: SEND_EVIDENCE, locale });
      }
      log.warn({ fault: error.fault }, 'Slack did not take the evidence of a request');
      return words.sendFaults[error.fault];
    });
    const opened = { id: pushed.view?.id ?? '', hash: '' };
    await updateView(client, opened, noticeView(told, locale, words.evidence));
  });
};

/** @returns what is said of it @throws UploadRefused */
async function handOver(call: ActionCall, door: Door, request: Request): Promise<string> {
  const { workspace, user, locale } = call;
  const words = EVIDENCE_WORDS[locale];
  const store = door.deps.database.of(workspace).evidence;
  const source = { client: await door.background(workspace), hosts: door.fileHosts };
  const evidence = request.plan.terms.evidence ?? [];
  const files: string[] = [];
  // One by one: five of them are 50 MB.
  for (const { id, name } of evidence) {
    const content = await store.read(id);
    if (content === undefined) return words.sendGone;
    files.push(await uploadFile(source, { name, content }));
  }
  const marks = evidence.map((file) => `• ${shownFileName(file, locale)}: SHA-256 ${file.sha256}`);
  const title = words.evidenceOf(requestDoes(request, locale), request.id);
  const comment = escapeMrkdwn([title, ...marks].join('\n'));
  await shareFiles(source, { user, files, comment });
  return words.sent;
}

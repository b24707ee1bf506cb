/** Request details: one request as it stands, in a modal; and the buttons that steer it, anywhere. */
import type { ModalView } from '@slack/types';
import { cancelRequest, pauseRequest, resumeRequest } from '../../workflow/decide-request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { type RequestStatus, readStatus } from '../../workflow/read-status.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { context, modal } from '../blocks/blocks.ts';
import { statusBlocks } from '../command/assent-answers.ts';
import type { ActionListener, Call } from '../guard/door.ts';
import { openView } from '../guard/open-view.ts';
import { once } from '../guard/replay.ts';
import { updateView } from '../guard/update-view.ts';
import { COMMAND_WORDS } from '../words/commands.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { unlessChanged } from './how-it-stands.ts';
import { steerButtons } from './progress-message.ts';
import { referenceWords } from './words.ts';

const DETAILS = 'read-request';

export function detailsView(status: RequestStatus, locale: SlackLocale): ModalView {
  const { request } = status;
  const buttons = steerButtons(request, locale);
  return modal({
    callbackId: DETAILS,
    title: COMMAND_WORDS[locale].details,
    close: NOTICE_WORDS[locale].close,
    blocks: [
      ...statusBlocks(status, locale),
      ...(buttons === undefined ? [] : [buttons]),
      context(referenceWords(request, locale)),
    ],
  });
}

/** Details, in a list of requests. Whoever holds any role may look. */
export const showRequest: ActionListener = async (call, { deps }) => {
  await openView(call, await drawn(deps, call, call.value));
};

/** The channel's message shows what came of it, since the announcer edits it; so do the details. */
const steer =
  (step: typeof pauseRequest): ActionListener =>
  async (call, { deps }) => {
    const { workspace, user: by, value: request } = call;
    // A click that is delivered again must not pause what was resumed meanwhile.
    await once(deps, call, () =>
      unlessChanged(deps, call, request, () => step(deps, { workspace, request, by })),
    );
    if (call.view?.callbackId !== DETAILS) return;
    await updateView(call.client, call.view, await drawn(deps, call, request));
  };

export const pauseByButton = steer(pauseRequest);
export const resumeByButton = steer(resumeRequest);
export const cancelByButton = steer(cancelRequest);

/** @throws Refusal `not_a_requester`, `request_not_found` */
async function drawn(
  deps: Deps,
  { workspace, user, locale }: Call,
  request: string,
): Promise<ModalView> {
  await requireRole(deps, workspace, user, 'requester');
  return detailsView(await readStatus(deps, workspace, request), locale);
}

/** Assent command: `/assent` and what can be asked of it. The wizard has commands of its own. */

import { announceAgain } from '../workflow/announce.ts';
import { cancelRequest, pauseRequest, resumeRequest } from '../workflow/decide-request.ts';
import type { Deps } from '../workflow/deps.ts';
import { readProof } from '../workflow/read-proof.ts';
import { readStatus } from '../workflow/read-status.ts';
import { requireRole } from '../workflow/require-role.ts';
import {
  audiencesAnswer,
  helpAnswer,
  recentAnswer,
  statusAnswer,
  steeredAnswer,
  unclearAnswer,
} from './assent-answers.ts';
import { type Asked, parseAssent } from './assent-parse.ts';
import { type CommandCall, type CommandListener, opensView, type Reply } from './door.ts';
import { openImport } from './import-listeners.ts';
import { once } from './replay.ts';
import { whyAnswer } from './why-answer.ts';

export const ASSENT = '/assent';

const RECENT_REQUESTS = 8;
const RECENT_AUDIENCES = 15;

const STEPS = { pause: pauseRequest, resume: resumeRequest, cancel: cancelRequest } as const;

export const assentCommand: CommandListener = opensView(async (call, { deps }) => {
  const asked = parseAssent(call.text);
  if (asked.kind === 'import') {
    await openImport(call, deps);
    await call.actor();
    return;
  }
  await call.actor();
  const answer = await answerTo(asked, call, deps);
  if (answer !== undefined) await call.reply(answer);
});

/** @returns nothing if this very command was answered before */
async function answerTo(
  asked: Exclude<Asked, { kind: 'import' }>,
  call: CommandCall,
  deps: Deps,
): Promise<Reply | undefined> {
  const { workspace, user } = call;
  if (asked.kind === 'help') return helpAnswer();
  if (asked.kind === 'unknown' || asked.kind === 'incomplete') return unclearAnswer(asked);
  // Whoever holds any role may look.
  await requireRole(deps, workspace, user, 'requester');
  const store = deps.database.of(workspace);
  if (asked.kind === 'status') {
    return asked.request === undefined
      ? recentAnswer(await store.requests.recent(RECENT_REQUESTS))
      : answerStatus(deps, workspace, asked.request);
  }
  if (asked.kind === 'why') return whyAnswer(await readProof(deps, workspace, asked.address));
  if (asked.kind === 'pause' || asked.kind === 'resume' || asked.kind === 'cancel') {
    const { kind, request } = asked;
    return once(deps, call, async () =>
      steeredAnswer(kind, await STEPS[kind](deps, { workspace, request, by: user })),
    );
  }
  return latest(deps, workspace, asked.kind === 'imports' ? 'batch' : 'tag');
}

/** Whoever asks for a request whose card was lost sees to it that the card is tried again. */
async function answerStatus(deps: Deps, workspace: string, id: string): Promise<Reply> {
  const status = await readStatus(deps, workspace, id);
  if (status.channelLost) await announceAgain(deps, status.request);
  return statusAnswer(status, status.channelLost);
}

async function latest(deps: Deps, workspace: string, kind: 'batch' | 'tag'): Promise<Reply> {
  const found = await deps.database.of(workspace).audiences.suggest('', RECENT_AUDIENCES);
  return audiencesAnswer(
    kind,
    found.filter((one) => one.kind === kind),
  );
}

/** Assent command: `/assent` and what can be asked of it. The wizard has commands of its own. */

import { Refusal } from '../../consent/refusal.ts';
import { announceAgain } from '../../workflow/announce-lost.ts';
import { cancelRequest, pauseRequest, resumeRequest } from '../../workflow/decide-request.ts';
import type { Deps } from '../../workflow/deps.ts';
import { readProof } from '../../workflow/read-proof.ts';
import { readStatus } from '../../workflow/read-status.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { campaignsAnswer } from '../campaign/listeners.ts';
import { type CommandCall, type CommandListener, opensView, type Reply } from '../guard/door.ts';
import { once } from '../guard/replay.ts';
import { openImport } from '../import/listeners.ts';
import { stoppedMailAnswer } from '../notice/breaker-listeners.ts';
import { openSettingsByCommand } from '../settings/listeners.ts';
import { listTemplates } from '../template/listeners.ts';
import {
  audiencesAnswer,
  helpAnswer,
  notSteeredAnswer,
  recentAnswer,
  statusAnswer,
  steeredAnswer,
  unclearAnswer,
} from './assent-answers.ts';
import { type Asked, parseAssent } from './assent-parse.ts';
import { whyAnswer } from './why-answer.ts';

export const ASSENT = '/assent';

const RECENT_REQUESTS = 10;
const RECENT_AUDIENCES = 15;

const STEPS = { pause: pauseRequest, resume: resumeRequest, cancel: cancelRequest } as const;

/** Subcommands that are answered by a modal; the others are answered by a message. */
const OPENERS = { import: openImport, settings: openSettingsByCommand } as const;

export const assentCommand: CommandListener = opensView(async (call, { deps }) => {
  const asked = parseAssent(call.text);
  if (opensModal(asked)) {
    await OPENERS[asked.kind](call, deps);
    return;
  }
  const locale = await call.actor();
  const answer = await answerTo(asked, { ...call, locale }, deps);
  if (answer !== undefined) await call.reply(answer);
});

type Opening = Extract<Asked, { kind: keyof typeof OPENERS }>;

const opensModal = (asked: Asked): asked is Opening => asked.kind in OPENERS;

/** @returns nothing if this very command was answered before */
async function answerTo(
  asked: Exclude<Asked, Opening>,
  call: CommandCall,
  deps: Deps,
): Promise<Reply | undefined> {
  const { workspace, user, locale } = call;
  if (asked.kind === 'help') return helpAnswer(locale);
  if (asked.kind === 'unknown' || asked.kind === 'incomplete') return unclearAnswer(asked, locale);
  // Whoever holds any role may look.
  await requireRole(deps, workspace, user, 'requester');
  if (asked.kind === 'status' && asked.request !== undefined) {
    return answerStatus(deps, call, asked.request);
  }
  if (asked.kind === 'status' || asked.kind === 'requests') {
    const { requests } = deps.database.of(workspace);
    return recentAnswer(await requests.recent(RECENT_REQUESTS), locale);
  }
  if (asked.kind === 'campaigns') return campaignsAnswer(deps, call);
  if (asked.kind === 'mail') return stoppedMailAnswer(deps, call);
  if (asked.kind === 'templates') return listTemplates(deps, call);
  if (asked.kind === 'why') {
    return whyAnswer(await readProof(deps, workspace, asked.address), locale);
  }
  if (asked.kind === 'pause' || asked.kind === 'resume' || asked.kind === 'cancel') {
    return once(deps, call, () => answerSteering(deps, call, asked));
  }
  return latest(deps, call, asked.kind === 'imports' ? 'batch' : 'tag');
}

type Steering = Extract<Asked, { kind: keyof typeof STEPS }>;

/** Who steers what has ended, or does not run, is told how it stands. */
async function answerSteering(
  deps: Deps,
  { workspace, user, locale }: CommandCall,
  { kind, request: id }: Steering,
): Promise<Reply> {
  try {
    return steeredAnswer(
      kind,
      await STEPS[kind](deps, { workspace, request: id, by: user }),
      locale,
    );
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'request_not_open') throw error;
    return notSteeredAnswer(await deps.database.of(workspace).requests.find(id), locale);
  }
}

/** Whoever asks for a request whose card was lost sees to it that the card is tried again. */
async function answerStatus(deps: Deps, call: CommandCall, id: string): Promise<Reply> {
  const { workspace, locale } = call;
  const status = await readStatus(deps, workspace, id);
  const isLost = status.channelLost || status.messageRefused;
  if (isLost) await announceAgain(deps, status.request);
  return statusAnswer(status, isLost, locale);
}

async function latest(
  deps: Deps,
  { workspace, locale }: CommandCall,
  kind: 'batch' | 'tag',
): Promise<Reply> {
  const found = await deps.database.of(workspace).audiences.suggest('', RECENT_AUDIENCES);
  return audiencesAnswer(
    kind,
    found.filter((one) => one.kind === kind),
    locale,
  );
}

/**
 * Optin command: `/optin`, `/optout` and `/reconfirm` open the wizard.
 *
 * Slack's leave to open a view ends after 3 seconds: it is opened after one short look into the
 * database, and everything else (is the person a guest? how many addresses is that?) comes after.
 */
import type { ModalView } from '@slack/types';
import type { Suggestion } from '../store/audiences.ts';
import type { Deps } from '../workflow/deps.ts';
import { requireRole } from '../workflow/require-role.ts';
import {
  type Call,
  type CommandListener,
  opensView,
  type Reply,
  type ShortcutListener,
} from './door.ts';
import { type Draft, latestDraft, newDraft, type WizardKind } from './drafts.ts';
import { joinMrkdwn, md } from './escape.ts';
import { openView } from './open-view.ts';
import { type NamedAudience, type ParsedCommand, parseOptin } from './optin-parse.ts';
import { noticeView, sentenceFor, withoutPeople } from './refusals.ts';
import { updateView } from './update-view.ts';
import { withinMs } from './within.ts';
import { showCount } from './wizard-count.ts';
import { resumeView } from './wizard-ends.ts';
import { audienceOf } from './wizard-show.ts';
import { COUNT_NOTHING, COUNT_RUNNING, whoView } from './wizard-who.ts';

/** What is not found by then is chosen by hand. */
const LOOK_MS = 700;
/** Letters of a mistyped name that a suggestion has to begin with. */
const ALIKE_CHARACTERS = 3;
const NOTHING_TYPED: ParsedCommand = { help: false, named: [], unclear: [] };
const LOOKED_TOO_LONG =
  'What you named could not be looked up in time: please choose it here. An unfinished draft, if you have one, is offered when you run the command again.';

/** The command that begins with this kind of request. */
export function optinCommand(kind: WizardKind): CommandListener {
  return opensView(async (call, { deps }) => {
    await requireRole(deps, call.workspace, call.user, 'requester');
    const typed = parseOptin(call.text);
    if (typed.help) await call.reply(help(call.command));
    else await openWizard(deps, call, { kind, typed });
  });
}

/** The shortcut "New consent change". */
export const startRequest: ShortcutListener = opensView(async (call, { deps }) => {
  await requireRole(deps, call.workspace, call.user, 'requester');
  await openWizard(deps, call, { kind: 'opt-in', typed: NOTHING_TYPED });
});

interface Wanted {
  readonly kind: WizardKind;
  readonly typed: ParsedCommand;
}

/** What was found for a command before its view is opened. */
interface Found {
  /** Batches and tags that were named and exist. */
  readonly named: readonly Suggestion[];
  readonly notes: readonly string[];
  readonly draft?: { readonly draft: Draft; readonly audience: readonly Suggestion[] } | undefined;
}

async function openWizard(deps: Deps, call: Call, wanted: Wanted): Promise<void> {
  // Slack is asked who this is while the view is opened; the answer is looked at afterwards.
  const actor = call.actor();
  actor.catch(() => undefined);
  const found = await lookUp(deps, call, wanted.typed);
  const begun = newDraft(wanted.kind, {
    sources: found.named.map(({ kind, id }) => ({ kind, id })),
  });
  const opened = await openView(call, firstView(begun, found));
  if (opened === undefined) return;
  try {
    await actor;
  } catch (error) {
    const sentence = sentenceFor(error, deps.log, 'open-wizard');
    await updateView(call.client, { id: opened.id, hash: '' }, noticeView(sentence));
    return;
  }
  if (found.draft !== undefined || found.named.length === 0) return;
  await showCount(deps, call, opened, { draft: begun, audience: found.named, notes: found.notes });
}

function firstView(begun: Draft, { named, notes, draft }: Found): ModalView {
  const { kind, sources } = begun.answers;
  if (draft !== undefined) return resumeView({ ...draft, beginning: { kind, sources }, notes });
  const count = named.length === 0 ? COUNT_NOTHING : COUNT_RUNNING;
  return whoView({ draft: begun, audience: named, count, notes });
}

/** Never rejects, and never takes longer than the view can wait. */
async function lookUp(deps: Deps, call: Call, typed: ParsedCommand): Promise<Found> {
  const late: Found = { named: [], notes: [LOOKED_TOO_LONG] };
  const looking = look(deps, call, typed).catch((error: unknown) => {
    deps.log.warn({ fault: withoutPeople(error) }, 'could not look up what a command names');
    return late;
  });
  return withinMs(LOOK_MS, looking, () => late);
}

async function look(deps: Deps, call: Call, { named, unclear }: ParsedCommand): Promise<Found> {
  const { audiences } = deps.database.of(call.workspace);
  const [unfinished, ...found] = await Promise.all([
    unfinishedDraft(deps, call),
    ...named.map(async ({ kind, name }) => audiences.findByName(kind, name)),
  ]);
  const missing = named.filter((_, index) => found[index] === undefined);
  return {
    named: found.filter((one) => one !== undefined),
    notes: [
      ...(await Promise.all(missing.map(async (one) => missingNote(deps, call, one)))),
      ...unclear.map(
        (word) => `“${word}” names neither a tag nor a batch: write tag:… or batch:….`,
      ),
    ],
    draft: unfinished,
  };
}

async function missingNote(
  { database }: Deps,
  { workspace }: Call,
  { kind, name }: NamedAudience,
): Promise<string> {
  const beginning = Array.from(name).slice(0, ALIKE_CHARACTERS).join('');
  const alike = await database.of(workspace).audiences.suggest(beginning);
  const near = alike.find((one) => one.kind === kind);
  const hint = near === undefined ? '' : ` Did you mean “${near.name}”?`;
  return `There is no ${kind} called “${name}”.${hint}`;
}

async function unfinishedDraft(deps: Deps, call: Call): Promise<Found['draft']> {
  const draft = await latestDraft(deps, call);
  if (draft === undefined || draft.answers.sources.length === 0) return undefined;
  return { draft, audience: await audienceOf(deps, call, draft) };
}

function help(command: string): Reply {
  const { mrkdwn } = joinMrkdwn([
    md`*${command}* opens a form: who, which addresses, how they were obtained, and a review. Another person has to approve before anything changes.`,
    md`• \`${command} tag:vip\` begins with a tag, \`${command} batch:"Spring fair"\` with an import batch; several fit.`,
    md`• What you began and did not send is offered again for 7 days.`,
  ]);
  return { text: mrkdwn };
}

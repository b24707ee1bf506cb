/**
 * Optin command: `/optin`, `/optout` and `/reconfirm` open the wizard.
 *
 * Slack's leave to open a view ends after 3 seconds, so "One moment…" is opened at once; who it is
 * and what the command names is looked up afterwards.
 */
import type { ModalView } from '@slack/types';
import type { Suggestion } from '../../store/audiences.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { joinMrkdwn, md } from '../blocks/escape.ts';
import {
  type Call,
  type CommandListener,
  opensView,
  type Reply,
  type ShortcutListener,
} from '../guard/door.ts';
import { openChecked } from '../guard/open-view.ts';
import { shownName } from '../request/words.ts';
import { COMMAND_WORDS } from '../words/commands.ts';
import type { SlackLocale } from '../words/language.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { showCount } from './count.ts';
import { type Draft, latestDraft, newDraft, type WizardKind } from './drafts.ts';
import { resumeView } from './ends.ts';
import { type NamedAudience, type ParsedCommand, parseOptin } from './optin-parse.ts';
import { audienceOf } from './show.ts';
import { whoView } from './who.ts';

/** Letters of a mistyped name that a suggestion has to begin with. */
const ALIKE_CHARACTERS = 3;
const NOTHING_TYPED: ParsedCommand = { help: false, named: [], unclear: [] };

/** The command that begins with this kind of request. */
export function optinCommand(kind: WizardKind): CommandListener {
  return opensView(async (call, { deps }) => {
    const typed = parseOptin(call.text);
    if (typed.help) await call.reply(help(call.command, await call.actor()));
    else await openWizard(deps, call, { kind, typed });
  });
}

/** The shortcut "New consent change". */
export const startRequest: ShortcutListener = opensView(async (call, { deps }) => {
  await openWizard(deps, call, { kind: 'opt-in', typed: NOTHING_TYPED });
});

interface Wanted {
  readonly kind: WizardKind;
  readonly typed: ParsedCommand;
}

/** What was found for a command. */
interface Found {
  /** Batches and tags that were named and exist. */
  readonly named: readonly Suggestion[];
  readonly notes: readonly string[];
  readonly draft?: { readonly draft: Draft; readonly audience: readonly Suggestion[] } | undefined;
}

async function openWizard(deps: Deps, asked: Call, { kind, typed }: Wanted): Promise<void> {
  let begun = newDraft(kind);
  let found: Found = { named: [], notes: [] };
  const opened = await openChecked(deps, asked, {
    what: 'open-wizard',
    async draw(call) {
      await requireRole(deps, call.workspace, call.user, 'requester');
      found = await lookUp(deps, call, typed);
      const sources = found.named.map((one) => ({ kind: one.kind, id: one.id }));
      begun = newDraft(kind, { sources });
      return firstView(begun, found, call.locale);
    },
  });
  if (opened === undefined || found.draft !== undefined || found.named.length === 0) return;
  const model = { draft: begun, audience: found.named, notes: found.notes };
  await showCount(deps, opened.call, opened.view, model);
}

function firstView(begun: Draft, { named, notes, draft }: Found, locale: SlackLocale): ModalView {
  const { kind, sources } = begun.answers;
  if (draft !== undefined) {
    return resumeView({ ...draft, beginning: { kind, sources }, notes }, locale);
  }
  const { countNothing, countRunning } = WIZARD_WORDS[locale].who;
  const count = md`${named.length === 0 ? countNothing : countRunning}`;
  return whoView({ draft: begun, audience: named, count, notes }, locale);
}

async function lookUp(deps: Deps, call: Call, { named, unclear }: ParsedCommand): Promise<Found> {
  const { audiences } = deps.database.of(call.workspace);
  const words = WIZARD_WORDS[call.locale].who;
  const [unfinished, ...found] = await Promise.all([
    unfinishedDraft(deps, call),
    ...named.map(async ({ kind, name }) => audiences.findByName(kind, name)),
  ]);
  const missing = named.filter((_, index) => found[index] === undefined);
  return {
    named: found.filter((one) => one !== undefined),
    notes: [
      ...(await Promise.all(missing.map(async (one) => missingNote(deps, call, one)))),
      ...unclear.map((word) => words.unclear(word)),
    ],
    draft: unfinished,
  };
}

async function missingNote(
  { database }: Deps,
  { workspace, locale }: Call,
  { kind, name }: NamedAudience,
): Promise<string> {
  const words = WIZARD_WORDS[locale].who;
  const beginning = Array.from(name).slice(0, ALIKE_CHARACTERS).join('');
  const alike = await database.of(workspace).audiences.suggest(beginning);
  const near = alike.find((one) => one.kind === kind);
  const hint = near === undefined ? '' : ` ${words.meant(shownName(near.name, locale))}`;
  return `${words.missing[kind](name)}${hint}`;
}

async function unfinishedDraft(deps: Deps, call: Call): Promise<Found['draft']> {
  const draft = await latestDraft(deps, call);
  if (draft === undefined || draft.answers.sources.length === 0) return undefined;
  return { draft, audience: await audienceOf(deps, call, draft) };
}

function help(command: string, locale: SlackLocale): Reply {
  return { text: joinMrkdwn(COMMAND_WORDS[locale].wizardHelp(command)).mrkdwn };
}

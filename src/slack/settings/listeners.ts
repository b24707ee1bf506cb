/**
 * Settings in Slack: opened by an admin, checked at the field, saved once. Who opened them before
 * somebody else saved is told, and saves nothing.
 */
import { changeSettings, SettingsRefused } from '../../workflow/change-settings.ts';
import type { Deps } from '../../workflow/deps.ts';
import { asDecided } from '../../workflow/read-settings.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { option } from '../blocks/inputs.ts';
import {
  type ActionListener,
  type Call,
  InputErrors,
  type OptionsListener,
  type SubmissionListener,
} from '../guard/door.ts';
import { openView } from '../guard/open-view.ts';
import { noticeView } from '../guard/refusals.ts';
import { SETTINGS_WORDS } from '../words/settings.ts';
import { settingsView, timeZoneOptions } from './form.ts';
import { errorsOf, readSettings } from './values.ts';

/** The action id of every button that opens the settings. */
export const OPEN_SETTINGS = 'open-settings';
/** Slack shows no more options at once than 100; people read fewer. */
const OPTIONS_MAX = 50;

/** @throws Refusal `not_an_admin` */
async function showSettings(call: Call, deps: Deps): Promise<void> {
  const { workspace } = call;
  await requireRole(deps, workspace, call.user, 'admin');
  // The version first: what changes between the two reads is then noticed when it is saved.
  const { version } = await deps.database.of(workspace).settings.read();
  const settings = asDecided(await deps.settings(workspace, { fresh: true }));
  const used = [settings.requesterGroups, settings.approverGroups, settings.adminGroups].flat();
  const groups = used.length === 0 ? new Map() : await groupNames(deps, workspace);
  await openView(call, settingsView({ version, settings, groups }, call.locale));
}

/** `/assent settings`: the command opens views, so nobody has looked at the person yet. */
export async function openSettingsByCommand(call: Call, deps: Deps): Promise<void> {
  const locale = await call.actor();
  await showSettings({ ...call, locale }, deps);
}

/** The button of App Home. */
export const openSettings: ActionListener = async (call, { deps }) => showSettings(call, deps);

export const submitSettings: SubmissionListener = async (call, { deps }) => {
  const { workspace, user: by, view, locale } = call;
  const { values, faults } = readSettings(view.values);
  try {
    await changeSettings(deps, { workspace, by, seen: Number(view.metadata), values, faults });
  } catch (error) {
    if (!(error instanceof SettingsRefused)) throw error;
    throw new InputErrors(errorsOf(error.faults, locale));
  }
  const { saved, savedTitle } = SETTINGS_WORDS[locale];
  return { response_action: 'update', view: noticeView(saved, locale, savedTitle) };
};

/** User groups whose name holds what was typed. */
export const offerGroups: OptionsListener = async (call, { deps }) => {
  await requireRole(deps, call.workspace, call.user, 'admin');
  const wanted = call.typed.trim().toLowerCase();
  const groups = [...(await groupNames(deps, call.workspace))];
  const found = groups.filter(([, name]) => name.toLowerCase().includes(wanted));
  return { options: found.slice(0, OPTIONS_MAX).map(([id, name]) => option(id, name)) };
};

export const offerTimeZones: OptionsListener = async (call) => ({
  options: timeZoneOptions(call.typed, OPTIONS_MAX),
});

/** Names are for people only: without Slack's answer, ids stand in their place. */
async function groupNames(deps: Deps, workspace: string): Promise<ReadonlyMap<string, string>> {
  const groups = await deps.userGroups?.list(workspace).catch(() => []);
  return new Map((groups ?? []).map(({ id, name }) => [id, name]));
}

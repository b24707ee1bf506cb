/** Template listeners: the list of mail templates, and handing one in from Slack. */

import { Refusal } from '../../consent/refusal.ts';
import { addTemplate, checkTemplateName } from '../../workflow/custom-templates.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import {
  type ActionListener,
  type Call,
  type Door,
  InputErrors,
  type Reply,
  type SubmissionAnswer,
  type SubmissionCall,
  type SubmissionListener,
} from '../guard/door.ts';
import { openView } from '../guard/open-view.ts';
import { refusalWords } from '../guard/refusals.ts';
import { once } from '../guard/replay.ts';
import { FileRefused, fetchFile } from '../wire/slack-files.ts';
import { FILE_WORDS } from '../words/files.ts';
import type { SlackLocale } from '../words/language.ts';
import { TEMPLATE_WORDS } from '../words/templates.ts';
import {
  CHOOSE_TEMPLATE_FILES,
  NAME_LANGUAGE,
  readTemplateForm,
  type TemplateForm,
} from './form.ts';
import { findingsModal, keptModal, templateModal, templatesAnswer } from './modal.ts';

/** What `/assent templates` says. */
export async function listTemplates(
  { database, templates, mail }: Pick<Deps, 'database' | 'templates' | 'mail'>,
  { workspace, locale }: Pick<Call, 'workspace' | 'locale'>,
): Promise<Reply> {
  const own = await database.of(workspace).templates.list();
  const ours = templates.names().map((name) => {
    const locales = mail?.templates.get(name)?.locales ?? [];
    return { name, locales };
  });
  return templatesAnswer(ours, own, locale);
}

/** The button under the list. @throws Refusal `not_a_requester` */
export const openTemplate: ActionListener = async (call, { deps }) => {
  await requireRole(deps, call.workspace, call.user, 'requester');
  await openView(call, templateModal(call.locale));
};

export const submitTemplate: SubmissionListener = async (call, door) => {
  await requireRole(door.deps, call.workspace, call.user, 'requester');
  const refusedName = (name: string) => nameRefusal(door.deps, name, call.locale);
  const form = readTemplateForm(call.view.values, refusedName, call.locale);
  return once(door.deps, call, () => keepTemplate(call, door, form));
};

function nameRefusal(deps: Deps, name: string, locale: SlackLocale): string | undefined {
  try {
    checkTemplateName(deps, name);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refusalWords(error, locale);
  }
}

/** What is wrong is shown over the form, so that it can be mended there. */
async function keepTemplate(
  call: SubmissionCall,
  door: Door,
  form: TemplateForm,
): Promise<SubmissionAnswer> {
  const { workspace, user: by, locale } = call;
  const { name, profile } = form;
  const files = await filesOf(call, door, form);
  const adding = { workspace, by, name, files, profile, keepOthers: true };
  const added = await addTemplate(door.deps, adding);
  return added.kind === 'refused'
    ? { response_action: 'push', view: findingsModal(added.findings, locale) }
    : { response_action: 'update', view: keptModal(name, added, locale) };
}

/** @throws InputErrors if a file cannot be fetched, or a language was given twice */
async function filesOf(
  { client, locale }: SubmissionCall,
  { fileHosts: hosts }: Door,
  { brought, written }: TemplateForm,
): Promise<Map<string, string>> {
  const files = new Map(written);
  try {
    for (const file of brought) {
      const { name, bytes } = await fetchFile({ client, hosts }, file);
      if (written.has(name)) {
        throw new InputErrors({ [NAME_LANGUAGE]: TEMPLATE_WORDS[locale].languageTwice });
      }
      files.set(name, bytes.toString('utf8'));
    }
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new InputErrors({ [CHOOSE_TEMPLATE_FILES]: FILE_WORDS[locale].faults[error.fault] });
  }
  return files;
}

/** Template form: what somebody filled in to hand in a mail template, read from the modal. */
import { LINT_PROFILES, type LintProfile } from '../../mail/lint/rules.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readOneOf, readText } from '../guard/values.ts';
import { type BroughtFile, readFiles } from '../wire/slack-files.ts';
import type { SlackLocale } from '../words/language.ts';
import { TEMPLATE_WORDS } from '../words/templates.ts';

export const NAME_TEMPLATE = 'name-template';
export const CHOOSE_PROFILE = 'choose-profile';
export const CHOOSE_TEMPLATE_FILES = 'choose-template-files';
export const NAME_LANGUAGE = 'name-language';
/** The inputs of one language, by what its file's name ends in. */
export const WRITE_TEXTS = {
  'subject.txt': 'write-subject',
  txt: 'write-text',
  html: 'write-html',
} as const;

const LANGUAGE = /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u;

export interface TemplateForm {
  readonly name: string;
  readonly profile: LintProfile;
  readonly brought: readonly BroughtFile[];
  /** What was written in the window, as files of one language. */
  readonly written: ReadonlyMap<string, string>;
}

/**
 * @param refusedName why a template cannot be called so, or nothing
 * @throws InputErrors at each input that is missing or wrong
 */
export function readTemplateForm(
  values: Values,
  refusedName: (name: string) => string | undefined,
  locale: SlackLocale,
): TemplateForm {
  const words = TEMPLATE_WORDS[locale];
  const texts = Object.entries(WRITE_TEXTS)
    .map(([kind, id]) => ({ kind, text: readText(values, id) }))
    .filter((one): one is { kind: string; text: string } => one.text !== undefined);
  const language = readText(values, NAME_LANGUAGE);
  const brought = readFiles(values, CHOOSE_TEMPLATE_FILES);
  const errors: Record<string, string> = {};
  const name = readText(values, NAME_TEMPLATE) ?? '';
  const refused = refusedName(name);
  if (refused !== undefined) errors[NAME_TEMPLATE] = refused;
  if (brought.length === 0 && texts.length === 0) {
    errors[CHOOSE_TEMPLATE_FILES] = words.nothingGiven;
  }
  if (texts.length > 0 && language === undefined) errors[NAME_LANGUAGE] = words.languageMissing;
  if (language !== undefined && !LANGUAGE.test(language)) {
    errors[NAME_LANGUAGE] = words.languageWrong;
  }
  if (Object.keys(errors).length > 0) throw new InputErrors(errors);
  return {
    name,
    profile: readOneOf(values, CHOOSE_PROFILE, LINT_PROFILES) ?? 'neutral',
    brought,
    written: new Map(texts.map(({ kind, text }) => [`${language}.${kind}`, `${text}\n`])),
  };
}

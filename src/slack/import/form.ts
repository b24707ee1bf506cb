/**
 * Import form: what somebody fills in to import a file, read from the modal; and kept as a draft
 * while they say what the columns hold, or where the import stops.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Interview, SOURCES } from '../../consent/interview.ts';
import { examine } from '../../consent/provenance.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { present } from '../blocks/blocks.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readOneOf, readOptions, readText } from '../guard/values.ts';
import {
  asInputErrors,
  CHOOSE_SOURCE,
  interviewOf,
  readAnswers,
  readAttested,
  readSource,
} from '../request/interview-blocks.ts';
import { readFile } from '../wire/slack-files.ts';
import { IMPORT_WORDS } from '../words/imports.ts';
import type { SlackLocale } from '../words/language.ts';
import { refusalSentence } from '../words/refusals.ts';

export const CHOOSE_FILE = 'choose-file';
export const NAME_BATCH = 'name-batch';
export const ADD_TAGS = 'add-tags';
export const CHOOSE_PERMISSION = 'choose-permission';
export const IMPORT_AGAIN = 'import-again';
export const AGAIN = 'again';

const PERMISSIONS = ['yes', 'no'] as const;
const DRAFT_ID_BYTES = 12;

const Form = z.object({
  /** Slack's id of the file. */
  file: z.string().optional(),
  /** True if the file came with a message: it is not chosen in the modal, and stands in its metadata. */
  fromMessage: z.boolean().optional(),
  name: z.string().optional(),
  tags: z.array(z.string()),
  permission: z.enum(PERMISSIONS).optional(),
  source: z.enum(SOURCES).optional(),
  answers: z.record(z.string(), z.union([z.string(), z.boolean()])),
  attested: z.boolean(),
  again: z.boolean(),
});
export type ImportForm = z.infer<typeof Form>;

export const EMPTY_FORM: ImportForm = { tags: [], answers: {}, attested: false, again: false };

/** What stands in the modal now. @param metadata the id of a file that came with a message, or nothing */
export function readForm(values: Values, metadata: string): ImportForm {
  const source = readSource(values);
  return {
    ...(metadata === ''
      ? { file: readFile(values, CHOOSE_FILE)?.id }
      : { file: metadata, fromMessage: true }),
    name: readText(values, NAME_BATCH),
    tags: readTags(values),
    permission: readOneOf(values, CHOOSE_PERMISSION, PERMISSIONS),
    ...(source === undefined ? {} : { source }),
    answers: readAnswers(values, {}),
    attested: readAttested(values),
    again: readAgain(values),
  };
}

/** True if a file that was imported before is to be imported once more. */
export function readAgain(values: Values): boolean {
  return readOptions(values, IMPORT_AGAIN).includes(AGAIN);
}

/** Tags are typed with commas between them. */
function readTags(values: Values): string[] {
  const typed = (readText(values, ADD_TAGS) ?? '').split(/[,;\n]/u).map((tag) => tag.trim());
  return [...new Set(typed.filter((tag) => tag !== ''))];
}

/** A form with nothing missing. An interview that is refused is complete: the refusal is recorded. */
export interface CompleteForm {
  readonly file: string;
  readonly name: string | undefined;
  readonly tags: readonly string[];
  readonly permission: 'yes' | 'no';
  readonly interview: Interview | undefined;
  readonly again: boolean;
}

interface Checking {
  readonly now: Date;
  readonly locale: SlackLocale;
}

/** @throws InputErrors at each input that is missing or wrong */
export function checkForm(form: ImportForm, { now, locale }: Checking): CompleteForm {
  const { file, name, tags, permission, again } = form;
  const errors: Record<string, string> = {};
  if (file === undefined) errors[CHOOSE_FILE] = IMPORT_WORDS[locale].chooseFile;
  if (permission === undefined) {
    errors[CHOOSE_PERMISSION] = refusalSentence('permission_unanswered', locale);
  }
  if (permission === 'yes') Object.assign(errors, interviewErrors(form, { now, locale }));
  if (file === undefined || permission === undefined || Object.keys(errors).length > 0) {
    throw new InputErrors(errors);
  }
  const interview = permission === 'yes' ? interviewIn(form) : undefined;
  return { file, name, tags, permission, interview, again };
}

const interviewIn = ({ source, answers, attested }: ImportForm): Interview | undefined =>
  source === undefined ? undefined : interviewOf(source, answers, attested);

function interviewErrors(form: ImportForm, { now, locale }: Checking): Record<string, string> {
  const interview = interviewIn(form);
  if (interview === undefined) {
    return { [CHOOSE_SOURCE]: refusalSentence('provenance_incomplete', locale) };
  }
  const found = examine(interview, now);
  return found.kind === 'incomplete' ? asInputErrors(interview, found.questions, locale) : {};
}

interface Who {
  readonly workspace: string;
  readonly user: string;
}

/** Keeps a form while its columns are named. @returns the draft's id, for the view's metadata */
export async function keepForm(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, user }: Who,
  form: ImportForm,
): Promise<string> {
  const id = `i_${randomBytes(DRAFT_ID_BYTES).toString('hex')}`;
  const draft = { id, user, wizard: 'import', step: 'columns', answers: present(form) } as const;
  await database.of(workspace).drafts.save(draft, now());
  return id;
}

/** @throws Refusal `draft_not_found` if it has expired, or is somebody else's */
export async function findForm(
  { database }: Pick<Deps, 'database'>,
  { workspace, user }: Who,
  id: string,
): Promise<ImportForm> {
  const draft = await database.of(workspace).drafts.find(id, user);
  const form = Form.safeParse(draft?.answers);
  if (!form.success) throw new Refusal('draft_not_found');
  return form.data;
}

/**
 * Wizard evidence: files that show how the addresses were obtained, brought along in step How.
 *
 * Slack forgets the files of an input when the view moves on, so they are fetched when the step is
 * left; what was taken is listed from then on, each with a button that drops it again.
 */
import { EVIDENCE_FILES_MAX, type EvidenceFile } from '../../consent/evidence.ts';
import { Refusal } from '../../consent/refusal.ts';
import { keepEvidence } from '../../workflow/keep-evidence.ts';
import { type Call, type Door, InputErrors, type Values } from '../guard/door.ts';
import { ADD_EVIDENCE, shownFileName } from '../request/evidence-blocks.ts';
import { type BroughtFile, FileRefused, fetchFile, readFiles } from '../wire/slack-files.ts';
import { EVIDENCE_WORDS } from '../words/evidence.ts';
import { FILE_WORDS } from '../words/files.ts';
import type { Draft } from './drafts.ts';

/** True if files have to be fetched before the step can be left. */
export function bringsEvidence(values: Values): boolean {
  return readFiles(values, ADD_EVIDENCE).length > 0;
}

/**
 * The draft with the files that its view brought.
 * @throws InputErrors at the input; then none of the new files was taken
 */
export async function takeEvidence(
  door: Door,
  call: Call,
  { draft, values }: { readonly draft: Draft; readonly values: Values },
): Promise<Draft> {
  const brought = readFiles(values, ADD_EVIDENCE);
  if (brought.length === 0) return draft;
  const { evidence } = draft.answers;
  if (evidence.length + brought.length > EVIDENCE_FILES_MAX) {
    throw new InputErrors({ [ADD_EVIDENCE]: EVIDENCE_WORDS[call.locale].tooMany });
  }
  const taken: EvidenceFile[] = [...evidence];
  for (const file of brought) {
    const kept = await takeFile(door, call, file);
    if (!taken.some(({ id }) => id === kept.id)) taken.push(kept);
  }
  return { ...draft, answers: { ...draft.answers, evidence: taken } };
}

/** @throws InputErrors */
async function takeFile(
  { deps, fileHosts }: Door,
  { client, workspace, user, locale }: Call,
  file: BroughtFile,
): Promise<EvidenceFile> {
  let name = file.name ?? '';
  try {
    const fetched = await fetchFile({ client, hosts: fileHosts }, file);
    name = fetched.name;
    const { permalink: link, bytes: content } = fetched;
    return await keepEvidence(deps, { workspace, by: user, name, content, link });
  } catch (error) {
    const words = EVIDENCE_WORDS[locale];
    if (error instanceof FileRefused) {
      throw new InputErrors({ [ADD_EVIDENCE]: FILE_WORDS[locale].faults[error.fault] });
    }
    if (!(error instanceof Refusal) || error.code !== 'evidence_wrong_type') throw error;
    const shown = shownFileName({ name }, locale);
    throw new InputErrors({ [ADD_EVIDENCE]: words.wrongType(shown) });
  }
}

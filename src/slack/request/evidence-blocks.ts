/** Evidence blocks: the files that a request brings along: the input for them, and how they are read. */
import type { AnyBlock } from '@slack/types';
import { EVIDENCE_FILES_MAX, EVIDENCE_TYPES, type EvidenceFile } from '../../consent/evidence.ts';
import { button, context, section } from '../blocks/blocks.ts';
import { escapeMrkdwn, joinMrkdwn, type Mrkdwn, md, shorten } from '../blocks/escape.ts';
import { fileInput, input } from '../blocks/inputs.ts';
import { EVIDENCE_WORDS } from '../words/evidence.ts';
import type { SlackLocale } from '../words/language.ts';
import { formatSize } from '../words/numbers.ts';
import { holdsAddress, withoutAddresses } from './words.ts';

export const ADD_EVIDENCE = 'add-evidence';
export const DROP_EVIDENCE = 'drop-evidence';
/** Slack names jpeg files either way. */
const FILE_TYPES: readonly string[] = [...EVIDENCE_TYPES, 'jpeg'];
const NAME_CHARS_MAX = 60;
/** Digits of a file's SHA-256 that people compare; the plan's hash covers all of them. */
const HASH_SHOWN = 16;

/** What was brought so far, and the input for more. */
export function evidenceInputs(evidence: readonly EvidenceFile[], locale: SlackLocale): AnyBlock[] {
  const words = EVIDENCE_WORDS[locale];
  const room = EVIDENCE_FILES_MAX - evidence.length;
  const more = input({
    id: ADD_EVIDENCE,
    label: words.add,
    hint: words.addHint,
    optional: true,
    element: fileInput({ types: FILE_TYPES, most: Math.max(1, room) }),
  });
  return [...evidence.map((file) => keptLine(file, locale)), ...(room > 0 ? [more] : [])];
}

function keptLine(file: EvidenceFile, locale: SlackLocale): AnyBlock {
  const words = EVIDENCE_WORDS[locale];
  const drop = button({
    id: DROP_EVIDENCE,
    text: words.drop,
    value: file.id,
    label: words.dropOf(shownFileName(file, locale)),
  });
  return section(evidenceLine(file, locale), { accessory: drop });
}

/** Each file with its size and fingerprint, and a link to where it lies in Slack. */
export function evidenceLines(
  evidence: readonly EvidenceFile[] | undefined,
  locale: SlackLocale,
): AnyBlock[] {
  if (evidence === undefined || evidence.length === 0) return [];
  const words = EVIDENCE_WORDS[locale];
  const lines = evidence.map((file) => md`• ${evidenceLine(file, locale)}`);
  return [
    section(joinMrkdwn([md`*${words.evidence}*`, ...lines])),
    ...(evidence.some(({ link }) => link !== undefined) ? [context(md`${words.linkHint}`)] : []),
  ];
}

/** `scan.pdf (1.2 MB, SHA-256 1a2b…)`. */
function evidenceLine(file: EvidenceFile, locale: SlackLocale): Mrkdwn {
  const { bytes, sha256, link } = file;
  const size = formatSize(bytes, locale);
  const name = shownFileName(file, locale);
  // Slack puts a file's name into its link.
  const isOpen = link !== undefined && !holdsAddress(link);
  const shown = isOpen ? linked(link, name) : md`${name}`;
  return md`${shown} (${size}, SHA-256 ${sha256.slice(0, HASH_SHOWN)}…)`;
}

/** A file's name, for many eyes: files are called after people, too. */
export function shownFileName({ name }: Pick<EvidenceFile, 'name'>, locale: SlackLocale): string {
  return shorten(withoutAddresses(name, locale), NAME_CHARS_MAX);
}

/** A link in Slack's markup; what would end it early is left out of its text. */
function linked(link: string, text: string): Mrkdwn {
  return { mrkdwn: `<${escapeMrkdwn(link)}|${escapeMrkdwn(text.replaceAll('|', ' '))}>` };
}

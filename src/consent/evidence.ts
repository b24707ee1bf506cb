/**
 * Evidence: files that show how addresses were obtained (the scan of a form, a screenshot, an old
 * export), as a plan names them: by what they hold (SHA-256), not only by what they are called.
 */

/** Files that one request may bring. */
export const EVIDENCE_FILES_MAX = 5;
/** Slack hands an app files of at most 10 MB (bytes, the smaller reading of it). */
export const EVIDENCE_BYTES_MAX = 10_000_000;
/** A longer name is cut (characters). */
export const EVIDENCE_NAME_MAX = 120;

/** What a file may be. */
export const EVIDENCE_TYPES = ['pdf', 'png', 'jpg', 'csv', 'eml'] as const;
export type EvidenceType = (typeof EVIDENCE_TYPES)[number];

/** A file as a plan names it; the plan's hash covers all of it. */
export interface EvidenceFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
  /** Of the content, hex. */
  readonly sha256: string;
  /** Where whoever brought it keeps it; nothing that we have fetched it from. */
  readonly link?: string | undefined;
}

/** A PDF may have some bytes before its mark (ISO 32000-1, annex H.3.4.1). */
const PDF_MARK_BYTES = 1_024;
/** Text is told from other content by its beginning (bytes). */
const TEXT_BYTES = 4_096;
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const JPG = Buffer.from('ffd8ff', 'hex');
/** A mail begins with fields such as `Received: …` (RFC 5322, 2.2). */
const MAIL_FIELDS = /^(?:[!-9;-~]+:.*\r?\n(?:[ \t].*\r?\n)*){2}/u;

const HOLDS: Readonly<Record<EvidenceType, (bytes: Buffer) => boolean>> = {
  pdf: (bytes) => bytes.subarray(0, PDF_MARK_BYTES).includes('%PDF-'),
  png: (bytes) => bytes.subarray(0, PNG.length).equals(PNG),
  jpg: (bytes) => bytes.subarray(0, JPG.length).equals(JPG),
  csv: isText,
  eml: (bytes) => isText(bytes) && MAIL_FIELDS.test(beginning(bytes)),
};

/** What a file is: its name says it, and its first bytes agree. Undefined: it is none of these. */
export function evidenceType(name: string, bytes: Buffer): EvidenceType | undefined {
  const ending = name.split('.').at(-1)?.toLowerCase().replace('jpeg', 'jpg');
  const type = EVIDENCE_TYPES.find((known) => known === ending);
  return type !== undefined && bytes.length > 0 && HOLDS[type](bytes) ? type : undefined;
}

const beginning = (bytes: Buffer): string => bytes.subarray(0, TEXT_BYTES).toString('latin1');

/** Text holds no zero byte, but in UTF-16, which begins with its byte order mark. */
function isText(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff' || !bytes.subarray(0, TEXT_BYTES).includes(0);
}

/** Magic: says what a file is that somebody took for CSV, by the bytes it begins with. */

export interface FileKind {
  readonly name: string;
  /** How it becomes CSV, where there is more to say than "export as CSV". */
  readonly todo?: string;
}

const HOW_TO_EXPORT = 'Open it, choose "Save as" or "Download", and there "CSV UTF-8".';
const HOW_TO_UNPACK = 'Unpack it and import the CSV file inside.';

const ZIP: FileKind = { name: 'a ZIP archive', todo: HOW_TO_UNPACK };

/** What the first parts of a ZIP archive are called tells the office formats apart. */
const INSIDE_ZIP: readonly (readonly [string, FileKind])[] = [
  ['xl/', { name: 'an Excel workbook (.xlsx)', todo: HOW_TO_EXPORT }],
  ['opendocument.spreadsheet', { name: 'an OpenDocument sheet (.ods)', todo: HOW_TO_EXPORT }],
  ['Index/', { name: 'a Numbers sheet', todo: HOW_TO_EXPORT }],
  ['word/', { name: 'a Word document (.docx)' }],
];

/** Hexadecimal beginnings of formats that are not text. */
const BINARY: readonly (readonly [string, FileKind])[] = [
  ['d0cf11e0a1b11ae1', { name: 'an old Excel workbook (.xls)', todo: HOW_TO_EXPORT }],
  ['255044462d', { name: 'a PDF document' }],
  ['1f8b', { name: 'a gzip archive', todo: HOW_TO_UNPACK }],
  ['425a6839', { name: 'a bzip2 archive', todo: HOW_TO_UNPACK }],
  ['377abcaf271c', { name: 'a 7-Zip archive', todo: HOW_TO_UNPACK }],
  ['526172211a07', { name: 'a RAR archive', todo: HOW_TO_UNPACK }],
  ['fd377a585a00', { name: 'an xz archive', todo: HOW_TO_UNPACK }],
  ['28b52ffd', { name: 'a Zstandard archive', todo: HOW_TO_UNPACK }],
  ['89504e470d0a1a0a', { name: 'a PNG picture' }],
  ['ffd8ff', { name: 'a JPEG picture' }],
  ['47494638', { name: 'a GIF picture' }],
  ['53514c69746520666f726d6174203300', { name: 'an SQLite database' }],
  ['50415231', { name: 'a Parquet file' }],
  ['fffe0000', { name: 'UTF-32 text', todo: 'Save it as CSV with the encoding UTF-8.' }],
  ['0000feff', { name: 'UTF-32 text', todo: 'Save it as CSV with the encoding UTF-8.' }],
];

/** Texts that are no tables; each pattern looks at the beginning, white space left out. */
const OTHER_TEXT: readonly (readonly [RegExp, FileKind])[] = [
  [/^<(?:!doctype html|html|head|body|table|meta)\b/i, { name: 'a web page (HTML)' }],
  [/^<\?xml\b/i, { name: 'an XML document' }],
  [/^\{\\rtf/, { name: 'a rich text document (RTF)' }],
  [/^(?:\{\s*(?:"|\})|\[\s*(?:[{["\]]))/, { name: 'JSON' }],
  [/^BEGIN:VCARD/i, { name: 'a vCard address book (.vcf)' }],
];

/** So many bytes are looked at for names inside of a ZIP archive. */
const ZIP_BYTES = 4_096;

/** `head` is the beginning of the file; undefined if it is none of the kinds that are known. */
export function otherKind(head: Buffer): FileKind | undefined {
  return binaryKind(head) ?? textKind(head);
}

function binaryKind(head: Buffer): FileKind | undefined {
  const beginning = head.toString('hex', 0, 16);
  if (beginning.startsWith('504b0304')) {
    const names = head.toString('latin1', 0, ZIP_BYTES);
    return INSIDE_ZIP.find(([part]) => names.includes(part))?.[1] ?? ZIP;
  }
  return BINARY.find(([magic]) => beginning.startsWith(magic))?.[1];
}

function textKind(head: Buffer): FileKind | undefined {
  const beginning = head
    .toString('latin1', 0, 256)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();
  return OTHER_TEXT.find(([pattern]) => pattern.test(beginning))?.[1];
}

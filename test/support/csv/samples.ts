/** Samples: CSV files as other systems write them, made by code. */

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type SampleEncoding = (typeof ENCODINGS)[number];

export interface SampleShape {
  readonly delimiter?: string;
  readonly newline?: string;
  readonly encoding?: SampleEncoding;
  /** With a byte order mark; Windows-1252 has none. */
  readonly hasMark?: boolean;
  /** Quotes around every cell, not only where they must be. */
  readonly isQuoted?: boolean;
}

/** The bytes of a file with these rows, the header first. */
export function csvBytes(rows: readonly (readonly string[])[], shape: SampleShape = {}): Buffer {
  return encoded(csvText(rows, shape), shape);
}

export function csvText(
  rows: readonly (readonly string[])[],
  { delimiter = ',', newline = '\n', isQuoted = false }: SampleShape = {},
): string {
  const cell = (text: string) =>
    isQuoted || /[",;\t|\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((cells) => cells.map(cell).join(delimiter) + newline).join('');
}

export function encoded(
  text: string,
  { encoding = 'utf-8', hasMark = false }: SampleShape = {},
): Buffer {
  const marked = hasMark && encoding !== 'windows-1252' ? `\ufeff${text}` : text;
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(marked);
    case 'utf-16le':
      return Buffer.from(marked, 'utf16le');
    case 'utf-16be':
      return Buffer.from(marked, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(Array.from(marked, windows1252Byte));
  }
  return encoding satisfies never;
}

const HIGH: Readonly<Record<string, number>> = {
  '€': 0x80,
  '„': 0x84,
  Š: 0x8a,
  '“': 0x93,
  Ÿ: 0x9f,
};

function windows1252Byte(letter: string): number {
  const byte = HIGH[letter] ?? letter.charCodeAt(0);
  if (byte > 0xff) throw new Error(`${letter} is not in the sample's part of Windows-1252`);
  return byte;
}

/**
 * Lint prose: the words of a template as a reader meets them, paragraph by paragraph, whatever tags
 * stand between them; each with the way back to its line.
 */
import { type LintFile, lineCounter } from './finding.ts';
import { type ReadHtml, readHtml } from './html.ts';

export interface Paragraph {
  /** Placeholders are one sign each, space is one blank, what nobody sees is gone. */
  readonly text: string;
  /** The line of a place in `text`. */
  lineOf(index: number): number;
}

/** Stands for a value that is not known yet. */
export const VALUE_SIGN = '\uFFFC';

const UNSEEN = /[\u00AD\u200B-\u200F\u2060\uFEFF]/gu;
const PLACEHOLDER = /\{\{\{?[#/]?\s*[A-Za-z][A-Za-z0-9]*\s*\}?\}\}/gu;
const SECTION_MARK = /\{\{[#/][A-Za-z][A-Za-z0-9]*\}\}/gu;
/** Attributes that are read out or shown. */
const SPOKEN = ['alt', 'title', 'aria-label', 'placeholder', 'value', 'content'] as const;

/** What a reader of this file meets; of HTML the shown text, and what screen readers say. */
export function paragraphsOf(file: LintFile): Paragraph[] {
  return file.kind === 'html' ? htmlParagraphs(readHtml(file)) : textParagraphs(file.text);
}

function textParagraphs(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const lineOf = lineCounter(text);
  let start = 0;
  for (const piece of text.split(/(\n[ \t]*\n)/u)) {
    if (piece.trim() !== '') {
      const from = start;
      const plain = sameLength(piece);
      paragraphs.push({ text: plain, lineOf: (index) => lineOf(from + index) });
    }
    start += piece.length;
  }
  return paragraphs;
}

/** As `seen`, with every sign in its place, so that an index still tells a line. */
const sameLength = (text: string): string =>
  text
    .replaceAll(PLACEHOLDER, (mark) => VALUE_SIGN.padEnd(mark.length))
    .replaceAll(/\s/gu, ' ')
    .replaceAll(UNSEEN, ' ');

function htmlParagraphs({ texts, elements }: ReadHtml): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let pieces: { at: number; line: number }[] = [];
  let text = '';
  const flush = () => {
    if (text.trim() !== '') paragraphs.push(paragraph(text, pieces));
    [text, pieces] = ['', []];
  };
  for (const piece of texts) {
    if (piece.opensBlock) flush();
    pieces.push({ at: text.length, line: piece.line });
    text += seen(piece.text);
  }
  flush();
  const spoken = elements.flatMap(({ name, attributes, line }) =>
    SPOKEN.map((attribute) => (name === 'meta' ? undefined : attributes.get(attribute)))
      .filter((value) => value !== undefined && value.trim() !== '')
      .map((value) => paragraph(seen(value ?? ''), [{ at: 0, line }])),
  );
  return [...paragraphs, ...spoken];
}

function paragraph(text: string, pieces: readonly { at: number; line: number }[]): Paragraph {
  return { text, lineOf: (index) => pieces.findLast(({ at }) => at <= index)?.line ?? 1 };
}

function seen(text: string): string {
  return text
    .replaceAll(SECTION_MARK, '')
    .replaceAll(PLACEHOLDER, VALUE_SIGN)
    .replaceAll(UNSEEN, '')
    .replaceAll(/\s+/gu, ' ');
}

/**
 * Placeholders: the language of our mail templates, kept so small that nothing goes wrong quietly.
 *
 *   {{name}}                        the value, escaped for the place where it stands
 *   {{#name}} … {{/name}}           only if the optional value is there; sections do not nest
 *
 * Reading one is in compile-text.ts; here a text that was read gets its values.
 */
import { cleanLines, escapeHtml, httpUrl, oneLine } from './clean-text.ts';

/** ASCII words with one space between: clean as it is, which most values are. */
const PLAIN_LINE = /^[!-~]+(?: [!-~]+)*$/;
/** What means something in HTML. */
const MARKS = /[&<>"']/;

/** `text`: one line. `lines`: a few lines, as of a postal address. `url`: http or https only. */
type PlaceholderKind = 'text' | 'lines' | 'url';
export interface Placeholder {
  readonly kind: PlaceholderKind;
  /** True: every template shows it and every mail has it. False: shown in a section of its own. */
  readonly required: boolean;
}
export type Vocabulary = Readonly<Record<string, Placeholder>>;
export type Values = Readonly<Record<string, string | undefined>>;

/** Where the result goes: that decides how a value is escaped. */
export type Medium = 'header' | 'text' | 'html';

export interface ValuePart {
  readonly value: string;
  readonly kind: PlaceholderKind;
}
/** What is left of a text once some of its values are known. */
export type BoundPart = string | ValuePart;
export interface SectionPart {
  readonly section: string;
  readonly parts: Part[];
}
export type Part = string | ValuePart | SectionPart;

export interface CompiledText {
  readonly medium: Medium;
  readonly parts: readonly Part[];
  /** The names of all placeholders in it. */
  readonly names: ReadonlySet<string>;
}

/**
 * The text with its values put in.
 *
 * @throws Error naming the placeholder if a required value is missing or a URL is none
 */
export function fillText(compiled: CompiledText, values: Values): string {
  return fillParts(compiled.parts, compiled.medium, values);
}

function fillParts(parts: readonly Part[], medium: Medium, values: Values): string {
  let filled = '';
  for (const part of parts) {
    if (typeof part === 'string') filled += part;
    else if ('value' in part) filled += fillValue(part, medium, values[part.value]);
    else if (isThere(values[part.section])) filled += fillParts(part.parts, medium, values);
  }
  return filled;
}

/**
 * The text with the values put in that are the same for everybody; what is `open` stays a part.
 * Neighbouring text is joined, so that between two values there is one string.
 *
 * @throws Error as `fillText` does, and if an open value decides about a section
 */
export function bindText(
  { medium, parts }: CompiledText,
  values: Values,
  open: ReadonlySet<string>,
): BoundPart[] {
  const known = parts.flatMap((part) => {
    if (typeof part === 'string' || 'value' in part) return [part];
    if (open.has(part.section)) throw new Error(`{{#${part.section}}} cannot stay open`);
    return isThere(values[part.section]) ? part.parts : [];
  });
  const bound: BoundPart[] = [];
  for (const part of known) {
    if (typeof part === 'string') addText(bound, part);
    else if ('section' in part) throw new Error('sections do not nest');
    else if (open.has(part.value)) bound.push(part);
    else addText(bound, fillValue(part, medium, values[part.value]));
  }
  return bound;
}

function addText(bound: BoundPart[], text: string): void {
  const last = bound.at(-1);
  if (typeof last === 'string') bound[bound.length - 1] = last + text;
  else bound.push(text);
}

/** One value, escaped for its place. @throws Error if it is missing, or no URL where one is due */
function fillValue(part: ValuePart, medium: Medium, value: string | undefined): string {
  return placeValue(cleanValue(part, value), part.kind, medium);
}

/**
 * A value as it may stand in any place once it is escaped; the lines of `lines` with \n between.
 * @throws Error as `fillValue` does
 */
export function cleanValue({ value: name, kind }: ValuePart, value: string | undefined): string {
  const isPlain = value !== undefined && PLAIN_LINE.test(value);
  if (isPlain && kind !== 'url') return value;
  if (!isPlain && !isThere(value)) {
    throw new Error(`{{${name}}} has no value, so the mail was not made`);
  }
  switch (kind) {
    case 'url':
      return httpUrl(value, `{{${name}}}`);
    case 'lines':
      return cleanLines(value).join('\n');
    case 'text':
      return oneLine(value);
    default:
      return kind satisfies never;
  }
}

/** A clean value, escaped for its place. */
export function placeValue(clean: string, kind: PlaceholderKind, medium: Medium): string {
  if (medium !== 'html') return clean;
  const escaped = MARKS.test(clean) ? escapeHtml(clean) : clean;
  return kind === 'lines' ? escaped.replaceAll('\n', '<br>') : escaped;
}

/** A value of nothing but space and control characters is no value. */
function isThere(value: string | undefined): value is string {
  return value !== undefined && (PLAIN_LINE.test(value) || oneLine(value) !== '');
}

/**
 * Placeholders: the language of our mail templates, kept so small that nothing goes wrong quietly.
 *
 *   {{name}}                        the value, escaped for the place where it stands
 *   {{#name}} … {{/name}}           only if the optional value is there; sections do not nest
 *
 * Reading one is in compile-text.ts; here a text that was read gets its values.
 */
import { cleanLines, escapeHtml, httpUrl, oneLine } from './clean-text.ts';

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

interface ValuePart {
  readonly value: string;
  readonly kind: PlaceholderKind;
}
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

function fillValue(part: ValuePart, medium: Medium, value: string | undefined): string {
  if (!isThere(value)) throw new Error(`{{${part.value}}} has no value, so the mail was not made`);
  const escaped = (text: string) => (medium === 'html' ? escapeHtml(text) : text);
  switch (part.kind) {
    case 'url':
      return escaped(httpUrl(value, `{{${part.value}}}`));
    case 'lines':
      return cleanLines(value)
        .map(escaped)
        .join(medium === 'html' ? '<br>' : '\n');
    case 'text':
      return escaped(oneLine(value));
    default:
      return part.kind satisfies never;
  }
}

/** A value of nothing but space and control characters is no value. */
function isThere(value: string | undefined): value is string {
  return value !== undefined && oneLine(value) !== '';
}

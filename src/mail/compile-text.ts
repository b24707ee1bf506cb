/**
 * Compile text: reads a template text once, so that all that can be wrong with it is found then.
 *
 * Names nobody knows, optional values outside of their section, values inside of tags or styles:
 * none of these may wait for the thousandth mail.
 */
import { type HtmlPlace, htmlPlaces } from './html-places.ts';
import type {
  CompiledText,
  Medium,
  Part,
  Placeholder,
  SectionPart,
  Vocabulary,
} from './placeholders.ts';

export interface TemplateSource {
  /** As shown in errors: `double-opt-in/de.html`. */
  readonly file: string;
  readonly text: string;
  readonly medium: Medium;
}

/** One `{{…}}` as it was found; `#` opens a section, `/` closes it. */
interface Mark extends Placeholder {
  readonly sign: '' | '#' | '/';
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** An error that names file, line and this mark. */
  readonly wrong: (why: string) => Error;
}

/** What was read so far; `open` is the section we are in. */
interface Reading {
  readonly medium: Medium;
  readonly top: Part[];
  readonly names: Set<string>;
  open: SectionPart | undefined;
}

const MARK = /\{\{([#/]?)([A-Za-z][A-Za-z0-9]*)\}\}/g;

/**
 * Reads a template text.
 *
 * @throws Error naming file, line and placeholder of the first thing that is wrong
 */
export function compileText(source: TemplateSource, vocabulary: Vocabulary): CompiledText {
  const reading: Reading = {
    medium: source.medium,
    top: [],
    names: new Set(),
    open: undefined,
  };
  let done = 0;
  for (const mark of marksOf(source, vocabulary)) {
    (reading.open?.parts ?? reading.top).push(literal(source, done, mark.start));
    readMark(reading, mark);
    done = mark.end;
  }
  if (reading.open !== undefined) {
    throw mistake(source, source.text.length, `{{#${reading.open.section}}} is never closed`);
  }
  reading.top.push(literal(source, done, source.text.length));
  return { medium: source.medium, parts: reading.top, names: reading.names };
}

function readMark(reading: Reading, mark: Mark): void {
  if (mark.sign === '#') openSection(reading, mark);
  else if (mark.sign === '/') closeSection(reading, mark);
  else readValue(reading, mark);
}

function openSection(reading: Reading, { name, required, wrong }: Mark): void {
  if (required) throw wrong('is always there, so it needs no section');
  if (reading.open !== undefined) {
    throw wrong(`stands inside of {{#${reading.open.section}}}; sections do not nest`);
  }
  reading.open = { section: name, parts: [] };
}

function closeSection(reading: Reading, { name, wrong }: Mark): void {
  if (reading.open?.section !== name) throw wrong('closes a section that is not open');
  reading.top.push(reading.open);
  reading.open = undefined;
}

function readValue({ medium, top, names, open }: Reading, mark: Mark): void {
  const { name, kind, required, wrong } = mark;
  if (medium === 'header' && kind !== 'text') throw wrong('does not fit into a subject');
  if (!required && open?.section !== name) {
    throw wrong(`may be missing, so it must stand inside of {{#${name}}} … {{/${name}}}`);
  }
  if (required && open !== undefined) {
    throw wrong(`is needed in every mail, so it must not stand inside of {{#${open.section}}}`);
  }
  names.add(name);
  (open?.parts ?? top).push({ value: name, kind });
}

function marksOf(source: TemplateSource, vocabulary: Vocabulary): Mark[] {
  const placeOf = source.medium === 'html' ? htmlPlaces(source.text) : () => 'content' as const;
  return [...source.text.matchAll(MARK)].map((match) => {
    const [whole, sign, name = ''] = match;
    const wrong = (why: string) => mistake(source, match.index, `${whole} ${why}`);
    if (source.text[match.index - 1] === '{') throw wrong('stands in three braces; two are right');
    const known = Object.hasOwn(vocabulary, name) ? vocabulary[name] : undefined;
    if (known === undefined) throw wrong(`is unknown; known are ${namesOf(vocabulary)}`);
    const end = match.index + whole.length;
    const mark: Mark = {
      ...known,
      sign: sign === '#' || sign === '/' ? sign : '',
      name,
      start: match.index,
      end,
      wrong,
    };
    checkPlace(placeOf(mark.start, end), mark);
    return mark;
  });
}

function checkPlace(place: HtmlPlace, { sign, kind, wrong }: Mark): void {
  if (place === 'content') return;
  if (sign !== '' || place === 'forbidden') {
    throw wrong('must not stand inside of a tag, style or comment');
  }
  if (kind !== 'url') throw wrong('is not a URL, so it must not be the value of href');
}

/** The text between two marks. What looks like half a placeholder is a slip of the pen. */
function literal(source: TemplateSource, from: number, to: number): string {
  const text = source.text.slice(from, to);
  const stray = text.indexOf('{{');
  if (stray >= 0) throw mistake(source, from + stray, '"{{" opens no placeholder; write {{name}}');
  return text;
}

function mistake(source: TemplateSource, index: number, why: string): Error {
  const line = source.text.slice(0, index).split('\n').length;
  return new Error(`${source.file}:${line}: ${why}`);
}

const namesOf = (vocabulary: Vocabulary): string => Object.keys(vocabulary).toSorted().join(', ');

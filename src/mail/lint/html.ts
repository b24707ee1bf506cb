/**
 * Lint HTML: reads a template's HTML as a mail client would, into elements and the text between
 * them, in one pass over the text however broken it is.
 *
 * Conditional comments count: Outlook shows what stands in them.
 */
import { type LintFile, lineCounter } from './finding.ts';

export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly line: number;
}
export interface HtmlText {
  /** Decoded. */
  readonly text: string;
  readonly line: number;
  /** The elements around it, the outermost first. */
  readonly path: readonly HtmlElement[];
  /** True if something that starts a new line stands between this text and the one before. */
  readonly opensBlock: boolean;
}
export interface ReadHtml {
  readonly elements: readonly HtmlElement[];
  readonly texts: readonly HtmlText[];
  /** What stands in style elements. */
  readonly styles: readonly { readonly text: string; readonly line: number }[];
}

/** Elements around a text that are looked at; no mail nests deeper. */
const DEPTH_MAX = 100;
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
const INLINE = new Set(
  'a abbr b bdi bdo cite code em font i mark q s small span strong sub sup u wbr'.split(' '),
);
const CONDITIONS = /<!--\[if[^\]>]{0,100}\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->/giu;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/gu;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
  shy: '',
  zwj: '',
  zwnj: '',
  euro: '€',
  pound: '£',
  percnt: '%',
  excl: '!',
};

/** What is open while the text is read. */
interface Reading {
  readonly html: string;
  readonly lineOf: (index: number) => number;
  readonly elements: HtmlElement[];
  readonly texts: HtmlText[];
  readonly styles: { text: string; line: number }[];
  readonly path: HtmlElement[];
  opensBlock: boolean;
}

/** Read once a file, though many rules look at it. */
const READ = new WeakMap<LintFile, ReadHtml>();

export function readHtml(file: LintFile): ReadHtml {
  const known = READ.get(file);
  if (known !== undefined) return known;
  const read = readText(file.text);
  READ.set(file, read);
  return read;
}

function readText(source: string): ReadHtml {
  const html = source.replace(CONDITIONS, (mark) => mark.replaceAll(/[^\n]/gu, ' '));
  const reading: Reading = {
    html,
    lineOf: lineCounter(html),
    elements: [],
    texts: [],
    styles: [],
    path: [],
    opensBlock: true,
  };
  let at = 0;
  while (at < html.length) {
    const open = nextMarkup(html, at);
    addText(reading, at, open);
    at = open < html.length ? readMarkup(reading, open) : open;
  }
  return reading;
}

/** Where the next tag or comment begins; the end of the text if there is none. */
function nextMarkup(html: string, from: number): number {
  for (let at = html.indexOf('<', from); at >= 0; at = html.indexOf('<', at + 1)) {
    if (/[a-z/!?]/iu.test(html[at + 1] ?? '')) return at;
  }
  return html.length;
}

/** @returns where it ends */
function readMarkup(reading: Reading, start: number): number {
  const { html } = reading;
  if (html.startsWith('<!--', start)) return after(html, '-->', start);
  const end = tagEnd(html, start);
  const [, slash = '', name = ''] =
    /^<(\/?)([a-z][a-z0-9:-]*)/iu.exec(html.slice(start, end)) ?? [];
  if (name === '') return end;
  const lower = name.toLowerCase();
  if (!INLINE.has(lower)) reading.opensBlock = true;
  if (slash === '/') {
    close(reading, lower);
    return end;
  }
  const inner = html.slice(start + 1 + name.length, end);
  const element = { name: lower, attributes: attributesOf(inner), line: reading.lineOf(start) };
  reading.elements.push(element);
  if (lower === 'style' || lower === 'script') return readRaw(reading, lower, end);
  const closes = VOID.has(lower) || inner.endsWith('/>');
  if (!closes && reading.path.length < DEPTH_MAX) reading.path.push(element);
  return end;
}

/** Styles and scripts: nothing in them is markup. */
function readRaw(reading: Reading, name: 'style' | 'script', start: number): number {
  const { html, styles } = reading;
  const found = html.slice(start).search(new RegExp(`</${name}`, 'iu'));
  const end = found < 0 ? html.length : start + found;
  if (name === 'style') styles.push({ text: html.slice(start, end), line: reading.lineOf(start) });
  return end;
}

function close({ path }: Reading, name: string): void {
  const at = path.findLastIndex((element) => element.name === name);
  if (at >= 0) path.splice(at);
}

function addText(reading: Reading, from: number, to: number): void {
  const { html, texts, path, opensBlock } = reading;
  const raw = html.slice(from, to);
  if (raw.trim() === '') {
    if (raw !== '' && texts.length > 0 && !opensBlock) texts.push(space(reading, from));
    return;
  }
  const lead = raw.length - raw.trimStart().length;
  texts.push({
    text: decodeEntities(raw),
    line: reading.lineOf(from + lead),
    path: [...path],
    opensBlock,
  });
  reading.opensBlock = false;
}

const space = ({ lineOf, path }: Reading, from: number): HtmlText => ({
  text: ' ',
  line: lineOf(from),
  path: [...path],
  opensBlock: false,
});

/** Where the tag ends, quoted attributes passed over. */
function tagEnd(html: string, start: number): number {
  let quoted = '';
  for (let at = start + 1; at < html.length; at += 1) {
    const letter = html[at] ?? '';
    if (quoted !== '') quoted = letter === quoted ? '' : quoted;
    else if (letter === '"' || letter === "'") quoted = letter;
    else if (letter === '>') return at + 1;
  }
  return html.length;
}

function after(html: string, mark: string, start: number): number {
  const found = html.indexOf(mark, start);
  return found < 0 ? html.length : found + mark.length;
}

function attributesOf(inner: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of inner.matchAll(ATTRIBUTE)) {
    const bare = /^["']/u.test(value) ? value.slice(1, -1) : value;
    attributes.set(name.toLowerCase(), decodeEntities(bare));
  }
  return attributes;
}

function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/giu, (whole, ...groups) => {
    const [decimal, hex, name] = groups as (string | undefined)[];
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : whole;
  });
}

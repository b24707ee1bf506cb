/**
 * Lint CSS: reads the rules of style elements, as far as mails use them: tags, classes and ids, also
 * inside one another, in both colour schemes or in one. What is written otherwise matches nothing.
 */
import type { HtmlElement } from './html.ts';

export type Scheme = 'light' | 'dark';

/** What a lint of colours looks at. */
export type Property = 'color' | 'background-color' | 'font-size';

export interface Declaration {
  readonly property: Property;
  /** In small letters, without `!important`. */
  readonly value: string;
  readonly important: boolean;
}

/** What one element must be: `td.card`. */
interface Compound {
  readonly tag: string | undefined;
  readonly classes: readonly string[];
  readonly id: string | undefined;
}

export interface CssRule {
  /** The element itself, then those around it, the innermost first. */
  readonly compounds: readonly Compound[];
  /** The one scheme that it is for; undefined: both. */
  readonly scheme: Scheme | undefined;
  /** Higher wins (Selectors 4, section 17). */
  readonly specificity: number;
  readonly declarations: readonly Declaration[];
}

/** More rules than any mail has; a file cannot make the lint slow. */
const RULES_MAX = 1_000;
const NESTING_MAX = 3;
const COMPOUNDS_MAX = 10;
const PROPERTIES: Readonly<Record<string, Property>> = {
  color: 'color',
  background: 'background-color',
  'background-color': 'background-color',
  'font-size': 'font-size',
};
const SIMPLE = /^(?:[a-z][a-z0-9]*|\*)?(?:[.#][\w-]+)*$/iu;

/** The rules of all styles of a file, in their order. */
export function readRules(styles: readonly { readonly text: string }[]): CssRule[] {
  const rules: CssRule[] = [];
  for (const { text } of styles) {
    readBlocks(text.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)/gu, ' '), undefined, { rules, depth: 0 });
  }
  return rules.slice(0, RULES_MAX);
}

/**
 * What a style attribute, or a rule between its braces, says of colours: of declarations of one
 * property the last one, and the last one that is important.
 */
export function readDeclarations(text: string): readonly Declaration[] {
  const read = new Map<string, Declaration>();
  for (const part of text.split(';')) {
    const colon = part.indexOf(':');
    const name = part.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
    if (property === undefined) continue;
    const whole = part.slice(colon + 1).toLowerCase();
    const value = whole.replace(/!\s*important/u, '').trim();
    const important = value !== whole.trim();
    read.set(`${property} ${important}`, { property, value, important });
  }
  return [...read.values()];
}

/** @param around the elements around it, the outermost first */
export function matches(
  { compounds }: CssRule,
  element: HtmlElement,
  around: readonly HtmlElement[],
): boolean {
  const [own, ...others] = compounds;
  if (own === undefined || !fits(own, element)) return false;
  let place = around.length;
  for (const other of others) {
    place = around.slice(0, place).findLastIndex((outer) => fits(other, outer));
    if (place < 0) return false;
  }
  return true;
}

interface Reading {
  readonly rules: CssRule[];
  readonly depth: number;
}

function readBlocks(css: string, scheme: Scheme | undefined, reading: Reading): void {
  for (let at = 0; reading.rules.length < RULES_MAX; ) {
    const open = css.indexOf('{', at);
    if (open < 0) return;
    const end = blockEnd(css, open);
    // What stands before and ends with a semicolon is a statement of its own (`@import`).
    const prelude = css.slice(at, open).split(';').at(-1)?.trim() ?? '';
    const body = css.slice(open + 1, end);
    if (prelude.startsWith('@')) readMedia({ prelude, body }, scheme, reading);
    else reading.rules.push(...rulesOf(prelude, body, scheme));
    at = end + 1;
  }
}

function readMedia(
  { prelude, body }: { readonly prelude: string; readonly body: string },
  scheme: Scheme | undefined,
  { rules, depth }: Reading,
): void {
  const within = schemeOf(prelude);
  if (within === undefined || depth === NESTING_MAX) return;
  if (within !== 'any' && scheme !== undefined && within !== scheme) return;
  readBlocks(body, within === 'any' ? scheme : within, { rules, depth: depth + 1 });
}

/** Where the block that opens there closes; the end of the text if it does not. */
function blockEnd(css: string, open: number): number {
  let depth = 0;
  for (let at = open; at < css.length; at += 1) {
    if (css[at] === '{') depth += 1;
    else if (css[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return css.length;
}

/** The scheme that a media query asks for; undefined: it is for something else, such as print. */
function schemeOf(prelude: string): Scheme | 'any' | undefined {
  const query = prelude.toLowerCase();
  if (!query.startsWith('@media') || /\bnot\b|\bprint\b/u.test(query)) return undefined;
  const named = /prefers-color-scheme\s*:\s*(light|dark)\b/u.exec(query)?.[1];
  if (named === 'light' || named === 'dark') return named;
  return /^@media\s*(?:only\s+)?(?:all|screen)?$/u.test(query) ? 'any' : undefined;
}

function rulesOf(prelude: string, body: string, scheme: Scheme | undefined): CssRule[] {
  const declarations = readDeclarations(body);
  if (declarations.length === 0) return [];
  return prelude.split(',').flatMap((selector) => {
    // A child is inside, too.
    const parts = selector.replaceAll('>', ' ').trim().split(/\s+/u);
    const isKnown = parts.every((part) => part !== '' && SIMPLE.test(part));
    if (!isKnown || parts.length > COMPOUNDS_MAX) return [];
    const compounds = parts.map(compoundOf).toReversed();
    const specificity = compounds.reduce((sum, each) => sum + weight(each), 0);
    return [{ compounds, scheme, specificity, declarations }];
  });
}

function compoundOf(part: string): Compound {
  const tag = /^[a-z][a-z0-9]*/iu.exec(part)?.[0].toLowerCase();
  return {
    tag,
    classes: [...part.matchAll(/\.([\w-]+)/gu)].map(([, name = '']) => name),
    id: /#([\w-]+)/u.exec(part)?.[1],
  };
}

const weight = ({ tag, classes, id }: Compound): number =>
  (id === undefined ? 0 : 1_000_000) + classes.length * 1_000 + (tag === undefined ? 0 : 1);

function fits({ tag, classes, id }: Compound, { name, attributes }: HtmlElement): boolean {
  if (tag !== undefined && tag !== name) return false;
  if (id !== undefined && id !== attributes.get('id')) return false;
  if (classes.length === 0) return true;
  const own = (attributes.get('class') ?? '').split(/\s+/u);
  return classes.every((wanted) => own.includes(wanted));
}

/**
 * Lint contrast: the colours that are set inline, against the background that is set inline around
 * them. Styles of the dark scheme are not computed; look at the preview for those.
 */
import { type LintContext, type LintFile, quote } from './finding.ts';
import { type HtmlElement, type HtmlText, readHtml } from './html.ts';

/** WCAG 2.2, 1.4.3: for text, and for text from 24 px. */
const CONTRAST_MIN = 4.5;
const LARGE_CONTRAST_MIN = 3;
const LARGE_PX = 24;
/** Below this, text is there only for machines. */
const HIDDEN_BELOW = 1.3;

type Rgb = readonly [number, number, number];
const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];
const NAMES: Readonly<Record<string, Rgb>> = {
  black: BLACK,
  white: WHITE,
  silver: [192, 192, 192],
  lightgray: [211, 211, 211],
  lightgrey: [211, 211, 211],
  gray: [128, 128, 128],
  grey: [128, 128, 128],
  red: [255, 0, 0],
  maroon: [128, 0, 0],
  yellow: [255, 255, 0],
  lime: [0, 255, 0],
  green: [0, 128, 0],
  blue: [0, 0, 255],
  navy: [0, 0, 128],
  orange: [255, 165, 0],
};

export function lintContrast({ report }: LintContext, file: LintFile): void {
  const told = new Set<HtmlElement | undefined>();
  for (const text of readHtml(file).texts) {
    const ratio = isShown(text) ? lowContrast(text.path) : undefined;
    const within = text.path.at(-1);
    if (ratio === undefined || told.has(within)) continue;
    told.add(within);
    const rule = ratio < HIDDEN_BELOW ? 'hidden-text' : 'contrast';
    report(rule, file.name, text.line, `${ratio.toFixed(1)} to 1 at ${quote(text.text)}`);
  }
}

/** The contrast of a text, if it is too low; undefined if it is enough, or cannot be computed. */
function lowContrast(path: readonly HtmlElement[]): number | undefined {
  const looks = path.map(lookOf).toReversed();
  const front = looks.find(({ colour }) => colour !== undefined)?.colour;
  const ground = looks.find((look) => look.ground !== undefined)?.ground;
  if (front === 'unknown' || ground === 'unknown') return undefined;
  const ratio = contrast(front ?? BLACK, ground ?? WHITE);
  const isLarge = (looks.find(({ sizePx }) => sizePx !== undefined)?.sizePx ?? 0) >= LARGE_PX;
  return ratio >= (isLarge ? LARGE_CONTRAST_MIN : CONTRAST_MIN) ? undefined : ratio;
}

/** What an element says of itself; the nearest one around a text that says it counts. */
interface Look {
  readonly colour: Rgb | 'unknown' | undefined;
  readonly ground: Rgb | 'unknown' | undefined;
  readonly sizePx: number | undefined;
}
const LOOKS = new WeakMap<HtmlElement, Look>();

function lookOf(element: HtmlElement): Look {
  const known = LOOKS.get(element);
  if (known !== undefined) return known;
  const look = { colour: colourOf(element), ground: groundOf(element), sizePx: sizeOf(element) };
  LOOKS.set(element, look);
  return look;
}

const isShown = ({ text, path }: HtmlText): boolean =>
  text.replaceAll(/\{\{[#/]\w+\}\}/gu, '').trim() !== '' &&
  path.every(({ name }) => name !== 'head' && name !== 'title');

function colourOf({ name, attributes }: HtmlElement): Rgb | 'unknown' | undefined {
  const value =
    declared(attributes, 'color') ?? (name === 'font' ? attributes.get('color') : undefined);
  // A link without a colour of its own is blue in every client.
  if (value === undefined) return name === 'a' ? [0, 0, 238] : undefined;
  return value === 'inherit' ? undefined : (parseColour(value) ?? 'unknown');
}

function groundOf({ attributes }: HtmlElement): Rgb | 'unknown' | undefined {
  const value =
    declared(attributes, 'background-color') ??
    declared(attributes, 'background') ??
    attributes.get('bgcolor');
  if (value === undefined || /^(?:transparent|none|inherit)$/iu.test(value)) return undefined;
  return parseColour(value) ?? 'unknown';
}

function sizeOf({ attributes }: HtmlElement): number | undefined {
  const size = declared(attributes, 'font-size');
  return size?.endsWith('px') === true ? Number.parseFloat(size) : undefined;
}

/** The value of a property in a style attribute; the last one counts. */
function declared(attributes: ReadonlyMap<string, string>, property: string): string | undefined {
  const declarations = (attributes.get('style') ?? '').split(';').toReversed();
  for (const declaration of declarations) {
    const colon = declaration.indexOf(':');
    if (declaration.slice(0, colon).trim().toLowerCase() !== property) continue;
    return declaration
      .slice(colon + 1)
      .replace(/!important/iu, '')
      .trim()
      .toLowerCase();
  }
  return undefined;
}

function parseColour(value: string): Rgb | undefined {
  const colour = value.trim().toLowerCase();
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/u.exec(colour)?.[1];
  if (hex !== undefined) {
    const digits = hex.length === 3 ? hex.replaceAll(/./gu, '$&$&') : hex;
    const part = (at: number) => Number.parseInt(digits.slice(at, at + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const parts = /^rgb\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)$/u.exec(colour);
  if (parts !== null) return [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return Object.hasOwn(NAMES, colour) ? NAMES[colour] : undefined;
}

/** WCAG 2.2, contrast ratio: from 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

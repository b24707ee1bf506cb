/**
 * Lint look: which colours, background and size an element gets in a colour scheme, by what it says
 * inline and what the rules of the mail say of it.
 */
import { parseColour, type Rgb } from './colour.ts';
import { type CssRule, matches, type Property, readDeclarations, type Scheme } from './css.ts';
import type { HtmlElement } from './html.ts';

/** What an element says of itself; the nearest one around a text that says it counts. */
export interface Look {
  /** `link`: the client's own colour for links. */
  readonly colour: Said<Rgb | 'unknown' | 'link'> | undefined;
  readonly ground: Said<Rgb | 'unknown'> | undefined;
  readonly sizePx: number | undefined;
}

interface Said<T> {
  readonly value: T;
  /** True if a rule that is for the dark scheme alone says it. */
  readonly isDark: boolean;
}

/** The look of the last element of a path: those around it come first, the outermost before all. */
export type LookReader = (path: readonly HtmlElement[]) => Look;

/** Who says it, the weakest first (CSS Cascade 5, section 6.1). */
const LAYERS = ['attribute', 'rule', 'inline', 'important-rule', 'important-inline'] as const;

interface Candidate extends Said<string> {
  readonly layer: (typeof LAYERS)[number];
  readonly specificity: number;
}

/** Reads each element once, for one scheme. */
export function lookReader(rules: readonly CssRule[], scheme: Scheme): LookReader {
  const own = rules.filter((rule) => rule.scheme === undefined || rule.scheme === scheme);
  const looks = new Map<HtmlElement, Look>();
  return (path) => {
    const element = path.at(-1);
    if (element === undefined) return NOTHING;
    const known = looks.get(element);
    if (known !== undefined) return known;
    const around = path.slice(0, -1);
    const look = lookOf(
      element,
      own.filter((rule) => matches(rule, element, around)),
    );
    looks.set(element, look);
    return look;
  };
}

const NOTHING: Look = { colour: undefined, ground: undefined, sizePx: undefined };

function lookOf({ name, attributes }: HtmlElement, rules: readonly CssRule[]): Look {
  const inline = readDeclarations(attributes.get('style') ?? '');
  const say = (property: Property, attribute?: string) =>
    strongest([
      ...(attribute === undefined ? [] : [hint(attribute)]),
      ...rules.flatMap((rule) => ofRule(rule, property)),
      ...ofStyle(inline, property),
    ]);
  const colour = say('color', name === 'font' ? attributes.get('color') : undefined);
  const size = say('font-size')?.value;
  const isBareLink = name === 'a' && colour === undefined;
  return {
    colour: isBareLink ? { value: 'link', isDark: false } : colourIn(colour),
    ground: colourIn(say('background-color', attributes.get('bgcolor'))),
    sizePx: size?.endsWith('px') === true ? Number.parseFloat(size) : undefined,
  };
}

const hint = (value: string): Candidate => ({
  value,
  isDark: false,
  layer: 'attribute',
  specificity: 0,
});

const ofRule = (
  { declarations, specificity, scheme }: CssRule,
  wanted: Property,
): readonly Candidate[] =>
  declarations
    .filter(({ property }) => property === wanted)
    .map(({ value, important }) => ({
      value,
      isDark: scheme === 'dark',
      layer: important ? 'important-rule' : 'rule',
      specificity,
    }));

const ofStyle = (declarations: CssRule['declarations'], wanted: Property): readonly Candidate[] =>
  declarations
    .filter(({ property }) => property === wanted)
    .map(({ value, important }) => ({
      value,
      isDark: false,
      layer: important ? 'important-inline' : 'inline',
      specificity: 0,
    }));

/** Of those that are as strong, the last one. */
function strongest(candidates: readonly Candidate[]): Candidate | undefined {
  const strength = ({ layer }: Candidate) => LAYERS.indexOf(layer);
  return candidates.reduce<Candidate | undefined>((best, one) => {
    if (best === undefined) return one;
    const more = strength(one) - strength(best) || one.specificity - best.specificity;
    return more >= 0 ? one : best;
  }, undefined);
}

/** What lets through what is behind it, or takes over what is around it, says nothing. */
function colourIn(said: Candidate | undefined): Look['ground'] {
  if (said === undefined || /^(?:transparent|none|inherit)$/u.test(said.value)) return undefined;
  return { value: parseColour(said.value) ?? 'unknown', isDark: said.isDark };
}

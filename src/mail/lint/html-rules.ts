/** Lint HTML rules: what a template's HTML may hold: no pictures, nothing that acts or spies, no other links. */

import { directionOf } from '../locale.ts';
import { type LintContext, type LintFile, quote } from './finding.ts';
import { type HtmlElement, type ReadHtml, readHtml } from './html.ts';
import type { LintRule } from './rules.ts';

const PICTURES = new Set(
  'img picture image svg v:fill v:image v:imagedata video canvas'.split(' '),
);
const ACTIVE = new Set(
  'script form input button select textarea iframe frame frameset object embed applet audio video base portal dialog'.split(
    ' ',
  ),
);
const URL_ATTRIBUTES = ['src', 'srcset', 'background', 'poster', 'data', 'action', 'formaction'];
/** Wide or high at most so much, a picture is there to be fetched, not to be seen (pixels). */
const PIXEL_MAX = 3;

export function lintHtml(context: LintContext, file: LintFile): void {
  const read = readHtml(file);
  lintRoot(context, file, read);
  for (const element of read.elements) {
    lintElement(context, file, element);
    lintInlineStyle(context, file, element);
  }
  for (const { text, line } of read.styles) lintStyle(context, file, { text, line });
}

function lintRoot({ report }: LintContext, file: LintFile, { elements }: ReadHtml): void {
  const root = elements.find(({ name }) => name === 'html');
  const [lang, dir] = [root?.attributes.get('lang'), root?.attributes.get('dir')];
  if (lang !== file.locale || dir !== directionOf(file.locale)) {
    report(
      'html-lang',
      file.name,
      root?.line ?? 1,
      `lang is ${quote(lang ?? '')}, dir ${quote(dir ?? '')}`,
    );
  }
  if (!/<title>\s*\S[^<]*<\/title>/iu.test(file.text)) {
    report('html-title', file.name, 1, 'There is no title');
  }
  const schemes = elements.some(
    ({ name, attributes }) =>
      name === 'meta' &&
      attributes.get('name') === 'color-scheme' &&
      attributes.get('content')?.includes('dark') === true,
  );
  if (!schemes) report('dark-scheme', file.name, 1, 'No colour scheme is named');
}

function lintElement(context: LintContext, file: LintFile, element: HtmlElement): void {
  const { report } = context;
  const { name, attributes, line } = element;
  const rule = ruleAgainst(element);
  if (rule !== undefined) report(rule, file.name, line, `<${name}>`);
  else if (URL_ATTRIBUTES.some((attribute) => attributes.has(attribute))) {
    report('no-images', file.name, line, `<${name}> with something from elsewhere`);
  }
  lintAttributes(context, file, element);
}

/** The rule against an element, whatever its attributes. */
function ruleAgainst(element: HtmlElement): LintRule | undefined {
  const { name, attributes } = element;
  if (PICTURES.has(name)) return isPixel(element) ? 'tracking' : 'no-images';
  if (ACTIVE.has(name)) return 'no-active-content';
  if (name === 'bgsound') return 'tracking';
  if (name === 'link') return 'no-outside-style';
  const refreshes = name === 'meta' && /refresh/iu.test(attributes.get('http-equiv') ?? '');
  return refreshes ? 'no-active-content' : undefined;
}

function lintAttributes(
  { report }: LintContext,
  file: LintFile,
  { attributes, line }: HtmlElement,
): void {
  for (const [attribute, value] of attributes) {
    if (/^on[a-z]+$/u.test(attribute)) {
      report('no-active-content', file.name, line, `The attribute ${attribute}`);
    }
    if (/^\s*(?:javascript|vbscript|data):/iu.test(value)) {
      report('no-active-content', file.name, line, quote(value));
    }
  }
  if (attributes.has('ping')) report('tracking', file.name, line, 'The attribute ping');
  if (attributes.has('checked')) {
    report('no-claimed-consent', file.name, line, 'A box that is ticked');
  }
}

/** A picture too small to be seen, or hidden. */
function isPixel({ attributes }: HtmlElement): boolean {
  const style = attributes.get('style') ?? '';
  const sizes = [
    attributes.get('width'),
    attributes.get('height'),
    ...['width', 'height'].map(
      (side) => new RegExp(`(?:^|[;\\s])${side}\\s*:\\s*(\\d{1,5})`, 'iu').exec(style)?.[1],
    ),
  ];
  return (
    sizes.some((size) => size !== undefined && Number.parseInt(size, 10) <= PIXEL_MAX) ||
    HIDDEN.test(style)
  );
}

const HIDDEN =
  /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?(?=\s*(?:;|!|$))|font-size\s*:\s*0|max-height\s*:\s*0|text-indent\s*:\s*-\d{3,}|mso-hide\s*:\s*all)/iu;
const FETCHES = /url\s*\(|image-set\s*\(|expression\s*\(|-moz-binding/iu;

function lintInlineStyle(
  { report }: LintContext,
  file: LintFile,
  { name, attributes, line }: HtmlElement,
): void {
  const style = attributes.get('style');
  if (style === undefined) return;
  if (!PICTURES.has(name) && (HIDDEN.test(style) || attributes.has('hidden'))) {
    report('hidden-text', file.name, line, quote(style));
  }
  if (FETCHES.test(style)) report('no-images', file.name, line, quote(style));
  if (/text-transform\s*:\s*uppercase/iu.test(style)) {
    report('no-shouting', file.name, line, 'text-transform: uppercase');
  }
  const size = /(?:^|[;\s])font-size\s*:\s*(\d{1,3})(?:\.\d+)?px/iu.exec(style)?.[1];
  if (size !== undefined && Number(size) > 0 && Number(size) < SMALL_PX) {
    report('small-print', file.name, line, `${size} px`);
  }
}

const SMALL_PX = 13;

function lintStyle(
  { report }: LintContext,
  file: LintFile,
  { text, line }: { text: string; line: number },
): void {
  if (/@import|@font-face/iu.test(text))
    report('no-outside-style', file.name, line, '@import or @font-face');
  else if (FETCHES.test(text))
    report('no-images', file.name, line, 'A style that fetches something');
  if (HIDDEN.test(text.replaceAll(/[{}]/gu, ';'))) {
    report('hidden-text', file.name, line, 'A style that hides something');
  }
}

/**
 * Lint contrast: the colour of each text against the background around it, in the light scheme and
 * in the dark one. In the dark only what the mail itself makes dark is looked at: what a mail client
 * does to a mail that says nothing of it, nobody can tell.
 */
import { BLACK, contrast, type Rgb, WHITE } from './colour.ts';
import { readRules, type Scheme } from './css.ts';
import { type LintContext, type LintFile, quote } from './finding.ts';
import { type HtmlElement, type HtmlText, type ReadHtml, readHtml } from './html.ts';
import { type LookReader, lookReader } from './look.ts';

/** WCAG 2.2, 1.4.3: for text, and for text from 24 px. */
const CONTRAST_MIN = 4.5;
const LARGE_CONTRAST_MIN = 3;
const LARGE_PX = 24;
/** Below this, text is there only for machines. */
const HIDDEN_BELOW = 1.3;

/** What a client shows where a mail says nothing. */
interface Client {
  readonly text: Rgb;
  readonly link: Rgb;
  readonly ground: Rgb;
}
const LIGHT_CLIENT: Client = { text: BLACK, link: [0, 0, 238], ground: WHITE };
const DARK_CLIENT: Client = { text: WHITE, link: [158, 158, 255], ground: [18, 18, 18] };

export function lintContrast(context: LintContext, file: LintFile): void {
  const read = readHtml(file);
  const rules = readRules(read.styles);
  const dark = isMadeForDark(read) ? DARK_CLIENT : LIGHT_CLIENT;
  lintScheme(context, file, {
    read,
    scheme: 'light',
    looks: lookReader(rules, 'light'),
    client: LIGHT_CLIENT,
  });
  if (rules.some(({ scheme }) => scheme === 'dark')) {
    lintScheme(context, file, {
      read,
      scheme: 'dark',
      looks: lookReader(rules, 'dark'),
      client: dark,
    });
  }
}

interface SchemeLook {
  readonly read: ReadHtml;
  readonly scheme: Scheme;
  readonly looks: LookReader;
  readonly client: Client;
}

function lintScheme({ report }: LintContext, file: LintFile, look: SchemeLook): void {
  const isDark = look.scheme === 'dark';
  const told = new Set<HtmlElement | undefined>();
  for (const text of look.read.texts) {
    const ratio = isShown(text) ? lowContrast(text.path, look) : undefined;
    const within = text.path.at(-1);
    if (ratio === undefined || told.has(within)) continue;
    told.add(within);
    const rule = isDark ? 'dark-contrast' : 'contrast';
    // Rounded down: 4.48 is not enough.
    const found = `${(Math.floor(ratio * 10) / 10).toFixed(1)} to 1 at ${quote(text.text)}`;
    report(
      ratio < HIDDEN_BELOW ? 'hidden-text' : rule,
      file.name,
      text.line,
      isDark ? `In the dark ${found}` : found,
    );
  }
}

/** The contrast of a text, if it is too low; undefined if it is enough, or cannot be computed. */
function lowContrast(
  path: readonly HtmlElement[],
  { looks, client, scheme }: SchemeLook,
): number | undefined {
  const around = path.map((_, depth) => looks(path.slice(0, depth + 1))).toReversed();
  const front = around.find(({ colour }) => colour !== undefined)?.colour;
  const ground = around.find((look) => look.ground !== undefined)?.ground;
  if (front?.value === 'unknown' || ground?.value === 'unknown') return undefined;
  const isMade = front?.isDark === true || ground?.isDark === true;
  if (scheme === 'dark' && !isMade) return undefined;
  const colour = front?.value === 'link' ? client.link : front?.value;
  const ratio = contrast(colour ?? client.text, ground?.value ?? client.ground);
  const isLarge = (around.find(({ sizePx }) => sizePx !== undefined)?.sizePx ?? 0) >= LARGE_PX;
  return ratio >= (isLarge ? LARGE_CONTRAST_MIN : CONTRAST_MIN) ? undefined : ratio;
}

const isShown = ({ text, path }: HtmlText): boolean =>
  text.replaceAll(/\{\{[#/]\w+\}\}/gu, '').trim() !== '' &&
  path.every(({ name }) => name !== 'head' && name !== 'title');

/** The mail says that it can be dark, so clients put a dark page behind it. */
function isMadeForDark({ elements, styles }: ReadHtml): boolean {
  const isNamed = elements.some(
    ({ name, attributes }) =>
      name === 'meta' &&
      attributes.get('name') === 'color-scheme' &&
      attributes.get('content')?.includes('dark') === true,
  );
  return isNamed || styles.some(({ text }) => /[\s{;]color-scheme\s*:[^;}]{0,100}dark/u.test(text));
}

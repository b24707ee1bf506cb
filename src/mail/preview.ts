/**
 * Preview: one HTML page that shows mails as recipients will see them: light and dark, on a wide and
 * on a narrow screen, and as plain text. Needs nothing but a browser, and no script.
 *
 * A frame cannot be told which colour scheme to prefer, so each mail is given a copy in which the
 * question is answered. The frames are sandboxed: nothing in a mail that somebody wrote can act.
 */
import { escapeHtml } from './clean-text.ts';
import type { Wording } from './templates.ts';

export interface PreviewedMail {
  /** Name of the template, and what is special about this copy: `double-opt-in`. */
  readonly title: string;
  readonly wording: Wording;
}

const SCHEMES = ['light', 'dark'] as const;
type Scheme = (typeof SCHEMES)[number];
/** A wide reading pane and the narrowest phone (CSS pixels). */
const WIDTHS = [600, 320] as const;
/** Of a frame: what every mail takes, and what a line of its plain text takes (CSS pixels). */
const HEIGHT_BASE = 150;
const HEIGHT_LINE: Readonly<Record<(typeof WIDTHS)[number], number>> = { 600: 27, 320: 37 };
/** What is longer scrolls in its frame. */
const HEIGHT_MAX = 2_400;
const DARK_QUESTION = /@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/giu;

const STYLE = `:root { color-scheme: light dark; }
body { margin: 0; padding: 24px; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
h1 { margin: 0 0 8px; font-size: 24px; }
h2 { margin: 40px 0 4px; font-size: 20px; }
p { margin: 0 0 12px; }
nav a { margin-right: 12px; }
.frames { display: flex; flex-wrap: wrap; gap: 16px; }
figure { margin: 0; }
figcaption { font-size: 14px; }
iframe { border: 1px solid GrayText; border-radius: 6px; background: #fff; max-width: 100%; }
.dark iframe { background: #0e1116; }
pre { padding: 16px; border: 1px solid GrayText; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }`;

/** The whole page. @param heading what is shown, in a few words */
export function previewPage(heading: string, mails: readonly PreviewedMail[]): string {
  const sections = mails.map((mail, index) => section(mail, index)).join('\n');
  const links = mails
    .map(
      ({ title, wording }, index) =>
        `<a href="#m${index}">${escapeHtml(`${title}, ${wording.locale}`)}</a>`,
    )
    .join('\n');
  return `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(heading)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(heading)}</h1>
<nav>${links}</nav>
${sections}
</body>
</html>
`;
}

function section({ title, wording }: PreviewedMail, index: number): string {
  const { locale, subject, text } = wording;
  const name = escapeHtml(`${title}, ${locale}`);
  const frames = WIDTHS.flatMap((width) =>
    SCHEMES.map((scheme) => frame(wording, { name, width, scheme })),
  ).join('\n');
  return `<section id="m${index}">
<h2>${name}</h2>
<p lang="${escapeHtml(locale)}"><strong>${escapeHtml(subject)}</strong></p>
<div class="frames">
${frames}
</div>
<details><summary>As plain text</summary><pre lang="${escapeHtml(locale)}">${escapeHtml(text)}</pre></details>
</section>`;
}

function frame(
  { html, text }: Wording,
  { name, width, scheme }: { name: string; width: (typeof WIDTHS)[number]; scheme: Scheme },
): string {
  const lines = text.split('\n').length;
  const height = Math.min(HEIGHT_MAX, HEIGHT_BASE + lines * HEIGHT_LINE[width]);
  const copy = escapeHtml(inScheme(html, scheme));
  return `<figure class="${scheme}"><figcaption>${scheme}, ${width} px</figcaption><iframe title="${name}, ${scheme}, ${width} px" width="${width}" height="${height}" sandbox="" loading="lazy" srcdoc="${copy}"></iframe></figure>`;
}

/** The mail as a client in this colour scheme shows it. */
export function inScheme(html: string, scheme: Scheme): string {
  return html
    .replace(DARK_QUESTION, scheme === 'dark' ? '@media all' : '@media not all')
    .replaceAll(/(color-scheme\s*:\s*|name="color-scheme" content=")light dark/giu, `$1${scheme}`);
}

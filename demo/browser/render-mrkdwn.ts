/**
 * Render mrkdwn: Slack's own mark-up as HTML.
 *
 * Code, links and mentions are set aside first, so that nothing in them is read as mark-up; what is
 * left is escaped, made bold, italic or struck through, and cut into lines and quotes.
 */
import { Html, html } from '../../src/web/html.ts';
import { asObject, textOf } from '../slack/json.ts';
import { withEmoji } from './emoji.ts';
import { renderMoment } from './render-moment.ts';
import { nameOf, type World } from './scene.ts';

/** Characters of the private use area: no text of an app holds them, so they can mark places. */
const PLACE_FROM = '\uE000';
const PLACE_TO = '\uE001';
const SAFE_URL = /^(https?:|mailto:)/i;
/** Slack's own page of a file: the demo has no such page, but it has the file. */
const FILE_PAGE = /^https:\/\/[a-z]+\.slack\.com\/files\/\w+\/(F\w+)$/;

const MARKS: readonly (readonly [RegExp, string])[] = [
  [/(^|[\s([{"'>–—·:;,])\*(?=\S)([^\n*]*?\S)\*(?=$|[\s.,:;!?)\]}"'<–—·])/gm, 'strong'],
  [/(^|[\s([{"'>–—·:;,])_(?=\S)([^\n_]*?\S)_(?=$|[\s.,:;!?)\]}"'<–—·])/gm, 'em'],
  [/(^|[\s([{"'>–—·:;,])~(?=\S)([^\n~]*?\S)~(?=$|[\s.,:;!?)\]}"'<–—·])/gm, 's'],
];

/** A text object: `plain_text` as it is, `mrkdwn` marked up. */
export function renderText(text: unknown, world: World): Html {
  return asObject(text)['type'] === 'mrkdwn'
    ? renderMrkdwn(textOf(text), world)
    : renderPlain(textOf(text));
}

/** Plain text with its emoji and line breaks. */
export function renderPlain(text: string): Html {
  return joined(
    withEmoji(text)
      .split('\n')
      .map((line) => html`${line}`),
    '<br>',
  );
}

export function renderMrkdwn(text: string, world: World): Html {
  const aside: Html[] = [];
  const setAside = (piece: Html): string => {
    aside.push(piece);
    return `${PLACE_FROM}${aside.length - 1}${PLACE_TO}`;
  };
  const bare = text
    .replaceAll(/[\uE000\uE001]/g, '')
    .replaceAll(/```\n?([\s\S]+?)\n?```/g, (_all, code: string) =>
      setAside(html`<pre><code>${decoded(code)}</code></pre>`),
    )
    .replaceAll(/`([^`\n]+)`/g, (_all, code: string) =>
      setAside(html`<code>${decoded(code)}</code>`),
    )
    .replaceAll(
      /<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>/g,
      (_all, sign: string, target: string, label) =>
        setAside(reference(world, sign, target, label as string | undefined)),
    );
  const marked = lines(withEmoji(decoded(bare)));
  return new Html(
    marked.replaceAll(/\uE000(\d+)\uE001/g, (_all, at: string) => aside[Number(at)]?.text ?? ''),
  );
}

/** The three characters that apps must escape (docs: formatting-message-text#escaping). */
const decoded = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Lines that begin with `>` become quotes, those that begin with `•` hang. */
function lines(text: string): string {
  const groups: { quoted: boolean; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = line.startsWith('>');
    const last = groups.at(-1);
    const shown = lineOf(quoted ? line.replace(/^> ?/, '') : line);
    if (last?.quoted === quoted) last.lines.push(shown);
    else groups.push({ quoted, lines: [shown] });
  }
  return groups
    .map(({ quoted, lines: held }) =>
      quoted ? `<blockquote>${held.join('<br>')}</blockquote>` : held.join('<br>'),
    )
    .join('');
}

function lineOf(line: string): string {
  const bullet = /^\s*[•◦▪] ?/.exec(line)?.[0];
  if (bullet === undefined) return emphasised(line);
  const rest = line.slice(bullet.length);
  return `<span class="bullet"><span>•</span> <span>${emphasised(rest)}</span></span>`;
}

function emphasised(line: string): string {
  let text = html`${line}`.text;
  for (const [mark, tag] of MARKS) text = text.replaceAll(mark, `$1<${tag}>$2</${tag}>`);
  return text;
}

function reference(world: World, sign: string, target: string, label: string | undefined): Html {
  const said = label === undefined || label === '' ? undefined : decoded(label);
  if (sign === '@') return mention(`@${nameOf(world, target)}`);
  if (sign === '#') return mention(`#${said ?? nameOf(world, target)}`);
  if (sign === '!') return special(world, target, said);
  const shared = world.fileUrl(FILE_PAGE.exec(target)?.[1] ?? '');
  if (shared !== undefined) return html`<a href="${shared}" download>${said ?? 'File'}</a>`;
  return renderLink(decoded(target), said);
}

function special(world: World, target: string, label: string | undefined): Html {
  const [kind, seconds = '', format = ''] = target.split('^');
  if (kind === 'date') return renderMoment(world, Number(seconds), format, label ?? '');
  if (kind === 'subteam') return mention(`@${nameOf(world, seconds)}`);
  return mention(`@${label?.replace(/^@/, '') ?? kind ?? ''}`);
}

export const mention = (words: string): Html => html`<span class="mention">${words}</span>`;

/** A link that opens beside the page; what is no web or mail address stays text. */
export function renderLink(url: string, label?: string): Html {
  if (!SAFE_URL.test(url)) return html`${label ?? url}`;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${label ?? url}</a>`;
}

/** Pieces with a fixed string of HTML between them. */
export const joined = (pieces: readonly Html[], between: string): Html =>
  new Html(pieces.map(({ text }) => text).join(between));

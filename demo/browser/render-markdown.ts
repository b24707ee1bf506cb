/** Render markdown: the part of standard Markdown that a `markdown` block may hold, as HTML. */
import { Html, html } from '../../src/web/html.ts';
import { withEmoji } from './emoji.ts';
import { renderLink } from './render-mrkdwn.ts';

const FENCE = /^```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/;

/** Headings count from 3: the page's own stand above them. */
export function renderMarkdown(text: string): Html {
  const parts: string[] = [];
  const lines = withEmoji(text).split('\n');
  while (lines.length > 0) parts.push(nextPart(lines));
  return new Html(parts.join(''));
}

/** Takes the lines of one paragraph, list, quote or code block away from the front. */
function nextPart(lines: string[]): string {
  const first = lines[0] ?? '';
  const heading = HEADING.exec(first);
  if (heading !== null) {
    lines.shift();
    const level = Math.min(6, (heading[1]?.length ?? 1) + 2);
    return `<h${level}>${inline(heading[2] ?? '')}</h${level}>`;
  }
  if (FENCE.test(first)) return fenced(lines);
  if (/^(-{3,}|\*{3,})\s*$/.test(first)) {
    lines.shift();
    return '<hr>';
  }
  if (ITEM.test(first)) return listed(lines, /^\s*\d/.test(first) ? 'ol' : 'ul');
  if (first.startsWith('>')) {
    const held = takeWhile(lines, (line) => line.startsWith('>'));
    return `<blockquote>${held.map((line) => inline(line.replace(/^> ?/, ''))).join('<br>')}</blockquote>`;
  }
  if (first.trim() === '') {
    lines.shift();
    return '';
  }
  const isText = (line: string) => line.trim() !== '' && !HEADING.test(line) && !FENCE.test(line);
  const held = takeWhile(lines, (line) => isText(line) && !ITEM.test(line));
  return `<p>${held.map(inline).join('<br>')}</p>`;
}

function fenced(lines: string[]): string {
  lines.shift();
  const held = takeWhile(lines, (line) => !FENCE.test(line));
  lines.shift();
  return html`<pre><code>${held.join('\n')}</code></pre>`.text;
}

function listed(lines: string[], tag: 'ol' | 'ul'): string {
  const held = takeWhile(lines, (line) => ITEM.test(line));
  const items = held.map((line) => `<li>${inline(ITEM.exec(line)?.[1] ?? '')}</li>`);
  return `<${tag}>${items.join('')}</${tag}>`;
}

function takeWhile(lines: string[], fits: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !fits(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

function inline(text: string): string {
  const aside: string[] = [];
  const keep = (piece: string): string => `\uE000${aside.push(piece) - 1}\uE001`;
  const bare = text
    .replaceAll(/[\uE000\uE001]/g, '')
    .replaceAll(/`([^`]+)`/g, (_all, code: string) => keep(html`<code>${code}</code>`.text))
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_all, label: string, url: string) =>
      keep(renderLink(url, label).text),
    );
  return html`${bare}`.text
    .replaceAll(/\*\*(?=\S)(.+?)\*\*/g, '<strong>$1</strong>')
    .replaceAll(/(^|\W)[*_](?=\S)([^*_]+?)[*_](?=\W|$)/g, '$1<em>$2</em>')
    .replaceAll(/~~(?=\S)(.+?)~~/g, '<s>$1</s>')
    .replaceAll(/\uE000(\d+)\uE001/g, (_all, at: string) => aside[Number(at)] ?? '');
}

/** Render rich text: `rich_text` blocks with their sections, lists, quotes and code as HTML. */
import { Html, html } from '../../src/web/html.ts';
import { asObject, asObjects, asString, type Json } from '../slack/json.ts';
import { emoji, withEmoji } from './emoji.ts';
import { renderMoment } from './render-moment.ts';
import { joined, mention, renderLink } from './render-mrkdwn.ts';
import { nameOf, type World } from './scene.ts';

export const renderRichText = (block: Json, world: World): Html =>
  joined(
    asObjects(block['elements']).map((part) => renderPart(part, world)),
    '',
  );

function renderPart(part: Json, world: World): Html {
  const runs = renderRuns(part, world);
  switch (part['type']) {
    case 'rich_text_list':
      return renderList(part, world);
    case 'rich_text_quote':
      return html`<blockquote>${runs}</blockquote>`;
    case 'rich_text_preformatted':
      return html`<pre><code>${runs}</code></pre>`;
    default:
      return html`<p>${runs}</p>`;
  }
}

function renderList(part: Json, world: World): Html {
  const items = asObjects(part['elements']).map(
    (item) => html`<li>${renderRuns(item, world)}</li>`,
  );
  const indent = `indent-${String(Number(part['indent'] ?? 0))}`;
  if (part['style'] !== 'ordered') return html`<ul class="${indent}">${items}</ul>`;
  const start = String(Number(part['offset'] ?? 0) + 1);
  return html`<ol class="${indent}" start="${start}">${items}</ol>`;
}

const renderRuns = (part: Json, world: World): Html =>
  joined(
    asObjects(part['elements']).map((run) => styled(run, renderRun(run, world))),
    '',
  );

function renderRun(run: Json, world: World): Html {
  switch (run['type']) {
    case 'link':
      return renderLink(asString(run['url']), asString(run['text']) || undefined);
    case 'user':
      return mention(`@${nameOf(world, asString(run['user_id']))}`);
    case 'usergroup':
      return mention(`@${nameOf(world, asString(run['usergroup_id']))}`);
    case 'channel':
      return mention(`#${nameOf(world, asString(run['channel_id']))}`);
    case 'broadcast':
      return mention(`@${asString(run['range'])}`);
    case 'emoji':
      return html`${emoji(asString(run['name']))}`;
    case 'date':
      return renderMoment(
        world,
        Number(run['timestamp']),
        asString(run['format']),
        asString(run['fallback']),
      );
    case 'color':
      return html`<code>${asString(run['value'])}</code>`;
    default:
      return textRun(asString(run['text']));
  }
}

const textRun = (text: string): Html =>
  joined(
    withEmoji(text)
      .split('\n')
      .map((line) => html`${line}`),
    '<br>',
  );

const STYLES = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['strike', 's'],
  ['underline', 'u'],
  ['code', 'code'],
] as const;

function styled(run: Json, inner: Html): Html {
  const style = asObject(run['style']);
  const { text } = inner;
  return new Html(
    STYLES.filter(([name]) => style[name] === true).reduce(
      (held, [, tag]) => `<${tag}>${held}</${tag}>`,
      text,
    ),
  );
}

/** Page avatar: a coloured square with initials, since a made-up person has no photograph. */
import { type Html, html } from '../../src/web/html.ts';

const COLOURS = 6;
/** Keeps the sum small; any prime will do. */
const WRAP = 9_973;

export function renderAvatar(id: string, name: string): Html {
  const sum = [...id].reduce(
    (total, character) => (total * 7 + (character.codePointAt(0) ?? 0)) % WRAP,
    0,
  );
  return square(`a${sum % COLOURS}`, [...name][0] ?? '?');
}

export const renderAppAvatar = (): Html => square('app', '✓');

const square = (look: string, sign: string): Html =>
  html`<span class="avatar ${look}" aria-hidden="true">${sign}</span>`;

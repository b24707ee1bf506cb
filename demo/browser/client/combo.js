/** Combo: menus that are searched by typing, in the pattern that screen readers know (combobox). */
import { spotOf } from './acts.js';
import { act, refresh, toast } from './wire.js';

const TYPING_MS = 200;
let timer;
/** Which search is the latest: answers may overtake each other. */
let latest = 0;

const listOf = (input) => document.getElementById(input.getAttribute('aria-controls'));
const entries = (list) => [...list.querySelectorAll('[role="option"]')];

export function search(input) {
  clearTimeout(timer);
  timer = setTimeout(() => void find(input), TYPING_MS);
}

async function find(input) {
  latest += 1;
  const own = latest;
  const text = input.value;
  const { ok, error, groups, least } = await act({ act: 'search', ...spotOf(input), text });
  if (own !== latest || document.activeElement !== input) return;
  if (!ok) {
    toast(error);
    return;
  }
  const taken = new Set(
    [...input.closest('.combo').querySelectorAll('.chip')].map((chip) => chip.dataset.value),
  );
  const short = [...text].length < (least ?? 0);
  show(input, groups, taken, short ? `Type ${least} characters or more` : 'No results');
}

function show(input, groups, taken, nothing) {
  const list = listOf(input);
  const parts = groups.flatMap(({ label, options }) => {
    const left = options.filter(({ value }) => !taken.has(value));
    if (left.length === 0) return [];
    const group = document.createElement('div');
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', label || 'Suggestions');
    if (label) {
      const heading = document.createElement('p');
      heading.textContent = label;
      heading.setAttribute('role', 'presentation');
      group.append(heading);
    }
    group.append(...left.map(option));
    return [group];
  });
  list.replaceChildren(...parts);
  for (const [index, entry] of entries(list).entries()) entry.id = `${list.id}.${index}`;
  if (parts.length === 0) {
    const line = document.createElement('div');
    line.className = 'nothing';
    line.setAttribute('role', 'option');
    line.setAttribute('aria-disabled', 'true');
    line.textContent = nothing;
    list.append(line);
  }
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  input.removeAttribute('aria-activedescendant');
  list.scrollIntoView({ block: 'nearest' });
}

function option({ value, text, about }) {
  const line = document.createElement('div');
  line.setAttribute('role', 'option');
  line.setAttribute('aria-selected', 'false');
  line.dataset.value = value;
  line.textContent = text;
  if (about) {
    const small = document.createElement('small');
    small.textContent = about;
    line.append(small);
  }
  return line;
}

export function hide(input) {
  const list = listOf(input);
  if (list === null) return;
  latest += 1;
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

/** Arrow keys move, Enter takes, Escape closes the list only. @returns whether the key was used */
export function key(input, event, take) {
  const list = listOf(input);
  const open = !list.hidden;
  const all = entries(list).filter((entry) => entry.getAttribute('aria-disabled') !== 'true');
  const at = all.findIndex(({ id }) => id === input.getAttribute('aria-activedescendant'));
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    if (!open) return false;
    const step = event.key === 'ArrowDown' ? 1 : -1;
    mark(input, all, (at + step + all.length) % Math.max(1, all.length));
    return true;
  }
  if (event.key === 'Escape' && open) {
    hide(input);
    return true;
  }
  if ((event.key === 'Enter' || event.key === 'Tab') && open && at >= 0) {
    void take(input, all[at]);
    return event.key === 'Enter';
  }
  return false;
}

function mark(input, all, index) {
  for (const [at, entry] of all.entries()) {
    entry.setAttribute('aria-selected', String(at === index));
    if (at === index) entry.scrollIntoView({ block: 'nearest' });
  }
  if (all[index] !== undefined) input.setAttribute('aria-activedescendant', all[index].id);
}

/** Takes an option of a menu into what is chosen. */
export async function take(input, entry) {
  const { value } = entry.dataset;
  if (value === undefined) return;
  hide(input);
  input.value = '';
  const combo = input.closest('.combo');
  const held = combo.hasAttribute('data-many') ? [...valuesIn(combo), value] : value;
  await choose(combo, held);
}

export async function remove(button) {
  const combo = button.closest('.combo');
  const gone = button.closest('.chip').dataset.value;
  const left = valuesIn(combo).filter((value) => value !== gone);
  combo.querySelector('input').focus();
  await choose(combo, combo.hasAttribute('data-many') ? left : '');
}

const valuesIn = (combo) => [...combo.querySelectorAll('.chip')].map((chip) => chip.dataset.value);

async function choose(combo, choice) {
  const { ok, error } = await act({ act: 'choose', ...spotOf(combo), choice });
  if (!ok) toast(error);
  await refresh();
}

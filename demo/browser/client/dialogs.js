/** Dialogs: modals open when they come and give the focus back when they go; Escape closes one. */
import { flush } from './acts.js';
import { act, onDrawn, refresh } from './wire.js';

/** Where the focus was before each modal opened. */
const before = new Map();
const hashes = new Map();

onDrawn(() => {
  for (const dialog of document.querySelectorAll('#modals > dialog')) {
    if (!dialog.open) open(dialog);
    else if (hashes.get(dialog.id) !== dialog.dataset.hash) refocus(dialog);
    hashes.set(dialog.id, dialog.dataset.hash);
  }
  for (const [id, element] of [...before].reverse()) {
    if (document.getElementById(id) !== null) continue;
    before.delete(id);
    hashes.delete(id);
    const back = element?.isConnected ? element : document.querySelector('.compose');
    back?.focus();
  }
});

function open(dialog) {
  before.set(dialog.id, document.activeElement);
  dialog.showModal();
  const first = dialog.querySelector('[data-focus]') ?? dialog.querySelector('h2');
  first.focus();
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    void close(dialog, '');
  });
  dialog.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    void submit(dialog);
  });
}

/** The view was updated in place: whoever lost their place is put at its top. */
function refocus(dialog) {
  if (dialog.contains(document.activeElement)) return;
  dialog.querySelector('.modal-blocks').scrollTop = 0;
  dialog.querySelector('h2').focus();
}

async function submit(dialog) {
  if (dialog.dataset.busy !== undefined) return;
  dialog.dataset.busy = '';
  await flush();
  const answer = await act({ act: 'submit', view: dialog.dataset.view });
  delete dialog.dataset.busy;
  say(dialog, answer.error ?? '');
  await refresh();
  if (!dialog.isConnected || answer.outcome === undefined) return;
  const wrong = dialog.querySelector('[aria-invalid="true"]');
  if (wrong !== null) {
    (wrong.matches('fieldset') ? wrong.querySelector('input') : wrong)?.focus();
  } else if (answer.outcome === 'updated') {
    dialog.querySelector('.modal-blocks').scrollTop = 0;
    dialog.querySelector('[data-focus], h2').focus();
  }
}

/** @param {string} how `all` for the cross in the corner */
export async function close(dialog, how) {
  const answer = await act({ act: 'close', view: dialog.dataset.view, value: how });
  say(dialog, answer.error ?? '');
  await refresh();
}

/** What went wrong, at the foot of the modal. */
export function say(dialog, words) {
  dialog.querySelector('.trouble').textContent = words;
}

/** Asks before an act that wants to be confirmed. @returns whether the person says yes */
export function confirmed({ title, text, confirm, deny, style }) {
  const dialog = document.createElement('dialog');
  dialog.className = 'confirm';
  dialog.setAttribute('aria-label', title || 'Are you sure?');
  const form = document.createElement('form');
  form.method = 'dialog';
  const [heading, words, row] = ['h2', 'p', 'footer'].map((tag) => document.createElement(tag));
  heading.textContent = title || 'Are you sure?';
  words.textContent = text;
  row.append(choice(deny, 'no', ''), choice(confirm, 'yes', style || 'primary'));
  form.append(heading, words, row);
  dialog.append(form);
  document.documentElement.append(dialog);
  const from = document.activeElement;
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      from?.focus();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

function choice(words, value, style) {
  const button = document.createElement('button');
  button.value = value;
  button.className = `button ${style}`;
  button.textContent = words;
  return button;
}

/** Main: listens to the page and to the server, and says which piece answers. */
import { chosen, entered, perform, read, spotOf, typed } from './acts.js';
import * as combo from './combo.js';
import * as compose from './compose.js';
import { close, confirmed } from './dialogs.js';
import { unsaved } from './morph.js';
import { act, drawn, onDrawn, refresh, refreshSoon, visit } from './wire.js';

const PRESSES = {
  click: press,
  unchoose: (button) => combo.remove(button),
  detach: (button) =>
    perform({ act: 'detach', ...spotOf(button), value: button.dataset.value }, button),
  close: (button) => close(button.closest('dialog'), button.dataset.value ?? ''),
  removeApp: (button) => removeApp(button),
  shortcut: (button) => fromMenu(button, { act: 'shortcut' }),
  messageShortcut: (button) => fromMenu(button, { act: 'messageShortcut', ...spotOf(button) }),
};

document.addEventListener('click', (event) => {
  const option = event.target.closest('[role="option"]');
  if (option !== null) {
    takeOption(option);
    return;
  }
  const pressed = event.target.closest('[data-act]');
  if (pressed !== null) void PRESSES[pressed.dataset.act]?.(pressed);
  const link = event.target.closest('a[href^="/"]');
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (link !== null && plain && samePerson(link)) {
    event.preventDefault();
    void visit(link.href).then(arrive);
  }
  for (const menu of document.querySelectorAll('details.menu[open]'))
    if (!menu.contains(event.target)) menu.open = false;
});

// A list of options must not take the focus from the field it belongs to.
document.addEventListener('mousedown', (event) => {
  if (event.target.closest('[role="listbox"]') !== null) event.preventDefault();
});

document.addEventListener('change', (event) => {
  const field = event.target;
  if (field.dataset.compose === 'files') {
    compose.addFiles(field.form, [...field.files]);
    field.value = '';
  } else if (field.dataset.act === 'attach') void attach(field);
  else if (field.dataset.act === 'choose') void chosen(field);
});

document.addEventListener('input', (event) => {
  const field = event.target;
  if (field.classList.contains('compose')) compose.hint(field);
  else if (field.getAttribute('role') === 'combobox') combo.search(field);
  else if (field.dataset.act === 'type') typed(field);
  // A mail that comes in must not take back what is being searched for.
  else if (field.form?.dataset.find !== undefined) unsaved.add(field);
});

document.addEventListener('focusin', (event) => {
  const field = event.target;
  if (field.getAttribute('role') === 'combobox' && !field.classList.contains('compose'))
    combo.search(field);
});
document.addEventListener('focusout', (event) => {
  if (event.target.getAttribute('role') === 'combobox') combo.hide(event.target);
});

document.addEventListener('keydown', (event) => {
  const field = event.target;
  if (field.getAttribute('role') === 'combobox') {
    const isCompose = field.classList.contains('compose');
    if (combo.key(field, event, isCompose ? compose.takeHint : combo.take)) event.preventDefault();
    else if (event.key === 'Enter' && !isCompose) event.preventDefault();
    return;
  }
  if (event.key === 'Enter' && field.dataset.reports && field.tagName === 'INPUT') {
    event.preventDefault();
    void entered(field);
  }
  const menu = event.key === 'Escape' ? field.closest('details.menu[open]') : null;
  if (menu !== null) {
    event.preventDefault();
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'dialog') event.preventDefault();
  if (form.classList.contains('composer')) void compose.send(form);
  else if (form.dataset.step !== undefined) void runStep(form);
  else if (form.dataset.find !== undefined) {
    const field = form.querySelector('input');
    const url = new URL(location.href);
    url.searchParams.set('find', field.value);
    unsaved.delete(field);
    void visit(url.href);
  }
});

// What was held still while somebody pointed at it is drawn when they leave.
for (const leaving of ['mouseout', 'focusout']) {
  document.addEventListener(leaving, (event) => {
    const held = event.target.closest('[data-steady]');
    if (held !== null && !held.contains(event.relatedTarget)) refreshSoon();
  });
}

window.addEventListener('popstate', () => void refresh());

async function press(button) {
  const { confirm, value } = button.dataset;
  if (confirm !== undefined && !(await confirmed(JSON.parse(confirm)))) return;
  const menu = button.closest('details.menu');
  if (menu !== null) menu.open = false;
  button.dataset.busy = '';
  await perform({ act: 'click', ...spotOf(button), value }, button);
  delete button.dataset.busy;
}

async function removeApp(button) {
  if (!(await confirmed(JSON.parse(button.dataset.confirm)))) return;
  button.dataset.busy = '';
  await perform({ act: 'removeApp' }, button);
  delete button.dataset.busy;
}

async function runStep(form) {
  const button = form.querySelector('button');
  if (button.dataset.busy !== undefined) return;
  button.dataset.busy = '';
  const inputs = Object.fromEntries(new FormData(form));
  await perform({ act: 'runStep', step: form.dataset.step, inputs });
  delete button.dataset.busy;
}

async function fromMenu(button, what) {
  const menu = button.closest('details.menu');
  menu.open = false;
  menu.querySelector('summary').focus();
  await perform({ ...what, value: button.dataset.value });
}

function takeOption(option) {
  const list = option.closest('[role="listbox"]');
  const input = document.querySelector(`[aria-controls="${CSS.escape(list.id)}"]`);
  if (input.classList.contains('compose')) compose.takeHint(input, option);
  else void combo.take(input, option);
}

async function attach(field) {
  const files = await read(field.files);
  field.value = '';
  await perform({ act: 'attach', ...spotOf(field), files }, field);
}

const samePerson = (link) =>
  link.target === '' &&
  !link.hasAttribute('download') &&
  new URL(link.href).pathname.split('/')[1] === document.body.dataset.user;

/** What opening a place tells Slack, and what it means for what was read. */
function arrive() {
  const { place } = document.body.dataset;
  const list = document.getElementById('messages');
  if (list !== null) list.scrollTop = list.scrollHeight;
  if (place === 'home' || place === 'messages') void perform({ act: 'openHome', value: place });
}

/** Whoever stands at the end stays there when more comes; and has read what they see. */
let atEnd = true;
let readUpTo = '';
document.addEventListener(
  'scroll',
  ({ target }) => {
    if (target.id === 'messages')
      atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 40;
  },
  true,
);
onDrawn(() => {
  const list = document.getElementById('messages');
  if (list === null) return;
  if (atEnd) list.scrollTop = list.scrollHeight;
  const { channel } = document.getElementById('main').dataset;
  const mark = `${channel} ${list.dataset.last}`;
  if (document.hidden || list.dataset.last === '' || mark === readUpTo) return;
  readUpTo = mark;
  void act({ act: 'read', channel, ts: list.dataset.last }).then(refresh);
});

drawn(true);
arrive();
new EventSource('/changes').addEventListener('message', () => {
  if (!document.hidden) refreshSoon();
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void refresh();
});
document.documentElement.dataset.ready = '';

/** Compose: the box to write in, with hints for commands and files to send along. */
import { perform, read } from './acts.js';
import { hide } from './combo.js';

const commands = JSON.parse(document.querySelector('meta[name="commands"]').content);
/** Files to send, per box. */
const files = new WeakMap();

/** Shows the commands that begin with what was typed. */
export function hint(input) {
  const list = document.getElementById(input.getAttribute('aria-controls'));
  const [name, rest] = input.value.split(/\s(.*)/s);
  const fitting = input.value.startsWith('/')
    ? commands.filter((command) =>
        rest === undefined ? command.name.startsWith(name) : command.name === name,
      )
    : [];
  if (fitting.length === 0) {
    hide(input);
    return;
  }
  list.replaceChildren(...fitting.map((command, index) => line(command, `${list.id}.${index}`)));
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
  input.removeAttribute('aria-activedescendant');
}

function line({ name, about, usage }, id) {
  const entry = document.createElement('div');
  entry.id = id;
  entry.setAttribute('role', 'option');
  entry.setAttribute('aria-selected', 'false');
  entry.dataset.value = name;
  const [strong, code, small] = ['strong', 'code', 'small'].map((tag) =>
    document.createElement(tag),
  );
  strong.textContent = name;
  code.textContent = usage;
  small.textContent = about;
  entry.append(strong, ' ', code, small);
  return entry;
}

/** Puts a command into the box, ready for its words. */
export function takeHint(input, entry) {
  if (!input.value.startsWith(`${entry.dataset.value} `)) input.value = `${entry.dataset.value} `;
  input.focus();
  hint(input);
}

export async function send(form) {
  const input = form.querySelector('.compose');
  const text = input.value;
  const held = files.get(form) ?? [];
  if (text.trim() === '' && held.length === 0) return;
  input.value = '';
  hide(input);
  files.delete(form);
  showFiles(form);
  const { channel, thread } = form.dataset;
  const answer = await perform({ act: 'send', channel, thread, text, files: await read(held) });
  if (!answer.ok && input.value === '') input.value = text;
  const list = document.getElementById('messages');
  list.scrollTop = list.scrollHeight;
}

export function addFiles(form, more) {
  files.set(form, [...(files.get(form) ?? []), ...more]);
  showFiles(form);
}

function showFiles(form) {
  const items = (files.get(form) ?? []).map((file) => {
    const item = document.createElement('li');
    item.className = 'chip';
    item.textContent = `📄 ${file.name} `;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = '×';
    button.setAttribute('aria-label', `Remove ${file.name}`);
    button.addEventListener('click', () => {
      files.set(
        form,
        files.get(form).filter((other) => other !== file),
      );
      showFiles(form);
    });
    item.append(button);
    return item;
  });
  form.querySelector('[data-compose="chosen"]').replaceChildren(...items);
}

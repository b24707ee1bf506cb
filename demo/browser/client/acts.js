/** Acts: what is pressed, chosen and typed in blocks, told to the double. */
import { unsaved } from './morph.js';
import { act, refresh, toast } from './wire.js';

const TYPING_MS = 250;

/** Entries that were typed and not told yet: field → what to do about it. */
const waiting = new Map();

/** Tells everything that was typed; to be awaited before a modal is submitted. */
export async function flush() {
  await Promise.all([...waiting.keys()].map((field) => tell(field)));
}

/** Where an element stands: which view or message, which block, which action. */
export function spotOf(element) {
  const holder = element.closest('[data-view], [data-message]');
  return {
    ...(holder?.dataset.view === undefined
      ? { message: holder?.dataset.message }
      : { view: holder.dataset.view }),
    block: element.closest('[data-block]')?.dataset.block,
    action: element.closest('[data-action]')?.dataset.action,
  };
}

/** Does something, draws what came of it, and says what went wrong where the person looks. */
export async function perform(what, element) {
  const answer = await act(what);
  if (answer.ok) element?.closest('dialog.modal')?.querySelector('.trouble')?.replaceChildren();
  else toast(answer.error);
  await refresh();
  return answer;
}

/** A radio, checkbox, menu or picker was changed. */
export async function chosen(field) {
  const group = field.matches('[type="checkbox"], [type="radio"]')
    ? [...field.closest('fieldset').querySelectorAll(`input[name="${CSS.escape(field.name)}"]`)]
    : [field];
  for (const one of group) unsaved.add(one);
  const choice =
    field.type === 'checkbox'
      ? group.filter(({ checked }) => checked).map(({ value }) => value)
      : field.value;
  const answer = act({ act: 'choose', ...spotOf(field), choice });
  const { ok, error } = await answer;
  for (const one of group) unsaved.delete(one);
  if (!ok) toast(error);
  await refresh();
}

/** Something was typed: it is kept in the form soon, and told to the app where it wants that. */
export function typed(field) {
  unsaved.add(field);
  clearTimeout(waiting.get(field));
  waiting.set(
    field,
    setTimeout(() => void tell(field), TYPING_MS),
  );
}

/** Enter, in a field of which the app wants to know. */
export async function entered(field) {
  await tell(field, 'type');
}

async function tell(field, how = field.dataset.reports === 'typing' ? 'type' : 'keep') {
  clearTimeout(waiting.get(field));
  waiting.delete(field);
  if (!field.isConnected) return;
  const { value } = field;
  const { ok, error } = await act({ act: how, ...spotOf(field), choice: value });
  if (field.value === value) unsaved.delete(field);
  if (!ok) toast(error);
  if (how === 'type') await refresh();
}

/** Files as the double takes them. */
export async function read(files) {
  return Promise.all(
    [...files].map(async (file) => ({
      name: file.name,
      type: file.type,
      content: await base64(file),
    })),
  );
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(reader.result.split(',')[1] ?? ''));
    reader.addEventListener('error', () => reject(reader.error));
    reader.readAsDataURL(file);
  });
}

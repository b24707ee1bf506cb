/** Wire: acts go out, and what changed comes back. */
import { morph } from './morph.js';

const token = document.querySelector('meta[name="token"]').content;

/** Grows with every act, so that a page fetched before it is not drawn after it. */
let generation = 0;
/** Who waits for a page that was fetched after they asked. */
let waiting = [];
/** Whether there is something new that nobody waits for. */
let stale = false;
let looping = false;
/** Ends the rest between two drawings. */
let wake = () => undefined;
/** After a drawing that took long the next one waits longer: a busy machine is left its time. */
const REST = 1.5;
const listeners = [];

/** Calls the listener after every new drawing, and once at the start. */
export function onDrawn(listener) {
  listeners.push(listener);
}

export function drawn(first = false) {
  for (const listener of listeners) listener(first);
}

/** Draws the page as it is now; resolves when that was done. */
export function refresh() {
  const done = new Promise((resolve) => waiting.push(resolve));
  wake();
  if (!looping) void loop();
  return done;
}

/** Draws the page soon: something changed, and nobody waits for it. */
export function refreshSoon() {
  stale = true;
  if (!looping) void loop();
}

async function loop() {
  looping = true;
  let restMs = 0;
  while (waiting.length > 0 || stale) {
    if (waiting.length === 0) await rest(restMs);
    const served = waiting;
    [waiting, stale] = [[], false];
    const begun = performance.now();
    if (await fetchAndDraw()) for (const resolve of served) resolve();
    else waiting.push(...served);
    restMs = (performance.now() - begun) * REST;
  }
  looping = false;
}

function rest(ms) {
  return new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, ms);
  });
}

/** @returns false if somebody acted meanwhile: the page must be fetched again */
async function fetchAndDraw() {
  const from = generation;
  try {
    const response = await fetch(location.href, { headers: { Accept: 'text/html' } });
    const text = await response.text();
    if (from !== generation) return false;
    if (response.ok) draw(text);
  } catch {
    // The demo has ended, or is being started anew: the event source tries again.
  }
  return true;
}

function draw(text) {
  const page = new DOMParser().parseFromString(text, 'text/html');
  const given = page.querySelector('meta[name="token"]')?.content;
  if (given !== token) {
    location.reload();
    return;
  }
  document.title = page.title;
  morph(document.body, page.body);
  drawn();
}

/**
 * Does something, as the person of this page.
 * @returns the answer; `error` says in words what went wrong
 */
export async function act(what) {
  generation += 1;
  let answer;
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Token': token },
      body: JSON.stringify({ user: document.body.dataset.user, ...what }),
    });
    answer = response.ok
      ? await response.json()
      : { ok: false, error: (await response.text()) || 'It did not work.' };
  } catch {
    answer = { ok: false, error: 'The demo does not answer. Was it stopped?' };
  }
  generation += 1;
  return answer;
}

/** Goes to another place of the same person without loading the page anew. */
export async function visit(href) {
  history.pushState(null, '', href);
  await refresh();
}

/** Says something in words: at the foot of the open modal, or for a while below everything. */
export function toast(words) {
  const foot = [...document.querySelectorAll('dialog.modal[open] .trouble')].at(-1);
  if (foot !== undefined) {
    foot.textContent = words;
    return;
  }
  const line = document.createElement('p');
  line.textContent = words;
  document.getElementById('toasts').append(line);
  setTimeout(() => line.remove(), 8_000);
}

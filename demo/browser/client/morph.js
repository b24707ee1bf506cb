/**
 * Morph: turns the page that is shown into the page that was fetched, and touches nothing that
 * stays: focus, half-typed words, scroll positions and open menus survive.
 */

/** Fields whose entry the server does not know yet; they keep it. */
export const unsaved = new WeakSet();

/** What belongs to the page's own life; the server never writes it. */
const OWN_ATTRIBUTES = new Set(['open', 'data-busy', 'aria-expanded', 'aria-activedescendant']);

/** @param {Element} from what is shown @param {Element} to what shall be */
export function morph(from, to) {
  if (from.hasAttribute('data-own') || isHeld(from, to)) return;
  morphAttributes(from, to);
  if (from instanceof HTMLInputElement || from instanceof HTMLTextAreaElement) {
    morphEntry(from, to);
    return;
  }
  morphChildren(from, to);
  if (from instanceof HTMLSelectElement && !unsaved.has(from) && to instanceof HTMLSelectElement)
    from.value = to.value;
}

/**
 * Whether somebody points into a list or has the focus there: it must not move from under them. A
 * search gives another list.
 */
const isHeld = (from, to) =>
  from.hasAttribute('data-steady') &&
  from.dataset.steady === to.dataset.steady &&
  from.querySelector('li > a') !== null &&
  from.matches(':hover, :focus-within');

function morphAttributes(from, to) {
  for (const { name, value } of to.attributes) {
    if (!OWN_ATTRIBUTES.has(name) && from.getAttribute(name) !== value)
      from.setAttribute(name, value);
  }
  // A copy: the list changes while it is walked.
  for (const { name } of Array.from(from.attributes)) {
    if (!OWN_ATTRIBUTES.has(name) && !to.hasAttribute(name)) from.removeAttribute(name);
  }
}

function morphEntry(from, to) {
  if (unsaved.has(from) || from.type === 'file') return;
  if (from.type === 'checkbox' || from.type === 'radio') from.checked = to.checked;
  else if (from.getAttribute('role') === 'combobox') return;
  else if (from.value !== to.value) from.value = to.value;
}

/** Children with the same id are the same; others are the same where tag and place agree. */
function morphChildren(from, to) {
  const byId = new Map();
  for (const child of from.children) if (child.id !== '') byId.set(child.id, child);
  let place = from.firstChild;
  // A copy, here too: what is taken over leaves the list.
  for (const wanted of Array.from(to.childNodes)) {
    const match = matching(place, wanted, byId);
    if (match === undefined) {
      from.insertBefore(document.importNode(wanted, true), place);
      continue;
    }
    if (match !== place) from.insertBefore(match, place);
    else place = place.nextSibling;
    if (match instanceof Element) morph(match, wanted);
    else if (match.data !== wanted.data) match.data = wanted.data;
  }
  while (place !== null) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function matching(place, wanted, byId) {
  if (wanted instanceof Element && wanted.id !== '') {
    const same = byId.get(wanted.id);
    return same?.tagName === wanted.tagName ? same : undefined;
  }
  if (place === null || place.nodeType !== wanted.nodeType) return undefined;
  if (!(place instanceof Element)) return place;
  const same = place.tagName === wanted.tagName && place.id === '';
  return same && place.dataset.block === wanted.dataset.block ? place : undefined;
}

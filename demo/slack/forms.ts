/**
 * Forms: searching, attaching, submitting and closing in the modal that is open, and what the app's
 * answer does to it.
 */
import {
  FILE_INPUT_BYTES_MAX,
  FILE_INPUT_FILES_MAX,
  QUERY_CHARS_MIN_DEFAULT,
} from '../../src/slack/blocks/limits.ts';
import { hold, menuKey, type Seat } from './actions.ts';
import { optionsOf } from './check-texts.ts';
import { clientComplaints } from './complaints.ts';
import { type Found, findElement, type Name } from './elements.ts';
import { extensionOf, fileInState } from './file-shape.ts';
import { keepFile } from './files.ts';
import { asObject, asString, codePoints, isObject, type Json, parseJson } from './json.ts';
import { blockSuggestion, viewClosed, viewSubmission } from './payloads.ts';
import type { AttachedFile, SubmitResult } from './person.ts';
import { accepted, interactionBody, ShownError } from './sign.ts';
import { SlackError } from './slack-error.ts';
import { heldIn, stateValue, valueAt } from './state-values.ts';
import { validateOptions } from './validate.ts';
import { checkView, clearModals, popModal, pushModal, updateView } from './views.ts';
import type { OpenView, Workspace } from './workspace.ts';

/**
 * The modal on the person's screen.
 * @throws Error if there is none
 */
export function openModalOf(seat: Seat): OpenView {
  const view = seat.ws.modal(seat.user.id);
  if (view === undefined) throw new Error(`${seat.user.name} has no modal open`);
  return view;
}

/**
 * Asks the app for options, as Slack does while somebody types.
 * @returns the app's answer, `options` or `option_groups`; empty where nothing is asked or shown
 */
export async function lookUp(seat: Seat, view: OpenView, name: Name, text: string): Promise<Json> {
  const found = findElement(view.blocks, name);
  const least = Number(found.element['min_query_length'] ?? QUERY_CHARS_MIN_DEFAULT);
  if (codePoints(text) < least) return {};
  const payload = blockSuggestion(
    seat.ws,
    seat.user,
    view,
    asString(found.block['block_id']),
    asString(found.element['action_id']),
    text,
  );
  const ack = accepted(await seat.wire.send('block_suggestion', interactionBody(payload)));
  const answer = parseJson(ack.body);
  const faults = validateOptions(answer);
  seat.ws.record('block_suggestion', faults);
  const shown = faults.length > 0 ? {} : asObject(answer);
  seat.offered.set(menuKey(view, found), optionsOf(shown));
  return shown;
}

/**
 * Attaches a file in a file input.
 * @throws Error for what Slack's own picker refuses: too big, too many, another type
 */
export async function attachFile(seat: Seat, name: Name, file: AttachedFile): Promise<void> {
  const view = openModalOf(seat);
  const found = findElement(view.blocks, name);
  const before = attachedIn(view, found);
  refuseInPicker(found.element, file, before.length);
  const kept = keepFile(seat.ws, {
    ...file,
    user: seat.user.id,
    needsInfo: file.needsInfo === true,
  });
  const after = [...before, fileInState(seat.ws, kept)];
  await hold(seat, view, found, stateValue(found.element, after));
}

/** Takes an attached file away again. */
export async function detachFile(seat: Seat, name: Name, fileId: string): Promise<void> {
  const view = openModalOf(seat);
  const found = findElement(view.blocks, name);
  const left = attachedIn(view, found).filter((file) => asObject(file)['id'] !== fileId);
  await hold(seat, view, found, stateValue(found.element, left));
}

function attachedIn(view: OpenView, { block, element }: Found): unknown[] {
  const value = valueAt(view.values, asString(block['block_id']), asString(element['action_id']));
  const held = value === undefined ? [] : heldIn(element, value);
  return Array.isArray(held) ? held : [];
}

function refuseInPicker(element: Json, file: AttachedFile, count: number): void {
  const types = element['filetypes'];
  const most = Number(element['max_files'] ?? FILE_INPUT_FILES_MAX);
  if (file.content.length > FILE_INPUT_BYTES_MAX)
    throw new Error(`a file may have ${FILE_INPUT_BYTES_MAX} bytes`);
  if (count >= most) throw new Error(`at most ${most} files can be attached here`);
  if (Array.isArray(types) && !types.includes(extensionOf(file.name)))
    throw new Error(`only files of type ${types.join(', ')} can be attached here`);
}

/** Submits the open modal, and does with it what the app's answer says. */
export async function submit(seat: Seat): Promise<SubmitResult> {
  const { ws, user } = seat;
  const view = openModalOf(seat);
  if (view.submit === null) throw new Error('this modal has no submit button');
  const complaints = clientComplaints(view);
  view.errors = complaints;
  ws.changed();
  if (Object.keys(complaints).length > 0) return { outcome: 'not-sent', errors: complaints, view };
  const payload = viewSubmission(ws, user, view);
  const ack = accepted(await seat.wire.send('view_submission', interactionBody(payload)));
  const outcome = applyAnswer(ws, user.id, view, ack.body);
  return { outcome, errors: view.errors, view: ws.modal(user.id) };
}

/** Closes the open modal, or all of them, and tells the app where it asked for that. */
export async function close(seat: Seat, all: boolean): Promise<void> {
  const { ws, user, wire } = seat;
  const view = openModalOf(seat);
  const stack = [...(ws.stacks.get(user.id) ?? [])].toReversed();
  const clears = all || view.clear_on_close;
  const closed = clears ? stack : [view];
  if (clears) clearModals(ws, user.id);
  else popModal(ws, user.id);
  for (const gone of closed.filter((each) => each.notify_on_close)) {
    const payload = viewClosed(ws, user, gone, clears);
    accepted(await wire.send('view_closed', interactionBody(payload)));
  }
}

function applyAnswer(
  ws: Workspace,
  user: string,
  view: OpenView,
  body: string,
): SubmitResult['outcome'] {
  if (body.trim() === '') {
    popModal(ws, user);
    return 'closed';
  }
  const answer = parseJson(body);
  switch (asObject(answer)['response_action']) {
    case 'errors':
      view.errors = shownErrors(ws, view, asObject(answer)['errors']);
      ws.changed();
      return 'errors';
    case 'update':
      updateView(ws, view, answered(ws, asObject(answer)['view']));
      return 'updated';
    case 'push':
      pushModal(ws, user, answered(ws, asObject(answer)['view']));
      return 'pushed';
    case 'clear':
      clearModals(ws, user);
      return 'cleared';
    default:
      return troubled(ws, '/response_action', 'must be errors, update, push or clear');
  }
}

/** A view that came in an answer; what Slack refuses of it shows as trouble. */
function answered(ws: Workspace, view: unknown): Json {
  try {
    return checkView(ws, 'view_submission', view, 'modal');
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    throw new ShownError('invalid_view', error.messages.join('; '));
  }
}

/** Errors can only be shown under input blocks that are there. */
function shownErrors(ws: Workspace, view: OpenView, errors: unknown): Record<string, string> {
  if (!isObject(errors) || Object.keys(errors).length === 0)
    return troubled(ws, '/errors', 'must provide an object of block ids');
  const inputs = view.blocks
    .filter((block) => block['type'] === 'input')
    .map((block) => asString(block['block_id']));
  for (const [blockId, says] of Object.entries(errors)) {
    if (!inputs.includes(blockId))
      troubled(ws, `/errors/${blockId}`, 'is no input block of this view');
    if (typeof says !== 'string' || says === '')
      troubled(ws, `/errors/${blockId}`, 'must provide a string');
  }
  return Object.fromEntries(Object.entries(errors).map(([id, says]) => [id, asString(says)]));
}

function troubled(ws: Workspace, at: string, says: string): never {
  ws.record('view_submission', [{ at, says }]);
  throw new ShownError('invalid_answer', `${at} ${says}`);
}

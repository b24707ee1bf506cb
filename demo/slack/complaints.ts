/** Complaints: what Slack's own client says about a form before anything is sent to the app. */
import { TEXT_INPUT_CHARS_MAX } from '../../src/slack/blocks/limits.ts';
import { asObject, asString, codePoints, type Json } from './json.ts';
import { heldIn, isEmpty, valueAt } from './state-values.ts';
import type { OpenView } from './workspace.ts';

/** What Slack's client says before it sends anything: block id → sentence. */
export function clientComplaints(view: OpenView): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of view.blocks.filter((entry) => entry['type'] === 'input')) {
    const element = asObject(block['element']);
    const blockId = asString(block['block_id']);
    const value = valueAt(view.values, blockId, asString(element['action_id']));
    const held = value === undefined ? null : heldIn(element, value);
    const says = isEmpty(held)
      ? block['optional'] === true
        ? undefined
        : 'Please complete this required field.'
      : complaint(element, held);
    if (says !== undefined) found[blockId] = says;
  }
  return found;
}

function complaint(element: Json, held: unknown): string | undefined {
  const text = asString(held);
  switch (element['type']) {
    case 'plain_text_input':
      return lengthComplaint(element, text);
    case 'number_input':
      return numberComplaint(element, text);
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(text) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(text) ? undefined : 'Please enter a valid URL.';
    default:
      return undefined;
  }
}

function lengthComplaint(element: Json, text: string): string | undefined {
  const length = codePoints(text);
  const min = Number(element['min_length'] ?? 0);
  const max = Number(element['max_length'] ?? TEXT_INPUT_CHARS_MAX);
  if (length < min) return `Please enter at least ${min} characters.`;
  return length > max ? `Please enter at most ${max} characters.` : undefined;
}

function numberComplaint(element: Json, text: string): string | undefined {
  const value = Number(text);
  if (!/^-?\d+(\.\d+)?$/.test(text)) return 'Please enter a number.';
  if (element['is_decimal_allowed'] !== true && !Number.isInteger(value))
    return 'Please enter a whole number.';
  if (value < Number(element['min_value'] ?? -Infinity))
    return `Please enter at least ${asString(element['min_value'])}.`;
  return value > Number(element['max_value'] ?? Infinity)
    ? `Please enter at most ${asString(element['max_value'])}.`
    : undefined;
}

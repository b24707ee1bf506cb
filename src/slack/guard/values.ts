/**
 * Values: what was entered in a view, read without trust.
 *
 * Slack's state is a map of block id → action id → value; here both ids are the same (inputs.ts).
 * What is missing or of another shape reads as nothing, never as an error; only an option that is
 * not offered any more is one.
 */
import { z } from 'zod';
import type { Values } from './door.ts';
import { OldView } from './metadata.ts';

const text = z.object({ value: z.string() });
const oneOption = z.object({ selected_option: z.object({ value: z.string() }) });
const manyOptions = z.object({ selected_options: z.array(z.object({ value: z.string() })) });
const date = z.object({ selected_date: z.iso.date() });
const dateTime = z.object({ selected_date_time: z.int().positive() });
const SECOND_MS = 1_000;

const at = (values: Values, id: string): unknown => values[id]?.[id];

/** What was typed, trimmed; also of number and URL inputs. Undefined if nothing was. */
export function readText(values: Values, id: string): string | undefined {
  const found = text.safeParse(at(values, id));
  const typed = found.success ? found.data.value.trim() : '';
  return typed === '' ? undefined : typed;
}

/** A whole number ≥ 0, or undefined. */
export function readNumber(values: Values, id: string): number | undefined {
  const typed = readText(values, id);
  return typed !== undefined && /^\d{1,15}$/u.test(typed) ? Number(typed) : undefined;
}

/** The value of the chosen option of a select or of radio buttons. */
export function readOption(values: Values, id: string): string | undefined {
  const found = oneOption.safeParse(at(values, id));
  return found.success ? found.data.selected_option.value : undefined;
}

/**
 * The chosen option, which is one of these.
 * @throws OldView if it is none of them: a form of another version offered it, and meant something
 */
export function readOneOf<T extends string>(
  values: Values,
  id: string,
  allowed: readonly T[],
): T | undefined {
  const value = readOption(values, id);
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined) {
    throw new OldView('an option that is not offered any more');
  }
  return found;
}

/** The values of all chosen options of checkboxes or a multi-select. */
export function readOptions(values: Values, id: string): string[] {
  const found = manyOptions.safeParse(at(values, id));
  return found.success ? found.data.selected_options.map(({ value }) => value) : [];
}

/** A calendar day, `2026-03-31`. */
export function readDate(values: Values, id: string): string | undefined {
  const found = date.safeParse(at(values, id));
  return found.success ? found.data.selected_date : undefined;
}

export function readDateTime(values: Values, id: string): Date | undefined {
  const found = dateTime.safeParse(at(values, id));
  return found.success ? new Date(found.data.selected_date_time * SECOND_MS) : undefined;
}

/** True if the view had this input at all, whatever was entered. */
export function wasShown(values: Values, id: string): boolean {
  return at(values, id) !== undefined;
}

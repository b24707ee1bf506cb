/**
 * Check: the small pieces that the descriptions of blocks, elements and views are put together
 * from.
 */
import { codePoints, isObject, type Json } from './json.ts';

export type Surface = 'message' | 'modal' | 'home';

/** One thing that is wrong with a view or message, and where. */
export interface Fault {
  /** JSON pointer from the view or message, `/blocks/3/text`. */
  readonly at: string;
  readonly says: string;
  /**
   * Slack's error for it, where it is not the usual one; `none`: Slack takes it, but we should not.
   */
  readonly error?: string;
}

/** One walk through a view or message: where it is shown, and what was found on the way. */
export interface Visit {
  readonly surface: Surface;
  readonly faults: Fault[];
}

export type Check = (value: unknown, at: string, visit: Visit) => void;
export type Rule = (value: Json, at: string, visit: Visit) => void;
export interface Optional {
  readonly optional: Check;
}
export type Fields = Readonly<Record<string, Check | Optional>>;

/** A type of block or element: where it may stand, and what it holds. */
export interface Kind {
  readonly surfaces: readonly Surface[];
  readonly check: Check;
}

const EVERYWHERE: readonly Surface[] = ['message', 'modal', 'home'];

export const optional = (check: Check): Optional => ({ optional: check });

export function blame(visit: Visit, at: string, says: string, error?: string): void {
  visit.faults.push(error === undefined ? { at, says } : { at, says, error });
}

/** A string of `min` (usually 1) to `max` code points. */
export function chars(max: number, min = 1): Check {
  return (value, at, visit) => {
    if (typeof value !== 'string') return blame(visit, at, 'must provide a string');
    const length = codePoints(value);
    if (length > max) blame(visit, at, `must be less than ${max + 1} characters`);
    if (length < min) blame(visit, at, `must be more than ${min - 1} characters`);
  };
}

/** A string that a pattern describes; `noun` says what it should have been. */
export function matching(pattern: RegExp, noun: string): Check {
  return (value, at, visit) => {
    if (typeof value !== 'string' || !pattern.test(value)) blame(visit, at, `must be ${noun}`);
  };
}

export const flag: Check = (value, at, visit) => {
  if (typeof value !== 'boolean') blame(visit, at, 'must provide a boolean');
};

export function whole(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return (value, at, visit) => {
    if (!Number.isInteger(value)) return blame(visit, at, 'must provide an integer');
    if (Number(value) < min) blame(visit, at, `must be at least ${min}`);
    if (Number(value) > max) blame(visit, at, `must be at most ${max}`);
  };
}

export function oneOf(...allowed: readonly unknown[]): Check {
  return (value, at, visit) => {
    if (!allowed.includes(value)) blame(visit, at, `must be one of: ${allowed.join(', ')}`);
  };
}

export function list(item: Check, max: number, min = 1): Check {
  return (value, at, visit) => {
    if (!Array.isArray(value)) return blame(visit, at, 'must provide an array');
    if (value.length > max) blame(visit, at, `no more than ${max} items allowed`);
    if (value.length < min) blame(visit, at, `no fewer than ${min} items allowed`);
    for (const [index, child] of value.entries()) item(child, `${at}/${index}`, visit);
  };
}

/** An object with these fields and no others; rules look at several fields at once. */
export function object(fields: Fields, ...rules: Rule[]): Check {
  return (value, at, visit) => {
    if (!isObject(value)) return blame(visit, at, 'must provide an object');
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(fields, name) && value[name] !== undefined)
        blame(visit, `${at}/${name}`, `invalid additional property: ${name}`);
    }
    for (const [name, field] of Object.entries(fields)) checkField(value, name, field, at, visit);
    for (const rule of rules) rule(value, at, visit);
  };
}

function checkField(value: Json, name: string, field: Check | Optional, at: string, visit: Visit) {
  const missing = value[name] === undefined;
  if (typeof field !== 'function') {
    if (!missing) field.optional(value[name], `${at}/${name}`, visit);
  } else if (missing) {
    blame(visit, at, `missing required field: ${name}`);
  } else {
    field(value[name], `${at}/${name}`, visit);
  }
}

/** An object that says by its `type` what it is. */
export function kind(
  fields: Fields,
  rules: readonly Rule[] = [],
  surfaces: readonly Surface[] = EVERYWHERE,
): Kind {
  return { surfaces, check: object({ ...fields, type: anything }, ...rules) };
}

/**
 * One of several kinds, told apart by `type`; refuses unknown types and types of another surface.
 */
export function anyKind(noun: string, kinds: Readonly<Record<string, Kind>>): Check {
  return (value, at, visit) => {
    if (!isObject(value)) return blame(visit, at, `must provide an object: ${noun}`);
    const type = String(value['type']);
    const known = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (known === undefined) return blame(visit, `${at}/type`, `unsupported type: ${type}`);
    if (!known.surfaces.includes(visit.surface))
      blame(visit, `${at}/type`, `unsupported type: ${type} (not in a ${visit.surface})`);
    known.check(value, at, visit);
  };
}

export const anything: Check = () => undefined;

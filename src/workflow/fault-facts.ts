/** Fault facts: what a log may hold of an error: never its message, which may quote a person. */

/** Causes of causes that are looked at. */
const CAUSES_MAX = 5;
/** Names and codes are words; anything else is no name. */
const WORD = /^[A-Za-z0-9_.-]{1,64}$/u;
/** A frame of a stack: where, and nothing of what. Lines of the message look otherwise. */
const FRAME = /^\s+at .*:\d+:\d+\)?$/u;
const FRAMES_MAX = 12;

export interface FaultFacts {
  readonly name: string;
  readonly code: string | number | undefined;
  /** Where it was thrown. */
  readonly at: readonly string[];
}

/** An error and its causes, outermost first: names, codes and places in our code. */
export function faultFacts(error: unknown): FaultFacts[] {
  const facts: FaultFacts[] = [];
  let next = error;
  while (isErrorLike(next) && facts.length < CAUSES_MAX) {
    const { name, code, cause } = next;
    facts.push({
      name: wordOf(name) ?? 'Error',
      code: typeof code === 'number' ? code : wordOf(code),
      at: framesOf(next)
        .filter((line) => FRAME.test(line))
        .slice(0, FRAMES_MAX),
    });
    next = cause;
  }
  return facts.length > 0 ? facts : [{ name: typeof error, code: undefined, at: [] }];
}

/** The lines behind the message, which the stack repeats. */
function framesOf({ stack, message }: ErrorLike): string[] {
  const [whole, says] = [stack, message].map((text) => (typeof text === 'string' ? text : ''));
  const behind = Math.max(0, (whole ?? '').indexOf(says ?? '')) + (says ?? '').length;
  return (whole ?? '').slice(behind).split('\n');
}

const wordOf = (value: unknown): string | undefined =>
  typeof value === 'string' && WORD.test(value) ? value : undefined;

interface ErrorLike {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly stack?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** By its shape: an error of another realm is no instance of ours. */
const isErrorLike = (value: unknown): value is ErrorLike =>
  typeof value === 'object' && value !== null && 'stack' in value;

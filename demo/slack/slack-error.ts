/** Slack error: a refusal of Slack's, by its own code, as the Web API answers it. */
import type { Fault } from './check.ts';
import { inSlackWords } from './validate.ts';

export class SlackError extends Error {
  override readonly name = 'SlackError';
  readonly code: string;
  /** What `response_metadata.messages` says. */
  readonly messages: readonly string[];

  constructor(code: string, messages: readonly string[] = []) {
    super(code);
    this.code = code;
    this.messages = messages;
  }
}

/**
 * Throws what Slack answers to these faults; the most specific error first. Faults that Slack would
 * let pass (`none`) pass.
 * @throws SlackError
 */
export function refuse(faults: readonly Fault[], usual: string, root = ''): void {
  const real = faults.filter((fault) => fault.error !== 'none');
  if (real.length === 0) return;
  const code = real.find((fault) => fault.error !== undefined)?.error ?? usual;
  throw new SlackError(
    code,
    real.map((fault) => inSlackWords(fault, root)),
  );
}

/** SMTP turn: one mail that a line has taken: who waits for it, and whether it may still leave. */
import type { ComposedMail } from '../ask-mail.ts';
import type { Delivery } from '../delivery.ts';
import type { Exchange } from './dialog.ts';
import { onAbort } from './on-abort.ts';

/** Asked right before the first byte of a mail leaves; a fault counts as no. */
export type MayLeave = () => boolean | Promise<boolean>;

/** A mail to be sent. */
export interface Job {
  readonly mail: ComposedMail;
  /** The bytes that leave: signed, if we sign. */
  readonly raw: Buffer;
  readonly signal: AbortSignal | undefined;
  readonly mayLeave: MayLeave | undefined;
  readonly done: (delivery: Delivery) => void;
  /** For a bug of ours. */
  readonly fail: (error: unknown) => void;
}

export class Turn {
  readonly job: Job;
  /** The answer to its envelope, where that stood behind the mail before. */
  offered: Promise<Exchange> | undefined;
  /** It must not leave any more. */
  isStopped: boolean;
  readonly #forget: () => void;

  /** @param onStop called when its sender takes it back */
  constructor(job: Job, onStop: (turn: Turn) => void) {
    this.job = job;
    this.isStopped = job.signal?.aborted === true;
    this.#forget = onAbort(job.signal, () => {
      this.isStopped = true;
      onStop(this);
    });
  }

  get mail(): ComposedMail {
    return this.job.mail;
  }

  get raw(): Buffer {
    return this.job.raw;
  }

  /** Once no, always no: what was withheld does not leave over another session either. */
  mayLeave(): boolean | Promise<boolean> {
    try {
      const may = this.job.mayLeave?.() ?? true;
      if (typeof may === 'boolean') return this.#told(may);
      return may.then(
        (said) => this.#told(said),
        () => this.#told(false),
      );
    } catch {
      return this.#told(false);
    }
  }

  #told(may: boolean): boolean {
    if (!may) this.isStopped = true;
    return !this.isStopped;
  }

  end(delivery: Delivery): void {
    this.#forget();
    this.job.done(delivery);
  }

  fail(error: unknown): void {
    this.#forget();
    this.job.fail(error);
  }
}

/** Send pass: one pass of one sending process over one workspace, as its steps share it. */
import type { ComposedMail } from '../../mail/ask-mail.ts';
import type { RouteDown } from '../../mail/delivery.ts';
import type { Store } from '../../store/database.ts';
import type { SendDocument } from '../../store/send-document.ts';
import type { AskMailer, Deps, MailRoute } from '../deps.ts';
import type { AheadGate } from './ahead-gate.ts';
import type { Governor } from './governor.ts';
import type { SettledCounts } from './settle-send.ts';

export interface Pass {
  readonly deps: Deps;
  readonly mail: AskMailer;
  readonly workspace: string;
  readonly store: Store;
  /** Decides who may be mailed now, and over which route. */
  readonly governor: Governor;
  /** Bounds what is written ahead by all lanes together. */
  readonly ahead: AheadGate;
  /** Aborted at shutdown: nothing new is begun. */
  readonly signal: AbortSignal;
  /** Aborted when what was begun at shutdown has had its time. */
  readonly drained: AbortSignal;
  readonly counts: SettledCounts & { cancelled: number };
  /** Set when a batch failed for a fault of ours: the pass ends. */
  isBroken?: boolean;
  /** The latest failure of a route; its breaker decides what follows. */
  routeDown?: RouteDown;
}

/** A mail that is composed and about to leave. */
export interface Outgoing {
  readonly send: SendDocument;
  readonly mail: ComposedMail;
}

/** A mail with the way that it takes. */
export interface Routed extends Outgoing {
  readonly route: MailRoute;
}

/** True while the pass may begin something new. */
export function goesOn({ signal, isBroken }: Pass): boolean {
  return !signal.aborted && isBroken !== true;
}

/**
 * Request: one ask of a teammate, and its life.
 *
 *   awaiting-approval ─approve─▶ approved ──────start─────▶ processing ⇄ paused
 *      │  │  │    └──approve-later──▶ scheduled ──start──▶      │ │ │
 *      │  │  └─expire─▶ expired          │                      │ │ └─finish─▶ done ─undo─▶ undone
 *      │  └─reject─▶ rejected            │                      │ └─ask─▶ asking ⇄ paused ─finish─▶ done
 *      └────cancel──▶ cancelled ◀────────┴──────cancel──────────┘
 *
 * Nothing changes before the approval; the approver is never the requester.
 */
import type { Plan, RequestKind } from './plan.ts';
import { Refusal } from './refusal.ts';

export const REQUEST_STATES = [
  'awaiting-approval',
  'approved',
  'scheduled',
  'processing',
  'paused',
  'asking',
  'done',
  'rejected',
  'expired',
  'cancelled',
  'failed',
  'undone',
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

export const REQUEST_EVENTS = [
  'approve',
  'approve-later',
  'reject',
  'expire',
  'cancel',
  'start',
  'pause',
  'resume-processing',
  'resume-asking',
  'ask',
  'finish',
  'fail',
  'undo',
] as const;
export type RequestEvent = (typeof REQUEST_EVENTS)[number];

const LIFE: Readonly<Record<RequestState, Partial<Record<RequestEvent, RequestState>>>> = {
  'awaiting-approval': {
    approve: 'approved',
    'approve-later': 'scheduled',
    reject: 'rejected',
    expire: 'expired',
    cancel: 'cancelled',
  },
  approved: { start: 'processing', cancel: 'cancelled', fail: 'failed' },
  scheduled: { start: 'processing', cancel: 'cancelled', fail: 'failed' },
  processing: {
    pause: 'paused',
    cancel: 'cancelled',
    ask: 'asking',
    finish: 'done',
    fail: 'failed',
  },
  paused: { 'resume-processing': 'processing', 'resume-asking': 'asking', cancel: 'cancelled' },
  asking: { pause: 'paused', cancel: 'cancelled', finish: 'done', fail: 'failed' },
  failed: { start: 'processing', cancel: 'cancelled' },
  done: { undo: 'undone' },
  cancelled: {},
  rejected: {},
  expired: {},
  undone: {},
};

/** The state after `event`. @throws Refusal `request_not_open` if the event does not apply */
export function nextState(state: RequestState, event: RequestEvent): RequestState {
  const to = LIFE[state][event];
  if (to === undefined) throw new Refusal('request_not_open');
  return to;
}

/** True if the event may happen now; for buttons that should not be shown otherwise. */
export function mayHappen(state: RequestState, event: RequestEvent): boolean {
  return LIFE[state][event] !== undefined;
}

/** States out of which nothing leads: their cards have no buttons. */
export function isEnded(state: RequestState): boolean {
  return Object.keys(LIFE[state]).every((event) => event === 'undo');
}

export interface Approval {
  readonly by: string;
  readonly at: Date;
  readonly planHash: string;
}

/** What happened to a request, as its card tells it. */
export interface RequestStep {
  readonly event: RequestEvent | 'submit' | 'recount';
  /** Slack user id, or `assent` for the clock. */
  readonly by: string;
  readonly at: Date;
  readonly note?: string | undefined;
}

/** What came of the addresses so far; compared with the plan's counts at the end. */
export interface RequestCounts {
  readonly addresses: number;
  readonly changed: number;
  readonly skips: Readonly<Record<string, number>>;
  readonly asks: number;
}

export interface Request {
  readonly id: string;
  readonly workspace: string;
  readonly kind: RequestKind;
  readonly state: RequestState;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly plan: Plan;
  /** True if an approver must be warned (provenance "other", or an import's "other"). */
  readonly warning?: string | undefined;
  /** The campaign whose run this is; its approval is the campaign's. */
  readonly campaign?: string | undefined;
  /** When the change shall begin; undefined: as soon as it is approved. */
  readonly runAt?: Date | undefined;
  readonly expiresAt: Date;
  readonly approval?: Approval | undefined;
  readonly history: readonly RequestStep[];
  readonly pausedFrom?: 'processing' | 'asking' | undefined;
  /** The end counts; set when processing ends. */
  readonly counts?: RequestCounts | undefined;
}

/**
 * Checks what the deciding write checks again: state, four eyes, expiry.
 * @throws Refusal `request_not_open`, `approver_is_requester`, `request_expired`
 */
export function assertMayDecide(request: Request, approver: string, now: Date): void {
  if (request.state !== 'awaiting-approval') throw new Refusal('request_not_open');
  if (request.requestedBy === approver) throw new Refusal('approver_is_requester');
  if (request.expiresAt <= now) throw new Refusal('request_expired');
}

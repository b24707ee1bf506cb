/** Models: requests in every state, plain ones and ones with the longest and most hostile texts. */
import { ASK_SKIPS } from '../../../src/consent/ask.ts';
import { SKIPS } from '../../../src/consent/eligibility.ts';
import {
  EVIDENCE_FILES_MAX,
  EVIDENCE_NAME_MAX,
  type EvidenceFile,
} from '../../../src/consent/evidence.ts';
import {
  type Interview,
  type PermittedSource,
  questionsOf,
} from '../../../src/consent/interview.ts';
import {
  makePlan,
  type PlanCounts,
  type RequestKind,
  type Terms,
} from '../../../src/consent/plan.ts';
import type { Request, RequestState, RequestStep } from '../../../src/consent/request.ts';
import type { Suggestion } from '../../../src/store/audiences.ts';
import type { RequestStatus } from '../../../src/workflow/read-status.ts';

export const NOW = new Date('2026-03-31T10:00:00Z');
export const REQUESTER = 'U0ASKS';
export const APPROVER = 'U0SAYSYES';
/** What a malicious or unlucky teammate may type; `&` is five characters when it is escaped. */
const HOSTILE = '<!channel> <@U0ADMIN> & *ann@example.org* `x` <https://evil.example|ok> \u202Etxt';

/** Hostile text of exactly so many code points. */
export function hostile(length: number): string {
  const text = HOSTILE.repeat(Math.ceil(length / Array.from(HOSTILE).length));
  return Array.from(text).slice(0, length).join('');
}

const DECIDED_BY: Partial<Record<RequestState, RequestStep['event']>> = {
  approved: 'approve',
  scheduled: 'approve-later',
  processing: 'approve',
  paused: 'approve',
  asking: 'approve',
  done: 'approve',
  rejected: 'reject',
  expired: 'expire',
  cancelled: 'cancel',
  failed: 'approve',
  undone: 'approve',
};

export interface ModelOptions {
  readonly kind?: RequestKind;
  readonly state?: RequestState;
  readonly counts?: Partial<PlanCounts>;
  readonly terms?: Partial<Terms>;
  readonly over?: Partial<Request>;
}

export function aRequest({
  kind = 'opt-in',
  state,
  counts,
  terms,
  over,
}: ModelOptions = {}): Request {
  const plan = makePlan(
    {
      kind,
      audience: {
        sources: [{ kind: 'batch', id: 'b_1' }],
        match: 'any',
        fields: ['email'],
        cutoff: NOW,
      },
      ...(kind === 'opt-in' ? { interview: anInterview('web-form') } : {}),
      ...(kind === 'opt-out' ? { reason: 'They left the club.' } : {}),
      ...terms,
    },
    {
      addresses: 12_500,
      change: 12_480,
      skips: { complaint: 20 },
      asks: 0,
      askSkips: {},
      ...counts,
    },
    NOW,
  );
  const now = state ?? 'awaiting-approval';
  const decided = DECIDED_BY[now];
  const at = NOW;
  return {
    id: 'q_1a2b3c4d5e6f',
    workspace: 'T0TEST',
    kind,
    state: now,
    requestedBy: REQUESTER,
    requestedAt: NOW,
    plan,
    expiresAt: new Date('2026-04-03T10:00:00Z'),
    ...(now === 'paused' ? { pausedFrom: 'processing' as const } : {}),
    history: [
      { event: 'submit', by: REQUESTER, at },
      ...(decided === undefined ? [] : [{ event: decided, by: APPROVER, at }]),
    ],
    ...over,
  };
}

export function anInterview(
  source: PermittedSource,
  answer?: (length: number) => string,
): Interview {
  const answers = questionsOf(source).map(({ id, kind, lengthMax = 500 }) => {
    if (kind === 'yes-no') return [id, false] as const;
    if (kind === 'date') return [id, '2026-02-01'] as const;
    if (kind === 'url') return [id, 'https://example.com/form'] as const;
    return [id, answer === undefined ? 'A plain answer, long enough.' : answer(lengthMax)] as const;
  });
  return { source, answers: Object.fromEntries(answers), attested: true };
}

export const AUDIENCE: readonly Suggestion[] = [
  { kind: 'batch', id: 'b_1', name: 'Spring fair', size: 12_500 },
];

export function aStatus(request: Request, over: Partial<RequestStatus> = {}): RequestStatus {
  return {
    request,
    audience: AUDIENCE,
    counts: request.counts ?? { addresses: 0, changed: 0, skips: {}, asks: 0 },
    asks: {},
    sends: {},
    outcomes: {},
    channelLost: false,
    messageRefused: false,
    ...over,
  };
}

const BIG = 98_765_432;
const everySkip = <T extends string>(skips: readonly T[]) =>
  Object.fromEntries(skips.map((skip) => [skip, BIG])) as Record<T, number>;

/** As many files as fit, of the worst names. */
export const theMostEvidence = (): EvidenceFile[] =>
  Array.from({ length: EVIDENCE_FILES_MAX }, (_, at) => ({
    id: `e_${at}`,
    name: hostile(EVIDENCE_NAME_MAX),
    bytes: 9_999_999,
    sha256: 'f'.repeat(64),
    link: `https://example.slack.com/files/${'x'.repeat(200)}?a=1&b=2`,
  }));

/** The most that a request can hold, in the worst words. */
export function worstStatus(kind: RequestKind, state: RequestState, source: PermittedSource) {
  const sources = Array.from({ length: 10 }, (_, index) => ({
    kind: index % 2 === 0 ? ('batch' as const) : ('tag' as const),
    id: `x_${index}`,
  }));
  const at = NOW;
  const note = hostile(500);
  const request = aRequest({
    kind,
    state,
    terms: {
      audience: { sources, match: 'all', fields: ['email', 'email2', 'email3'], cutoff: NOW },
      ...(kind === 'opt-in'
        ? { interview: anInterview(source, hostile), evidence: theMostEvidence() }
        : {}),
      ...(kind === 'opt-out' ? { reason: hostile(500) } : {}),
      ...(kind === 'opt-out'
        ? {}
        : {
            ask: {
              who: 'changed' as const,
              template: 'double-opt-in-of-a-long-name',
              templateHash: 'a'.repeat(64),
              silence: 'revert' as const,
              linkDays: 30,
              reminderDays: 29,
              unknown: 'resend-once' as const,
              followsUp: true as const,
            },
          }),
    },
    counts: {
      addresses: BIG * 12,
      change: BIG,
      skips: everySkip(SKIPS),
      asks: BIG,
      askSkips: everySkip(ASK_SKIPS),
    },
    over: {
      warning: hostile(300),
      runAt: NOW,
      counts: { addresses: BIG * 11, changed: BIG - 5, skips: everySkip(SKIPS), asks: BIG },
    },
  });
  const recounts = Array.from({ length: 30 }, () => ({
    event: 'recount' as const,
    by: 'assent',
    at,
    note,
  }));
  const history = [...request.history.map((step) => ({ ...step, note })), ...recounts];
  return aStatus(
    { ...request, history: [...recounts, ...history] },
    {
      audience: sources.map(({ kind: of, id }) => ({
        kind: of,
        id,
        name: hostile(200),
        size: BIG,
      })),
      asks: { queued: BIG, sent: BIG, cancelled: BIG },
      sends: { queued: BIG, sent: BIG, bounced: BIG, blocked: BIG, unknown: BIG, cancelled: BIG },
      outcomes: { confirmed: BIG, stopped: BIG, silent: BIG },
      channelLost: true,
      messageRefused: true,
    },
  );
}

/**
 * Submit: a teammate asks. The terms are checked, counted and frozen as a plan; nothing changes.
 *
 * A refused provenance is put on record. The approval card is written with the request, so that a
 * crash between the two loses neither.
 */
import { randomBytes } from 'node:crypto';
import type { SilenceMeaning } from '../consent/ask.ts';
import { type AudienceChoice, checkAudience } from '../consent/audience.ts';
import type { Interview } from '../consent/interview.ts';
import {
  type AskTerms,
  makePlan,
  planSize,
  type RequestKind,
  type Terms,
  type UnknownPolicy,
} from '../consent/plan.ts';
import { permittedInterview, provenanceHash } from '../consent/provenance.ts';
import { Refusal } from '../consent/refusal.ts';
import type { Request } from '../consent/request.ts';
import type { Store } from '../store/database.ts';
import type { Tx } from '../store/scoped.ts';
import { templateHash } from './custom-templates.ts';
import type { Deps } from './deps.ts';
import { followUpTerms, withFollowUps } from './follow-ups.ts';
import { namedEvidence } from './keep-evidence.ts';
import { describeAudience, freezeAudience, previewRequest } from './preview-request.ts';
import { requireRole } from './require-role.ts';

const HOUR_MS = 60 * 60 * 1000;
const ID_BYTES = 6;
/** A reason longer than this is no reason but a letter (characters). */
export const REASON_MAX = 500;

/** What a teammate fills in. */
export interface RequestForm {
  readonly kind: Exclude<RequestKind, 'undo'>;
  readonly choice: AudienceChoice;
  readonly interview?: Interview | undefined;
  /** Ids of files that show how the addresses were obtained (keep-evidence.ts). */
  readonly evidence?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly ask?:
    | {
        readonly who: AskTerms['who'];
        readonly template: string;
        readonly silence: SilenceMeaning;
        /** See AskTerms. */
        readonly reminderDays?: number | undefined;
        readonly unknown?: UnknownPolicy | undefined;
      }
    | undefined;
  readonly runAt?: Date | undefined;
}

export interface Submission {
  readonly workspace: string;
  readonly by: string;
  /** What it came from, e.g. a view's id: a second delivery finds the first one's request. */
  readonly submission: string;
  readonly form: RequestForm;
  /** An import that opens a request acts for its operator, who holds no Slack role. */
  readonly onBehalfOfImport?: boolean;
}

/** What is known of a request that is refused before it is complete. */
export type Refused = Pick<Submission, 'workspace' | 'by' | 'submission'> & {
  readonly form: Pick<RequestForm, 'kind' | 'choice'>;
};

/** A workspace that just installed the app has none: nobody could see the request. */
async function requireChannel(deps: Deps, workspace: string): Promise<void> {
  if (deps.installs === undefined) return;
  if ((await deps.settings(workspace)).channel === '') throw new Refusal('not_set_up');
}

/**
 * Checks, counts and files a request.
 * @throws Refusal for everything that a person can mend: role, audience, provenance, reason, mail
 */
export async function submitRequest(deps: Deps, submission: Submission): Promise<Request> {
  const { workspace, by, form } = submission;
  if (submission.onBehalfOfImport !== true) {
    await requireRole(deps, workspace, by, 'requester');
    await requireChannel(deps, workspace);
  }
  const store = deps.database.of(workspace);
  const earlier = await store.requests.findBySubmission(submission.submission);
  if (earlier !== undefined) return earlier;
  const { terms, warning } = await checkedTerms(deps, submission);
  const counts = await previewRequest(deps, workspace, terms);
  const now = deps.now();
  const plan = makePlan(terms, counts, now);
  if (planSize(plan) === 0) throw new Refusal('nothing_to_change');
  const { approvalHours, channel } = await deps.settings(workspace);
  const request: Request = {
    id: `q_${randomBytes(ID_BYTES).toString('hex')}`,
    workspace,
    kind: form.kind,
    state: 'awaiting-approval',
    requestedBy: by,
    requestedAt: now,
    plan,
    ...(warning === undefined ? {} : { warning }),
    ...(form.runAt === undefined ? {} : { runAt: form.runAt }),
    expiresAt: new Date(now.getTime() + approvalHours * HOUR_MS),
    history: [{ event: 'submit', by, at: now }],
  };
  try {
    await deps.database.inTransaction(async (tx) => {
      await store.requests.insert(request, submission.submission, tx);
      await takeEvidence(store, request, tx);
      await store.ledger.append([submitEntry(request)], tx);
      await store.announcements.want(
        { kind: 'approval-card', about: { kind: 'request', id: request.id }, to: channel },
        now,
        tx,
      );
    });
  } catch (error) {
    // Two deliveries at once: the index let one of them in, and both mean the same request.
    const faster = await store.requests.findBySubmission(submission.submission);
    if (faster === undefined) throw error;
    return faster;
  }
  await deps.queue.wakeAnnouncer();
  return request;
}

/** @throws Refusal `evidence_not_found` if a file was dropped since its hash went into the plan */
async function takeEvidence(
  store: Store,
  { id, plan: { terms } }: Pick<Request, 'id' | 'plan'>,
  tx: Tx,
): Promise<void> {
  const files = (terms.evidence ?? []).map((file) => file.id);
  if (files.length === 0) return;
  const taken = await store.evidence.take(files, id, tx);
  if (taken < files.length) throw new Refusal('evidence_not_found');
}

/** The terms of a form, each checked. What is refused for its provenance is put on record. */
async function checkedTerms(
  deps: Deps,
  submission: Submission,
): Promise<{ terms: Terms; warning: string | undefined }> {
  const { workspace, form } = submission;
  checkAudience(form.choice);
  if (form.runAt !== undefined && form.runAt <= deps.now()) throw new Refusal('run_at_past');
  await describeAudience(deps, workspace, form.choice);
  const ask = await askTerms(deps, workspace, form);
  const audience = freezeAudience(form.choice, deps.now());
  if (form.kind === 'opt-out') {
    const reason = form.reason?.trim().slice(0, REASON_MAX);
    if (reason === undefined || reason === '') throw new Refusal('reason_missing');
    return { terms: { kind: form.kind, audience, reason }, warning: undefined };
  }
  if (form.kind === 'reconfirm') {
    if (ask === undefined) throw new Refusal('template_not_found');
    return { terms: { kind: form.kind, audience, ask }, warning: undefined };
  }
  return optInTerms(deps, submission, { audience, ask });
}

/** An opt-in stands on how its addresses were obtained, and on files that show it. */
async function optInTerms(
  deps: Deps,
  submission: Submission,
  { audience, ask }: Pick<Terms, 'audience' | 'ask'>,
): Promise<{ terms: Terms; warning: string | undefined }> {
  const { interview, mustAsk, needsApprover } = await permittedOrRecorded(deps, submission);
  if (mustAsk && ask?.silence !== 'revert') throw new Refusal('must_ask');
  const evidence = await namedEvidence(deps, submission.workspace, submission.form.evidence ?? []);
  const asking = ask === undefined ? {} : { ask: mustAsk ? { ...ask, required: true } : ask };
  return {
    terms: {
      kind: 'opt-in',
      audience,
      interview,
      ...(evidence.length === 0 ? {} : { evidence }),
      ...asking,
    },
    warning: needsApprover ? 'The source is “something else”: read the explanation.' : undefined,
  };
}

async function permittedOrRecorded(deps: Deps, submission: Submission) {
  const { interview } = submission.form;
  if (interview === undefined) throw new Refusal('provenance_incomplete');
  try {
    return permittedInterview(interview, deps.now());
  } catch (error) {
    if (error instanceof Refusal && error.code === 'provenance_refused') {
      await recordRefusal(deps, submission, interview);
    }
    throw error;
  }
}

/**
 * A refusal is proof too: who asked, and what source they named. Once for each `submission`.
 * Doors that stop before the last step call it themselves.
 */
export async function recordRefusal(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, by, submission, form }: Refused,
  interview: Interview,
): Promise<void> {
  const store = database.of(workspace);
  if (!(await store.seen.firstTime(`refuse-request:${submission}`, now()))) return;
  const id = `q_${randomBytes(ID_BYTES).toString('hex')}`;
  await database.inTransaction((tx) =>
    store.ledger.append(
      [
        {
          _id: `${id}.refuse`,
          act: 'refuse-request',
          cause: { kind: 'request', id },
          who: by,
          provenance: { source: interview.source, hash: provenanceHash(interview) },
          facts: { kind: form.kind, audience: form.choice.sources.map((s) => s.id).join(' ') },
          at: now(),
          addresses: [],
        },
      ],
      tx,
    ),
  );
}

async function askTerms(
  deps: Deps,
  workspace: string,
  form: RequestForm,
): Promise<AskTerms | undefined> {
  if (form.ask === undefined || form.kind === 'opt-out') return undefined;
  if (!deps.canAsk) throw new Refusal('mail_not_configured');
  const { template, silence, who } = form.ask;
  const { linkDays } = await deps.settings(workspace);
  return {
    who: form.kind === 'reconfirm' ? 'single-opt-in' : who,
    template,
    templateHash: await templateHash(deps, workspace, template),
    silence,
    linkDays,
    ...withFollowUps(followUpTerms(deps, form.ask, linkDays)),
  };
}

function submitEntry({ id, requestedBy, requestedAt, plan, kind }: Request) {
  const { interview, evidence } = plan.terms;
  const files = evidence?.map(({ sha256 }) => sha256).join(' ');
  return {
    _id: `${id}.submit`,
    act: 'submit-request' as const,
    cause: { kind: 'request' as const, id },
    who: requestedBy,
    planHash: plan.hash,
    ...(interview === undefined
      ? {}
      : { provenance: { source: interview.source, hash: provenanceHash(interview) } }),
    facts: {
      kind,
      change: plan.counts.change,
      asks: plan.counts.asks,
      ...(files === undefined ? {} : { evidence: files }),
    },
    at: requestedAt,
    addresses: [],
  };
}

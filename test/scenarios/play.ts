/**
 * Play: what people do in a scenario, act by act, through the same steps that the doors call. What
 * they are refused, and what recipients are told, is written down; everything else that is thrown
 * ends the scenario.
 */
import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReceivedMail } from '../../demo/inbox/inbox.ts';
import { oneClickLinkOf, reviewLinkOf, stopLinkOf } from '../../demo/inbox/links.ts';
import { type AudienceSource, EMAIL_FIELDS, readSourceKey } from '../../src/consent/audience.ts';
import type { PlanCounts } from '../../src/consent/plan.ts';
import { Refusal } from '../../src/consent/refusal.ts';
import { openCsvBuffer } from '../../src/store/csv/file.ts';
import { openRejectFile } from '../../src/store/reject-file.ts';
import { approveRequest } from '../../src/workflow/approve-request.ts';
import { confirmAddress } from '../../src/workflow/confirm-address.ts';
import { cancelRequest, rejectRequest } from '../../src/workflow/decide-request.ts';
import { type ImportResult, importContacts } from '../../src/workflow/import-contacts.ts';
import { processRequest } from '../../src/workflow/process-request.ts';
import { sendConfirmations } from '../../src/workflow/send-confirmations.ts';
import { type RequestForm, submitRequest } from '../../src/workflow/submit-request.ts';
import { sweep } from '../../src/workflow/sweep.ts';
import { withdrawConsent } from '../../src/workflow/withdraw-consent.ts';
import { TEMPLATE, WORKSPACE } from '../support/deps.ts';
import { type Act, type Given, PEOPLE, type Who } from './given.ts';
import type { Stage } from './stage.ts';
import type { Then } from './then.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** What an act takes: each has its own time, as with real people. */
const ACT_MS = 60 * 1000;
const CSV_BYTES_MAX = 1_000_000;
/** Nobody shuts us down while we play. */
const { signal } = new AbortController();

type ActOf<Name extends Act['act']> = Extract<Act, { act: Name }>;

/** What was written down while the acts were played. */
export interface Played {
  readonly imports: { readonly batch: string; readonly result: ImportResult; rejects: string[] }[];
  /** In the order of their making, with the plan that was counted first. */
  readonly requests: { readonly id: string; readonly plan: PlanCounts }[];
  readonly refusals: Then['refusals'];
  readonly mails: Then['mails'];
  readonly answers: Then['answers'];
}

interface Play extends Played {
  readonly stage: Stage;
  /** Mail that came since the scenario began. */
  readonly received: () => readonly ReceivedMail[];
}

/** @throws Error that names the act, if something other than a refusal is thrown */
export async function play(stage: Stage, { acts }: Given): Promise<Played> {
  const before = stage.inbox.mails.length;
  const received = () => stage.inbox.mails.slice(before);
  const played: Play = {
    stage,
    received,
    imports: [],
    requests: [],
    refusals: [],
    mails: [],
    answers: [],
  };
  for (const [index, act] of acts.entries()) {
    try {
      await perform(played, act, index + 1);
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw new Error(`act ${index + 1}, ${act.act}`, { cause });
      played.refusals.push({ act: index + 1, code: cause.code, sentence: cause.message });
    }
    noteMails(played);
    pass(stage, ACT_MS);
  }
  return played;
}

async function perform(played: Play, act: Act, number: number): Promise<void> {
  const { deps } = played.stage;
  switch (act.act) {
    case 'import':
      return importFile(played, act);
    case 'request':
      return ask(played, act, number);
    case 'approve':
      return approve(played, act);
    case 'reject':
      await rejectRequest(deps, { ...decision(played, act), reason: act.reason });
      return;
    case 'cancel':
      await cancelRequest(deps, decision(played, act));
      return;
    case 'process':
      return processRequest(deps, { workspace: WORKSPACE, request: latest(played), signal });
    case 'send':
      await sendConfirmations(deps, WORKSPACE, { signal });
      return;
    case 'confirm':
      return confirm(played, act, number);
    case 'stop':
      return stop(played, act, number);
    case 'wait':
      return pass(played.stage, (act.days ?? 0) * DAY_MS + (act.hours ?? 0) * HOUR_MS);
    case 'clock':
      return sweep(deps, signal);
    default:
      throw new Error(`nobody knows how to ${(act satisfies never as Act).act}`);
  }
}

async function importFile(played: Play, act: ActOf<'import'>): Promise<void> {
  const { deps } = played.stage;
  const csv = await openCsvBuffer(Buffer.from(`${act.lines.join('\n')}\n`), {
    bytesMax: CSV_BYTES_MAX,
  });
  const rejectPath = join(tmpdir(), `scenario-${randomBytes(6).toString('hex')}.csv`);
  try {
    const result = await importContacts(deps, {
      workspace: WORKSPACE,
      csv,
      fileName: act.file,
      permission: act.permission,
      interview: act.howObtained,
      tags: act.tags ?? [],
      by: PEOPLE[act.by],
      again: false,
      dryRun: false,
      rejects: openRejectFile(rejectPath, csv.headers),
      openOptIn: (batch, interview) =>
        submit(played, {
          by: act.by,
          submission: `import:${batch}`,
          onBehalfOfImport: true,
          form: {
            kind: 'opt-in',
            choice: { sources: [{ kind: 'batch', id: batch }], match: 'any', fields: EMAIL_FIELDS },
            interview,
          },
        }),
    });
    const rejects = result.rejectFile === null ? [] : rejectsIn(await readFile(rejectPath, 'utf8'));
    played.imports.push({ batch: result.batch ?? '', result, rejects });
  } finally {
    await csv.close();
    await rm(rejectPath, { force: true });
  }
}

/** `line 3, Email: There is no @ in it.` */
function rejectsIn(text: string): string[] {
  const rows = [...text.matchAll(/^"(\d+)","([^"]*)","([^"]*)"/gmu)];
  return rows.map(([, line, column, reason]) =>
    column === '' ? `line ${line}: ${reason}` : `line ${line}, ${column}: ${reason}`,
  );
}

async function ask(played: Play, act: ActOf<'request'>, number: number): Promise<void> {
  const { of, match, fields } = act.audience;
  const sources = await Promise.all(of.map((name) => sourceOf(played, name)));
  await submit(played, {
    by: act.by,
    submission: `act:${number}`,
    form: {
      kind: act.kind,
      choice: { sources, match, fields },
      interview: act.howObtained,
      reason: act.reason,
      ask: act.ask === undefined ? undefined : { ...act.ask, template: TEMPLATE },
    },
  });
}

/** Batches and tags go by their names, as when somebody types them. */
async function sourceOf({ stage }: Play, text: string): Promise<AudienceSource> {
  const source = readSourceKey(text);
  if (source === undefined) throw new Error(`${text} names neither a batch nor a tag`);
  const { audiences } = stage.deps.database.of(WORKSPACE);
  const found = await audiences.findByName(source.kind, source.id);
  if (found === undefined) throw new Error(`there is no ${text}`);
  return { kind: found.kind, id: found.id };
}

async function submit(
  { stage, requests }: Play,
  {
    by,
    ...submission
  }: {
    readonly by: Who;
    readonly submission: string;
    readonly form: RequestForm;
    readonly onBehalfOfImport?: boolean;
  },
): Promise<string> {
  const { id, plan } = await submitRequest(stage.deps, {
    workspace: WORKSPACE,
    by: PEOPLE[by],
    ...submission,
  });
  requests.push({ id, plan: plan.counts });
  return id;
}

/** The approver looks at the card as it stands and clicks. */
async function approve(played: Play, act: ActOf<'approve'>): Promise<void> {
  const { deps } = played.stage;
  const { plan } = await deps.database.of(WORKSPACE).requests.find(latest(played));
  await approveRequest(deps, { ...decision(played, act), planHash: plan.hash });
}

function decision(played: Play, { by }: { readonly by: Who }) {
  return { workspace: WORKSPACE, request: latest(played), by: PEOPLE[by] };
}

/** People decide the request that was made last. */
function latest({ requests }: Play): string {
  const last = requests.at(-1);
  if (last === undefined) throw new Error('there is no request');
  return last.id;
}

async function confirm(played: Play, act: ActOf<'confirm'>, number: number): Promise<void> {
  const { deps } = played.stage;
  const token = tokenIn(reviewLinkOf(mailOf(played, act)));
  const outcome = await confirmAddress(deps, token, { at: deps.now() });
  played.answers.push({ act: number, address: act.address, outcome });
}

async function stop(played: Play, act: ActOf<'stop'>, number: number): Promise<void> {
  const { deps } = played.stage;
  const linkOf = act.how === 'page' ? stopLinkOf : oneClickLinkOf;
  const token = tokenIn(linkOf(mailOf(played, act)));
  const outcome = await withdrawConsent(deps, token, act.how, { at: deps.now() });
  played.answers.push({ act: number, address: act.address, outcome });
}

function mailOf(
  { received }: Play,
  { address, mail }: { readonly address: string; readonly mail?: number | undefined },
): ReceivedMail {
  const theirs = received().filter(({ to }) => to === address);
  const found = mail === undefined ? theirs.at(-1) : theirs[mail - 1];
  if (found === undefined) throw new Error(`${address} got no such mail`);
  return found;
}

const tokenIn = (link: string): string =>
  decodeURIComponent(new URL(link).pathname.split('/').at(-1) ?? '');

/** Mail leaves on several connections at once: within one act it is told by address. */
function noteMails({ stage, received, mails }: Play): void {
  const on = stage.deps.now().toISOString().slice(0, 10);
  const fresh = received().slice(mails.length);
  mails.push(...fresh.map(({ to }) => ({ on, to })).toSorted((a, b) => (a.to < b.to ? -1 : 1)));
}

function pass({ deps }: Stage, ms: number): void {
  deps.setNow(new Date(deps.now().getTime() + ms));
}

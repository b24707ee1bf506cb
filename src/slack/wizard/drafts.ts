/**
 * Drafts: the answers of a wizard in progress, as they are kept and found again.
 *
 * A view carries only where it belongs (draft id, step, revision): what was answered stays with us.
 * The revision grows with every step, so that a window left behind cannot overwrite a newer one.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { SILENCE_MEANINGS } from '../../consent/ask.ts';
import { EMAIL_FIELDS } from '../../consent/audience.ts';
import { SOURCES } from '../../consent/interview.ts';
import { UNKNOWN_POLICIES } from '../../consent/plan.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { DraftDocument } from '../../store/drafts.ts';
import type { Deps } from '../../workflow/deps.ts';
import { present } from '../blocks/blocks.ts';

/** The steps in their order; a re-confirmation has no `how`. */
export const STEPS = ['who', 'what', 'how', 'review'] as const;
export type Step = (typeof STEPS)[number];

export const WIZARD_KINDS = ['opt-in', 'opt-out', 'reconfirm'] as const;
export type WizardKind = (typeof WIZARD_KINDS)[number];

/** Whom an opt-in asks for confirmation. */
export const ASK_CHOICES = ['nobody', 'changed', 'single-opt-in'] as const;
export type AskChoice = (typeof ASK_CHOICES)[number];

const ID_BYTES = 12;

const Answers = z.object({
  rev: z.int().min(0),
  kind: z.enum(WIZARD_KINDS),
  sources: z.array(z.object({ kind: z.enum(['batch', 'tag']), id: z.string() })),
  match: z.enum(['any', 'all']),
  fields: z.array(z.enum(EMAIL_FIELDS)),
  source: z.enum(SOURCES).optional(),
  answers: z.record(z.string(), z.union([z.string(), z.boolean()])),
  attested: z.boolean(),
  /** Files that were brought; a draft of an older version has none. */
  evidence: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        bytes: z.number(),
        sha256: z.string(),
        link: z.string().optional(),
      }),
    )
    .default([]),
  reason: z.string().optional(),
  ask: z.enum(ASK_CHOICES).optional(),
  template: z.string().optional(),
  silence: z.enum(SILENCE_MEANINGS).optional(),
  /** Absent: nobody is reminded. */
  reminderDays: z.int().optional(),
  unknown: z.enum(UNKNOWN_POLICIES).optional(),
  runAt: z.date().optional(),
});
export type Answers = z.infer<typeof Answers>;

export interface Draft {
  readonly id: string;
  readonly step: Step;
  readonly answers: Answers;
}

/** A draft with nothing answered yet; it is stored with its first answer. */
export function newDraft(
  kind: WizardKind,
  { id = newId(), sources = [] }: { id?: string; sources?: Answers['sources'] } = {},
): Draft {
  const answers: Answers = {
    rev: 0,
    kind,
    sources,
    match: 'any',
    fields: ['email'],
    answers: {},
    attested: false,
    evidence: [],
  };
  return { id, step: 'who', answers };
}

function newId(): string {
  return `d_${randomBytes(ID_BYTES).toString('hex')}`;
}

/** The steps that this kind of request goes through. */
export function stepsOf(kind: WizardKind): readonly Step[] {
  return kind === 'reconfirm' ? STEPS.filter((step) => step !== 'how') : STEPS;
}

/** The step after or before another; undefined at the ends. */
export function neighbour(kind: WizardKind, step: Step, distance: 1 | -1): Step | undefined {
  const steps = stepsOf(kind);
  return steps[steps.indexOf(step) + distance];
}

interface Who {
  readonly workspace: string;
  readonly user: string;
}

/** A draft of this person's, or undefined; a stored one that is no longer understood is none. */
export async function findDraft(
  { database }: Pick<Deps, 'database'>,
  { workspace, user }: Who,
  id: string,
): Promise<Draft | undefined> {
  return asDraft(await database.of(workspace).drafts.find(id, user));
}

/** The draft that this person worked on last. */
export async function latestDraft(
  { database }: Pick<Deps, 'database'>,
  { workspace, user }: Who,
): Promise<Draft | undefined> {
  return asDraft(await database.of(workspace).drafts.latest(user, 'request'));
}

export async function saveDraft(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, user }: Who,
  { id, step, answers }: Draft,
): Promise<void> {
  const drafts = database.of(workspace).drafts;
  // What is undefined would be stored as null.
  await drafts.save({ id, user, wizard: 'request', step, answers: present(answers) }, now());
}

export async function discardDraft(
  { database }: Pick<Deps, 'database'>,
  { workspace, user }: Who,
  id: string,
): Promise<void> {
  await database.of(workspace).drafts.discard(id, user);
}

function asDraft(document: DraftDocument | null): Draft | undefined {
  if (document === null) return undefined;
  const answers = Answers.safeParse(document.answers);
  const step = STEPS.find((known) => known === document.step);
  if (!answers.success || step === undefined) return undefined;
  const { _id: id } = document;
  return { id, step, answers: answers.data };
}

/** Where a view belongs. */
export interface Place {
  readonly draft: string;
  readonly step: Step;
  readonly rev: number;
}

const Metadata = z.strictObject({
  d: z.string().regex(/^d_[0-9a-f]{24}$/u),
  s: z.enum(STEPS),
  r: z.int().min(0),
});

export function writePlace({ id, step, answers }: Draft): string {
  return JSON.stringify({ d: id, s: step, r: answers.rev });
}

/** @throws Refusal `draft_not_found` if the metadata is not ours */
export function readPlace(metadata: string): Place {
  try {
    const { d, s, r } = Metadata.parse(JSON.parse(metadata));
    return { draft: d, step: s, rev: r };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) {
      throw new Refusal('draft_not_found');
    }
    throw error;
  }
}

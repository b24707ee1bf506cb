/** Keep evidence: a file that somebody brought to show how addresses were obtained, kept by its hash. */
import {
  EVIDENCE_BYTES_MAX,
  EVIDENCE_NAME_MAX,
  type EvidenceFile,
  evidenceType,
} from '../consent/evidence.ts';
import { Refusal } from '../consent/refusal.ts';
import type { EvidenceDocument } from '../store/evidence.ts';
import type { Deps } from './deps.ts';

export interface BroughtEvidence {
  readonly workspace: string;
  /** Slack user id. */
  readonly by: string;
  readonly name: string;
  readonly content: Buffer;
  readonly link?: string | undefined;
}

/**
 * Keeps a file. Bringing the same file again finds the first one.
 * @throws Refusal `evidence_wrong_type` if it is not what its name says, or nothing that we take
 */
export async function keepEvidence(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, by, name, content, link }: BroughtEvidence,
): Promise<EvidenceFile> {
  const type = evidenceType(name, content);
  if (type === undefined || content.length > EVIDENCE_BYTES_MAX) {
    throw new Refusal('evidence_wrong_type');
  }
  const kept = await database.of(workspace).evidence.keep({
    name: name.slice(0, EVIDENCE_NAME_MAX),
    type,
    by,
    at: now(),
    content,
    ...(link === undefined ? {} : { link }),
  });
  return asEvidence(kept);
}

/**
 * Files as a plan names them.
 * @throws Refusal `evidence_not_found` if one is no longer there
 */
export async function namedEvidence(
  { database }: Pick<Deps, 'database'>,
  workspace: string,
  ids: readonly string[],
): Promise<EvidenceFile[]> {
  const found = await database.of(workspace).evidence.findMany(ids);
  if (found.length < new Set(ids).size) throw new Refusal('evidence_not_found');
  return found.map(asEvidence);
}

/** Files that no request took along within this time are dropped: drafts live for 7 days. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1_000;
const DROPPED_AT_ONCE = 100;

/** Drops what was brought and never sent along. Safe to run at any time. */
export async function dropUnusedEvidence(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(now().getTime() - UNUSED_MS);
  for (const { workspace, id } of await database.clock.unusedEvidence(before, DROPPED_AT_ONCE)) {
    if (signal.aborted) return;
    await database.of(workspace).evidence.drop(id);
  }
}

function asEvidence({ _id: id, name, bytes, sha256, link }: EvidenceDocument): EvidenceFile {
  return { id, name, bytes, sha256, ...(link === undefined ? {} : { link }) };
}

/**
 * Ledger: what counts as proof. One entry is one act on 1 to 1,000 addresses that share all facts.
 *
 * An entry never holds an address, only keyed hashes; its id is made from what caused it, so that a
 * replay cannot write it twice; its canonical bytes are what a later seal hashes. Acts on something
 * else (an import, a refused request) are entries without addresses.
 */
import { z } from 'zod';
import { type Canonical, canonicalJson } from './canonical.ts';
import { PERMISSIONS } from './permission.ts';
import { SUPPRESSIONS } from './suppression.ts';

export const LEDGER_VERSION = 1;
/** Addresses that one entry may name. */
export const ENTRY_ADDRESSES_MAX = 1_000;

export const ACTS = [
  'import',
  'import-address',
  'refuse-request',
  'submit-request',
  'approve-request',
  'reject-request',
  'opt-in',
  'opt-out',
  'confirm',
  'stop',
  'silence',
  'suppress',
  'submit-campaign',
  'approve-campaign',
  'reject-campaign',
  'pause-campaign',
  'resume-campaign',
  'end-campaign',
  'run-campaign',
  'change-settings',
  'install-app',
  'remove-app',
  'add-template',
] as const;
export type Act = (typeof ACTS)[number];

/** What caused an act: a document of ours, by collection and id. */
const CAUSES = [
  'request',
  'import',
  'send',
  'campaign',
  'settings',
  'installation',
  'template',
] as const;

export const LedgerEntrySchema = z.strictObject({
  _id: z.string().min(1).max(200),
  workspace: z.string().min(1).max(64),
  v: z.literal(LEDGER_VERSION),
  act: z.enum(ACTS),
  from: z.enum(PERMISSIONS).optional(),
  to: z.enum(PERMISSIONS).optional(),
  /** Suppressions that the act added or cleared. */
  adds: z.array(z.enum(SUPPRESSIONS)).optional(),
  clears: z.array(z.enum(SUPPRESSIONS)).optional(),
  cause: z.strictObject({ kind: z.enum(CAUSES), id: z.string().min(1).max(200) }),
  /** Slack user id, `recipient`, `assent` (the clock) or the name given to an import. */
  who: z.string().min(1).max(200),
  approver: z.string().max(200).optional(),
  planHash: z.string().length(64).optional(),
  /** How the addresses were obtained: the source and the SHA-256 of the answers on file. */
  provenance: z
    .strictObject({ source: z.string().max(40), hash: z.string().length(64) })
    .optional(),
  /** What else is proven: file hash, template hash, method of a stop; short strings, no addresses. */
  facts: z.record(z.string(), z.union([z.string(), z.int(), z.boolean()])).optional(),
  at: z.date(),
  addresses: z.array(z.string().length(32)).max(ENTRY_ADDRESSES_MAX),
});
export type LedgerEntry = z.infer<typeof LedgerEntrySchema>;

/** The bytes that are hashed when an entry is sealed: all fields, addresses in stored order. */
export function entryBytes(entry: LedgerEntry): Buffer {
  return Buffer.from(canonicalJson(entry as unknown as Canonical), 'utf8');
}

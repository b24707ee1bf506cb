/**
 * Then: everything that must have come of a scenario, as `then.json` says it. Every field is
 * compared, and none may be left out: what did not happen stands there as an empty list.
 */
import { z } from 'zod';
import { ASK_SKIPS } from '../../src/consent/ask.ts';
import { SKIPS } from '../../src/consent/eligibility.ts';
import { ACTS } from '../../src/consent/ledger.ts';
import { PERMISSIONS } from '../../src/consent/permission.ts';
import { REFUSALS } from '../../src/consent/refusal.ts';
import { REQUEST_STATES } from '../../src/consent/request.ts';
import { SUPPRESSIONS } from '../../src/consent/suppression.ts';
import { Address } from './given.ts';

const count = z.int().min(0);
/** Which act of `given.json`, counted from 1. */
const number = z.int().min(1);

const PlanCounts = z.strictObject({
  addresses: count,
  change: count,
  skips: z.partialRecord(z.enum(SKIPS), count),
  asks: count,
  askSkips: z.partialRecord(z.enum(ASK_SKIPS), count),
});

const RequestSchema = z.strictObject({
  kind: z.enum(['opt-in', 'opt-out', 'reconfirm']),
  by: z.string(),
  /** What its approver is warned of, if anything. */
  warning: z.string().optional(),
  /** As it was counted when it was asked. */
  plan: PlanCounts,
  /** As it was counted anew, if the first plan no longer held when somebody approved it. */
  newPlan: PlanCounts.optional(),
  state: z.enum(REQUEST_STATES),
  /** What was done; missing as long as nothing was. */
  done: z
    .strictObject({
      addresses: count,
      changed: count,
      skips: z.partialRecord(z.enum([...SKIPS, ...ASK_SKIPS]), count),
      asks: count,
    })
    .optional(),
});

const ImportSchema = z.strictObject({
  rows: count,
  contacts: count,
  newAddresses: count,
  knownAddresses: count,
  /** The rows that were given back, and why. */
  rejects: z.array(z.string()),
  /** What is on file for the addresses of the batch when the import ends. */
  permissions: z.partialRecord(z.enum(PERMISSIONS), count),
});

/** What an entry proves beside that, as far as a reader of a scenario needs it. */
export const TOLD_FACTS = ['state', 'permission', 'change', 'asks', 'reason', 'method'] as const;

const LedgerRow = z.strictObject({
  on: z.iso.date(),
  act: z.enum(ACTS),
  /** Of how many addresses it is the proof, and of which. */
  addresses: count,
  of: z.array(Address).min(1).optional(),
  from: z.enum(PERMISSIONS).optional(),
  to: z.enum(PERMISSIONS).optional(),
  adds: z.array(z.enum(SUPPRESSIONS)).optional(),
  clears: z.array(z.enum(SUPPRESSIONS)).optional(),
  /** One of those who act in `given.json`, `recipient`, or `assent` for the clock. */
  who: z.string(),
  approver: z.string().optional(),
  /** `import 1`, `request 2`, `mail of request 2`: counted from 1 in the order of their making. */
  cause: z.string(),
  howObtained: z.string().optional(),
  facts: z.partialRecord(z.enum(TOLD_FACTS), z.union([z.string(), count])).optional(),
});

export const Then = z.strictObject({
  imports: z.array(ImportSchema),
  requests: z.array(RequestSchema),
  refusals: z.array(
    z.strictObject({
      act: number,
      code: z.string().refine((code) => Object.hasOwn(REFUSALS, code), 'no such refusal'),
      sentence: z.string(),
    }),
  ),
  mails: z.array(z.strictObject({ on: z.iso.date(), to: Address })),
  /** What recipients were told when they clicked. */
  answers: z.array(z.strictObject({ act: number, address: Address, outcome: z.string() })),
  permissions: z.record(Address, z.enum(PERMISSIONS)),
  /** Of the addresses that carry any. */
  suppressions: z.record(Address, z.array(z.enum(SUPPRESSIONS))),
  /** How often each address was asked in the 180 days before the end of the story, if it was. */
  asked: z.record(Address, number),
  ledger: z.array(LedgerRow),
});
export type Then = z.infer<typeof Then>;

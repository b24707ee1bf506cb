/** Send queue: fills the database with mails that are due, by the product's own way to them. */
import { CANARY_STAGES } from '../src/consent/canary.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { fillAddresses, WORKSPACE } from './people.ts';
import { submitAndApprove, workedOn } from './process.ts';
import { TEMPLATE } from './send-deps.ts';

const COLLECTIONS = [
  'sends',
  'send_claims',
  'ledger',
  'unsealed',
  'requests',
  'ranges',
  'budgets',
  'announcements',
];

/** @returns the id of the request whose mails are due */
export async function queueMails(deps: Deps, count: number): Promise<string> {
  const { db } = deps.database;
  for (const name of [...COLLECTIONS, 'canaries', 'paces'])
    await db.collection(name).deleteMany({});
  await fillAddresses(deps.database, count);
  const ask = { who: 'changed', template: TEMPLATE, silence: 'keep' } as const;
  const request = await submitAndApprove(deps, ask);
  await workedOn(deps, request);
  const due = await db.collection('sends').countDocuments({ state: 'queued' });
  if (due !== count) throw new Error(`${due} mails are due, not ${count}: nothing was measured.`);
  await passCanary(deps, request.id);
  return request.id;
}

/** Its stages wait for results, which is a pace of its own; the rest of the mail is measured. */
async function passCanary({ database }: Deps, id: string): Promise<void> {
  const first = { id, rev: 0, stage: 0, round: 0, allowed: 0 };
  const last = { stage: CANARY_STAGES.length, round: 1, allowed: 0 };
  const passed = await database.of(WORKSPACE).canaries.change(first, last);
  if (!passed) throw new Error('The canary was under way already: nothing was measured.');
}

/**
 * Process: a mass opt-in with its ledger, against a naive script (one `updateOne` and one proof
 * document per address) and against the floor (one bare `updateMany`, no proof at all).
 */

import type { Request } from '../src/consent/request.ts';
import { ADDRESSES, type AddressDocument } from '../src/store/address-document.ts';
import { approveRequest } from '../src/workflow/approve-request.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { processRequest } from '../src/workflow/process-request.ts';
import { type RequestForm, submitRequest } from '../src/workflow/submit-request.ts';
import { APPROVER, REQUESTER } from './deps.ts';
import { type Measurement, measure, printTable, rate, ratio } from './measure.ts';
import { BATCH, fillAddresses, WORKSPACE } from './people.ts';

const KEY = `${BATCH.kind}:${BATCH.id}#email`;
const NAIVE_PAGE = 1_000;

export async function benchProcess(deps: Deps, sizes: readonly number[]): Promise<void> {
  const rows = [];
  let perAddressSmallest: number | undefined;
  for (const size of sizes) {
    const floor = await fresh(deps, size, () => bareUpdateMany(deps));
    const engine = await fresh(deps, size, () => processAll(deps));
    const naive = await fresh(deps, size, () => naiveScript(deps));
    const microseconds = (engine.ms / size) * 1_000;
    perAddressSmallest ??= microseconds;
    rows.push({
      addresses: size,
      'engine/s': rate(size, engine),
      'naive/s': rate(size, naive),
      'floor/s': rate(size, floor),
      'engine ÷ naive': ratio(naive.ms / engine.ms),
      'engine ÷ floor': ratio(floor.ms / engine.ms),
      'µs an address': microseconds.toFixed(1),
      'against smallest': ratio(microseconds / perAddressSmallest),
      'RSS MB': engine.rssMb,
    });
    console.error(JSON.stringify(rows.at(-1)));
  }
  printTable('Mass opt-in with ledger', rows);
}

async function fresh(deps: Deps, size: number, run: () => Promise<unknown>): Promise<Measurement> {
  const { db } = deps.database;
  await fillAddresses(deps.database, size);
  for (const name of ['ledger', 'unsealed', 'requests', 'ranges', 'naive']) {
    await db.collection(name).deleteMany({});
  }
  return measure(run);
}

/** The floor: what MongoDB needs for the change alone, in one statement. */
async function bareUpdateMany({ database: { db } }: Deps): Promise<void> {
  await db
    .collection(ADDRESSES)
    .updateMany(
      { workspace: WORKSPACE, 'memberships.key': KEY, permission: 'non-marketable' },
      { $set: { permission: 'single-opt-in', permissionSince: new Date() } },
    );
}

/** As one writes it at first: read a page, update each, write a proof for each. */
async function naiveScript({ database: { db } }: Deps): Promise<void> {
  const addresses = db.collection<AddressDocument>(ADDRESSES);
  const cursor = addresses.find({ workspace: WORKSPACE, 'memberships.key': KEY });
  let page: AddressDocument[] = [];
  const flush = async () => {
    const at = new Date();
    await addresses.bulkWrite(
      page.map(({ _id }) => ({
        updateOne: {
          filter: { _id, permission: 'non-marketable' },
          update: { $set: { permission: 'single-opt-in', permissionSince: at } },
        },
      })),
    );
    await db.collection('naive').insertMany(
      page.map(({ _id }) => ({
        address: _id,
        from: 'non-marketable',
        to: 'single-opt-in',
        who: REQUESTER,
        approver: APPROVER,
        cause: 'bench',
        at,
      })),
    );
    page = [];
  };
  for await (const address of cursor) {
    page.push(address);
    if (page.length === NAIVE_PAGE) await flush();
  }
  if (page.length > 0) await flush();
}

/** The product's own way: a submitted, approved request, worked on by as many as one process has. */
async function processAll(deps: Deps): Promise<void> {
  const request = await submitAndApprove(deps);
  await workedOn(deps, request);
  const done = await deps.database.of(WORKSPACE).requests.find(request.id);
  if (done.counts?.changed !== request.plan.counts.change) {
    throw new Error('The engine did not change what was planned; the measurement means nothing.');
  }
}

/** Processes a request by as many workers as one process has. */
export async function workedOn(deps: Deps, { id }: Request): Promise<void> {
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: deps.limits.workers }, () =>
      processRequest(deps, { workspace: WORKSPACE, request: id, signal }),
    ),
  );
}

/** A mass opt-in of everybody, as two people would have made it. */
export async function submitAndApprove(deps: Deps, ask?: RequestForm['ask']): Promise<Request> {
  const today = new Date().toISOString().slice(0, 10);
  const request = await submitRequest(deps, {
    workspace: WORKSPACE,
    by: REQUESTER,
    submission: `bench-${Math.random()}`,
    form: {
      kind: 'opt-in',
      choice: { sources: [BATCH], match: 'any', fields: ['email'] },
      interview: {
        source: 'spoken',
        answers: { askedBy: 'The bench', collectedFrom: today, collectedUntil: today },
        attested: true,
      },
      ...(ask === undefined ? {} : { ask }),
    },
  });
  return approveRequest(deps, {
    workspace: WORKSPACE,
    request: request.id,
    by: APPROVER,
    planHash: request.plan.hash,
    typed: request.plan.counts.change,
  });
}

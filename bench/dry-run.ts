/** Dry run: exact counts of an audience, against one bare `$group` with the same `$match`. */
import { ADDRESSES } from '../src/store/address-document.ts';
import type { Deps } from '../src/workflow/deps.ts';
import { previewRequest } from '../src/workflow/preview-request.ts';
import { measure, printTable, ratio } from './measure.ts';
import { BATCH, fillAddresses, WORKSPACE } from './people.ts';

const ROUNDS = 3;

export async function benchDryRun(deps: Deps, sizes: readonly number[]): Promise<void> {
  const rows = [];
  for (const size of sizes) {
    await fillAddresses(deps.database, size);
    const cutoff = new Date();
    const bare: number[] = [];
    const exact: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push((await measure(() => bareGroup(deps, cutoff))).ms);
      exact.push((await measure(() => dryRun(deps, cutoff))).ms);
    }
    rows.push({
      addresses: size,
      'dry run ms': Math.round(Math.min(...exact)),
      'bare $group ms': Math.round(Math.min(...bare)),
      'dry run ÷ bare': ratio(Math.min(...exact) / Math.min(...bare)),
    });
    console.error(JSON.stringify(rows.at(-1)));
  }
  printTable(`Exact dry run (best of ${ROUNDS})`, rows);
}

async function bareGroup({ database: { db } }: Deps, cutoff: Date): Promise<void> {
  await db
    .collection(ADDRESSES)
    .aggregate([
      {
        $match: {
          workspace: WORKSPACE,
          memberships: {
            $elemMatch: { key: `${BATCH.kind}:${BATCH.id}#email`, since: { $lte: cutoff } },
          },
        },
      },
      { $group: { _id: '$permission', count: { $sum: 1 } } },
    ])
    .toArray();
}

async function dryRun(deps: Deps, cutoff: Date): Promise<void> {
  const audience = {
    sources: [BATCH],
    match: 'any' as const,
    fields: ['email' as const],
    cutoff,
  };
  const counts = await previewRequest(deps, WORKSPACE, { kind: 'opt-in', audience });
  if (counts.change === 0) throw new Error('The dry run counted nothing.');
}

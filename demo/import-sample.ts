/** Import sample: the made-up export of an old system, brought in as an operator would. */
import assert from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importCommand } from '../src/cli/import.ts';
import { sampleCsv } from './sample-data.ts';
import type { Stage } from './stage.ts';

/**
 * @returns what the command printed
 * @throws AssertionError if the import does not end well
 */
export async function importSample(
  { resources, slack }: Stage,
  contacts?: number,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assent-demo-'));
  const file = join(folder, 'old-system.csv');
  await writeFile(file, sampleCsv(contacts));
  const lines: string[] = [];
  const status = await importCommand(
    { ...resources.deps, workspace: slack.teamId },
    [file, '--permission', 'no', '--by', 'olga (operator)'],
    { out: (line) => lines.push(line), err: () => {} },
  );
  assert.equal(status, 0, 'the import did not end well');
  await rm(folder, { recursive: true, force: true });
  return lines.join('\n').replaceAll(`${folder}/`, '');
}

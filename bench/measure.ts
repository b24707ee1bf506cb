/** Measure: time, resident memory at its highest, and a table that people can read. */

export interface Measurement {
  readonly ms: number;
  /** Highest resident memory of this process during the run (MB). */
  readonly rssMb: number;
}

const SAMPLE_MS = 50;
const MB = 1024 * 1024;

/** Runs once, timed, while the memory is watched. */
export async function measure(run: () => Promise<unknown>): Promise<Measurement> {
  globalThis.gc?.();
  let rss = process.memoryUsage.rss();
  const watch = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const start = performance.now();
  try {
    await run();
  } finally {
    clearInterval(watch);
  }
  return { ms: performance.now() - start, rssMb: Math.round(rss / MB) };
}

export const rate = (count: number, { ms }: Measurement): number =>
  Math.round((count / ms) * 1_000);

/** Prints rows as a Markdown table, so that docs/performance.md can take them as they are. */
export function printTable(title: string, rows: readonly Record<string, string | number>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  console.log(`\n### ${title}\n`);
  console.log(`| ${columns.join(' | ')} |`);
  console.log(`|${columns.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${columns.map((column) => row[column]).join(' | ')} |`);
}

export const ratio = (value: number): string => value.toFixed(2);

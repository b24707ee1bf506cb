/** Open CSV: opens bytes as an import does, and shows their rows a line each. */
import { type CsvFile, type CsvOptions, openCsvBuffer } from '../../../src/store/csv/file.ts';

export const LIMIT = { bytesMax: 50_000_000 };

/** Opens the bytes, does something with them, closes. */
export async function withCsv<Result>(
  bytes: Buffer | string,
  use: (csv: CsvFile) => Promise<Result> | Result,
  options: CsvOptions = LIMIT,
): Promise<Result> {
  const csv = await openCsvBuffer(Buffer.from(bytes), options);
  try {
    return await use(csv);
  } finally {
    await csv.close();
  }
}

export async function rowsOf(csv: CsvFile): Promise<string[]> {
  const rows: string[] = [];
  for await (const chunk of csv.rows()) {
    for (const row of chunk) {
      rows.push(
        'cells' in row
          ? `${row.line}: ${row.cells.join('|')}`
          : `${row.line}! ${row.fault} (${row.raw})`,
      );
    }
  }
  return rows;
}

/** Import report: the result of an import as a table for people. */
import { PERMISSIONS } from '../consent/permission.ts';
import type { ImportResult } from '../workflow/import-contacts.ts';

/** The lines of the report; `file` is the imported one's name. */
export function reportLines(file: string, result: ImportResult): string[] {
  const { batch, rejectFile, request, requestRefused, permission } = result;
  const permissions = PERMISSIONS.filter((name) => (permission[name] ?? 0) > 0);
  return [
    batch === null
      ? `Dry run of ${file}: nothing was changed. An import would do this:`
      : `${file} is imported as batch ${batch}.`,
    '',
    ...table([
      ['Rows in the file', result.rows],
      ['Rows not taken', result.rejected],
      ['Contacts', result.contacts],
      ['New addresses', result.addresses.new],
      ['Known addresses', result.addresses.known],
      ['Repeated addresses', result.duplicatesInFile],
      ...permissions.map((name): Line => [`Now ${name}`, permission[name] ?? 0]),
    ]),
    ...(rejectFile === null ? [] : ['', `What was left out, and why: ${rejectFile}`]),
    ...(request === undefined ? [] : ['', `Request ${request} waits for an approver.`]),
    ...(requestRefused === undefined
      ? []
      : ['', `No opt-in request was opened for the new addresses: ${requestRefused}`]),
  ];
}

type Line = readonly [label: string, count: number];

function table(lines: readonly Line[]): string[] {
  const cells = lines.map(([label, count]) => [label, count.toLocaleString('en')] as const);
  const labelWidth = Math.max(...cells.map(([label]) => label.length));
  const countWidth = Math.max(...cells.map(([, count]) => count.length));
  return cells.map(
    ([label, count]) => `  ${label.padEnd(labelWidth)}  ${count.padStart(countWidth)}`,
  );
}

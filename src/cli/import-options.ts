/** Import options: what `assent import` can be told, and what is wrong with what it was told. */
import { parseArgs } from 'node:util';
import { COLUMN_ROLES, type ColumnRole, isColumnRole } from '../consent/columns.ts';

export const IMPORT_HELP = `assent import FILE: imports a CSV export of another system as a batch

  --permission yes|no   did these people give permission to be mailed? There is no default
  --interview FILE      with "yes": how the addresses were obtained, as JSON
  --interview-schema    shows the JSON schema of that file, and ends
  --workspace W         the Slack team id (T…) or ASSENT_WORKSPACE
  --tag T               gives every contact this tag; may be said several times
  --map COLUMN=FIELD    says what a column holds; may be said several times
  --day-first           dates like 04/03/2025 are the 4th of March; --month-first: the 3rd of April
  --by WHO              who answers for the import; your login name if not said
  --again               imports a file once more that was imported before
  --dry-run             counts what would happen and changes nothing
  --json                the result as JSON, for other programs

Fields: ${COLUMN_ROLES.join(', ')}

Exit status: 0 done · 1 refused, or the file cannot be read · 2 wrong usage`;

export interface ImportOptions {
  readonly path: string;
  readonly workspace: string;
  readonly permission: 'yes' | 'no';
  /** Path of the interview file. */
  readonly interview: string | undefined;
  readonly tags: readonly string[];
  readonly columns: Readonly<Record<string, ColumnRole>>;
  readonly dayFirst: boolean | undefined;
  readonly by: string | undefined;
  readonly again: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export type Usage =
  | { readonly kind: 'import'; readonly options: ImportOptions }
  | { readonly kind: 'help' | 'schema' }
  | { readonly kind: 'wrong'; readonly why: string };

const OPTIONS = {
  permission: { type: 'string' },
  interview: { type: 'string' },
  'interview-schema': { type: 'boolean' },
  workspace: { type: 'string' },
  tag: { type: 'string', multiple: true },
  map: { type: 'string', multiple: true },
  'day-first': { type: 'boolean' },
  'month-first': { type: 'boolean' },
  by: { type: 'string' },
  again: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @param workspace the configured one, if there is one */
export function readUsage(argv: readonly string[], workspace: string | undefined): Usage {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: OPTIONS,
      allowPositionals: true,
    });
    if (values.help === true) return { kind: 'help' };
    if (values['interview-schema'] === true) return { kind: 'schema' };
    return { kind: 'import', options: checked(values, positionals, workspace) };
  } catch (error) {
    if (!(error instanceof WrongUsage) && !isParseError(error)) throw error;
    return { kind: 'wrong', why: sentence(error.message) };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}

/** Node's own faults of usage are known by their code. */
function isParseError(error: unknown): error is Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return String(code).startsWith('ERR_PARSE_ARGS');
}

const sentence = (text: string): string => (/[.?!]$/u.test(text) ? text : `${text}.`);

function checked(
  values: Values,
  [path, ...others]: readonly string[],
  configured: string | undefined,
): ImportOptions {
  if (path === undefined) throw new WrongUsage('Name the CSV file to import.');
  if (others.length > 0) throw new WrongUsage('Only one file can be imported at a time.');
  const workspace = values.workspace ?? configured;
  if (!workspace) throw new WrongUsage('Name the workspace: --workspace T012AB3CD.');
  const permission = checkedPermission(values);
  if (values['day-first'] === true && values['month-first'] === true) {
    throw new WrongUsage('Either the day or the month comes first, not both.');
  }
  return {
    path,
    workspace,
    permission,
    interview: values.interview,
    tags: values.tag ?? [],
    columns: checkedColumns(values.map ?? []),
    dayFirst: dayFirstOf(values),
    by: values.by?.trim() || undefined,
    again: values.again === true,
    dryRun: values['dry-run'] === true,
    json: values.json === true,
  };
}

function checkedPermission({ permission, interview }: Values): 'yes' | 'no' {
  if (permission !== 'yes' && permission !== 'no') {
    throw new WrongUsage(
      'Say whether these people gave permission to be mailed: --permission yes or --permission no.',
    );
  }
  if (permission === 'yes' && interview === undefined) {
    throw new WrongUsage(
      'With --permission yes, say how the addresses were obtained: --interview FILE.json. ' +
        'assent import --interview-schema shows what it holds.',
    );
  }
  if (permission === 'no' && interview !== undefined) {
    throw new WrongUsage('An interview goes with --permission yes only.');
  }
  return permission;
}

function dayFirstOf(values: Values): boolean | undefined {
  if (values['day-first'] === true) return true;
  return values['month-first'] === true ? false : undefined;
}

/** A column's name may hold `=`, a field never does. */
function checkedColumns(maps: readonly string[]): Record<string, ColumnRole> {
  return Object.fromEntries(
    maps.map((map) => {
      const at = map.lastIndexOf('=');
      const [column, field] = [map.slice(0, at).trim(), map.slice(at + 1).trim()];
      if (at === -1 || column === '') throw new WrongUsage('Write --map COLUMN=FIELD.');
      if (!isColumnRole(field)) {
        throw new WrongUsage(`A column can hold one of ${COLUMN_ROLES.join(', ')}.`);
      }
      return [column, field];
    }),
  );
}

/**
 * Why: `assent why ADDRESS` tells what we may send to a person, why, and what would change it; the
 * same words as `/assent why`, and the whole record.
 */
import { parseArgs } from 'node:util';
import { Refusal } from '../consent/refusal.ts';
import type { Deps } from '../workflow/deps.ts';
import { explainProof, sentenceText } from '../workflow/explain-proof.ts';
import { type Proof, readProof } from '../workflow/read-proof.ts';

const WHY_HELP = `assent why ADDRESS: what may be sent to this address, why, and what would change it

  --workspace W   the Slack team id (T…) or ASSENT_WORKSPACE; needed if neither is configured
  --json          the whole record as JSON, for other programs

Exit status: 0 told · 1 the address is not known, or its record is damaged · 2 wrong usage`;

const OK = 0;
const UNKNOWN_OR_DAMAGED = 1;
const USAGE = 2;

export interface CommandIo {
  /** One line to standard output. */
  readonly out: (line: string) => void;
  /** One line to standard error. */
  readonly err: (line: string) => void;
}

/** @returns the exit status; 1 also if the record does not fit together, which is told too */
export async function whyCommand(
  deps: Pick<Deps, 'database' | 'addressKey' | 'now'> & { readonly workspace?: string | undefined },
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  const usage = readUsage(argv);
  if (typeof usage === 'string') {
    io.err(`${usage}\n\n${WHY_HELP}`);
    return USAGE;
  }
  if (usage.help) {
    io.out(WHY_HELP);
    return OK;
  }
  const workspace = usage.workspace ?? deps.workspace;
  if (workspace === undefined) {
    io.err('No workspace is known, so nothing was looked up. Name it: --workspace T012AB3CD.');
    return USAGE;
  }
  try {
    const proof = await readProof(deps, workspace, usage.address);
    if (usage.json) io.out(JSON.stringify(proof, undefined, 2));
    else tell(proof, io);
    return proof.faults.length === 0 ? OK : UNKNOWN_OR_DAMAGED;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    io.err(error.message);
    return UNKNOWN_OR_DAMAGED;
  }
}

interface Usage {
  readonly address: string;
  readonly workspace: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** What was asked for, or a sentence on what is wrong with it. */
function readUsage(argv: readonly string[]): Usage | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        workspace: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const [address = '', ...more] = positionals;
    if (!values.help && (address === '' || more.length > 0)) return 'Name one address.';
    return { address, workspace: values.workspace, json: values.json, help: values.help };
  } catch (error) {
    // parseArgs says which option it does not know, in a sentence of its own.
    return error instanceof TypeError ? error.message : String(error);
  }
}

function tell(proof: Proof, { out }: CommandIo): void {
  out(proof.address);
  for (const { title, sentences } of explainProof(proof)) {
    out('');
    out(title);
    for (const sentence of sentences) out(`  ${sentenceText(sentence)}`);
  }
}

/**
 * Assent: the entry. `assent start` runs the product, the other commands look into it or feed it.
 *
 * How to read this program: a request goes through workflow/ step by step:
 *   import-contacts → preview-request → submit-request → approve-request → process-request →
 *   send-confirmations → confirm-address or withdraw-consent, and read-proof tells the tale.
 * People reach the steps through the doors: slack/ (teammates), web/ (recipients), jobs/ (the
 * clock), cli/ (operators). The rules are in consent/, memory in store/, the voice in mail/.
 */
import { pino } from 'pino';
import { HELP } from './cli/help.ts';
import { importCommand } from './cli/import.ts';
import { whyCommand } from './cli/why.ts';
import { ConfigFault, readConfig } from './config.ts';
import { openResources, type Resources } from './resources.ts';
import { start } from './start.ts';

const io = {
  out: (line: string) => console.log(line),
  err: (line: string) => console.error(line),
};

/** Commands that look into the database and end; each returns the exit status. */
const COMMANDS = {
  import: ({ deps, config }: Resources, argv: string[]) =>
    importCommand({ ...deps, workspace: config.workspace }, argv, io),
  why: ({ deps, config }: Resources, argv: string[]) =>
    whyCommand({ ...deps, workspace: config.workspace }, argv, io),
} as const;

async function main([command = 'help', ...argv]: string[]): Promise<number> {
  if (command === 'help' || command === '--help') {
    io.out(HELP);
    return 0;
  }
  if (command === 'start') return start(open);
  const run = Object.entries(COMMANDS).find(([name]) => name === command)?.[1];
  if (run === undefined) {
    io.err(`There is no command "${command}", so nothing was done.\n\n${HELP}`);
    return 2;
  }
  const resources = await open('quiet');
  try {
    return await run(resources, argv);
  } finally {
    await resources.close();
  }
}

/** @param loudness commands speak for themselves; a server logs to standard output */
async function open(loudness: 'quiet' | 'log'): Promise<Resources> {
  const config = readConfig(process.env);
  const level = loudness === 'quiet' ? 'error' : config.logLevel;
  const log = pino({ level, base: { role: config.role } }, pino.destination({ sync: true }));
  return openResources({ config, log, say: io.err, environment: process.env });
}

/** A fault of configuration or start is for the operator: a sentence and its causes, no stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigFault) return error.message;
  const cause = error.cause instanceof Error ? `\n  because: ${explain(error.cause)}` : '';
  return `${error.message}${cause}`;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  io.err(explain(error));
  process.exitCode = 1;
}
// Agenda leaves timers behind that would hold the process for half a lock's lifetime.
process.exit();

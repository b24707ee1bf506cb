/**
 * Assent: the entry. `assent start` runs the product, the other commands look into it or feed it.
 *
 * How to read this program: a request goes through workflow/ step by step:
 *   import-contacts → preview-request → submit-request → approve-request → process-request →
 *   send-confirmations → confirm-address or withdraw-consent, and read-proof tells the tale.
 * People reach the steps through the doors: slack/ (teammates), web/ (recipients), jobs/ (the
 * clock), cli/ (operators). The rules are in consent/, memory in store/, the voice in mail/.
 */
import { setFlagsFromString } from 'node:v8';
import { HELP } from './cli/help.ts';
import { importCommand, importUsage } from './cli/import.ts';
import { rotateSecretsCommand } from './cli/rotate-secrets.ts';
import { templatesCommand } from './cli/templates.ts';
import { whyCommand } from './cli/why.ts';
import { ConfigFault, readConfig } from './config.ts';
import { openLog } from './log.ts';
import { loadWords, openResources, type Resources } from './resources.ts';
import { start } from './start.ts';
import { askWordsOf } from './web/page-words.ts';

/**
 * The heap is collected when it has grown by this much over what lives in it (per cent). V8 lets it
 * grow fourfold: a worker's pages of addresses then stand as garbage, 300 MB instead of 200.
 */
setFlagsFromString('--heap-growing-percent=40');

const io = {
  out: (line: string) => console.log(line),
  err: (line: string) => console.error(line),
};

/** Commands that look into the database and end; each returns the exit status. */
const COMMANDS = {
  import: ({ deps, config }: Resources, argv: string[]) =>
    importCommand({ ...deps, workspace: config.workspace, home: config.home }, argv, io),
  why: ({ deps, config }: Resources, argv: string[]) =>
    whyCommand({ ...deps, workspace: config.workspace }, argv, io),
  'rotate-secrets': ({ deps }: Resources, argv: string[]) => rotateSecretsCommand(deps, argv, io),
} as const;

async function main([command = 'help', ...argv]: string[]): Promise<number> {
  if (command === 'help' || command === '--help') {
    io.out(HELP);
    return 0;
  }
  if (command === 'start') return start(open);
  if (command === 'templates') return templates(argv);
  if (command === 'doctor') return doctor(argv);
  const run = Object.entries(COMMANDS).find(([name]) => name === command)?.[1];
  if (run === undefined) {
    io.err(`There is no command "${command}", so nothing was done.\n\n${HELP}`);
    return 2;
  }
  if (command === 'import') {
    const usage = importUsage(argv, readConfig(process.env).workspace, io);
    if (typeof usage === 'number') return usage;
  }
  const resources = await open('quiet');
  try {
    return await run(resources, argv);
  } finally {
    await resources.close();
  }
}

/** Looks at files alone, unless a template is kept or listed. */
async function templates(argv: string[]): Promise<number> {
  const context = {
    now: () => new Date(),
    loadWords: async () => {
      const loaded = await loadWords();
      return { templates: loaded.templates, words: askWordsOf(loaded.pages) };
    },
    open: async () => {
      const { deps, config, close } = await open('quiet');
      return { ...deps, workspace: config.workspace, close };
    },
  };
  return templatesCommand(context, argv, io);
}

/** Looks at everything from outside, so it needs none of our resources to be open. */
async function doctor(argv: string[]): Promise<number> {
  const { doctorCommand } = await import('./cli/doctor.ts');
  const { openCheckup } = await import('./doctor.ts');
  let close = async () => {};
  const checks = async () => {
    const config = readConfig(process.env);
    const checkup = await openCheckup({ config, environment: process.env, say: io.err });
    close = () => checkup.close();
    return checkup.checks;
  };
  try {
    return await doctorCommand(checks, argv, io);
  } finally {
    await close();
  }
}

/** @param loudness commands speak for themselves; a server logs to standard output */
async function open(loudness: 'quiet' | 'log'): Promise<Resources> {
  const config = readConfig(process.env);
  const level = loudness === 'quiet' ? 'error' : config.logLevel;
  const log = openLog({ level, role: config.role });
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

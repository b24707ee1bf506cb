/** Doctor command: `assent doctor` looks at everything that must be right, and says what is not. */
import { parseArgs } from 'node:util';
import { type Check, type Finding, fail } from '../consent/finding.ts';

const DONE = 0;
const FAILED = 1;
const USAGE = 2;

const HELP = `assent doctor [--json]

Looks at MongoDB, Slack, the mail servers, DKIM, SPF, DMARC, MX, PTR, the public address and the
clocks, as they are configured. Each line says ok, warn or fail, and what to do. It changes nothing.
The exit status is 1 if anything failed.`;

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export interface DoctorIo {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/**
 * @param checks made when they are needed, so that help is there without a configuration
 * @returns the exit status
 */
export async function doctorCommand(
  checks: () => Promise<readonly Check[]>,
  argv: readonly string[],
  io: DoctorIo,
): Promise<number> {
  const options = readOptions(argv);
  if (options === undefined) {
    io.err(`That is no option of it. Nothing was looked at.\n\n${HELP}`);
    return USAGE;
  }
  if (options.help) {
    io.out(HELP);
    return DONE;
  }
  const findings: Finding[] = [];
  for (const check of await checks()) {
    for (const finding of await runCheck(check)) {
      findings.push(finding);
      if (!options.json) for (const line of linesOf(finding)) io.out(line);
    }
  }
  const count = (level: Finding['level']) =>
    findings.filter((found) => found.level === level).length;
  const failed = count('fail') > 0;
  if (options.json) io.out(JSON.stringify({ ok: !failed, findings }));
  else io.out(`\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed.`);
  return failed ? FAILED : DONE;
}

function readOptions(argv: readonly string[]): { json: boolean; help: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch {
    return undefined;
  }
}

/** What throws has failed, and the others are looked at all the same. */
async function runCheck({ what, run }: Check): Promise<readonly Finding[]> {
  try {
    return await run();
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return [fail(what, `It could not be looked at: ${says}.`, 'Try once more.')];
  }
}

function linesOf({ what, level, says, remedy }: Finding): string[] {
  const line = `${MARKS[level]}  ${what}: ${says}`;
  return remedy === undefined ? [line] : [line, `      → ${remedy}`];
}

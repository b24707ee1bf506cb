/** Command: one other program, run to its end with limits on its time and on its silence. */
import { spawn } from 'node:child_process';

/** The variables another program sees; handed in by main.ts, never read here. */
export type ProgramEnvironment = Readonly<Record<string, string | undefined>>;

export interface CommandLimits {
  readonly env: ProgramEnvironment;
  /** The program is killed after this time, whatever it is doing. */
  readonly withinMs: number;
  /** The program is killed if it has printed nothing at all after this time. */
  readonly firstLineWithinMs?: number;
}

export type CommandResult =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly reason: string };

/** Only the end of what a program prints is kept: that is where it says what went wrong. */
const OUTPUT_CHARACTERS = 20_000;

/** Runs a program without a shell. Never throws: what went wrong is the result's `reason`. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { env, withinMs, firstLineWithinMs }: CommandLimits,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    let output = '';
    let killedBecause: string | undefined;
    const child = spawn(command, args, {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const killAfter = (ms: number, because: string) =>
      setTimeout(() => {
        killedBecause = because;
        child.kill('SIGKILL');
      }, ms);
    const whole = killAfter(withinMs, `it took longer than ${withinMs / 1000} s`);
    const silent =
      firstLineWithinMs === undefined
        ? undefined
        : killAfter(firstLineWithinMs, `nothing arrived within ${firstLineWithinMs / 1000} s`);
    const keep = (chunk: Buffer) => {
      clearTimeout(silent);
      output = (output + chunk.toString()).slice(-OUTPUT_CHARACTERS);
    };
    const finish = (result: CommandResult) => {
      clearTimeout(whole);
      clearTimeout(silent);
      resolve(result);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => finish({ ok: false, reason: error.message }));
    child.on('close', (code, signal) => {
      if (code === 0) finish({ ok: true, output });
      else finish({ ok: false, reason: killedBecause ?? lastLine(output) ?? `${code ?? signal}` });
    });
  });
}

function lastLine(output: string): string | undefined {
  return output
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .findLast((line) => line !== '');
}

/** SMTP stub: a mail server on bare sockets that misbehaves at exactly the step a test names. */
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A reply (`550 5.1.1 No`, several lines with \n), or one of: drop, hang, trickle. */
type Step = string;
const STEPS = ['CONNECT', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'DOT', 'RSET'] as const;
type StepName = (typeof STEPS)[number];
const TRICKLE_MS = 50;

export interface Script {
  /** A step, or one for each time it comes; after the last, all goes well. */
  readonly on?: Partial<Record<StepName, Step | readonly Step[]>>;
  readonly offers?: readonly string[];
  /** Time from a command to its answer, in ms: what real servers take, and races need. */
  readonly delayMs?: number;
  /** Said out of turn, so long after each mail was answered. */
  readonly afterDot?: string;
  readonly afterDotMs?: number;
  /** Time between the bytes of an answer, in ms. */
  readonly byteMs?: number;
}

export interface SmtpStub {
  readonly url: string;
  readonly port: number;
  /** All commands, in order. */
  readonly commands: readonly string[];
  /** The same with `DOT` where a mail ended: what came in which order. */
  readonly log: readonly string[];
  /** Lines that came in one piece. */
  readonly bursts: readonly (readonly string[])[];
  /** Mails that came to their final dot. */
  readonly bodies: readonly string[];
  readonly sessions: () => number;
  stop(): Promise<void>;
}

const GOOD: Readonly<Record<StepName, string>> = {
  CONNECT: '220 stub ESMTP',
  EHLO: '250 stub',
  AUTH: '235 2.7.0 In',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 Go on',
  DOT: '250 2.0.0 Ok: queued as 4XyZ',
  RSET: '250 2.0.0 Ok',
};

export async function startStub(script: Script = {}): Promise<SmtpStub> {
  const left = new Map(STEPS.map((name) => [name, [script.on?.[name] ?? []].flat()]));
  const stepFor = (name: StepName): Step => {
    const steps = left.get(name) ?? [];
    const step = Array.isArray(script.on?.[name]) ? steps.shift() : steps[0];
    return step ?? good(name, script.offers ?? []);
  };
  const commands: string[] = [];
  const log: string[] = [];
  const bursts: string[][] = [];
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let sessions = 0;

  const server = createServer((socket) => {
    sessions += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    void serve(socket);
  });

  async function serve(socket: Socket): Promise<void> {
    const take = (name: StepName) => act(socket, stepFor(name), script);
    if (!(await take('CONNECT'))) return;
    let body: string[] | undefined;
    let recipients = 0;
    for await (const line of linesOf(socket, bursts)) {
      if (body !== undefined && line !== '.') {
        body.push(line);
        continue;
      }
      const name = body === undefined ? verbOf(line) : 'DOT';
      if (name === 'DOT') bodies.push(body?.join('\r\n') ?? '');
      else commands.push(line);
      log.push(name === 'DOT' ? 'DOT' : line);
      body = undefined;
      const isEmpty = name === 'DATA' && recipients === 0 && script.on?.DATA === undefined;
      const step = name === undefined ? '502 5.5.1 Unknown' : stepFor(name);
      const answer = isEmpty ? '554 5.5.1 No valid recipients' : step;
      if (name === 'MAIL') recipients = 0;
      if (name === 'RCPT' && answer.startsWith('250')) recipients += 1;
      if (name === 'DATA' && answer.startsWith('354')) body = [];
      if (!(await act(socket, answer, script))) return;
      if (name === 'DOT' && script.afterDot !== undefined) interrupt(socket, script);
      if (line === 'QUIT') socket.end();
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    commands,
    log,
    bursts,
    bodies,
    sessions: () => sessions,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function good(name: StepName, offers: readonly string[]): string {
  if (name !== 'EHLO') return GOOD[name];
  return ['stub', ...offers]
    .map((offer, i) => `250${i < offers.length ? '-' : ' '}${offer}`)
    .join('\n');
}

function verbOf(line: string): StepName | undefined {
  const verb = line.split(/[ :]/, 1).join('').toUpperCase();
  return STEPS.find((name) => name === verb);
}

/** Does it; false if the session is over for us. */
async function act(socket: Socket, step: Step, { delayMs = 0, byteMs }: Script): Promise<boolean> {
  if (step === 'hang') return false;
  if (step === 'trickle') return trickle(socket);
  if (delayMs > 0) await pause(delayMs);
  const said = `${step.replaceAll('\n', '\r\n')}\r\n`;
  if (step === 'drop') socket.destroy();
  else if (byteMs === undefined) socket.write(said);
  else await spell(socket, said, byteMs);
  return !socket.destroyed;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function spell(socket: Socket, said: string, byteMs: number): Promise<void> {
  for (const byte of said) {
    socket.write(byte);
    await pause(byteMs);
  }
}

function interrupt(socket: Socket, { afterDot = '', afterDotMs = 0 }: Script): void {
  setTimeout(() => socket.write(`${afterDot}\r\n`), afterDotMs).unref();
}

/** One more line of the same reply, again and again. */
function trickle(socket: Socket): false {
  const drip = setInterval(() => socket.write('250-and\r\n'), TRICKLE_MS);
  socket.once('close', () => clearInterval(drip));
  return false;
}

async function* linesOf(socket: Socket, bursts: string[][]): AsyncGenerator<string> {
  let rest = '';
  try {
    // Kept open after the loop: a server that falls silent does not hang up.
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      rest += String(chunk);
      const lines = rest.split('\r\n');
      rest = lines.pop() ?? '';
      bursts.push(lines);
      yield* lines;
    }
  } catch {
    // The client hung up; that is the end of the session, and of nothing else.
  }
}

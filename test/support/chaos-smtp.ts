/**
 * Chaos SMTP: a mail server on bare sockets that does wrong as its script says, on each connection
 * once, until it is healed; from then on all goes well.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { CERTIFICATE_KEY_PEM, CERTIFICATE_PEM } from './certificate.ts';

/** What comes from the client, in order: CONNECT is its coming, BODY the first bytes of a mail. */
const MOMENTS = [
  'CONNECT',
  'EHLO',
  'HELO',
  'STARTTLS',
  'TLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'BODY',
  'DOT',
  'RSET',
] as const;
type Moment = (typeof MOMENTS)[number];

/**
 * A reply as it goes over the line, without its last line end; or
 * `close`: hangs up; `reset`: without the manners of TCP; `hang`: says nothing any more; `swallow`:
 * does not answer this and goes on; `trickle`: one more line, and one more, without end.
 */
type Misdeed = string;

export interface Script {
  readonly on?: Partial<Record<Moment, Misdeed>>;
  /** Service extensions of its EHLO. */
  readonly offers?: readonly string[];
  /** Time between the bytes of all it says, in ms. */
  readonly byteMs?: number;
  /** Nobody listens until it is healed. */
  readonly isAway?: boolean;
  /** Answers all that came in one piece in one piece. */
  readonly inLumps?: boolean;
}

export interface ChaosSmtp {
  readonly port: number;
  /** Message-IDs of the mails whose final dot it answered with 250. */
  readonly taken: readonly string[];
  /** Mails whose final dot came, answered or not. */
  readonly whole: readonly string[];
  /** All commands, in order. */
  readonly commands: readonly string[];
  /** Connections that got as far as TLS. */
  readonly secured: () => number;
  /** From now on all goes well. */
  heal(): Promise<void>;
  stop(): Promise<void>;
}

export const ALL_OFFERS = ['PIPELINING', 'SIZE 10000000', '8BITMIME', 'SMTPUTF8', 'DSN'];
const HOST = '127.0.0.1';
const TRICKLE_MS = 50;

const GOOD: Readonly<Record<Exclude<Moment, 'EHLO' | 'BODY' | 'TLS'>, string>> = {
  CONNECT: '220 chaos ESMTP',
  HELO: '250 chaos',
  STARTTLS: '220 2.0.0 Go ahead',
  AUTH: '235 2.7.0 In',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 Go on',
  DOT: '250 2.0.0 Ok: queued as 4XyZ',
  RSET: '250 2.0.0 Ok',
};

/** @param script what goes wrong on every connection */
export async function startChaos(script: Script): Promise<ChaosSmtp> {
  let now = script;
  const heard = { taken: [] as string[], whole: [] as string[], commands: [] as string[] };
  let secured = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const onSecure = () => {
      secured += 1;
    };
    converse(socket, now, { ...heard, onSecure });
  });
  const listen = (port: number) =>
    new Promise<void>((resolve) => void server.listen(port, HOST, resolve));
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  if (script.isAway === true) await close();
  return {
    port,
    ...heard,
    secured: () => secured,
    async heal() {
      if (now.isAway === true) await listen(port);
      now = { offers: ['PIPELINING'] };
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await close();
    },
  };
}

interface Heard {
  readonly taken: string[];
  readonly whole: string[];
  readonly commands: string[];
  readonly onSecure: () => void;
}

/** One connection. */
function converse(plain: Socket, script: Script, heard: Heard): void {
  let socket = plain;
  let voice = voiceOf(socket, script);
  const misdeeds = new Map<string, Misdeed>(Object.entries(script.on ?? {}));
  let rest = '';
  let body: string[] | undefined;
  let recipients = 0;

  /** Does what the script says for this moment, or well. False: this connection hears nothing more. */
  function act(moment: Moment, good: string | undefined): boolean {
    const said = misdeeds.get(moment) ?? good;
    misdeeds.delete(moment);
    if (said === 'close') socket.end();
    else if (said === 'reset') plain.resetAndDestroy();
    else if (said === 'trickle') trickle(socket);
    else if (said !== 'hang' && said !== 'swallow' && said !== undefined) voice.say(said);
    if (moment === 'RCPT' && said?.startsWith('250')) recipients += 1;
    if (moment === 'DATA' && said?.startsWith('354')) body = [];
    if (moment === 'DOT' && said?.startsWith('250')) heard.taken.push(heard.whole.at(-1) ?? '');
    return said === undefined || !['close', 'reset', 'trickle', 'hang'].includes(said);
  }

  function hear(line: string): boolean {
    if (body === undefined) return obey(line);
    if (line !== '.') {
      const isFirst = body.push(line) === 1;
      return !isFirst || act('BODY', undefined);
    }
    const [, id = ''] = /^message-id: *(\S+)/im.exec(body.join('\n')) ?? [];
    // With no recipient left, RFC 2920 has the client end an empty mail: that is none.
    if (recipients > 0) heard.whole.push(id);
    body = undefined;
    return act('DOT', recipients > 0 ? GOOD.DOT : '554 5.5.1 No valid recipients');
  }

  function obey(line: string): boolean {
    heard.commands.push(line);
    const verb = line.split(/[ :]/, 1).join('').toUpperCase();
    const moment = MOMENTS.find((known) => known === verb);
    if (verb === 'QUIT') socket.end('221 2.0.0 Bye\r\n');
    if (moment === undefined) return verb !== 'QUIT' && act('RSET', '502 5.5.2 What?');
    if (moment === 'EHLO') return act('EHLO', ehlo(script.offers ?? []));
    if (moment === 'STARTTLS') return secure();
    if (moment === 'MAIL') recipients = 0;
    return moment !== 'BODY' && moment !== 'TLS' && act(moment, GOOD[moment]);
  }

  function secure(): boolean {
    const isRefused = misdeeds.has('STARTTLS');
    if (!act('STARTTLS', GOOD.STARTTLS)) return false;
    if (isRefused) return true;
    plain.removeListener('data', onData);
    if (!act('TLS', undefined)) return false;
    const secureContext = createSecureContext({ cert: CERTIFICATE_PEM, key: CERTIFICATE_KEY_PEM });
    socket = new TLSSocket(plain, { isServer: true, secureContext });
    socket.once('secure', heard.onSecure);
    voice = voiceOf(socket, script);
    attach();
    return true;
  }

  function onData(data: Buffer): void {
    rest += data.toString('latin1');
    const lines = rest.split('\r\n');
    rest = lines.pop() ?? '';
    const isOpen = lines.every(hear);
    voice.flush();
    if (!isOpen) socket.removeListener('data', onData).resume();
  }

  function attach(): void {
    socket.on('error', () => undefined);
    socket.on('data', onData);
  }

  attach();
  if (!act('CONNECT', GOOD.CONNECT)) socket.removeListener('data', onData).resume();
  voice.flush();
}

/** How it speaks: at once, in lumps, or byte by byte. */
function voiceOf(socket: Socket, { byteMs, inLumps = false }: Script) {
  let lump = '';
  let speaking = Promise.resolve();
  const spell = async (text: string) => {
    for (const byte of text) {
      if (socket.destroyed) return;
      socket.write(byte);
      await new Promise((resolve) => setTimeout(resolve, byteMs));
    }
  };
  return {
    say(reply: string): void {
      const said = `${reply}\r\n`;
      if (byteMs !== undefined) speaking = speaking.then(() => spell(said));
      else if (inLumps) lump += said;
      else socket.write(said, 'latin1');
    },
    flush(): void {
      if (lump !== '') socket.write(lump, 'latin1');
      lump = '';
    },
  };
}

function ehlo(offers: readonly string[]): string {
  const lines = ['chaos', ...offers];
  return lines.map((line, at) => `250${at < offers.length ? '-' : ' '}${line}`).join('\r\n');
}

function trickle(socket: Socket): void {
  const drip = setInterval(() => socket.write('250-and\r\n'), TRICKLE_MS);
  socket.once('close', () => clearInterval(drip));
}

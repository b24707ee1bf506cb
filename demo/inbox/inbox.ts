/**
 * Inbox: a real SMTP server on this machine that keeps what it gets, for the demo and for tests.
 *
 * It can also be difficult: refuse recipients, defer them, or fall silent.
 */
import type { AddressInfo } from 'node:net';
import { callbackify } from 'node:util';
import { simpleParser } from 'mailparser';
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerError,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';

const HOST = '127.0.0.1';
const MAIL_BYTES_MAX = 1_000_000;
/** How long open sessions may take when the inbox is stopped. */
const CLOSE_MS = 200;

export interface ReceivedMail {
  /** Of the envelope. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Lower-case names; values unfolded, otherwise as sent. Of a repeated field, the first. */
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: Buffer;
  readonly receivedAt: Date;
}

/** Which recipients are treated badly, and how. */
interface Rule {
  readonly to: string | RegExp;
  /** The answer, `550 5.1.1 No such user`; `hang` never answers. */
  readonly answer: `${number} ${string}` | 'hang';
  /** When: at RCPT TO, or when the whole mail is there. */
  readonly at?: 'recipient' | 'message';
}

export interface InboxOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** If given, only who knows them may send. */
  readonly login?: { readonly user: string; readonly pass: string };
  readonly now?: () => Date;
}

export interface Inbox {
  /** Without a login; put `user:password@` into it where one is asked for. */
  readonly smtpUrl: string;
  /** In the order of their arrival. */
  readonly mails: readonly ReceivedMail[];
  /** The first mail that fits, also one that is there already. @throws Error after `ms` milliseconds. */
  waitFor(fits: (mail: ReceivedMail) => boolean, ms: number): Promise<ReceivedMail>;
  /** Hears of each mail; the result ends that. */
  onMail(listener: (mail: ReceivedMail) => void): () => void;
  /** Adds a rule; the first that fits counts. The result takes it away. */
  reject(rule: Rule): () => void;
  stop(): Promise<void>;
}

export async function startInbox(options: InboxOptions = {}): Promise<Inbox> {
  const now = options.now ?? (() => new Date());
  const mails: ReceivedMail[] = [];
  const rules = new Set<Rule>();
  const listeners = new Set<(mail: ReceivedMail) => void>();

  const answerFor = (to: string, at: Rule['at']): Rule['answer'] | undefined =>
    [...rules].find((rule) => fits(rule, to) && (rule.at ?? 'recipient') === at)?.answer;

  async function hear({ address }: SMTPServerAddress): Promise<void> {
    await obey(answerFor(address, 'recipient'));
  }

  async function receive(stream: AsyncIterable<Buffer>, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    const { mailFrom, rcptTo } = session.envelope;
    await obey(rcptTo.map(({ address }) => answerFor(address, 'message')).find(Boolean));
    await keep(Buffer.concat(chunks), mailFrom === false ? '' : mailFrom.address, rcptTo);
  }

  async function keep(raw: Buffer, from: string, to: readonly SMTPServerAddress[]): Promise<void> {
    const parsed = await simpleParser(raw);
    for (const { address } of to) {
      const mail: ReceivedMail = {
        to: address,
        from,
        subject: parsed.subject ?? '',
        text: parsed.text ?? '',
        html: parsed.html || '',
        headers: headersOf(raw),
        raw,
        receivedAt: now(),
      };
      mails.push(mail);
      for (const listener of listeners) listener(mail);
    }
  }

  const server = new SMTPServer({
    ...serverOptions(options),
    onRcptTo: (address, _session, done) => callbackify(hear)(address, done),
    onData: (stream, session, done) => callbackify(receive)(stream, session, done),
  });
  const port = await listen(server, options.port ?? 0);
  const onMail = (listener: (mail: ReceivedMail) => void) => addTo(listeners, listener);
  return {
    smtpUrl: `smtp://${HOST}:${port}`,
    mails,
    onMail,
    waitFor: (wanted, ms) => waitFor(mails, onMail, wanted, ms),
    reject: (rule) => addTo(rules, rule),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function serverOptions({ login }: InboxOptions): SMTPServerOptions {
  return {
    size: MAIL_BYTES_MAX,
    rejectOversized: true,
    // Plain text on loopback; a certificate would only be another thing to trust.
    disabledCommands: login === undefined ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: login === undefined,
    hideENHANCEDSTATUSCODES: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: CLOSE_MS,
    onAuth(auth, _session, done) {
      const knows = auth.username === login?.user && auth.password === login?.pass;
      if (knows) done(null, { user: auth.username });
      else done(Object.assign(new Error('5.7.8 Wrong user or password'), { responseCode: 535 }));
    },
  };
}

/** Nothing, an error that the server turns into the answer, or a silence without end. */
async function obey(answer: Rule['answer'] | undefined): Promise<void> {
  if (answer === undefined) return;
  if (answer === 'hang') await new Promise(() => undefined);
  const error: SMTPServerError = new Error(answer.slice(4));
  error.responseCode = Number(answer.slice(0, 3));
  throw error;
}

function fits({ to }: Rule, address: string): boolean {
  return typeof to === 'string' ? to === address : to.test(address);
}

function waitFor(
  mails: readonly ReceivedMail[],
  onMail: Inbox['onMail'],
  wanted: (mail: ReceivedMail) => boolean,
  ms: number,
): Promise<ReceivedMail> {
  const there = mails.find(wanted);
  if (there !== undefined) return Promise.resolve(there);
  return new Promise((resolve, reject) => {
    const forget = onMail((mail) => {
      if (!wanted(mail)) return;
      clearTimeout(timer);
      forget();
      resolve(mail);
    });
    const timer = setTimeout(() => {
      forget();
      reject(new Error(`no such mail within ${ms} ms; ${mails.length} others came`));
    }, ms);
  });
}

function headersOf(raw: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  const head = raw.toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
  for (const field of head.split(/\r\n(?![ \t])/)) {
    const name = field.slice(0, field.indexOf(':')).toLowerCase();
    const value = field.slice(field.indexOf(':') + 1);
    if (!headers.has(name)) headers.set(name, value.replace(/\r\n(?=[ \t])/g, '').trim());
  }
  return headers;
}

function addTo<Item>(set: Set<Item>, item: Item): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}

function listen(server: SMTPServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      // A client that breaks off is what some tests are about; it must not end the process.
      server.on('error', () => undefined);
      const address = server.server.address() as AddressInfo;
      resolve(address.port);
    });
  });
}

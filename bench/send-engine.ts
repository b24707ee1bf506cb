/** Send engine: how fast mails leave without any record: ours, nodemailer's pool, and the keys' limit. */
import { createPrivateKey, sign } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { messageIdOf } from '../src/mail/mail-fields.ts';
import { makeSkeleton, type Recipient, type Skeleton } from '../src/mail/skeleton.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { smtpTransport } from '../src/mail/transport.ts';
import { signerOf, TEMPLATE } from './send-deps.ts';

/** Kept sessions, as many as smtp-source has. */
export const SESSIONS = 50;
/** Mails that are composed and signed ahead of each connection. */
const AHEAD_PER_CONNECTION = 4;
/** As many threads as libuv has by default. */
const SIGNATURES_AT_A_TIME = 8;

/** The real template with its real words, for made-up recipients. */
export async function benchSkeleton(): Promise<Skeleton> {
  const template = (await loadTemplates('templates/mail')).get(TEMPLATE);
  if (template === undefined) throw new Error(`templates/mail/${TEMPLATE} is missing`);
  const from = { name: 'Bench', address: 'bench@example.com' };
  const values = { senderName: 'Bench', postalAddress: 'Nowhere 1, 10115 Berlin' };
  const terms = { template, locale: 'en', from, replyTo: from, listId: 'asks.example.com', values };
  return makeSkeleton(terms);
}

export function recipient(number: number): Recipient {
  const token = `T0BENCH.send${number}.k1.${'m'.repeat(22)}`;
  const address = `person.${number}@example.com`;
  return {
    messageId: messageIdOf(`send${number}`, 'example.com'),
    at: new Date(),
    to: { address },
    envelopeFrom: `b+send${number}.0a1b2c@bounce.example.com`,
    oneClickUrl: `https://confirm.example.com/u/${token}`,
    feedbackId: 'r1:T0BENCH:ask:assent1',
    values: {
      address,
      howObtained: 'On 3 March 2026 you entered it in the newsletter form at example.com.',
      ifSilent: 'After 6 December 2026 we will not send you any further e-mails.',
      reviewUrl: `https://confirm.example.com/c/${token}`,
      stopUrl: `https://confirm.example.com/s/${token}`,
    },
  };
}

/** Composes, signs and sends with nothing recorded. */
export async function runEngine(url: string, count: number, keyPem?: string): Promise<Rate> {
  const skeleton = await benchSkeleton();
  const dkim = keyPem === undefined ? undefined : signerOf(keyPem);
  const transport = smtpTransport({ url, connections: SESSIONS, dkim });
  const rate = await timed(count, SESSIONS * AHEAD_PER_CONNECTION, async (number) => {
    const { kind } = await transport.send(await skeleton.compose(recipient(number)));
    if (kind !== 'accepted') throw new Error(`a mail was ${kind}: nothing was measured`);
  });
  await transport.close();
  return rate;
}

/** As one usually sends: nodemailer's pool, its composer, its DKIM with the key as it is in the file. */
export async function runPool(url: string, count: number, keyPem: string): Promise<Rate> {
  const { hostname, port } = new URL(url);
  const pool = createTransport({
    pool: true,
    host: hostname,
    port: Number(port),
    maxConnections: SESSIONS,
    ignoreTLS: true,
    dkim: { domainName: 'example.com', keySelector: 'bench', privateKey: keyPem },
  });
  const { text, html } = await words();
  const rate = await timed(count, SESSIONS * AHEAD_PER_CONNECTION, async (number) => {
    const { to, oneClickUrl } = recipient(number);
    await pool.sendMail({
      from: { name: 'Bench', address: 'bench@example.com' },
      to: to.address,
      subject: 'May Bench send you e-mails?',
      list: { unsubscribe: oneClickUrl },
      text,
      html,
    });
  });
  pool.close();
  return rate;
}

/** Signatures a second of this machine, on all its cores, and nothing else. */
export async function runSignatures(count: number, keyPem: string): Promise<Rate> {
  const key = createPrivateKey(keyPem);
  const text = Buffer.alloc(2_000, 'x');
  return timed(
    count,
    SIGNATURES_AT_A_TIME,
    () =>
      new Promise<void>((resolve, reject) => {
        sign('sha256', text, key, (error) => (error === null ? resolve() : reject(error)));
      }),
  );
}

/** As long as our mails: the same words, decoded. */
async function words(): Promise<{ text: string; html: string }> {
  const { raw } = await (await benchSkeleton()).compose(recipient(1));
  const [, text = '', html = ''] = raw
    .toString('latin1')
    .split('quoted-printable\r\n\r\n')
    .map((part) =>
      part.split('\r\n----_NmP', 1)[0]?.replaceAll('=\r\n', '').replaceAll('=3D', '='),
    );
  return { text, html };
}

/** Mails (or signatures) a second, and the CPU time of this process for each, which noise hardly moves. */
export interface Rate {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** What `run` took, for each of `count`. */
export async function rateOf(count: number, run: () => Promise<unknown>): Promise<Rate> {
  const before = process.cpuUsage();
  const startMs = performance.now();
  await run();
  const { user, system } = process.cpuUsage(before);
  const perSecond = (count / (performance.now() - startMs)) * 1_000;
  return { perSecond, cpuUs: (user + system) / count };
}

/** `act` so many times, `width` at a time. */
async function timed(count: number, width: number, act: (number: number) => Promise<void>) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await act(next);
    }
  };
  return rateOf(count, () => Promise.all(Array.from({ length: width }, worker)));
}

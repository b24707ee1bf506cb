/** Corpus: mails that came back, as files, with what only our keys can write put into them. */
import { readdirSync, readFileSync } from 'node:fs';
import { makeToken, type TokenKey } from '../../../src/consent/link.ts';
import { type InboundReading, readInbound } from '../../../src/mail/bounces/inbound.ts';
import {
  bounceAddress,
  type MailTarget,
  unsubscribeAddress,
} from '../../../src/mail/bounces/verp.ts';

const FOLDER = new URL('corpus/', import.meta.url);
export const DOMAIN = 'bounce.lindenhof.example';
export const SEND = 'AAECAwQFBgcICQoLDA0ODw';
export const OTHER_SEND = 'BBECAwQFBgcICQoLDA0ODw';
export const KEYS: readonly [TokenKey, ...TokenKey[]] = [{ id: 'k1', key: Buffer.alloc(32, 9) }];
const STRANGERS: typeof KEYS = [{ id: 'k1', key: Buffer.alloc(32, 8) }];
export const RECEIVED_AT = new Date('2026-11-02T10:11:13Z');

const WORDS: Readonly<Record<string, string>> = {
  bounce: bounceAddress(SEND, DOMAIN, KEYS),
  stop: unsubscribeAddress(SEND, DOMAIN, KEYS),
  link: makeToken({ workspace: 'T0TEST', send: SEND }, KEYS),
  complaints: 'complaints@bounce.lindenhof.example',
  forged: bounceAddress(OTHER_SEND, DOMAIN, STRANGERS),
  forgedLink: makeToken({ workspace: 'T0TEST', send: OTHER_SEND }, STRANGERS),
};

export const NAMES = readdirSync(FOLDER)
  .map((file) => file.replace(/\.eml$/, ''))
  .toSorted();

/** The mail as it stands on the wire; bytes that are no UTF-8 stay as they are. */
export function mailOf(name: string): Buffer {
  const text = readFileSync(new URL(`${name}.eml`, FOLDER), 'latin1')
    .replaceAll(/\{\{(\w+)\}\}/g, (_, word: string) => WORDS[word] ?? '')
    .replaceAll(/\r?\n/g, '\r\n');
  return Buffer.from(text, 'latin1');
}

/** To the address of its kind; reports come from the null sender, letters from people. */
export async function readMail(
  name: string,
  { target = 'bounce', sender = '' }: { target?: MailTarget['kind']; sender?: string } = {},
): Promise<InboundReading> {
  return readInbound({
    raw: mailOf(name),
    target: target === 'complaints' ? { kind: target } : { kind: target, send: SEND },
    sender,
    receivedAt: RECEIVED_AT,
    domain: DOMAIN,
    keys: KEYS,
  });
}

/** `hard-bounce 5.1.1`, `complaint (abuse)`, `ignored: auto-reply`. */
export function inWords(reading: InboundReading): string {
  if (reading.kind === 'ignored') return `ignored: ${reading.why}`;
  const { kind, status, feedback } = reading.event;
  return [kind, status, feedback === undefined ? undefined : `(${feedback})`]
    .filter((part) => part !== undefined)
    .join(' ');
}

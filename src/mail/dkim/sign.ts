/**
 * DKIM sign: one signature over one mail with one key (RFC 6376; Ed25519: RFC 8463).
 *
 * The field is written as nodemailer writes it, so that for the same list of headers the two can be
 * compared byte for byte. The signature itself is made beside the main thread.
 */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import { bodyHash, coveredFields, relaxedField, splitMail } from './canonical.ts';

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

export interface SigningKey {
  readonly algorithm: DkimAlgorithm;
  /** Lower case. */
  readonly domain: string;
  readonly selector: string;
  readonly key: KeyObject;
}

/** Characters of a header line before it is folded. */
const LINE_CHARACTERS_MAX = 76;
/** As nodemailer folds `b=`: the first line after 74 characters, the next after 76. */
const SIGNATURE_FOLD = /(^.{73}|.{75}(?!\r?\n|\r))/g;
/** In place of a body hash, and as long as one: 32 bytes in base64. */
const BODY_HASH = '#'.repeat(44);
/** Lists of header names that one key signs; ours has one for all its mails. */
const FIELDS_MAX = 20;

/** A DKIM-Signature but for body hash and signature; `relaxed`: as it is signed (section 3.4.2). */
interface UnsignedField {
  readonly shown: readonly [string, string];
  readonly relaxed: readonly [string, string];
}

const signRsa = promisify<string, Buffer, KeyObject, Buffer>(sign);
const signEd25519 = promisify<null, Buffer, KeyObject, Buffer>(sign);

/** A function that signs mails with a key: it gives the DKIM-Signature field, line end included. */
export function signatureBy(signing: SigningKey) {
  const known = new Map<string, UnsignedField>();
  const fieldFor = (names: string): UnsignedField => {
    const found = known.get(names) ?? unsignedField(signing, names);
    if (known.size < FIELDS_MAX) known.set(names, found);
    return found;
  };
  return async ({ names, covered, hash }: MailToSign): Promise<string> => {
    const { shown, relaxed } = fieldFor(names);
    const text = Buffer.from(covered + relaxed.join(hash), 'latin1');
    const signature =
      signing.algorithm === 'rsa-sha256'
        ? await signRsa('sha256', text, signing.key)
        : await signEd25519(null, createHash('sha256').update(text).digest(), signing.key);
    const folded = signature.toString('base64').replace(SIGNATURE_FOLD, '$&\r\n ').trim();
    return `${shown.join(hash)}${folded}\r\n`;
  };
}

/** What all signatures of one mail share. */
export interface MailToSign {
  /** For `h=`. */
  readonly names: string;
  /** The covered fields in canonical form, each with its line end. */
  readonly covered: string;
  /** For `bh=`. */
  readonly hash: string;
}

/**
 * Reads a mail once for all its signatures.
 *
 * @param wanted names of fields, lower case; those that are there are covered
 * @param sealed names covered once more than they occur: nobody can add one (section 8.15)
 */
export function readForSigning(
  raw: Buffer,
  wanted: readonly string[],
  sealed: readonly string[],
): MailToSign {
  const { fields, body } = splitMail(raw);
  const counts = new Map<string, number>();
  for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
  const present = wanted.flatMap((name) => Array<string>(counts.get(name) ?? 0).fill(name));
  const names = [...present, ...sealed];
  let covered = '';
  for (const field of coveredFields(fields, names)) covered += `${relaxedField(field)}\r\n`;
  return { names: names.join(':'), covered, hash: bodyHash(body) };
}

function unsignedField({ algorithm, domain, selector }: SigningKey, names: string): UnsignedField {
  const tags = [
    'v=1',
    `a=${algorithm}`,
    'c=relaxed/relaxed',
    `d=${domain}`,
    'q=dns/txt',
    `s=${selector}`,
    `bh=${BODY_HASH}`,
    `h=${names}`,
  ];
  const line = `${foldLines(`DKIM-Signature: ${tags.join('; ')}`, LINE_CHARACTERS_MAX)};\r\n b=`;
  return {
    shown: halves(line),
    relaxed: halves(relaxedField({ name: 'dkim-signature', line })),
  };
}

function halves(line: string): readonly [string, string] {
  const [before = '', after = ''] = line.split(BODY_HASH);
  return [before, after];
}

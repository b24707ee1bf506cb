/**
 * Received words: every mail that we ship, in every language, made as the sender makes it, signed, and
 * taken in by a real server: its signatures hold, and a reader of MIME finds the words that were
 * meant.
 */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { dkimSigner } from '../../../src/mail/dkim/dkim.ts';
import { messageIdOf } from '../../../src/mail/mail-fields.ts';
import { skeletonOf } from '../../../src/mail/skeletons.ts';
import {
  loadTemplates,
  type Template,
  type Wording,
  wordAsk,
  wordGoodbye,
} from '../../../src/mail/templates.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { verifyDkim } from '../../support/verify-dkim.ts';
import { askMail, askValues } from '../../unit/mail/an-ask.ts';

const LOCALES = ['de', 'en', 'es', 'fr', 'it', 'nl', 'pt'];
const templates = [...(await loadTemplates('templates/mail')).values()];
const pem = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();
const signer = dkimSigner({
  domain: 'lindenhof.example',
  selector: 's2026',
  privateKeyPem: pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ed25519: { selector: 'e2026', privateKeyPem: pem(generateKeyPairSync('ed25519').privateKey) },
});
/** What tears mail apart: other scripts, emoji, long words, dots and "From " at the start of lines. */
const AWKWARD = `Größe, naïve, Ελλάδα, 你好 🌷 “quoted” & <b>${'ü'.repeat(120)}</b> = %41 =C3`;
const POSTAL = 'Hauptstraße 12\n.\n..dots\nFrom here\n39576 Stendal';

let inbox: Inbox;
let transport: Transport;
beforeAll(async () => {
  inbox = await startInbox();
  transport = smtpTransport({ url: inbox.smtpUrl, dkim: signer });
});
afterAll(async () => {
  await transport.close();
  await inbox.stop();
});

interface Made {
  readonly wording: Wording;
  readonly mail: Awaited<ReturnType<typeof composeAsk>>;
}

async function make(template: Template, locale: string, messageId: string): Promise<Made> {
  const values = askValues({ howObtained: AWKWARD, postalAddress: POSTAL });
  const ask = askMail({ messageId });
  if (template.purpose === 'goodbye') {
    const wording = wordGoodbye(template, { language: locale }, values);
    return { wording, mail: await composeAsk({ ...ask, wording }) };
  }
  const { senderName, postalAddress, ...own } = values;
  const { from, replyTo, listId, wording: _wording, ...recipient } = ask;
  const shared = { senderName, postalAddress };
  const skeleton = await skeletonOf({ template, locale, from, replyTo, listId, values: shared });
  const mail = await skeleton.compose({ ...recipient, values: own });
  return { wording: wordAsk(template, { language: locale }, values), mail };
}

const lines = (text: string) => text.replaceAll('\r\n', '\n').trimEnd();

it('there are three mails in seven languages', () => {
  expect(templates.map(({ locales }) => locales.toSorted())).toEqual([LOCALES, LOCALES, LOCALES]);
});

describe.each(templates.map((template) => [template.name, template] as const))(
  '%s',
  (name, one) => {
    it.each(LOCALES)(
      'in %s: its signatures hold, and its words are those that were meant',
      async (locale) => {
        const messageId = messageIdOf(`${name}-${locale}`, 'lindenhof.example');
        const { wording, mail } = await make(one, locale, messageId);
        expect(await transport.send(mail)).toMatchObject({ kind: 'accepted' });
        const isIt = ({ headers }: { headers: ReadonlyMap<string, string> }) =>
          headers.get('message-id') === messageId;
        const { raw, subject, text, html, headers } = await inbox.waitFor(isIt, 10_000);
        expect(subject).toBe(wording.subject);
        expect(lines(text)).toBe(lines(wording.text));
        expect(lines(html)).toBe(lines(wording.html));
        expect(headers.get('content-language')).toBe(locale);
        // Seven bits a byte, and no line that a server may cut: nothing on the way needs to touch it.
        expect(raw.every((byte) => byte < 128)).toBe(true);
        expect(
          Math.max(
            ...raw
              .toString('latin1')
              .split('\r\n')
              .map(({ length }) => length),
          ),
        ).toBeLessThan(999);
        for (const kind of ['rsa', 'ed25519'] as const) {
          const held = verifyDkim(raw.toString('latin1'), signer.records, kind);
          expect(held).toMatchObject({ body: true, headers: true });
          expect(held.names).toEqual(expect.arrayContaining(['list-unsubscribe-post', 'subject']));
        }
      },
    );
  },
);

/** An ask: valid mail input for tests; change one thing at a time. */
import type { AskMail } from '../../../src/mail/ask-mail.ts';
import { messageIdOf } from '../../../src/mail/mail-fields.ts';
import type { AskValues } from '../../../src/mail/templates.ts';

export function askValues(changes: Partial<AskValues> = {}): AskValues {
  return {
    senderName: 'Lindenhof & Söhne GmbH',
    postalAddress: 'Hauptstraße 12\n39576 Stendal\nGermany',
    address: 'jane.doe@example.net',
    howObtained: 'On 3 March 2026 you entered it in the newsletter form at lindenhof.example.',
    ifSilent: 'After 6 December 2026 we will not send you any further e-mails.',
    reviewUrl: 'https://confirm.lindenhof.example/c/T1.send1.k1.Zm9vYmFy?a=1&b=2',
    stopUrl: 'https://confirm.lindenhof.example/u/T1.send1.k1.Zm9vYmFy',
    ...changes,
  };
}

export function askMail(changes: Partial<AskMail> = {}): AskMail {
  return {
    messageId: messageIdOf('send_1', 'lindenhof.example'),
    at: new Date('2026-11-22T10:00:00Z'),
    from: { name: 'Lindenhof & Söhne GmbH', address: 'news@lindenhof.example' },
    to: { name: 'Jane Doe', address: 'jane.doe@example.net' },
    replyTo: { address: 'privacy@lindenhof.example' },
    envelopeFrom: 'b+send_1.0a1b2c@bounce.lindenhof.example',
    wording: {
      locale: 'en',
      subject: 'May Lindenhof & Söhne GmbH send you e-mails?',
      text: 'Hello,\n\nthis is a long line that goes on and on: Größe, naïve, 你好, and a URL https://confirm.lindenhof.example/c/T1.send1.k1.Zm9vYmFy\n.\n..\n',
      html: '<!DOCTYPE html><html lang="en"><body><p>Hello, Größe</p></body></html>',
    },
    oneClickUrl: 'https://confirm.lindenhof.example/u/T1.send1.k1.Zm9vYmFy',
    listId: 'doi.lindenhof.example',
    feedbackId: 'req1:doi:T1:assent1',
    ...changes,
  };
}

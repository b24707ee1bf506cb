/**
 * Corpus: what each mail that comes back is read as. The mails are written from RFC 3464, 5965 and
 * 8098, and from the documented forms of the servers they are named after.
 */
import { describe, expect, it } from '@jest/globals';
import type { MailTarget } from '../../../src/mail/bounces/verp.ts';
import { inWords, NAMES, OTHER_SEND, RECEIVED_AT, readMail, SEND } from './corpus.ts';

interface Where {
  readonly target?: MailTarget['kind'];
  readonly sender?: string;
}
const REPORT: Where = {};
const PERSON: Where = { sender: 'jo@recipient.example' };
const COMPLAINT: Where = { target: 'complaints', sender: 'feedback@provider.example' };
const STOP: Where = { target: 'stop', sender: 'jo@recipient.example' };

const TABLE: readonly (readonly [name: string, where: Where, reading: string])[] = [
  // Postfix
  ['postfix-unknown-user', REPORT, 'hard-bounce 5.1.1'],
  ['postfix-null-mx', REPORT, 'hard-bounce 5.1.10'],
  ['postfix-host-not-found', REPORT, 'hard-bounce 5.4.4'],
  ['postfix-vague-status-words', REPORT, 'hard-bounce 5.0.0'],
  ['postfix-mailbox-full', REPORT, 'soft-bounce 5.2.2'],
  ['postfix-expired', REPORT, 'soft-bounce 4.4.1'],
  ['postfix-spam-policy', REPORT, 'blocked 5.7.1'],
  ['postfix-dmarc', REPORT, 'blocked 5.7.26'],
  ['postfix-too-big', REPORT, 'blocked 5.3.4'],
  ['postfix-greylisted-to-the-end', REPORT, 'blocked 4.7.1'],
  ['postfix-delayed', REPORT, 'delayed 4.4.1'],
  ['postfix-delivered', REPORT, 'delivered'],
  ['postfix-relayed', REPORT, 'ignored: success-report'],
  ['postfix-expanded', REPORT, 'ignored: success-report'],
  // Exchange and Office 365
  ['office365-unknown-user', REPORT, 'hard-bounce 5.1.10'],
  ['office365-access-denied', REPORT, 'hard-bounce 5.4.1'],
  ['office365-transport-rule', REPORT, 'blocked 5.7.1'],
  ['outlook-com-auth-required', REPORT, 'blocked 5.7.515'],
  ['exchange-2010-quota', REPORT, 'soft-bounce 5.2.2'],
  ['exchange-55-text', REPORT, 'hard-bounce 5.1.1'],
  // Gmail, Yahoo, SES
  ['gmail-no-such-user', REPORT, 'hard-bounce 5.1.1'],
  ['gmail-old-text', REPORT, 'hard-bounce 5.1.1'],
  ['gmail-delayed', REPORT, 'delayed 4.4.1'],
  ['gmail-rate-limited-to-the-end', REPORT, 'blocked 4.7.28'],
  ['yahoo-text', REPORT, 'hard-bounce'],
  ['yahoo-mailbox-full', REPORT, 'soft-bounce'],
  ['yahoo-policy', REPORT, 'blocked 5.0.0'],
  ['ses-dsn-bounce', REPORT, 'hard-bounce 5.1.1'],
  ['ses-suppression-list', REPORT, 'hard-bounce 5.1.1'],
  // qmail, Exim, sendmail
  ['qmail-no-mailbox', REPORT, 'hard-bounce 5.1.1'],
  ['qmail-remote-refusal', REPORT, 'hard-bounce'],
  ['qmail-quota', REPORT, 'soft-bounce 5.2.2'],
  ['qmail-timed-out', REPORT, 'soft-bounce 4.4.1'],
  ['ip-address-is-no-code', REPORT, 'soft-bounce'],
  ['exim-unknown-user', REPORT, 'hard-bounce 5.1.1'],
  ['exim-unrouteable', REPORT, 'hard-bounce'],
  ['exim-retry-timeout', REPORT, 'soft-bounce'],
  ['exim-blocked', REPORT, 'blocked'],
  ['exim-delayed', REPORT, 'delayed 4.3.0'],
  ['sendmail-old-user-unknown', REPORT, 'hard-bounce'],
  ['sendmail-dsn', REPORT, 'hard-bounce 5.3.0'],
  ['sendmail-warning', REPORT, 'delayed'],
  // Notes, GroupWise, MDaemon, Courier, SurgeMail
  ['notes-not-listed', REPORT, 'hard-bounce 5.1.1'],
  ['notes-text', REPORT, 'hard-bounce'],
  ['groupwise-not-found', REPORT, 'hard-bounce'],
  ['groupwise-disk-full', REPORT, 'soft-bounce'],
  ['mdaemon-unknown', REPORT, 'hard-bounce'],
  ['courier-text', REPORT, 'hard-bounce'],
  ['surgemail-closed-account', REPORT, 'hard-bounce'],
  ['html-only-bounce', REPORT, 'hard-bounce 5.1.1'],
  // Reports that are not quite as they should be
  ['dsn-without-action', REPORT, 'hard-bounce 5.1.1'],
  ['dsn-action-in-words', REPORT, 'hard-bounce 5.1.1'],
  ['dsn-wrong-status-right-words', REPORT, 'hard-bounce 5.1.1'],
  ['dsn-tells-nothing', REPORT, 'soft-bounce 5.0.0'],
  ['dsn-forwarder-two-recipients', REPORT, 'soft-bounce 5.2.2'],
  ['dsn-forwarder-one-arrived', REPORT, 'delivered'],
  ['dsn-global-smtputf8', REPORT, 'hard-bounce 5.1.1'],
  ['dsn-base64-status', REPORT, 'hard-bounce 5.1.1'],
  ['dsn-status-as-plain-text', REPORT, 'hard-bounce 5.1.1'],
  ['bounce-that-quotes-another-send', REPORT, 'hard-bounce 5.1.1'],
  ['broken-boundary-never-ends', REPORT, 'hard-bounce 5.1.1'],
  ['broken-no-boundary', REPORT, 'hard-bounce 5.1.1'],
  ['broken-wrong-charset', REPORT, 'hard-bounce 5.1.1'],
  ['broken-unknown-charset', REPORT, 'hard-bounce 5.1.1'],
  ['broken-no-headers', REPORT, 'ignored: no-bounce'],
  ['broken-empty-report', REPORT, 'ignored: no-bounce'],
  // Machines that answer
  ['vacation-rfc3834', PERSON, 'ignored: auto-reply'],
  ['vacation-exchange', PERSON, 'ignored: auto-reply'],
  ['vacation-exchange-german', PERSON, 'ignored: auto-reply'],
  ['vacation-french', PERSON, 'ignored: auto-reply'],
  ['vacation-subject-only', PERSON, 'ignored: auto-reply'],
  ['vacation-precedence', PERSON, 'ignored: auto-reply'],
  ['vacation-null-sender-delivery-words', REPORT, 'ignored: auto-reply'],
  ['ticket-acknowledged', PERSON, 'ignored: auto-reply'],
  ['challenge-response', PERSON, 'ignored: no-bounce'],
  ['read-receipt', PERSON, 'ignored: receipt'],
  ['receipt-deleted-unread', PERSON, 'ignored: receipt'],
  // People who speak of bounces
  ['person-answers-about-a-bounce', PERSON, 'ignored: no-bounce'],
  ['person-forwards-a-bounce', PERSON, 'ignored: no-bounce'],
  ['postmaster-writes-a-letter', PERSON, 'ignored: no-bounce'],
  ['injected-status-in-a-letter', PERSON, 'ignored: no-bounce'],
  // Complaints
  ['arf-abuse-by-envelope', COMPLAINT, 'complaint (abuse)'],
  ['arf-abuse-by-return-path', COMPLAINT, 'complaint (abuse)'],
  ['arf-abuse-by-link', COMPLAINT, 'complaint (abuse)'],
  ['arf-abuse-by-stop-address-folded', COMPLAINT, 'complaint (abuse)'],
  ['arf-abuse-to-bounce-address', REPORT, 'complaint (abuse)'],
  ['arf-fraud', COMPLAINT, 'complaint (fraud)'],
  ['arf-opt-out', COMPLAINT, 'unsubscribe (opt-out)'],
  ['hotmail-loop-hands-on-the-mail', COMPLAINT, 'complaint (abuse)'],
  ['arf-not-spam', COMPLAINT, 'ignored: other-feedback'],
  ['arf-auth-failure', COMPLAINT, 'ignored: other-feedback'],
  ['arf-without-proof', COMPLAINT, 'ignored: unproven-complaint'],
  ['arf-forged-proof', COMPLAINT, 'ignored: unproven-complaint'],
  // Stops by mail
  ['stop-empty-mail', STOP, 'unsubscribe'],
  ['stop-with-words', STOP, 'unsubscribe'],
  ['stop-by-a-button', STOP, 'unsubscribe'],
  ['stop-vacation', STOP, 'ignored: auto-reply'],
  ['stop-auto-replied', STOP, 'ignored: auto-reply'],
  ['stop-bounce', { target: 'stop' }, 'ignored: auto-reply'],
];

describe('a mail that comes back', () => {
  it.each(TABLE)('%s', async (name, where, expected) => {
    expect(inWords(await readMail(name, where))).toBe(expected);
  });

  it('stands in the table, each once', () => {
    expect(TABLE.map(([name]) => name).toSorted()).toEqual(NAMES);
  });
});

describe('whatever it says', () => {
  it('is about the send whose address or link it came back with', async () => {
    for (const [name, where] of TABLE) {
      const reading = await readMail(name, where);
      if (reading.kind === 'ignored') continue;
      expect(reading.event).toMatchObject({ send: SEND, provider: 'smtp', at: RECEIVED_AT });
      expect(JSON.stringify(reading)).not.toContain(OTHER_SEND);
    }
  });

  it('has its addresses taken out, and no more than a line is kept', async () => {
    for (const [name, where] of TABLE) {
      const reading = await readMail(name, where);
      if (reading.kind === 'ignored') continue;
      const { reply = '' } = reading.event;
      expect(reply).not.toMatch(/@|\n/);
      expect(reply.length).toBeLessThanOrEqual(300);
    }
  });
});

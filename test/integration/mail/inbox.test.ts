/** Inbox: what the demo and other tests rely on: mails, rules and links. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Inbox, type ReceivedMail, startInbox } from '../../../demo/inbox/inbox.ts';
import { oneClickLinkOf, reviewLinkOf, stopLinkOf } from '../../../demo/inbox/links.ts';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { loadTemplates, wordAsk } from '../../../src/mail/templates.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { askMail, askValues } from '../../unit/mail/an-ask.ts';

const receivedAt = new Date('2026-11-22T10:00:05Z');
let inbox: Inbox;
let transport: Transport;
beforeEach(async () => {
  inbox = await startInbox({ now: () => receivedAt });
  transport = smtpTransport({ url: inbox.smtpUrl, timeouts: { silenceMs: 1500 } });
});
afterEach(async () => {
  await transport.close(0);
  await inbox.stop();
});
const send = async (address = 'jane@example.net') =>
  (await transport.send(await composeAsk(askMail({ to: { address } })))).kind;

describe('the inbox', () => {
  it('keeps a mail as it came', async () => {
    await send();
    const mail = await inbox.waitFor(() => true, 5000);
    expect(mail).toMatchObject({
      to: 'jane@example.net',
      from: 'b+send_1.0a1b2c@bounce.lindenhof.example',
      subject: askMail().wording.subject,
      html: askMail().wording.html,
      receivedAt,
    });
    expect(mail.text).toContain('Größe, naïve, 你好');
    expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.raw.toString('latin1')).toContain('Message-ID: <send_1@lindenhof.example>');
    expect(inbox.mails).toEqual([mail]);
  });

  it('waits for a mail, there or still to come', async () => {
    const waiting = inbox.waitFor(({ to }) => to === 'second@example.net', 5000);
    await send('first@example.net');
    await send('second@example.net');
    expect((await waiting).to).toBe('second@example.net');
    expect((await inbox.waitFor(({ to }) => to === 'first@example.net', 1)).to).toBe(
      'first@example.net',
    );
    await expect(inbox.waitFor(() => false, 20)).rejects.toThrow(
      'no such mail within 20 ms; 2 others came',
    );
  });

  it('tells of mails until one stops listening', async () => {
    const heard: string[] = [];
    const forget = inbox.onMail(({ to }) => heard.push(to));
    await send('first@example.net');
    forget();
    await send('second@example.net');
    expect(heard).toEqual(['first@example.net']);
  });

  it('follows its rules until they are taken away', async () => {
    const undo = inbox.reject({ to: 'jane@example.net', answer: '550 5.1.1 No such user' });
    inbox.reject({ to: /^late@/, answer: '451 4.7.1 Greylisted' });
    inbox.reject({ to: /^spam@/, answer: '554 5.7.1 Spam', at: 'message' });
    inbox.reject({ to: /^dead@/, answer: 'hang' });
    inbox.reject({ to: /^mute@/, answer: 'hang', at: 'message' });
    expect(await send()).toBe('bounced');
    expect(await send('late@example.net')).toBe('deferred');
    expect(await send('spam@example.net')).toBe('blocked');
    expect(await send('dead@example.net')).toBe('deferred');
    expect(await send('mute@example.net')).toBe('unknown');
    expect(inbox.mails).toHaveLength(0);
    undo();
    expect(await send()).toBe('accepted');
  });

  it('can be stopped while it hangs, and be started at the same port again', async () => {
    const hanging = new Promise<void>((resolve) => {
      const to = /./;
      to.test = () => {
        resolve();
        return true;
      };
      inbox.reject({ to, answer: 'hang' });
    });
    const sending = send();
    await hanging;
    await inbox.stop();
    expect(await sending).toBe('deferred');
    inbox = await startInbox({ port: Number(new URL(inbox.smtpUrl).port) });
    expect(await send()).toBe('accepted');
    await expect(startInbox({ port: Number(new URL(inbox.smtpUrl).port) })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});

describe('the links', () => {
  const values = askValues({ privacyUrl: 'https://lindenhof.example/privacy' });
  async function receive(language: string): Promise<ReceivedMail> {
    const template = (await loadTemplates('templates/mail')).get('double-opt-in');
    if (template === undefined) throw new Error('templates/mail/double-opt-in is missing');
    const wording = wordAsk(template, { language }, values);
    await transport.send(await composeAsk(askMail({ wording })));
    return inbox.waitFor(() => true, 1000);
  }

  it.each(['en', 'de'])('of our template in %s are found', async (language) => {
    const mail = await receive(language);
    expect(reviewLinkOf(mail)).toBe(values.reviewUrl);
    expect(stopLinkOf(mail)).toBe(values.stopUrl);
    expect(oneClickLinkOf(mail)).toBe(askMail().oneClickUrl);
  });

  it('of a mail without classes are found by the header', async () => {
    const mail = {
      ...(await receive('en')),
      html: '',
      text: `stop ${askMail().oneClickUrl}\nyes ${values.reviewUrl}\n`,
    };
    expect(reviewLinkOf(mail)).toBe(values.reviewUrl);
    expect(stopLinkOf(mail)).toBe(askMail().oneClickUrl);
  });

  it('that are not there are missed', async () => {
    const mail = {
      ...(await receive('en')),
      html: '',
      text: 'Hello',
      headers: new Map<string, string>(),
    };
    expect(() => reviewLinkOf(mail)).toThrow('no review link');
    expect(() => stopLinkOf(mail)).toThrow('no stop link');
    expect(() => oneClickLinkOf(mail)).toThrow('no one-click link');
  });
});

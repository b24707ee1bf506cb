/** From an approved request to a recipient's yes: the mail, the page, the click, the proof. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { oneClickLinkOf, reviewLinkOf, stopLinkOf } from '../../../demo/inbox/links.ts';
import type { Request } from '../../../src/consent/request.ts';
import type { WebServer } from '../../../src/web/server.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { textOf } from '../web/http.ts';
import { askPeople, openWorld, personAt, sendAll, sendTo, serve, type World } from './world.ts';

let world: World;
let web: WebServer;
let request: Request;

beforeAll(async () => {
  world = await openWorld();
  web = await serve(world);
  request = await askPeople(world, [
    { address: 'ann@example.org', language: 'en-GB' },
    { address: 'bert@example.org', language: 'de_AT' },
    { address: 'cleo@example.org', language: 'tlh' },
  ]);
  await sendAll(world.deps);
});
afterAll(async () => {
  await web.close();
  await world.close();
});

const mailTo = (to: string) => {
  const mail = world.inbox.mails.find((one) => one.to === to);
  if (mail === undefined) throw new Error('no such mail');
  return mail;
};
const ledgerOf = (id: string) => world.deps.database.of(WORKSPACE).ledger.ofCause('send', id);
const sayYes = (link: string) =>
  fetch(link, { method: 'POST', body: new URLSearchParams({ answer: 'yes', locale: 'en' }) });

describe('the mail', () => {
  it('leaves once for each address, and its send says so', async () => {
    expect(world.inbox.mails.map(({ to }) => to).toSorted()).toEqual([
      'ann@example.org',
      'bert@example.org',
      'cleo@example.org',
    ]);
    const send = await sendTo(world.deps, 'ann@example.org');
    expect(send).toMatchObject({
      state: 'sent',
      attempts: 1,
      messageId: `<${send._id}@example.com>`,
    });
    expect(send.lease).toBeUndefined();
    expect(send.nextAt.getTime() - (send.sentAt?.getTime() ?? 0)).toBe(14 * 24 * 60 * 60 * 1000);
    expect(send.reply).not.toContain('ann@');
  });

  it('carries its own links, and the one-click of RFC 8058', async () => {
    const mail = mailTo('ann@example.org');
    expect(new Set([reviewLinkOf(mail), stopLinkOf(mail), oneClickLinkOf(mail)]).size).toBe(3);
    expect(reviewLinkOf(mail)).toMatch(new RegExp(`^${web.url}/c/`));
    expect(mail.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.headers.get('list-id')).toBe('<asks.example.com>');
  });

  it('says in the language of the address how it was obtained and what silence means', () => {
    const day = String(request.plan.terms.interview?.answers['collectedFrom']);
    const format = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });
    expect(mailTo('ann@example.org').text.replace(/\s+/g, ' ')).toContain(
      `You signed up with our form on example.com, on ${format.format(new Date(day))}.`,
    );
    expect(mailTo('bert@example.org').text.replace(/\s+/g, ' ')).toMatch(
      /Sie haben sich am .* mit unserem Formular auf example\.com angemeldet/,
    );
    expect(mailTo('bert@example.org').text).toContain('Dann bleibt alles, wie es ist');
    expect(mailTo('cleo@example.org').headers.get('content-language')).toBe('en');
  });

  it('ends the request when no mail is left, and says so in Slack', async () => {
    const store = world.deps.database.of(WORKSPACE);
    expect((await store.requests.find(request.id)).state).toBe('done');
    const told = await store.announcements.ofSubject({ kind: 'request', id: request.id });
    expect(told.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['progress', 'result', 'direct-result']),
    );
  });
});

describe('the recipient', () => {
  it('looks at the page, in their language, and nothing changes', async () => {
    const page = await fetch(reviewLinkOf(mailTo('bert@example.org')));
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('<html lang="de" dir="ltr">');
    expect(text).toContain('Ja, weiter senden');
    expect(text).toContain('Example GmbH');
    expect(text).not.toContain('bert@');
    expect((await personAt(world.deps, 'bert@example.org')).permission).toBe('single-opt-in');
  });

  it('says yes, which is written with its proof', async () => {
    const link = reviewLinkOf(mailTo('ann@example.org'));
    const answer = await sayYes(link);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Thank you!');
    const ann = await personAt(world.deps, 'ann@example.org');
    expect(ann.permission).toBe('double-opt-in');
    expect(ann.confirmedAt).toBeInstanceOf(Date);
    const send = await sendTo(world.deps, 'ann@example.org');
    expect(send.outcome).toBe('confirmed');
    const [entry, ...others] = await ledgerOf(send._id);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      _id: `s.${send._id}.confirm`,
      act: 'confirm',
      from: 'single-opt-in',
      to: 'double-opt-in',
      who: 'recipient',
      addresses: [ann._id],
      facts: {
        templateHash: send.templateHash,
        mailHash: send.mailHash,
        messageId: send.messageId,
        sentAt: send.sentAt?.toISOString(),
        locale: 'en',
        ip: '127.0.0.0/24',
      },
    });
  });

  it('says yes again, and is told so; no second proof is written', async () => {
    const again = await sayYes(reviewLinkOf(mailTo('ann@example.org')));
    expect(await again.text()).toContain('You have already said yes');
    expect(await ledgerOf((await sendTo(world.deps, 'ann@example.org'))._id)).toHaveLength(1);
  });

  it('stops later by the same mail, and an old yes does not bring them back', async () => {
    const mail = mailTo('ann@example.org');
    const stopped = await fetch(stopLinkOf(mail), { method: 'POST' });
    expect(stopped.status).toBe(200);
    expect(await textOf(stopped)).toContain('You will get no more e-mails from us');
    const late = await sayYes(reviewLinkOf(mail));
    expect([late.status, await textOf(late)]).toEqual([
      409,
      expect.stringContaining('You get no e-mails from us'),
    ]);
    expect((await personAt(world.deps, 'ann@example.org')).permission).toBe(
      'opted-out-by-recipient',
    );
  });

  it('stops by the button of the mail client', async () => {
    const link = oneClickLinkOf(mailTo('cleo@example.org'));
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    const answer = await fetch(link, { method: 'POST', body, redirect: 'error' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null]);
    const cleo = await personAt(world.deps, 'cleo@example.org');
    expect(cleo.permission).toBe('opted-out-by-recipient');
    const [entry] = await ledgerOf((await sendTo(world.deps, 'cleo@example.org'))._id);
    expect(entry).toMatchObject({ act: 'stop', from: 'single-opt-in' });
    expect(entry).toHaveProperty('facts', { request: request.id, method: 'one-click' });
  });

  it('leaves books that agree on both sides', async () => {
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});

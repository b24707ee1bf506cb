/** Browser: who may see and act in the playable Slack, and what acts of a page are answered. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Browser, startBrowser } from '../../../demo/browser/server.ts';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import { asString, type Json } from '../../../demo/slack/json.ts';
import * as a from './block-samples.ts';
import { newStage, type Stage } from './stage.ts';

let stage: Stage;
let inbox: Inbox;
let demo: Browser;
let token: string;

beforeEach(async () => {
  [stage, inbox] = await Promise.all([newStage(), startInbox()]);
  const { slack } = stage;
  demo = await startBrowser({ slack, inbox, first: { user: 'U1', channel: 'C1' }, port: 0 });
  const page = await (await fetch(demo.url)).text();
  token = /name="token" content="([^"]+)"/.exec(page)?.[1] ?? '';
});
afterEach(async () => {
  await demo.stop();
  await inbox.stop();
  await stage.stop();
});

const post = (what: unknown, headers: Record<string, string> = {}) =>
  fetch(new URL('act', demo.url), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Token': token, ...headers },
    body: JSON.stringify(what),
  });
const act = async (what: Json): Promise<Json> =>
  (await post({ user: 'U1', ...what })).json() as Promise<Json>;

/** As another name that leads to this machine would ask (DNS rebinding). */
const askedAs = (host: string, path = '/'): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(demo.url);
    request({ host: '127.0.0.1', port, path, headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('who may', () => {
  it('only the names of the loopback are answered', async () => {
    const { port } = new URL(demo.url);
    expect(await askedAs(`localhost:${port}`)).toBe(302);
    expect(await askedAs(`evil.example:${port}`)).toBe(421);
    expect(await askedAs('127.0.0.1')).toBe(421);
  });

  it.each([
    ['without the token', { 'X-Token': '' }],
    ['with a token of another start', { 'X-Token': 'x'.repeat(32) }],
    ['as a form of another page', { 'Content-Type': 'text/plain' }],
  ])('nobody acts %s', async (_how, headers) => {
    const before = stage.slack.messages('C1').length;
    const answer = await post({ user: 'U1', act: 'send', channel: 'C1', text: 'Hello' }, headers);
    expect(answer.status).toBe(403);
    expect(stage.slack.messages('C1')).toHaveLength(before);
  });

  it.each([
    [{ act: 'send', channel: 'C9', text: 'Hello' }],
    [{ act: 'fly' }],
    [{ act: 'toString' }],
    [{ user: 'U9', act: 'read' }],
    [[]],
    [null],
  ])('%j is a bad request', async (what) => {
    const answer = await post(
      Array.isArray(what) || what === null ? what : { user: 'U1', ...what },
    );
    expect(answer.status).toBe(400);
  });

  it('pages load nothing from elsewhere and stand in no frame', async () => {
    const { headers } = await fetch(demo.url);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect((await fetch(demo.url, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(new URL('U9/C1', demo.url))).status).toBe(404);
    expect((await fetch(new URL('client/../server.ts', demo.url))).status).toBe(404);
  });

  it.each([
    ['text/html', 'application/octet-stream'],
    ['image/svg+xml', 'application/octet-stream'],
    ['image/png', 'image/png'],
  ])('what was uploaded as %s comes back as %s, to be saved', async (mimetype, type) => {
    const file = { name: 'x', mimetype, content: Buffer.from('<script>') };
    const { files } = stage.anna.say('C1', '', [file]);
    const { headers } = await fetch(new URL(`file/${files?.[0]?.id}`, demo.url));
    expect(headers.get('content-type')).toBe(type);
    expect(headers.get('content-disposition')).toContain('attachment');
  });
});

describe('what acts do', () => {
  it('somebody else’s modal cannot be touched', async () => {
    stage.slack.addUser({ id: 'U2', name: 'Bob' });
    await stage.open(a.modal());
    const { id } = stage.shown();
    expect(await act({ user: 'U2', act: 'close', view: id })).toEqual({
      ok: false,
      error: 'This is no longer open.',
    });
    expect(stage.slack.modal('U1')?.id).toBe(id);
  });

  it('a message of a channel that one is not in cannot be pressed', async () => {
    stage.slack.addChannel({ id: 'C2', name: 'secret', members: [], isPrivate: true });
    const { ts } = await stage.api('chat.postMessage', {
      channel: 'C2',
      text: 'Hi',
      blocks: [a.actions(a.button())],
    });
    const before = stage.app.got.length;
    const spot = { message: `C2/${asString(ts)}`, block: 'b', action: 'press' };
    expect(await act({ act: 'click', ...spot })).toMatchObject({ ok: false });
    expect(stage.app.got).toHaveLength(before);
  });

  it('an app that does not answer is named as Slack names it', async () => {
    await stage.app.stop();
    const posted = await stage.posted([a.actions(a.button())]);
    const [block] = posted.blocks;
    const spot = { message: `C1/${posted.ts}`, block: block?.['block_id'], action: 'press' };
    expect(await act({ act: 'click', ...spot })).toEqual({
      ok: false,
      error: 'Assent did not answer in time. Try again? (operation_timeout)',
    });
    await act({ act: 'send', channel: 'C1', text: '/optin' });
    expect(stage.anna.ephemerals().at(-1)?.text).toBe(
      '/optin failed with the error "operation_timeout"',
    );
  });

  it('a moment is meant in the person’s own time zone', async () => {
    await stage.open(a.modal([a.input({ type: 'datetimepicker' }, { block_id: 'b' })]));
    const { id } = stage.shown();
    const spot = { view: id, block: 'b', action: 'enter' };
    await act({ act: 'choose', ...spot, choice: '2026-07-01T09:30' });
    expect(stage.shown().values['b']?.['enter']).toMatchObject({
      selected_date_time: Date.UTC(2026, 6, 1, 7, 30) / 1_000,
    });
    expect(await act({ act: 'choose', ...spot, choice: 'soon' })).toMatchObject({ ok: false });
  });

  it('unread messages are counted until they were looked at', async () => {
    await stage.posted([a.section()]);
    const bold = async () =>
      (await (await fetch(new URL('U1/home', demo.url))).text()).includes(
        '1<span class="unseen"> unread',
      );
    expect(await bold()).toBe(true);
    const ts = stage.slack.messages('C1').at(-1)?.ts;
    await act({ act: 'read', channel: 'C1', ts });
    expect(await bold()).toBe(false);
  });
});

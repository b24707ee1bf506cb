/** Journey: a mail of ours leaves with an address to return to, and comes back to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../../src/config.ts';
import { complaintsAddress } from '../../../src/mail/bounces/verp.ts';
import { openResources, type Resources } from '../../../src/resources.ts';
import { type Doors, openDoors } from '../../../src/start.ts';
import { askPeople, openWorld, personAt, sendAll, sendTo, type World } from '../ask/world.ts';
import { POSTMARK_SECRET, postmarkPost, postmarkRecord } from './providers.ts';
import { BOUNCE_DOMAIN, post } from './world.ts';

const JO = 'joanna@recipient.example';
let world: World;
let home: string;
let resources: Resources;
let doors: Doors;
let readsReturns = true;
const lines: Record<string, unknown>[] = [];

/** Of the line with this message, as an operator would read it. */
const logged = (msg: string) => lines.find((line) => line['msg'] === msg) ?? {};
const listener = () => ({ port: Number(logged('returned mail is taken in')['port']) });
const url = () => String(logged('recipients are served')['url']);

beforeAll(async () => {
  world = await openWorld();
  const { deps } = world;
  const { settings } = deps;
  Object.assign(deps, {
    settings: async (workspace: string) => {
      const found = await settings(workspace);
      return { ...found, sender: { ...found.sender, bounceDomain: BOUNCE_DOMAIN, readsReturns } };
    },
  });
  home = await mkdtemp(join(tmpdir(), 'assent-journey-'));
  resources = await openResources({
    config: readConfig({
      ASSENT_ROLE: 'web',
      ASSENT_HOME: home,
      ASSENT_ADDRESS_KEY: deps.addressKey.toString('hex'),
      ASSENT_TOKEN_KEYS: deps.tokenKeys.map(({ id, key }) => `${id}:${key.toString('hex')}`).join(),
      MONGODB_URI: process.env['TEST_MONGODB_URI'],
      MONGODB_DATABASE: deps.database.db.databaseName,
      PORT: '0',
      MAIL_BOUNCE_DOMAIN: BOUNCE_DOMAIN,
      INBOUND_SMTP_PORT: '0',
      HOOK_POSTMARK_SECRET: POSTMARK_SECRET,
    }),
    log: pino({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line)) }),
    say: () => undefined,
    environment: {},
  });
  doors = await openDoors(resources);
});
afterAll(async () => {
  await doors.close();
  await resources.close();
  await rm(home, { recursive: true, force: true });
  await world.close();
});

it('is suppressed when its bounce comes back to the process that was started', async () => {
  await askPeople(world, [JO, 'other@recipient.example']);
  await sendAll(world.deps);
  const mail = world.inbox.mails.find(({ to }) => to === JO);
  expect(mail?.from).toMatch(/^bounce\+[a-z2-7]{26}\.[a-z2-7]{16}@bounce\.lindenhof\.example$/);
  const answer = await post(listener(), { to: mail?.from ?? '', mail: 'gmail-no-such-user' });
  expect(answer).toMatch(/^250 /);
  expect((await personAt(world.deps, JO)).suppressions).toEqual(['hard-bounce']);
  expect((await personAt(world.deps, 'other@recipient.example')).suppressions).toEqual([]);
  expect((await sendTo(world.deps, JO)).state).toBe('bounced');
  expect(resources.deps.returns['hard-bounce']).toBe(1);
});

it('is opted out when its recipient’s mail provider complains in its feedback loop', async () => {
  const mail = world.inbox.mails.find(({ to }) => to === 'other@recipient.example');
  const report = [
    'Content-Type: multipart/report; report-type=feedback-report; boundary=b',
    '',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    mail?.raw.toString('latin1') ?? '',
    '--b--',
  ];
  const to = complaintsAddress(BOUNCE_DOMAIN, world.deps.tokenKeys);
  expect(logged('returned mail is taken in')['complaints']).toBe(to);
  const from = 'feedback@provider.example';
  await post(listener(), { to, from, mail: Buffer.from(report.join('\r\n'), 'latin1') });
  expect(await personAt(world.deps, 'other@recipient.example')).toMatchObject({
    permission: 'opted-out-by-recipient',
    suppressions: ['complaint'],
  });
});

it('is heard of by a webhook of the process that was started', async () => {
  const third = 'third@recipient.example';
  await askPeople(world, [third]);
  await sendAll(world.deps);
  const { _id } = await sendTo(world.deps, third);
  const { body, headers } = postmarkPost(
    postmarkRecord(_id, { RecordType: 'SpamComplaint', Type: 'SpamComplaint' }),
  );
  const answer = await fetch(`${url()}/hooks/postmark`, { method: 'POST', body, headers });
  expect(answer.status).toBe(200);
  expect((await personAt(world.deps, third)).permission).toBe('opted-out-by-recipient');
});

it('offers a stop by mail only where such mail is read', async () => {
  const header = (to: string): string => {
    const mail = world.inbox.mails.find((one) => one.to === to);
    return /^List-Unsubscribe: .*$/mu.exec(mail?.raw.toString('latin1') ?? '')?.[0] ?? '';
  };
  expect(header(JO)).toMatch(
    /<https?:.*>, <mailto:stop\+.*@bounce\.lindenhof\.example\?subject=stop>/u,
  );
  readsReturns = false;
  const fourth = 'fourth@recipient.example';
  await askPeople(world, [fourth]);
  await sendAll(world.deps);
  expect(header(fourth)).toMatch(/^List-Unsubscribe: <https?:/u);
  expect(header(fourth)).not.toContain('mailto:');
});

it('leaves no address of anybody in the log', () => {
  expect(lines.length).toBeGreaterThan(4);
  expect(JSON.stringify(lines)).not.toMatch(/@recipient\.example|550/);
});

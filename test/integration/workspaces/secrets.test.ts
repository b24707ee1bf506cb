/** Secrets: tokens go to Slack and to the hosts on the list, into the database sealed, and nowhere else. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { IMPORTS } from '../../../src/store/audiences.ts';
import { sweep } from '../../../src/workflow/sweep.ts';
import { CLIENT_SECRET, peopleOf, TEAM_A, type Workspaces, workspaces } from './world.ts';

const A = peopleOf('A');
const byA = { team: TEAM_A, user: A.installer };
const QUESTION = 'Did these people give permission to be mailed?';

let world: Workspaces;

beforeEach(async () => {
  world = await workspaces();
});
afterEach(async () => {
  await world.close();
});

it('stand in no line of the log, whatever goes wrong', async () => {
  const browser = world.browser();
  const begun = await browser.open('/slack/install', { method: 'POST' });
  const authorize = begun.headers.get('location') ?? '';
  const back = new URL(world.hub.allow(authorize, byA));
  const path = `${back.pathname}${back.search}`;
  await world.browser().open(path);
  await browser.open(path);
  await browser.open(path);
  await world.setUp(world.a, 'A');
  await world.a.person(A.requester).command('/assent status');
  await world.install({ ...byA, scopes: ['commands'] });
  await world.install(byA);
  world.hub.revoke(TEAM_A);
  await world.a.person(A.installer).command('/assent settings');
  for (let tries = 0; tries < 200; tries += 1) {
    await sweep(world.deps, new AbortController().signal);
    if (world.logged.some((line) => line.includes('the app was removed'))) break;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const log = world.logged.join('');
  expect(log).toContain('the app was installed');
  expect(log).toContain('the app was removed');
  const secrets = [
    ...world.hub.tokens,
    CLIENT_SECRET,
    back.searchParams.get('code'),
    back.searchParams.get('state'),
    browser.cookie.split('=')[1],
  ];
  for (const secret of secrets) {
    if (secret !== undefined && secret !== null && secret !== '') expect(log).not.toContain(secret);
  }
  expect(world.hub.tokens.length).toBeGreaterThan(1);
});

it('are not sent to a host that is not on the list, whatever Slack’s payload says', async () => {
  await world.install(byA);
  await world.setUp(world.a, 'A');
  const asked: string[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.headers.authorization ?? 'none');
    response.end('email\nann@example.org\n');
  });
  await new Promise<void>((resolve) => {
    elsewhere.listen(0, '127.0.0.1', resolve);
  });
  // A listening TCP server has such an address.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  world.a.workspace.origin = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  const requester = world.a.person(A.requester);
  await requester.command('/assent import');
  await world.a.until(() => JSON.stringify(world.a.modal(A.requester) ?? '').includes(QUESTION));
  const content = Buffer.from('email\nann@example.org\n');
  await requester.attachFile('choose-file', { name: 'fair.csv', content, mimetype: 'text/csv' });
  await requester.choose(QUESTION, 'no');
  const { errors } = await requester.submit();
  elsewhere.close();
  expect(errors['choose-file']).toContain('list of allowed hosts');
  expect(asked).toEqual([]);
  expect(await world.deps.database.db.collection(IMPORTS).countDocuments()).toBe(0);
});

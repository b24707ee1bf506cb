/** Installing: by OAuth, in one browser, once; the token is nowhere to be read. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { rotateSecretsCommand } from '../../../src/cli/rotate-secrets.ts';
import { BOT_SCOPES } from '../../../src/slack/wire/scopes.ts';
import { INSTALL_STATES } from '../../../src/store/install-states.ts';
import {
  INSTALLATIONS,
  type InstallationStore,
  installationStore,
} from '../../../src/store/installations.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import type { SecretsKeys } from '../../../src/store/secrets.ts';
import { SETTINGS } from '../../../src/store/settings.ts';
import { INSTALL_MS } from '../../../src/workflow/install-app.ts';
import {
  CLIENT_ID,
  KEYS,
  peopleOf,
  REDIRECT_URL,
  TEAM_A,
  TEAM_B,
  type Workspaces,
  workspaces,
} from './world.ts';

const A = peopleOf('A');
const B = peopleOf('B');
const byA = { team: TEAM_A, user: A.installer };

let world: Workspaces;

beforeAll(async () => {
  world = await workspaces();
});
afterEach(async () => {
  await world.deps.reset();
});
afterAll(async () => {
  await world.close();
});

const all = (name: string) => world.deps.database.db.collection(name).find().toArray();
const begin = async (browser = world.browser()) => {
  const begun = await browser.open('/slack/install', { method: 'POST' });
  return { browser, begun, url: begun.headers.get('location') ?? '' };
};
const pathIn = (url: string) => `${new URL(url).pathname}${new URL(url).search}`;

describe('the page', () => {
  it('tells each scope in plain words, and changes nothing', async () => {
    const page = await world.browser().open('/slack/install');
    expect(page.status).toBe(200);
    expect(page.body).toContain('Add Assent to Slack');
    expect(page.body).toContain('See who is in a user group');
    for (const scope of BOT_SCOPES) expect(page.body).not.toContain(`<li>${scope}</li>`);
    expect(page.headers.get('content-security-policy')).toContain(
      `form-action 'self' ${world.hub.origin}`,
    );
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(await all(INSTALL_STATES)).toEqual([]);
  });

  it('leads to Slack, with a state that is bound to this browser', async () => {
    const { begun, url } = await begin();
    expect(begun.status).toBe(303);
    const asked = new URL(url).searchParams;
    expect(asked.get('client_id')).toBe(CLIENT_ID);
    expect(asked.get('redirect_uri')).toBe(REDIRECT_URL);
    expect(asked.get('state')).toHaveLength(43);
    expect(begun.headers.get('set-cookie')).toMatch(
      /^__Host-assent-install=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/,
    );
    const [state] = await all(INSTALL_STATES);
    // Only hashes: neither what Slack knows nor what the browser knows.
    expect(JSON.stringify(state)).not.toContain(asked.get('state') ?? '');
  });
});

describe('an installation', () => {
  it('is stored, makes its installer the first admin, and stands in the ledger', async () => {
    const page = await world.install(byA);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Assent is installed');
    expect(page.headers.get('set-cookie')).toContain('Max-Age=0');
    expect(await world.deps.installs.store.find(TEAM_A)).toMatchObject({
      id: TEAM_A,
      kind: 'workspace',
      token: world.hub.tokens.at(-1),
      installedBy: A.installer,
      botUserId: world.a.botUserId,
      scopes: expect.arrayContaining(['usergroups:read']),
    });
    expect((await world.deps.settings(TEAM_A)).admins).toEqual([A.installer]);
    expect((await world.deps.settings(TEAM_B)).admins).toEqual([]);
    const [entry] = await all(LEDGER);
    expect(entry).toMatchObject({ act: 'install-app', workspace: TEAM_A, who: A.installer });
  });

  it('leaves the token readable nowhere in the database', async () => {
    await world.install(byA);
    const token = world.hub.tokens.at(-1) ?? 'none';
    const { db } = world.deps.database;
    for (const { name } of await db.listCollections().toArray()) {
      expect(JSON.stringify(await all(name))).not.toContain(token);
    }
    const [document] = await all(INSTALLATIONS);
    expect(document).toMatchObject({ _id: TEAM_A, secret: { key: 'k1' } });
  });

  it('again replaces the token and gives nobody a role', async () => {
    await world.install(byA);
    await world.install({ team: TEAM_A, user: A.requester });
    const found = await world.deps.installs.store.find(TEAM_A);
    expect(found?.token).toBe(world.hub.tokens.at(-1));
    expect(await all(INSTALLATIONS)).toHaveLength(1);
    expect((await world.deps.settings(TEAM_A, { fresh: true })).admins).toEqual([A.installer]);
    expect(await all(SETTINGS)).toHaveLength(1);
    expect(await all(LEDGER)).toHaveLength(2);
  });
});

describe('a return from Slack', () => {
  const nothing = async () => {
    expect(await all(INSTALLATIONS)).toEqual([]);
    expect(await all(LEDGER)).toEqual([]);
  };

  it('that says no installs nothing, and its state is used up', async () => {
    const { browser, url } = await begin();
    const page = await browser.open(pathIn(world.hub.decline(url)));
    expect(page.status).toBe(200);
    expect(page.body).toContain('Nothing was installed');
    expect(await all(INSTALL_STATES)).toEqual([]);
    await nothing();
  });

  it('in another browser installs nothing and takes nothing from the one that began', async () => {
    const { browser, url } = await begin();
    const back = pathIn(world.hub.allow(url, byA));
    const thief = world.browser();
    expect((await thief.open(back)).status).toBe(400);
    thief.cookie = `__Host-assent-install=${'x'.repeat(43)}`;
    expect((await thief.open(back)).status).toBe(400);
    await nothing();
    expect((await browser.open(back)).status).toBe(200);
    expect(await all(INSTALLATIONS)).toHaveLength(1);
  });

  it('a second time does nothing', async () => {
    const { browser, url } = await begin();
    const back = pathIn(world.hub.allow(url, byA));
    const { cookie } = browser;
    expect((await browser.open(back)).status).toBe(200);
    browser.cookie = cookie;
    const again = await browser.open(back);
    expect(again.status).toBe(400);
    expect(again.body).toContain('cannot be finished');
    expect(await all(LEDGER)).toHaveLength(1);
  });

  it('of two at the same moment, installs once', async () => {
    const { browser, url } = await begin();
    const back = pathIn(world.hub.allow(url, byA));
    const pages = await Promise.all([browser.open(back), browser.open(back)]);
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200, 400]));
  });

  it('after ten minutes does nothing', async () => {
    const { browser, url } = await begin();
    const back = pathIn(world.hub.allow(url, byA));
    world.deps.setNow(new Date(Date.now() + INSTALL_MS + 1));
    expect((await browser.open(back)).status).toBe(400);
    await nothing();
  });

  it('without a state, or with an invented one, does nothing', async () => {
    const { browser } = await begin();
    for (const query of ['', '?code=abc', `?code=abc&state=${'s'.repeat(43)}`, '?state[$ne]=1']) {
      expect((await browser.open(`/slack/oauth_redirect${query}`)).status).toBe(400);
    }
    await nothing();
  });

  it('works for two tabs of one browser', async () => {
    const browser = world.browser();
    const first = await begin(browser);
    const second = await begin(browser);
    for (const [{ url }, consent] of [
      [first, byA],
      [second, { team: TEAM_B, user: B.installer }],
    ] as const) {
      const { cookie } = browser;
      expect((await browser.open(pathIn(world.hub.allow(url, consent)))).status).toBe(200);
      browser.cookie = cookie;
    }
    expect(await all(INSTALLATIONS)).toHaveLength(2);
  });

  it('by HEAD or POST does nothing and uses nothing up', async () => {
    const { browser, url } = await begin();
    const back = pathIn(world.hub.allow(url, byA));
    expect((await browser.open(back, { method: 'HEAD' })).status).toBe(405);
    expect((await browser.open(back, { method: 'POST' })).status).toBe(405);
    await nothing();
    expect((await browser.open(back)).status).toBe(200);
  });

  it('whose code Slack does not take says why', async () => {
    const { browser, url } = await begin();
    const state = new URL(url).searchParams.get('state') ?? '';
    const page = await browser.open(`/slack/oauth_redirect?code=invented&state=${state}`);
    expect(page.status).toBe(502);
    expect(page.body).toContain('invalid_code');
    await nothing();
  });

  it('with less than the app needs says so', async () => {
    const page = await world.install({ ...byA, scopes: ['chat:write', 'commands'] });
    expect(page.status).toBe(502);
    expect(page.body).toContain('Slack did not grant everything');
    await nothing();
  });
});

describe('keys', () => {
  const NEW: SecretsKeys = [{ id: 'k2', key: Buffer.alloc(32, 2) }, ...KEYS];
  const store = (keys: SecretsKeys): InstallationStore =>
    installationStore(world.deps.database.db, keys);

  it('rotate: all tokens are encrypted with the first, and the old one can go', async () => {
    await world.install(byA);
    await world.install({ team: TEAM_B, user: B.installer });
    const token = (await store(NEW).find(TEAM_A))?.token;
    const said: string[] = [];
    const io = { out: (line: string) => said.push(line), err: (line: string) => said.push(line) };
    const deps = { installs: { ...world.deps.installs, store: store(NEW) } };
    expect(await rotateSecretsCommand(deps, [], io)).toBe(0);
    expect(said.join()).toContain('2 of 2');
    expect((await all(INSTALLATIONS)).map(({ secret }) => secret.key)).toEqual(['k2', 'k2']);
    const [only] = NEW;
    expect((await store([only]).find(TEAM_A))?.token).toBe(token);
    // Once more: there is nothing left to do.
    expect(await rotateSecretsCommand(deps, [], io)).toBe(0);
    expect(said.at(-1)).toContain('0 of 2');
    await expect(store(KEYS).find(TEAM_A)).rejects.toThrow('"k2"');
  });

  it('of another installation, or a token that was moved to another place, opens nothing', async () => {
    await world.install(byA);
    await world.install({ team: TEAM_B, user: B.installer });
    const [a] = await all(INSTALLATIONS);
    const { db } = world.deps.database;
    await db
      .collection<{ _id: string }>(INSTALLATIONS)
      .updateOne({ _id: TEAM_B }, { $set: { secret: a?.['secret'] } });
    await expect(store(KEYS).find(TEAM_B)).rejects.toThrow('cannot be decrypted');
    const forged: SecretsKeys = [{ id: 'k1', key: Buffer.alloc(32, 9) }];
    await expect(store(forged).find(TEAM_A)).rejects.toThrow('cannot be decrypted');
  });
});

/** Home: what each person sees there, that it follows what happens, and where its buttons lead. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { changeSettings } from '../../../src/workflow/change-settings.ts';
import { HOME_EVERY_MS } from '../../../src/workflow/refresh-homes.ts';
import { ADMIN, APPROVER, OTHER_APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { approved, submitted, worked } from '../../support/requests.ts';
import { activeCampaign, submittedCampaign } from '../campaign/campaigns.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const GUEST = 'U0GUEST';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [
    { address: 'ann@example.org' },
    { address: 'ben@example.org', permission: 'single-opt-in' },
    { address: 'cat@example.org', permission: 'double-opt-in', suppressions: ['complaint'] },
  ]);
});
afterEach(async () => {
  await world.close();
});

const shown = (user: string): string => JSON.stringify(world.slack.home(user)?.blocks ?? '');
const publications = (user: string): number =>
  world.slack.calls.filter(
    ({ method, args }) => method === 'views.publish' && args['user_id'] === user,
  ).length;

/** Opens Home and waits until it holds these words. */
async function open(user: string, words: string): Promise<void> {
  await world.person(user).openHome();
  await world.slack.until(() => shown(user).includes(words));
}

/** Clicks are acknowledged before they are acted upon. */
async function eventually(holds: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      await holds();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  await holds();
}

const home = (user: string) => {
  const view = world.slack.home(user);
  if (view === undefined) throw new Error('no Home was published');
  return view;
};

describe('Home', () => {
  it('is never empty: the first steps say what is set up and what is not', async () => {
    world.roles.approvers = [];
    await open(REQUESTER, 'First steps');
    const text = shown(REQUESTER);
    expect(text).toContain('A channel for approval cards (done)');
    expect(text).toContain('Another person who approves (open): an admin gives somebody');
    expect(text).toContain('Nobody has asked for anything yet.');
  });

  it('shows approvers what waits for them, and requesters not their own', async () => {
    await submitted(world.deps);
    await open(APPROVER, 'Waiting for you');
    expect(shown(APPROVER)).toContain('Opt in 1 address');
    expect(shown(APPROVER)).toContain('review-request');
    await world.person(APPROVER).click(home(APPROVER), 'Review');
    await world.sees(APPROVER, 'Your decision');
    await open(REQUESTER, 'Recent requests');
    expect(shown(REQUESTER)).not.toContain('Waiting for you');
    expect(shown(REQUESTER)).not.toContain('review-request');
  });

  it('shows what runs with a bar, and pauses it from the menu', async () => {
    const { id } = await approved(world.deps, {
      kind: 'reconfirm',
      ask: { who: 'single-opt-in', template: 'double-opt-in', silence: 'keep' },
    });
    await worked(world.deps, id);
    await open(REQUESTER, '░ 0 %');
    await world.person(REQUESTER).click(home(REQUESTER), 'steer-request', `pause:${id}`);
    const { requests } = world.deps.database.of(WORKSPACE);
    await eventually(async () => expect((await requests.find(id)).state).toBe('paused'));
  });

  it('counts addresses by permission, after it is shown, and once a minute at the most', async () => {
    await open(REQUESTER, 'Counted');
    const text = shown(REQUESTER);
    expect(text).toContain('*Opted in, not confirmed*\\n1');
    expect(text).toContain('*Suppressed, whatever their permission*\\n1');
    await addPeople(world.deps, [{ address: 'dan@example.org', permission: 'single-opt-in' }]);
    await open(APPROVER, '*Opted in, not confirmed*\\n1');
    const { consentMix } = world.deps.database.of(WORKSPACE);
    expect(await consentMix.refresh(world.deps.now)).toBe(false);
    const later = new Date(Date.now() + 61_000);
    const both = await Promise.all([
      consentMix.refresh(() => later),
      consentMix.refresh(() => later),
    ]);
    expect(both.toSorted()).toEqual([false, true]);
    expect((await consentMix.read())?.permissions['single-opt-in']).toBe(2);
  });

  it('has a settings button for admins only', async () => {
    await open(ADMIN, 'open-settings');
    await open(REQUESTER, 'start-opt-in');
    expect(shown(REQUESTER)).not.toContain('open-settings');
  });

  it('speaks the person’s language', async () => {
    world.slack.addUser({ id: 'U0DEUTSCH', name: 'deutsch', locale: 'de-DE' });
    world.roles.requesters = [REQUESTER, 'U0DEUTSCH'];
    await open('U0DEUTSCH', 'Letzte Anfragen');
    expect(shown('U0DEUTSCH')).toContain('Kontakte importieren');
  });

  it('tells people without a role, and guests, politely and nothing else', async () => {
    await submitted(world.deps);
    await open(NOBODY, 'You hold no role in Assent yet');
    expect(shown(NOBODY)).not.toContain('Opt in');
    world.slack.addUser({ id: GUEST, name: 'guest', isRestricted: true });
    world.roles.requesters = [REQUESTER, GUEST];
    await open(GUEST, 'Guests, bots and people of other workspaces cannot use it');
    expect(shown(GUEST)).not.toContain('Opt in');
    expect(await world.deps.database.of(WORKSPACE).visitors.lately(new Date())).not.toContain(
      GUEST,
    );
  });

  it('is left alone when somebody opens the messages tab', async () => {
    await world.person(REQUESTER).openHome('messages');
    expect(publications(REQUESTER)).toBe(0);
  });
});

describe('when something changes', () => {
  it('Home is drawn anew for those who opened it, after the messages, and for nobody else', async () => {
    await open(APPROVER, 'Counted');
    const before = publications(APPROVER);
    await submitted(world.deps);
    await world.announce();
    expect(shown(APPROVER)).toContain('Opt in 1 address');
    expect(publications(APPROVER)).toBe(before + 1);
    expect(publications(OTHER_APPROVER)).toBe(0);
    const methods = world.slack.calls.map(({ method }) => method);
    expect(methods.lastIndexOf('chat.postMessage')).toBeLessThan(
      methods.lastIndexOf('views.publish'),
    );
  });

  it('a change of the settings is drawn too', async () => {
    await open(APPROVER, 'Counted');
    const before = publications(APPROVER);
    await changeSettings(world.deps, {
      workspace: WORKSPACE,
      by: ADMIN,
      seen: 0,
      values: { typedOver: 7 },
    });
    expect(world.deps.alarms.at(-1)?.job).toBe('announce');
    await world.announce();
    expect(publications(APPROVER)).toBe(before + 1);
    expect(publications(OTHER_APPROVER)).toBe(0);
  });

  it('many changes are one drawing, and the last one is not lost', async () => {
    await open(APPROVER, 'Counted');
    await submitted(world.deps);
    await world.announce();
    const before = publications(APPROVER);
    for (const reason of ['one', 'two', 'three']) {
      await submitted(world.deps, { kind: 'opt-out', interview: undefined, reason });
      await world.announce();
    }
    expect(publications(APPROVER)).toBe(before);
    await world.announceLater(HOME_EVERY_MS + 1_000);
    expect(publications(APPROVER)).toBe(before + 1);
    expect(shown(APPROVER).match(/Opt out 3 addresses/gu)?.length).toBeGreaterThanOrEqual(3);
  });

  it('nobody is drawn for who has not looked for a day', async () => {
    await open(APPROVER, 'Counted');
    const before = publications(APPROVER);
    await submitted(world.deps);
    world.deps.setNow(new Date(Date.now() + 25 * 60 * 60 * 1_000));
    await world.announce();
    world.deps.setNow(undefined);
    expect(publications(APPROVER)).toBe(before);
  });

  it('a Slack that takes no Home holds up no message', async () => {
    await open(APPROVER, 'Counted');
    world.slack.failNext('views.publish', { error: 'internal_error' });
    await submitted(world.deps);
    await world.announce();
    expect(world.card('Approval needed').text).toContain('opt in 1 address');
  });
});

describe('its buttons', () => {
  it.each([
    ['start-opt-in', 'Opt in'],
    ['start-opt-out', 'Opt out'],
    ['start-reconfirm', 'Import batches and tags'],
  ])('%s opens the wizard', async (id, words) => {
    await open(REQUESTER, id);
    await world.person(REQUESTER).click(home(REQUESTER), id);
    await world.sees(REQUESTER, words);
    await world.sees(REQUESTER, 'choose-audience');
  });

  it('import opens the import, and the menu the details', async () => {
    const { id } = await submitted(world.deps);
    await open(REQUESTER, 'open-import');
    await world.person(REQUESTER).click(home(REQUESTER), 'open-import');
    await world.sees(REQUESTER, 'import-file');
    await world.person(REQUESTER).close({ all: true });
    await world.person(REQUESTER).click(home(REQUESTER), 'steer-request', `details:${id}`);
    await world.sees(REQUESTER, id);
  });
});

describe('campaigns at Home', () => {
  it('wait for approvers, are paused with one click, and stand as they are afterwards', async () => {
    await submittedCampaign(world.deps);
    await open(APPROVER, 'Campaign: Every quarter');
    expect(shown(APPROVER)).toContain('review-campaign');
    const active = await activeCampaign(world.deps, { name: 'The other' });
    await open(APPROVER, 'pause-campaign');
    await world.person(APPROVER).click(home(APPROVER), 'pause-campaign');
    const { campaigns } = world.deps.database.of(WORKSPACE);
    await eventually(async () => expect((await campaigns.find(active.id)).state).toBe('paused'));
    await world.announceLater(HOME_EVERY_MS + 1_000);
    expect(shown(APPROVER)).toContain('resume-campaign');
  });
});

describe('the shortcut', () => {
  it('opens the same to read, for whoever holds a role', async () => {
    await submitted(world.deps);
    await world.person(APPROVER).shortcut('open-dashboard');
    await world.sees(APPROVER, 'Waiting for you');
    await world.sees(APPROVER, 'Buttons for all of this stand in the Home tab');
    await world.person(NOBODY).shortcut('open-dashboard');
    await world.sees(NOBODY, 'You hold no role in Assent yet');
  });
});

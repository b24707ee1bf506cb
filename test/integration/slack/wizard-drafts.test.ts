/** Wizard drafts: nothing that was answered is lost, and nothing is sent twice. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DRAFTS, type DraftDocument } from '../../../src/store/drafts.ts';
import { REQUESTS } from '../../../src/store/requests.ts';
import { ADMIN, APPROVER, REQUESTER } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { open, screen, stepOf, toReview, WORDING } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  expect(world.slack.acks.filter(({ late }) => late)).toEqual([]);
  await world.close();
});

const drafts = async (): Promise<DraftDocument[]> =>
  world.deps.database.db.collection<DraftDocument>(DRAFTS).find().toArray();
const requestCount = async (): Promise<number> =>
  world.deps.database.db.collection(REQUESTS).countDocuments();
const modal = (user = REQUESTER) => {
  const view = world.slack.modal(user);
  if (view === undefined) throw new Error('no modal is open');
  return view;
};

describe('Back', () => {
  it('keeps what was answered, through all steps and forward again', async () => {
    const person = await toReview(world);
    await person.choose('choose-ask', 'changed');
    await world.sees(REQUESTER, 'will be asked to confirm');
    await person.choose('choose-silence', 'revert');
    for (const step of ['Step 3 of 4', 'Step 2 of 4', 'Step 1 of 4']) {
      await person.click(modal(), 'Back');
      await world.sees(REQUESTER, step);
    }
    expect(screen(world)).toContain('batch:b_test');
    await world.sees(REQUESTER, '*2 addresses* will be opted in');
    await person.submit();
    await person.submit();
    expect(screen(world)).toContain(WORDING);
    expect(stepOf((await person.submit()).view)).toBe('Step 4 of 4 · Review');
    const { values } = modal();
    expect(JSON.stringify(values['choose-ask'])).toContain('"changed"');
    expect(JSON.stringify(values['choose-silence'])).toContain('"revert"');
  });

  it('keeps what is not right yet', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    await person.submit();
    await person.choose('choose-source', 'web-form');
    await world.sees(REQUESTER, 'Exact wording shown');
    await person.type('answer-wording', 'short');
    await person.click(modal(), 'Back');
    await world.sees(REQUESTER, 'Step 2 of 4');
    await person.submit();
    expect(screen(world)).toContain('"value":"short"');
  });

  it('is not there in the first step', async () => {
    await open(world, '/optin');
    expect(screen(world)).not.toContain('go-back');
  });
});

describe('a closed window', () => {
  it('leaves a draft that the next command offers, at the step where it stood', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    await person.submit();
    await person.choose('choose-source', 'event');
    await world.sees(REQUESTER, 'Name of the event');
    await person.close();
    expect(world.slack.modal(REQUESTER)).toBeUndefined();

    await person.command('/optin');
    await world.sees(REQUESTER, 'You have an unfinished request');
    expect(screen(world)).toContain('batch “Spring fair”');
    await person.click(modal(), 'Resume draft');
    await world.sees(REQUESTER, 'Name of the event');
    expect(stepOf(modal())).toBe('Step 3 of 4 · How obtained');
  });

  it('leaves nothing if nothing was chosen', async () => {
    const person = await open(world, '/optin');
    await person.close();
    await open(world, '/optin');
    expect(await drafts()).toEqual([]);
  });

  it('can be forgotten, or left for later', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    await person.close();

    await person.command('/optout tag:vip');
    await world.sees(REQUESTER, 'unfinished request');
    await person.click(modal(), 'Start anew');
    await world.sees(REQUESTER, 'Step 1 of 4');
    expect(screen(world)).toContain('Opt out contacts');
    expect(screen(world)).toContain('tag:t_test');
    expect(await drafts()).toHaveLength(1);
    await person.close();

    await person.command('/optin');
    await world.sees(REQUESTER, 'unfinished request');
    await person.click(modal(), 'Discard draft');
    await world.sees(REQUESTER, 'Step 1 of 4');
    expect(await drafts()).toEqual([]);
    await person.close();
    await open(world, '/optin');
  });

  it('of somebody else is never offered, and cannot be opened by its id', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    const [draft] = await drafts();
    const other = await open(world, '/optin', APPROVER);
    expect(screen(world, APPROVER)).not.toContain('unfinished');
    // A window that claims to show another's draft; Slack would never send this.
    modal(APPROVER).private_metadata = JSON.stringify({
      d: draft?._id,
      s: 'what',
      r: draft?.answers['rev'],
    });
    await other.search('choose-audience', '');
    await other.choose('choose-audience', ['batch:b_test']);
    await world.sees(APPROVER, 'This draft has expired');
    expect(await drafts()).toEqual([draft]);
  });

  it('of a draft that expired meanwhile says so', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    await world.deps.database.db.collection(DRAFTS).deleteMany({});
    expect((await person.submit()).outcome).toBe('pushed');
    expect(screen(world)).toContain('This draft has expired');
  });
});

describe('two windows', () => {
  it('of one draft: the one left behind shows how it stands and changes nothing', async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    const behind = structuredClone(modal());
    await person.submit();
    await person.choose('choose-source', 'spoken');
    await world.sees(REQUESTER, 'Who asked them?');
    // The same step is submitted once more from a window that still shows it.
    const [draft] = await drafts();
    const current = modal();
    Object.assign(current, {
      private_metadata: behind.private_metadata,
      blocks: behind.blocks,
      values: behind.values,
    });
    expect(stepOf((await person.submit()).view)).toBe('Step 3 of 4 · How obtained');
    expect(await drafts()).toEqual([draft]);
  });

  it('of two requests do not mix', async () => {
    const first = await open(world, '/optout batch:b_test');
    await first.submit();
    const one = structuredClone(modal());
    await first.close();
    await first.command('/optout');
    await world.sees(REQUESTER, 'unfinished request');
    await first.click(modal(), 'Start anew');
    await world.sees(REQUESTER, 'Step 1 of 4');
    await first.search('choose-audience', '');
    await first.choose('choose-audience', ['tag:t_test']);
    await world.sees(REQUESTER, 'Of 0 addresses');
    await first.submit();
    expect(modal().private_metadata).not.toBe(one.private_metadata);
    const kept = await drafts();
    expect(kept.map(({ answers }) => answers['sources'])).toEqual([
      [{ kind: 'batch', id: 'b_test' }],
      [{ kind: 'tag', id: 't_test' }],
    ]);
  });
});

describe('the last click', () => {
  it('delivered again finds the request that it made', async () => {
    const person = await toReview(world);
    const sent = await person.submit();
    expect(JSON.stringify(sent.view)).toContain('Sent for approval');
    const delivery = world.slack.requests.at(-1);
    if (delivery === undefined) throw new Error('nothing was sent');
    for (const { status, body } of [
      await world.slack.send(delivery),
      await world.slack.send(delivery),
    ]) {
      expect(status).toBe(200);
      expect(body).toContain('Sent for approval: opt in 2 addresses');
    }
    expect(await requestCount()).toBe(1);
    expect(await drafts()).toEqual([]);
  });

  it('in a race with itself makes one request, and every window sees it sent', async () => {
    const person = await toReview(world);
    const clicks = await Promise.all([person.submit(), person.submit(), person.submit()]);
    expect(clicks.map(({ outcome }) => outcome)).toEqual(['updated', 'updated', 'updated']);
    expect(screen(world)).toContain('Sent for approval: opt in 2 addresses');
    expect(await requestCount()).toBe(1);
  });

  it('after the role was lost sends nothing', async () => {
    const person = await toReview(world);
    world.roles.requesters = [ADMIN];
    expect((await person.submit()).outcome).toBe('pushed');
    expect(screen(world)).toContain('do not hold the requester role');
    expect(await requestCount()).toBe(0);
  });
});

describe('counting', () => {
  /** Holds every count back until the one with this number is let go. */
  function holdCounts(): (number: number) => void {
    const { database } = world.deps;
    const of = database.of.bind(database);
    const held: (() => void)[] = [];
    database.of = (workspace) => {
      const store = of(workspace);
      const countFacts: typeof store.addresses.countFacts = async (...asked) => {
        await new Promise<void>((resolve) => {
          held.push(resolve);
        });
        return store.addresses.countFacts(...asked);
      };
      return { ...store, addresses: { ...store.addresses, countFacts } };
    };
    return (number) => held[number]?.();
  }

  it('takes its time without holding anybody up; only the latest choice is shown', async () => {
    const person = await open(world, '/optin batch:b_test tag:t_test');
    await world.sees(REQUESTER, '*Of 2 addresses*');
    const release = holdCounts();
    // Nobody is in both.
    await person.choose('choose-match', 'all');
    await world.sees(REQUESTER, 'Counting…');
    await person.choose('choose-match', 'any');
    await new Promise((resolve) => setTimeout(resolve, 500));
    release(1);
    await world.sees(REQUESTER, '*Of 2 addresses*');
    // The older count comes last, and is of no interest any more.
    release(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(screen(world)).toContain('*Of 2 addresses*');
    expect(JSON.stringify(modal().values)).toContain('"any"');
  });

  it('of a choice made before the last count was drawn is shown in its place', async () => {
    const person = await open(world, '/optin batch:b_test tag:t_test');
    await world.sees(REQUESTER, '*Of 2 addresses*');
    const before = modal().hash;
    await person.choose('choose-match', 'any');
    await world.slack.until(() => modal().hash !== before);
    // The same window, quickly: "all" was chosen while it still had the hash of before.
    const late = await chosenBefore(before, { value: 'all' });
    expect(late.status).toBe(200);
    await world.sees(REQUESTER, '*Of 0 addresses*');
  });

  it('never takes somebody back who went on meanwhile', async () => {
    const person = await open(world, '/optin batch:b_test');
    await world.sees(REQUESTER, '*Of 2 addresses*');
    const before = modal().hash;
    await person.choose('choose-match', 'all');
    await world.slack.until(() => modal().hash !== before);
    const answered = modal().hash;
    await person.submit();
    expect(stepOf(modal())).toBe('Step 2 of 4 · What');
    for (const hash of [before, answered]) await chosenBefore(hash, { value: 'any' });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(stepOf(modal())).toBe('Step 2 of 4 · What');
  });

  /** Sends the last choice of any/all again as another one, made when the view had this hash. */
  async function chosenBefore(hash: string, option: { readonly value: string }) {
    const delivery = world.slack.requests.findLast(({ body }) => body.includes('choose-match'));
    const payload = JSON.parse(new URLSearchParams(delivery?.body).get('payload') ?? '{}');
    payload.trigger_id = `again.${hash}`;
    payload.view.hash = hash;
    payload.view.state.values['choose-match']['choose-match'].selected_option = option;
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    return world.slack.send(world.slack.sign(body, 'application/x-www-form-urlencoded'));
  }

  it('that takes longer than Slack waits shows “Working…”, then the review', async () => {
    const person = await open(world, '/optout batch:b_test');
    await person.submit();
    await person.submit();
    await person.type('give-reason', 'They left with the fair.');
    const release = holdCounts();
    const { view } = await person.submit();
    expect(JSON.stringify(view)).toContain('Working…');
    release(0);
    await world.sees(REQUESTER, 'Step 4 of 4');
    const sending = person.submit();
    await new Promise((resolve) => setTimeout(resolve, 200));
    release(1);
    expect((await sending).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Sent for approval');
    expect(await requestCount()).toBe(1);
  });
});

/** Wizard: a teammate asks in Slack, from the command to the request that waits for an approver. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request } from '../../../src/consent/request.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import {
  answerWebForm,
  chooseBatch,
  daysAgo,
  open,
  screen,
  stepOf,
  toReview,
  WORDING,
} from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [
    { address: 'ann@example.org' },
    { address: 'ben@example.org' },
    { address: 'cat@example.org', permission: 'opted-out-by-recipient' },
    { address: 'dan@example.org', permission: 'single-opt-in' },
    { address: 'eve@example.org', permission: 'double-opt-in', field: 'email2' },
  ]);
});
afterEach(async () => {
  expect(world.slack.acks.filter(({ late, status }) => late || status !== 200)).toEqual([]);
  await world.close();
});

const requests = async (): Promise<Request[]> =>
  world.deps.database.of(WORKSPACE).requests.recent(10);
const only = async (): Promise<Request> => {
  const [request, ...more] = await requests();
  expect(more).toEqual([]);
  if (request === undefined) throw new Error('no request was made');
  return request;
};
const entries = async (act: string) =>
  world.deps.database.db.collection(LEDGER).find({ act }).toArray();

describe('an opt-in', () => {
  it('shows the questions to somebody who was faster than they are drawn', async () => {
    const person = await open(world, '/optin batch:b_test');
    await world.sees(REQUESTER, 'Of ');
    await person.submit();
    await person.submit();
    world.slack.failNext('views.update', { error: 'hash_conflict' });
    await person.choose('choose-source', 'web-form');
    const { outcome, view } = await person.submit();
    expect(outcome).toBe('updated');
    expect(stepOf(view)).toBe('Step 3 of 4 · How obtained');
    expect(screen(world)).toContain(':warning: *');
    await answerWebForm(world, person, { alreadyChosen: true });
    expect(stepOf((await person.submit()).view)).toBe('Step 4 of 4 · Review');
  });

  it('is asked for in four steps and waits for approval', async () => {
    const person = await open(world, '/optin');
    expect(stepOf(world.slack.modal(REQUESTER))).toBe('Step 1 of 4 · Who');
    await chooseBatch(world, person);
    await world.sees(REQUESTER, '*2 addresses* will be opted in');
    expect(screen(world)).toContain('1 was opted out by its recipient, so it stays as it is');

    expect(stepOf((await person.submit()).view)).toBe('Step 2 of 4 · What');
    await person.choose('choose-fields', ['email', 'email2']);
    expect(stepOf((await person.submit()).view)).toBe('Step 3 of 4 · How obtained');
    await answerWebForm(world, person);
    expect(stepOf((await person.submit()).view)).toBe('Step 4 of 4 · Review');
    // E-mail 2 brought one more, who has confirmed already.
    expect(screen(world)).toContain('*Of 5 addresses*');
    expect(screen(world)).toContain('1 has confirmed already');

    await person.choose('choose-ask', 'changed');
    await world.sees(REQUESTER, '*2 addresses* will be asked to confirm by mail');
    await person.choose('choose-silence', 'revert');
    await person.choose('choose-reminder', '5');
    await person.choose('choose-unknown', 'resend-once');
    const { outcome, view } = await person.submit();
    expect(outcome).toBe('updated');
    expect(JSON.stringify(view)).toContain('Sent for approval: opt in 2 addresses');

    const { plan, kind, state, requestedBy } = await only();
    expect({ kind, state, requestedBy }).toEqual({
      kind: 'opt-in',
      state: 'awaiting-approval',
      requestedBy: REQUESTER,
    });
    expect(plan.counts).toMatchObject({ addresses: 5, change: 2, asks: 2 });
    expect(plan.terms).toMatchObject({
      audience: { sources: [{ kind: 'batch', id: 'b_test' }], fields: ['email', 'email2'] },
      interview: { source: 'web-form', answers: { wording: WORDING, tickedByDefault: false } },
      ask: { who: 'changed', silence: 'revert', reminderDays: 5, unknown: 'resend-once' },
    });
    await world.announce();
    const card = world.card('Approval needed: opt in 2 addresses');
    expect(card.channel).toBe(CHANNEL);
    const told = ['after 5 days is reminded once', 'is sent once more after 24 hours'];
    for (const words of told) expect(JSON.stringify(card)).toContain(words);
    await world.person(APPROVER).click(card, 'Review');
    for (const words of told) await world.sees(APPROVER, words);
  });

  it('asks nobody unless somebody chooses it', async () => {
    const person = await toReview(world);
    await person.submit();
    const { plan } = await only();
    expect(plan.terms.ask).toBeUndefined();
    expect(plan.counts.asks).toBe(0);
  });

  it('of addresses older than 6 months must ask, and silence reverts', async () => {
    const person = await toReview(world, { days: 250 });
    expect(screen(world)).toContain('they must be asked, and silence means no');
    expect(screen(world)).not.toContain('"nobody"');
    expect(screen(world)).not.toContain('"keep"');
    await person.submit();
    expect((await only()).plan.terms.ask).toMatchObject({ who: 'changed', silence: 'revert' });
  });

  it('can begin later, but not in the past', async () => {
    const person = await toReview(world);
    await person.choose('choose-run-at', Math.floor(Date.now() / 1_000) - 60);
    const late = await person.submit();
    expect(late.errors['choose-run-at']).toContain('has passed');
    expect(await requests()).toEqual([]);
    const at = Math.floor(Date.now() / 1_000) + 3_600;
    await person.choose('choose-run-at', at);
    await person.submit();
    expect((await only()).runAt).toEqual(new Date(at * 1_000));
  });

  it('of which no address would change is not sent, and says why', async () => {
    await world.deps.database.db.collection('addresses').updateMany(
      {},
      {
        $set: { permission: 'opted-out-by-recipient' },
      },
    );
    const person = await toReview(world);
    expect(screen(world)).toContain('No address would change or be asked');
    const { outcome } = await person.submit();
    expect(outcome).toBe('pushed');
    expect(screen(world)).toContain('no request was sent');
    expect(await requests()).toEqual([]);
    // The form stands below with everything in it.
    await person.close();
    expect(stepOf(world.slack.modal(REQUESTER))).toBe('Step 4 of 4 · Review');
  });
});

describe('an opt-out', () => {
  it('asks for a reason instead of an interview', async () => {
    const person = await open(world, '/optout tag:vip batch:"Spring fair"');
    await world.sees(REQUESTER, '*3 addresses* will be opted out');
    await person.submit();
    expect(stepOf((await person.submit()).view)).toBe('Step 3 of 4 · Why');
    await person.type('give-reason', 'They left with <the> "fair" & its organiser.');
    expect(stepOf((await person.submit()).view)).toBe('Step 4 of 4 · Review');
    expect(screen(world)).not.toContain('choose-ask');
    await person.submit();
    const { kind, plan } = await only();
    expect(kind).toBe('opt-out');
    expect(plan.terms.reason).toBe('They left with <the> "fair" & its organiser.');
    expect(plan.terms.audience.sources).toEqual([
      { kind: 'tag', id: 't_test' },
      { kind: 'batch', id: 'b_test' },
    ]);
    expect(plan.counts.change).toBe(3);
  });
});

describe('a re-confirmation', () => {
  it('has no interview and asks everybody who is opted in', async () => {
    const person = await open(world, '/reconfirm batch:b_test');
    await world.sees(REQUESTER, '*1 address* will be asked to confirm');
    expect(stepOf((await person.submit()).view)).toBe('Step 2 of 3 · What');
    expect(stepOf((await person.submit()).view)).toBe('Step 3 of 3 · Review');
    await person.choose('choose-silence', 'revert');
    await person.submit();
    const { kind, plan } = await only();
    expect(kind).toBe('reconfirm');
    expect(plan.terms.ask).toMatchObject({ who: 'single-opt-in', silence: 'revert' });
    expect(plan.counts).toMatchObject({ change: 0, asks: 1 });
  });
});

describe('how the addresses were obtained', () => {
  const atInterview = async () => {
    const person = await open(world, '/optin batch:b_test');
    await person.submit();
    await person.submit();
    return person;
  };

  it('brings the questions of each source, and keeps what two sources share', async () => {
    const person = await atInterview();
    await person.choose('choose-source', 'event');
    await world.sees(REQUESTER, 'Name of the event');
    await person.choose('answer-collectedFrom', daysAgo(20));
    await person.choose('choose-source', 'paper');
    await world.sees(REQUESTER, 'Where did the paper lie?');
    expect(screen(world)).not.toContain('Name of the event');
    expect(screen(world)).toContain(daysAgo(20));
  });

  it.each(['purchased', 'rented', 'borrowed', 'partner', 'scraped', 'appended', 'unknown'])(
    'is a hard stop for “%s”, and the refusal is on record',
    async (source) => {
      const person = await atInterview();
      await person.choose('choose-source', source);
      await world.sees(REQUESTER, 'that is no permission');
      const { view } = await person.submit();
      expect(JSON.stringify(view)).toContain('What would mend it');
      expect(view?.submit).toBeNull();
      expect(await entries('refuse-request')).toMatchObject([
        {
          who: REQUESTER,
          provenance: { source },
          facts: { kind: 'opt-in', audience: 'b_test' },
          addresses: [],
        },
      ]);
      expect(await requests()).toEqual([]);
    },
  );

  it('is refused for answers that undo the claim; an answer given by mistake can be mended', async () => {
    const person = await atInterview();
    await answerWebForm(world, person, { ticked: 'yes' });
    const { view } = await person.submit();
    expect(JSON.stringify(view)).toContain('ticked by default is no consent');
    expect(await entries('refuse-request')).toHaveLength(1);
    if (view === undefined) throw new Error('nothing is shown');
    await person.click(view, 'Change my answers');
    await world.sees(REQUESTER, 'Step 3 of 4');
    expect(screen(world)).toContain(WORDING);
    await person.choose('answer-tickedByDefault', 'no');
    expect(stepOf((await person.submit()).view)).toBe('Step 4 of 4 · Review');
  });

  it('is refused after 24 months', async () => {
    const person = await atInterview();
    await answerWebForm(world, person, { days: 800 });
    expect(JSON.stringify((await person.submit()).view)).toContain('more than 24 months ago');
    expect(await entries('refuse-request')).toHaveLength(1);
  });

  it('says at each input what is wrong with it', async () => {
    const person = await atInterview();
    await answerWebForm(world, person, { days: -5 });
    const { errors } = await person.submit();
    expect(errors['answer-collectedFrom']).toBe('This day has not come yet.');
    expect(stepOf(world.slack.modal(REQUESTER))).toBe('Step 3 of 4 · How obtained');
    expect(await entries('refuse-request')).toEqual([]);
  });
});

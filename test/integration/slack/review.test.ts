/** Review: a request is decided in Slack, by one other person, on the plan that they saw. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RequestState } from '../../../src/consent/request.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { about } from '../../../src/workflow/announce-request.ts';
import { cancelRequest } from '../../../src/workflow/decide-request.ts';
import {
  ADMIN,
  APPROVER,
  CHANNEL,
  OTHER_APPROVER,
  REQUESTER,
  WORKSPACE,
} from '../../support/deps.ts';
import { addPeople, idOf } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const OPEN = 'Approval needed';
const HOUR_MS = 60 * 60 * 1_000;
/** A race that is lost once in ten is found by this many. */
const ROUNDS = 40;

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'ben@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

const stateOf = async (id: string): Promise<RequestState> =>
  (await world.deps.database.of(WORKSPACE).requests.find(id)).state;

/** Opens the review from the card and waits for it. */
async function review(user: string): Promise<void> {
  await world.person(user).click(world.card(OPEN), 'Review');
  await world.sees(user, 'Review request');
}

async function decide(user: string, what: 'approve' | 'reject', reason?: string) {
  await world.person(user).choose('Your decision', what);
  if (reason !== undefined) await world.person(user).type('To reject, say why', reason);
  return world.person(user).submit();
}

async function posted(over: Parameters<typeof submitted>[1] = {}): Promise<string> {
  const { id } = await submitted(world.deps, over);
  await world.announce();
  return id;
}

describe('an approver', () => {
  it('approves, and card and requester are told who did', async () => {
    const id = await posted();
    await review(APPROVER);
    const { outcome } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('updated');
    await world.sees(APPROVER, 'The change of 2 addresses starts now');
    expect(await stateOf(id)).toBe('approved');
    await world.announceLater(4_000);
    expect(world.card('Approved: opt in 2 addresses').blocks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          text: expect.objectContaining({ text: expect.stringContaining(`by <@${APPROVER}>`) }),
        }),
      ]),
    );
    expect(JSON.stringify(world.slack.messages(CHANNEL))).not.toContain('"button"');
    expect(JSON.stringify(world.person(REQUESTER).dms())).toContain('was approved');
  });

  it('rejects with a reason that the requester reads', async () => {
    const id = await posted();
    await review(APPROVER);
    await decide(APPROVER, 'reject', 'Ask the fair for their <list> first.');
    expect(await stateOf(id)).toBe('rejected');
    await world.announce();
    const dms = JSON.stringify(world.person(REQUESTER).dms());
    expect(dms).toContain('was rejected. Nothing was changed.');
    expect(dms).toContain('Ask the fair for their &lt;list&gt; first.');
  });

  it('cannot reject without a reason', async () => {
    const id = await posted();
    await review(APPROVER);
    const { outcome, errors } = await decide(APPROVER, 'reject');
    expect(outcome).toBe('errors');
    expect(Object.values(errors).join()).toContain('needs a reason');
    expect(await stateOf(id)).toBe('awaiting-approval');
  });

  it('sees why somebody else was faster', async () => {
    const id = await posted();
    await review(APPROVER);
    await review(OTHER_APPROVER);
    await decide(OTHER_APPROVER, 'reject', 'No.');
    const { outcome } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('pushed');
    await world.sees(APPROVER, `(request ${id}): Rejected.`);
    await world.sees(APPROVER, `Rejected by <@${OTHER_APPROVER}>, <!date^`);
    expect(await stateOf(id)).toBe('rejected');
  });

  it('reads so in their own language', async () => {
    await posted();
    await review(OTHER_APPROVER);
    world.slack.addUser({ id: APPROVER, name: 'approver', locale: 'de-DE' });
    await world.person(APPROVER).click(world.card(OPEN), 'Review');
    await world.sees(APPROVER, 'Anfrage prüfen');
    await decide(OTHER_APPROVER, 'reject', 'No.');
    await world.person(APPROVER).choose('Ihre Entscheidung', 'approve');
    await world.person(APPROVER).submit();
    await world.sees(APPROVER, `Abgelehnt von <@${OTHER_APPROVER}>, <!date^`);
  });

  it('who clicks at an old progress message reads how it stands now', async () => {
    const id = await posted();
    await review(APPROVER);
    await decide(APPROVER, 'approve');
    const at = { workspace: WORKSPACE, request: id, by: REQUESTER };
    const { requests } = world.deps.database.of(WORKSPACE);
    const approved = await requests.find(id);
    await world.deps.database.inTransaction((tx) =>
      requests.move(approved, { event: 'start', by: 'assent', at: new Date() }, tx),
    );
    await about(world.deps, approved, ['progress'], new Date());
    await world.announceLater(4_000);
    const progress = world.slack
      .messages(CHANNEL)
      .findLast(({ blocks }) => JSON.stringify(blocks).includes('pause-request'));
    if (progress === undefined) throw new Error('no progress is shown');
    await cancelRequest(world.deps, at);
    await world.person(ADMIN).click(progress, 'Pause');
    await world.reads(ADMIN, `(request ${id}): Cancelled.`);
    await world.reads(ADMIN, `Cancelled by <@${REQUESTER}>, <!date^`);
    expect(await stateOf(id)).toBe('cancelled');
  });

  it('who opens a card that is stale reads that it was decided', async () => {
    const id = await posted();
    const card = world.card(OPEN);
    await cancelRequest(world.deps, { workspace: WORKSPACE, request: id, by: REQUESTER });
    await world.person(APPROVER).click(card, 'Review');
    await world.sees(APPROVER, 'There is nothing to decide any more. Cancelled by <@');
    expect(world.slack.modal(APPROVER)?.submit).toBeNull();
  });

  it('who lost the role before the click decides nothing', async () => {
    const id = await posted();
    await review(APPROVER);
    world.roles.approvers = [OTHER_APPROVER];
    const { outcome } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('pushed');
    await world.sees(APPROVER, 'do not hold the approver role');
    expect(await stateOf(id)).toBe('awaiting-approval');
  });

  it('is too late after the expiry', async () => {
    const id = await posted();
    await review(APPROVER);
    world.deps.setNow(new Date(Date.now() + 73 * HOUR_MS));
    const { outcome } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('pushed');
    await world.sees(APPROVER, 'expired before anybody decided');
    expect(await stateOf(id)).toBe('awaiting-approval');
    world.deps.setNow(undefined);
  });
});

describe('who may look', () => {
  it.each([
    ['the requester', REQUESTER, 'cannot decide your own request'],
    ['an admin', ADMIN, 'do not hold the approver role'],
  ])('%s may, and cannot decide', async (_who, user, words) => {
    const id = await posted();
    await review(user);
    await world.sees(user, words);
    expect(world.slack.modal(user)?.submit).toBeNull();
    expect(await stateOf(id)).toBe('awaiting-approval');
  });

  it('nobody else may', async () => {
    await posted();
    await world.person(NOBODY).click(world.card(OPEN), 'Review');
    await world.reads(NOBODY, 'do not hold the approver role');
    expect(world.slack.modal(NOBODY)).toBeUndefined();
  });
});

describe('the plan that was seen', () => {
  it('is shown anew if more addresses would change, and that click does nothing', async () => {
    const id = await posted();
    await review(APPROVER);
    const before = world.slack.modal(APPROVER)?.private_metadata;
    // Ann opted out of nothing; a third person of the batch becomes changeable meanwhile.
    await addPeople(world.deps, [{ address: 'cat@example.org' }]);
    const { outcome } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('updated');
    await world.sees(APPROVER, 'This is the new plan');
    await world.sees(APPROVER, 'Opt in 3 addresses');
    expect(await stateOf(id)).toBe('awaiting-approval');
    expect(world.slack.modal(APPROVER)?.private_metadata).not.toBe(before);
    // Nothing that was entered for the old plan is left: an approval has to be chosen again.
    expect(JSON.stringify(world.slack.modal(APPROVER)?.values)).not.toContain('approve');
    const again = await decide(APPROVER, 'approve');
    expect(again.outcome).toBe('updated');
    expect(await stateOf(id)).toBe('approved');
  });

  it('holds if somebody opted out meanwhile', async () => {
    const id = await posted();
    await review(APPROVER);
    await world.deps.database.db
      .collection<AddressDocument>(ADDRESSES)
      .updateOne(
        { _id: idOf(world.deps, 'ann@example.org') },
        { $set: { permission: 'opted-out-by-recipient' } },
      );
    await decide(APPROVER, 'approve');
    expect(await stateOf(id)).toBe('approved');
  });
});

describe('the number', () => {
  beforeEach(async () => {
    await addPeople(
      world.deps,
      Array.from({ length: 1_200 }, (_, index) => ({ address: `p${index}@example.org` })),
    );
  });

  it.each(['1201', '', '0'])('has to be typed over the threshold: %j is refused', async (typed) => {
    const id = await posted();
    await review(APPROVER);
    await world.person(APPROVER).type('To approve, type the number of addresses', typed);
    const { outcome, errors } = await decide(APPROVER, 'approve');
    expect(outcome).toBe('errors');
    expect(Object.values(errors).join()).toContain('not the number of the plan');
    expect(await stateOf(id)).toBe('awaiting-approval');
  });

  it('approves when it is right', async () => {
    const id = await posted();
    await review(APPROVER);
    await world.person(APPROVER).type('To approve, type the number of addresses', '1202');
    await decide(APPROVER, 'approve');
    expect(await stateOf(id)).toBe('approved');
  });
});

describe('two clicks', () => {
  const approvals = (id: string) =>
    world.deps.database.db
      .collection<{ _id: string }>(LEDGER)
      .countDocuments({ _id: { $in: [`${id}.approve`, `${id}.reject`] } });

  it('of two approvers at the same instant: exactly one decides, many times', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await world.refillPace();
      const id = await posted();
      await Promise.all([review(APPROVER), review(OTHER_APPROVER)]);
      const both = await Promise.all([
        decide(APPROVER, 'approve'),
        round % 2 === 0
          ? decide(OTHER_APPROVER, 'approve')
          : decide(OTHER_APPROVER, 'reject', 'No.'),
      ]);
      const outcomes = both.map(({ outcome }) => outcome).toSorted();
      expect(outcomes).toEqual(['pushed', 'updated']);
      expect(await approvals(id)).toBe(1);
      const request = await world.deps.database.of(WORKSPACE).requests.find(id);
      const decisions = request.history.filter(({ event }) => event !== 'submit');
      expect(decisions).toHaveLength(1);
      await Promise.all(
        [APPROVER, OTHER_APPROVER].map((user) => world.person(user).close({ all: true })),
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }, 120_000);

  it('of one approver, and the same delivery again: one decision', async () => {
    const id = await posted();
    await review(APPROVER);
    await decide(APPROVER, 'approve');
    const delivery = world.slack.requests.at(-1);
    if (delivery === undefined) throw new Error('nothing was sent');
    const [again, oncemore] = await Promise.all([
      world.slack.send(delivery),
      world.slack.send(delivery),
    ]);
    expect([again.status, oncemore.status]).toEqual([200, 200]);
    expect(await stateOf(id)).toBe('approved');
    expect(await approvals(id)).toBe(1);
    expect(world.deps.alarms.filter(({ job }) => job === 'process-request')).toHaveLength(1);
  });
});

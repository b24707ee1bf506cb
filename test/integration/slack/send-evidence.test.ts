/** Send evidence: an approver gets the files themselves, not a link that opens for nobody else. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { keepEvidence } from '../../../src/workflow/keep-evidence.ts';
import type { RequestForm } from '../../../src/workflow/submit-request.ts';
import { ADMIN, APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const SCAN = Buffer.from('%PDF-1.7 a scanned form');
const LIST = Buffer.from('email,signed\nann@example.org,yes\n');
const SEND = 'Evidence: send me the files';

let world: SlackWorld;

afterEach(async () => {
  await world.close();
});

/** A request with two files, and its review on somebody's screen. */
async function reviewing(user: string, hosts?: readonly string[]): Promise<void> {
  world = await slackWorld({}, hosts === undefined ? {} : { fileHosts: hosts });
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
  const keep = async (name: string, content: Buffer) =>
    (await keepEvidence(world.deps, { workspace: WORKSPACE, by: REQUESTER, name, content })).id;
  const evidence = [await keep('scan.pdf', SCAN), await keep('list of ann@example.org.csv', LIST)];
  await submitted(world.deps, { evidence } satisfies Partial<RequestForm>);
  await world.announce();
  await world.person(user).click(world.card('Approval needed'), 'Review');
  await world.sees(user, SEND);
}

/** Clicks in what the person has on the screen. */
async function click(user: string, name = SEND): Promise<void> {
  const view = world.slack.modal(user);
  if (view === undefined) throw new Error('no modal');
  await world.person(user).click(view, name);
}

const sentTo = (user: string) =>
  world.slack
    .messages(user)
    .flatMap(({ files = [], text }) => files.map(({ name, content }) => ({ name, content, text })));
const uploads = () =>
  world.slack.calls.filter(({ method }) => method === 'files.completeUploadExternal');

describe('the files of a request', () => {
  it.each([APPROVER, ADMIN, REQUESTER])('are sent to %s alone, byte for byte', async (user) => {
    await reviewing(user);
    await click(user);
    await world.sees(user, 'The files are in your direct messages');
    const files = sentTo(user);
    expect(files.map(({ content }) => content)).toEqual([SCAN, LIST]);
    expect(files[0]?.name).toBe('scan.pdf');
    expect(files[0]?.text).toContain('Evidence of the request to opt in 1 address');
    expect(files[0]?.text).toMatch(/scan\.pdf: SHA-256 [0-9a-f]{64}/u);
    expect(files[0]?.text).not.toContain('ann@');
    expect(world.slack.messages(CHANNEL).some(({ files: shown }) => shown !== undefined)).toBe(
      false,
    );
    // The review stands below, with everything in it.
    await world.person(user).close();
    await world.sees(user, SEND);
  });

  it('are sent once for each click, however often Slack delivers it', async () => {
    await reviewing(APPROVER);
    await click(APPROVER);
    await world.sees(APPROVER, 'The files are in your direct messages');
    const delivered = world.slack.requests.at(-1);
    if (delivered === undefined) throw new Error('nothing was delivered');
    expect((await world.slack.send(delivered)).status).toBe(200);
    await world.slack.send(delivered);
    // What comes after it has been worked on: the copies were, too.
    await world.person(APPROVER).close();
    await click(APPROVER);
    await world.slack.until(() => sentTo(APPROVER).length === 4);
    expect(uploads()).toHaveLength(2);
  });

  it('are not sent to somebody who lost the role since the review opened', async () => {
    await reviewing(APPROVER);
    world.roles.approvers = [];
    await click(APPROVER);
    await world.sees(APPROVER, 'You do not hold the approver role');
    expect(uploads()).toEqual([]);
    expect(sentTo(APPROVER)).toEqual([]);
  });

  it('are not sent to somebody who may not see the request, whatever they click', async () => {
    await reviewing(APPROVER);
    const [first] = await world.deps.database.of(WORKSPACE).requests.recent(1);
    const message = world.card('Approval needed');
    const own = { ...message, blocks: [] as (typeof message)['blocks'] };
    own.blocks.push({
      type: 'actions',
      block_id: 'b',
      elements: [
        {
          type: 'button',
          action_id: 'send-evidence',
          text: { type: 'plain_text', text: 'x' },
          value: first?.id ?? '',
        },
      ],
    });
    await world.person(NOBODY).click(own, 'x');
    await world.reads(NOBODY, 'You do not hold the approver role');
    expect(uploads()).toEqual([]);
  });

  it.each([
    ['files.getUploadURLExternal', { error: 'missing_scope' }, 'files:write may be missing'],
    ['files.completeUploadExternal', { error: 'file_uploads_disabled' }, 'did not take the files'],
    ['conversations.open', { error: 'user_disabled' }, 'did not take the files'],
    ['files.getUploadURLExternal', { status: 429 }, 'Slack did not take our answer'],
  ] as const)(
    'that Slack refuses at %s (%j) come with a sentence',
    async (method, fault, words) => {
      await reviewing(APPROVER);
      world.slack.failNext(method, fault);
      await click(APPROVER);
      await world.sees(APPROVER, words);
      expect(sentTo(APPROVER)).toEqual([]);
      // The next click is another try.
      await world.person(APPROVER).close();
      await click(APPROVER);
      await world.slack.until(() => sentTo(APPROVER).length === 2);
    },
  );

  it('go to no host that is not on the list', async () => {
    await reviewing(APPROVER, ['files.slack.com']);
    await click(APPROVER);
    await world.sees(APPROVER, 'SLACK_FILE_HOSTS');
    expect(uploads()).toEqual([]);
  });

  it('that are gone from our store are not passed over', async () => {
    await reviewing(APPROVER);
    await world.deps.database.db.collection('evidence').deleteOne({ name: 'scan.pdf' });
    await click(APPROVER);
    await world.sees(APPROVER, 'no longer in the store');
    expect(uploads()).toEqual([]);
  });
});

/**
 * Too large: a body beyond every payload of Slack's is refused before its end is read, and the
 * requests that come after it on the same connections are answered as ever.
 */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { REQUESTER } from '../../support/deps.ts';
import { type SlackWorld, slackWorld } from '../slack/world.ts';
import { sendBody } from './payloads.ts';

const ROUNDS = 5;
const AT_ONCE = 3;
const BYTES = 1_500_000;
const ACK_MS_MAX = 3_000;

let world: SlackWorld;

beforeAll(async () => {
  world = await slackWorld();
});
afterAll(async () => {
  await world.close();
});

it('a body that is too large does not hold up the next one', async () => {
  const { slack } = world;
  const large = () => sendBody(slack, 'payload', { type: 'x', value: 'x'.repeat(BYTES) });
  const command = () =>
    sendBody(slack, 'fields', {
      command: '/assent',
      text: 'help',
      team_id: slack.teamId,
      user_id: REQUESTER,
    });
  for (let round = 0; round < ROUNDS; round += 1) {
    const refused = await Promise.all(Array.from({ length: AT_ONCE }, large));
    // Cut off while it is still sent, or told why.
    for (const { status } of refused) expect([0, 413]).toContain(status);
    const answered = await Promise.all(Array.from({ length: AT_ONCE }, command));
    for (const { status, ms } of answered) expect([status, ms < ACK_MS_MAX]).toEqual([200, true]);
  }
}, 60_000);

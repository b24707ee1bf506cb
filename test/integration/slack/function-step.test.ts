/** Function step: "Ask for re-confirmation" in a workflow files a request, or says why not. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runStep } from '../../../demo/slack/functions.ts';
import { ASK_RECONFIRMATION, STEP_OUTPUTS } from '../../../src/slack/request/function-step.ts';
import { APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const STEP = { callbackId: ASK_RECONFIRMATION, title: 'Ask', outputs: [...STEP_OUTPUTS] };

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org', permission: 'single-opt-in' }]);
});
afterEach(async () => {
  await world.close();
});

const requests = () => world.deps.database.of(WORKSPACE).requests.recent(10);

describe('the step', () => {
  it.each(['batch:b_test', 'batch:Spring fair', 'Batch : spring fair', ' spring FAIR '])(
    'files a request as the person who ran the workflow, for %j',
    async (audience) => {
      const { execution, ack } = await runStep(world.slack, STEP, {
        requester: REQUESTER,
        audience,
      });
      expect(ack.status).toBe(200);
      const [request, ...others] = await requests();
      expect(others).toEqual([]);
      expect(request).toMatchObject({
        kind: 'reconfirm',
        state: 'awaiting-approval',
        requestedBy: REQUESTER,
        plan: { counts: { asks: 1 }, terms: { ask: { template: 'double-opt-in' } } },
      });
      expect(execution).toMatchObject({ state: 'succeeded', outputs: { request: request?.id } });
    },
  );

  it('that is delivered again files nothing again', async () => {
    const run = await runStep(world.slack, STEP, {
      requester: REQUESTER,
      audience: 'batch:b_test',
    });
    const [again, oncemore] = await Promise.all([run.again(), run.again()]);
    expect([again.status, oncemore.status]).toEqual([200, 200]);
    expect(await requests()).toHaveLength(1);
    expect(run.execution.state).toBe('succeeded');
  });

  it.each([
    ['do not hold the requester role', NOBODY, { audience: 'batch:b_test' }],
    ['knows no tag “nobody-has-it”', REQUESTER, { audience: 'tag:nobody-has-it' }],
    ['knows no batch “of 2024”', REQUESTER, { audience: 'Batch: of 2024' }],
    ['knows no batch or tag “nobody has it”', REQUESTER, { audience: 'nobody has it' }],
    ['names no batch or tag', REQUESTER, { audience: 'tag:' }],
    ['names no batch or tag', REQUESTER, {}],
    ['may be asked now, so no request was sent', APPROVER, { audience: 'tag:vip' }],
    ['mail template does not exist', REQUESTER, { audience: 'batch:b_test', template: 'gone' }],
  ])('fails with the reason: %s', async (words, requester, inputs) => {
    const { execution, ack } = await runStep(world.slack, STEP, { requester, ...inputs });
    expect(ack.status).toBe(200);
    expect(execution.state).toBe('failed');
    expect(execution.error).toContain(words);
    expect(await requests()).toEqual([]);
  });

  it('takes nobody’s word for who acts: a bare user id is no user context', async () => {
    const event = {
      type: 'function_executed',
      function: { callback_id: ASK_RECONFIRMATION },
      inputs: { audience: 'batch:b_test', requester: REQUESTER },
      function_execution_id: 'Fx0UNKNOWN',
      bot_access_token: world.slack.botToken,
    };
    const ack = await world.slack.event(event);
    expect(ack.status).toBe(200);
    expect(await requests()).toEqual([]);
  });

  it('refuses guests', async () => {
    world.slack.addUser({ id: 'U0GUEST', name: 'guest', isRestricted: true });
    world.roles.requesters = ['U0GUEST'];
    const inputs = { requester: 'U0GUEST', audience: 'batch:b_test' };
    const { execution } = await runStep(world.slack, STEP, inputs);
    expect(execution.error).toContain('Guests, bots and people of other workspaces');
    expect(await requests()).toEqual([]);
  });

  it('that Slack did not hear ends at the next delivery, with the same request', async () => {
    world.slack.failNext('functions.completeSuccess', { status: 500 });
    const run = await runStep(world.slack, STEP, {
      requester: REQUESTER,
      audience: 'batch:b_test',
    });
    expect(run.execution.state).toBe('running');
    await run.again();
    expect(run.execution.state).toBe('succeeded');
    expect(await requests()).toHaveLength(1);
  });
});

/** The mail in the review: an approver reads what the recipients will read, and nobody's address. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { previewMail } from '../../../src/workflow/preview-mail.ts';
import { TEMPLATE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';
import { openWorld, type World } from '../ask/world.ts';

const ASK = { who: 'changed', template: TEMPLATE, silence: 'revert' } as const;

let world: World;

beforeEach(async () => {
  world = await openWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

it('is the template with the answers of this request', async () => {
  const mail = await previewMail(world.deps, await submitted(world.deps, { ask: ASK }));
  expect(mail?.subject).toContain('Example GmbH');
  expect(mail?.text).toContain('Beispielweg 1');
  expect(mail?.text).toContain('example.com');
  expect(mail?.text).toContain('(the recipient’s address)');
  expect(mail?.text).toContain('/c/…');
  expect(mail?.text).toContain('/s/…');
  expect(mail?.text).not.toContain('%E2');
  expect(mail?.text).not.toContain('ann@example.org');
  expect(mail?.changed).toBe(false);
});

it('says that the template was changed after the plan was made', async () => {
  const request = await submitted(world.deps, { ask: ASK });
  const { terms } = request.plan;
  const older = { ...terms, ask: { ...ASK, linkDays: 14, templateHash: 'b'.repeat(64) } };
  const mail = await previewMail(world.deps, {
    ...request,
    plan: { ...request.plan, terms: older },
  });
  expect(mail?.changed).toBe(true);
});

it('is not there for a request that sends none, nor where no mail is set up', async () => {
  expect(await previewMail(world.deps, await submitted(world.deps))).toBeUndefined();
  const asking = await submitted(world.deps, { ask: ASK });
  expect(await previewMail({ ...world.deps, mail: undefined }, asking)).toBeUndefined();
});

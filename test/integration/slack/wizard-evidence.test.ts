/** Wizard evidence: files are brought along, kept by their hash, and seen by whoever approves. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Person } from '../../../demo/slack/person.ts';
import { dropUnusedEvidence } from '../../../src/workflow/keep-evidence.ts';
import { APPROVER, CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { answerWebForm, chooseBatch, open, screen, WORDING } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const SCAN = Buffer.from('%PDF-1.7 a scanned form');
const SHA256 = createHash('sha256').update(SCAN).digest('hex');
const PDF = { content: SCAN, mimetype: 'application/pdf' };
const DAY_MS = 24 * 60 * 60 * 1_000;

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'bob@example.org' }]);
});
afterEach(async () => {
  await world.close();
});

async function toHow(): Promise<Person> {
  const person = await open(world, '/optin');
  await chooseBatch(world, person);
  await person.submit();
  await person.submit();
  await answerWebForm(world, person);
  return person;
}

const stored = () => world.deps.database.db.collection('evidence').countDocuments();

describe('a file that shows how addresses were obtained', () => {
  it('goes from the wizard into the plan, the ledger and the eyes of the approver', async () => {
    const person = await toHow();
    await person.attachFile('add-evidence', { ...PDF, name: 'scan of ann@example.org.pdf' });
    await person.submit();
    await world.sees(REQUESTER, 'Step 4 of 4');
    expect(screen(world)).toContain(SHA256.slice(0, 16));
    // A few addresses, so far masked that nobody can be written to.
    expect(screen(world)).toMatch(/[ab]\*\*\*@ex…/u);
    expect(screen(world)).not.toContain('@example.org');
    await person.submit();
    await world.sees(REQUESTER, 'Sent for approval');

    const store = world.deps.database.of(WORKSPACE);
    const [request] = await store.requests.recent(1);
    if (request === undefined) throw new Error('no request');
    expect(request.plan.terms.evidence).toMatchObject([{ sha256: SHA256, bytes: SCAN.length }]);
    const [file] = request.plan.terms.evidence ?? [];
    expect(await store.evidence.read(file?.id ?? '')).toEqual(SCAN);
    expect(await world.deps.database.of('T0OTHER').evidence.read(file?.id ?? '')).toBeUndefined();
    const entry = await world.deps.database.db
      .collection('ledger')
      .findOne({ act: 'submit-request' });
    expect(entry?.['facts']).toMatchObject({ evidence: SHA256 });

    await world.announce();
    const card = world.card('Approval needed');
    expect(JSON.stringify(card)).toContain(SHA256.slice(0, 16));
    expect(JSON.stringify(card)).toContain('(address hidden)');
    expect(JSON.stringify(card)).toContain('.slack.com/files/');
    await world.person(APPROVER).click(card, 'Review');
    await world.sees(APPROVER, SHA256.slice(0, 16));
    expect(screen(world, APPROVER)).toMatch(/[ab]\*\*\*@ex…/u);

    // What a request names stays; what none names goes.
    await world.deps.database.of(WORKSPACE).evidence.keep({
      name: 'never sent.pdf',
      type: 'pdf',
      by: REQUESTER,
      at: new Date(),
      content: Buffer.from('%PDF-1.7 another'),
    });
    world.deps.setNow(new Date(Date.now() + 31 * DAY_MS));
    await dropUnusedEvidence(world.deps, new AbortController().signal);
    world.deps.setNow(undefined);
    expect(await stored()).toBe(1);
    expect(world.slack.messages(CHANNEL)).toHaveLength(1);
  });

  it('is kept over Back, and can be removed again', async () => {
    const person = await toHow();
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf' });
    const how = world.slack.modal(REQUESTER);
    if (how === undefined) throw new Error('no modal');
    await person.click(how, 'Back');
    await world.sees(REQUESTER, 'Step 2 of 4');
    await person.submit();
    await world.sees(REQUESTER, 'scan.pdf');
    expect(screen(world)).toContain(`${PDF.content.length} bytes, SHA-256`);
    const again = world.slack.modal(REQUESTER);
    if (again === undefined) throw new Error('no modal');
    await person.click(again, 'Remove');
    await world.slack.until(() => !screen(world).includes('scan.pdf'));
    await person.submit();
    await world.sees(REQUESTER, 'Step 4 of 4');
    expect(screen(world)).not.toContain('SHA-256');
  });

  it('that is not what its name says is refused at its input, and nothing is kept', async () => {
    const person = await toHow();
    const content = Buffer.from('MZ this is no scan');
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf', content });
    const { errors } = await person.submit();
    expect(errors['add-evidence']).toContain('“scan.pdf” is not what its name says');
    expect(screen(world)).toContain('Step 3 of 4');
    expect(await stored()).toBe(0);
  });

  it('that is refused late loses no answer: the step stands there again, with the sentence', async () => {
    const person = await toHow();
    const content = Buffer.from('MZ this is no scan');
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf', content });
    world.slack.failNext('file_download', { delayMs: 2_500 });
    const { view } = await person.submit();
    expect(JSON.stringify(view)).toContain('Working…');
    await world.sees(REQUESTER, '“scan.pdf” is not what its name says');
    expect(screen(world)).toContain(WORDING);
    const { blocks } = world.slack.modal(REQUESTER) ?? { blocks: [] };
    const at = blocks.findIndex((block) => JSON.stringify(block).includes('is not what its name'));
    expect(blocks[at + 1]).toMatchObject({ block_id: 'add-evidence' });

    // Right away with the right file, and every answer is still in its place.
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf' });
    await person.submit();
    await world.sees(REQUESTER, 'Step 4 of 4');
    expect(screen(world)).toContain(SHA256.slice(0, 16));
  });

  it('that is slow leaves the answers in the draft, should the window be closed meanwhile', async () => {
    const person = await toHow();
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf' });
    world.slack.failNext('file_download', { delayMs: 2_500, status: 500 });
    await person.submit();
    await person.close();
    await world.person(REQUESTER).command('/optin');
    await world.sees(REQUESTER, 'Step 3 of 4');
    const offered = world.slack.modal(REQUESTER);
    if (offered === undefined) throw new Error('no draft is offered');
    await person.click(offered, 'Resume draft');
    await world.sees(REQUESTER, WORDING);
  });

  it('that was deleted before it was read is refused at its input', async () => {
    const person = await toHow();
    await person.attachFile('add-evidence', { ...PDF, name: 'scan.pdf' });
    world.slack.failNext('files.info', { error: 'file_not_found' });
    const { errors } = await person.submit();
    expect(errors['add-evidence']).toContain('Slack does not know it');
    expect(await stored()).toBe(0);
  });
});

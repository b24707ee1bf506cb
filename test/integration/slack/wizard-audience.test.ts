/** Wizard audience: naming batches and tags behind a command, and searching for them in the form. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { IMPORTS, TAGS } from '../../../src/store/audiences.ts';
import { ADMIN, APPROVER, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { open, screen } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }]);
});
afterEach(async () => {
  expect(world.slack.acks.filter(({ ms }) => ms >= 3_000)).toEqual([]);
  await world.close();
});

describe('what may stand behind a command', () => {
  it('is explained', async () => {
    await world.person(REQUESTER).command('/optin help');
    expect(world.slack.modal(REQUESTER)).toBeUndefined();
    await world.reads(REQUESTER, 'opens a form');
  });

  it('may be wrong: the form opens with a polite note', async () => {
    await open(world, '/optin tag:“VIPS” batch:spring everybody');
    expect(screen(world)).toContain('There is no tag called “VIPS”. Did you mean “vip”?');
    expect(screen(world)).toContain(
      'There is no batch called “spring”. Did you mean “Spring fair”?',
    );
    expect(screen(world)).toContain('“everybody” names neither a tag nor a batch');
  });

  it('may be in smart quotes and any case', async () => {
    await open(world, '/optin batch:“SPRING  fair” TAG:vip');
    await world.sees(REQUESTER, '*1 address* will be opted in');
    expect(screen(world)).toContain('tag:t_test');
  });

  it('may not shout', async () => {
    const evil = '<!channel> & <@U0ADMIN> *bold* `x`';
    await world.deps.database.db.collection(TAGS).updateMany(
      {},
      {
        $set: { name: evil, nameKey: evil.toLowerCase() },
      },
    );
    await open(world, `/optin tag:"${evil}" tag:"<!here>"`);
    await world.sees(REQUESTER, 'Of 0 addresses');
    const texts = JSON.stringify(
      world.slack.modal(REQUESTER)?.blocks.filter(({ type }) => type === 'section'),
    );
    expect(texts).not.toMatch(/<[!@]/);
    expect(texts).toContain('&lt;!here&gt;');
  });
});

describe('searching the audience', () => {
  beforeEach(async () => {
    const { db } = world.deps.database;
    const numbers = Array.from({ length: 60 }, (_, index) => index);
    const tag = { workspace: WORKSPACE, v: 1, contacts: 12_480, usedAt: new Date(1_000) };
    await db
      .collection<{ _id: string }>(TAGS)
      .insertMany(
        numbers.map((n) => ({ _id: `t_${n}`, ...tag, name: `Fair ${n}`, nameKey: `fair ${n}` })),
      );
    const [batch] = await db.collection<{ _id: string }>(IMPORTS).find().toArray();
    if (batch === undefined) throw new Error('there is no batch');
    await db.collection<{ _id: string }>(IMPORTS).insertMany(
      numbers.map((n) => ({
        ...batch,
        _id: `b_${n}`,
        name: `Fair ${n} ${'ß'.repeat(90)}`,
        nameKey: `fair ${n}`,
        fileHash: String(n).padStart(64, '0'),
      })),
    );
    await db.collection<{ _id: string }>(TAGS).insertOne({
      _id: 't_theirs',
      ...tag,
      workspace: 'T0ELSEWHERE',
      name: 'Fair of others',
      nameKey: 'fair of others',
    } as { _id: string });
  });

  it('offers batches and tags by the beginning of their name, 25 of each at most', async () => {
    const person = await open(world, '/optin');
    const found = await person.search('choose-audience', ' FAIR ');
    const values = found.map(({ value }) => String(value));
    expect(values.filter((value) => value.startsWith('batch:'))).toHaveLength(25);
    expect(values.filter((value) => value.startsWith('tag:'))).toHaveLength(25);
    expect(JSON.stringify(found)).toContain('Fair 0 · 12,480');
    expect(values).not.toContain('tag:t_theirs');
    expect(await person.search('choose-audience', 'no such thing')).toEqual([]);
    expect((await person.search('choose-audience', '')).length).toBe(50);
  });

  it('offers nothing to somebody who lost the role', async () => {
    const person = await open(world, '/optin');
    world.roles.requesters = [ADMIN];
    world.roles.approvers = [APPROVER];
    expect(await person.search('choose-audience', 'fair')).toEqual([]);
  });
});

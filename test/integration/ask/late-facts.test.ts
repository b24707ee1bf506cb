/** Late facts: what changes between the queue and the first byte, and that it wins. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LedgerEntry } from '../../../src/consent/ledger.ts';
import { provenanceHash } from '../../../src/consent/provenance.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { IMPORTS } from '../../../src/store/audiences.ts';
import type { Store } from '../../../src/store/database.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import {
  cancelRequest,
  pauseRequest,
  resumeRequest,
} from '../../../src/workflow/decide-request.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import { crossCheck } from '../../support/cross-check.ts';
import { REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { addPeople, BATCH, idOf } from '../../support/people.ts';
import { tokenOf } from './tokens.ts';
import {
  askAudience,
  askPeople,
  forgetEverybody,
  interpose,
  openWorld,
  personAt,
  sendAll,
  sendTo,
  type World,
} from './world.ts';

let world: World;
const ANN = 'ann@example.org';

beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => forgetEverybody(world));
afterAll(async () => world.close());

const addresses = () => world.deps.database.db.collection<AddressDocument>(ADDRESSES);
const change = (address: string, set: Partial<AddressDocument>) =>
  addresses().updateOne({ _id: idOf(world.deps, address) }, { $set: set });

/** Two batches may come to the same moment: the act happens at the first. */
const once = (act: () => Promise<unknown>) => {
  let happening: Promise<unknown> | undefined;
  return () => {
    happening ??= act();
    return happening;
  };
};

/** The moment after rows were leased, before anything else is looked at. */
const afterClaim = (something: () => Promise<unknown>) => {
  const act = once(something);
  return interpose(world.deps, (store: Store) => ({
    sends: {
      ...store.sends,
      async claim(...args: Parameters<Store['sends']['claim']>) {
        const rows = await store.sends.claim(...args);
        if (rows.length > 0) await act();
        return rows;
      },
    },
  }));
};

/** The moment after the first look, while a mail waits for its turn and is composed. */
const whileWaiting = (something: () => Promise<unknown>) => {
  const act = once(something);
  return interpose(world.deps, (store: Store) => ({
    budget: (pace: Parameters<Store['budget']>[0]) => ({
      ...store.budget(pace),
      async take(wanted: number) {
        if (pace.name.startsWith('mail:')) await act();
        return wanted;
      },
    }),
  }));
};

/** The last moment: facts were looked at twice, the write-ahead comes next. */
const beforeWriteAhead = (something: () => Promise<unknown>) => {
  const act = once(something);
  return interpose(world.deps, (store: Store) => ({
    sends: {
      ...store.sends,
      async markSending(...args: Parameters<Store['sends']['markSending']>) {
        await act();
        return store.sends.markSending(...args);
      },
    },
  }));
};

const stopAnn = async () => {
  const send = await sendTo(world.deps, ANN);
  const evidence = { at: world.deps.now() };
  return withdrawConsent(world.deps, tokenOf(world.deps, send), 'page', evidence);
};

describe('a recipient who stops', () => {
  it.each([
    ['while the mail is queued', (act: () => Promise<unknown>) => act().then(() => world.deps)],
    ['after the mail was leased', async (act: () => Promise<unknown>) => afterClaim(act)],
    ['just before it leaves', async (act: () => Promise<unknown>) => beforeWriteAhead(act)],
  ])('%s gets no mail, and the ask is given back', async (_when, at) => {
    await askPeople(world, [ANN, 'bert@example.org']);
    const deps = await at(stopAnn);
    expect(await sendAll(deps)).toMatchObject({ sent: 1 });
    expect(world.inbox.mails.map(({ to }) => to)).toEqual(['bert@example.org']);
    expect(await sendTo(world.deps, ANN)).toMatchObject({
      state: 'cancelled',
      note: 'opted_out_by_recipient',
      outcome: 'stopped',
    });
    const ann = await personAt(world.deps, ANN);
    expect([ann.permission, ann.asks]).toEqual(['opted-out-by-recipient', []]);
    expect(await crossCheck(world.deps)).toEqual([]);
  });
});

describe('an address that may not be asked any more', () => {
  it.each<[string, Partial<AddressDocument>]>([
    ['opted_out_by_user', { permission: 'opted-out-by-user' }],
    ['already_confirmed', { permission: 'double-opt-in' }],
    ['no_permission', { permission: 'non-marketable' }],
    ['complaint', { suppressions: ['complaint'] }],
    ['erased', { suppressions: ['hard-bounce', 'erased'] }],
    ['no_permission', { entries: [] }],
  ])('%s: is cancelled by that name and its ask is given back', async (note, set) => {
    await askPeople(world, [ANN]);
    await change(ANN, set);
    expect(await sendAll(world.deps)).toMatchObject({ sent: 0, cancelled: 1 });
    expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'cancelled', note });
    expect((await personAt(world.deps, ANN)).asks).toEqual([]);
    expect(world.inbox.mails).toEqual([]);
  });

  it('is looked at again after it was leased', async () => {
    await askPeople(world, [ANN]);
    const deps = afterClaim(() => change(ANN, { permission: 'opted-out-by-user' }));
    expect(await sendAll(deps)).toMatchObject({ sent: 0, cancelled: 1 });
  });

  it('is looked at once more when its turn has come', async () => {
    await askPeople(world, [ANN, 'bert@example.org']);
    const deps = whileWaiting(() => change(ANN, { permission: 'opted-out-by-user' }));
    expect(await sendAll(deps)).toMatchObject({ sent: 1, cancelled: 1 });
    expect(await sendTo(world.deps, ANN)).toMatchObject({ state: 'cancelled', attempts: 0 });
  });

  it('does not count its own ask, but those of others', async () => {
    const at = world.deps.now();
    await askPeople(world, [{ address: ANN, asks: [{ cause: 'q_old', kind: 'ask', at }] }]);
    await change(ANN, {
      asks: [
        { cause: 'q_old', kind: 'ask', at },
        { cause: 'q_other', kind: 'ask', at },
      ],
    });
    expect(await sendAll(world.deps)).toMatchObject({ cancelled: 1 });
    expect((await sendTo(world.deps, ANN)).note).toBe('asked_too_often');
  });

  it('is sent to when it was asked once before', async () => {
    const at = world.deps.now();
    await askPeople(world, [{ address: ANN, asks: [{ cause: 'q_old', kind: 'ask', at }] }]);
    expect(await sendAll(world.deps)).toMatchObject({ sent: 1 });
  });
});

describe('a request', () => {
  it('that is paused while its mail waits for its turn sends nothing', async () => {
    const { deps } = world;
    const request = await askPeople(world, [ANN]);
    const decision = { workspace: WORKSPACE, request: request.id, by: REQUESTER };
    expect(await sendAll(whileWaiting(() => pauseRequest(deps, decision)))).toMatchObject({
      sent: 0,
    });
    expect(await sendTo(deps, ANN)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('that is paused sends nothing, and goes on where it was', async () => {
    const { deps } = world;
    const request = await askPeople(world, [ANN]);
    const decision = { workspace: WORKSPACE, request: request.id, by: REQUESTER };
    const paused = afterClaim(() => pauseRequest(deps, decision));
    expect(await sendAll(paused)).toMatchObject({ sent: 0, cancelled: 0 });
    expect(await sendTo(deps, ANN)).toMatchObject({ state: 'queued', attempts: 0 });
    await resumeRequest(deps, decision);
    expect(await sendAll(deps)).toMatchObject({ sent: 1 });
  });

  it('that is cancelled sends nothing, also what was leased just then', async () => {
    const { deps } = world;
    const request = await askPeople(world, [ANN, 'bert@example.org']);
    const decision = { workspace: WORKSPACE, request: request.id, by: REQUESTER };
    const cancelled = afterClaim(() => cancelRequest(deps, decision));
    expect(await sendAll(cancelled)).toMatchObject({ sent: 0 });
    const states = [ANN, 'bert@example.org'].map(async (one) => (await sendTo(deps, one)).state);
    expect(await Promise.all(states)).toEqual(['cancelled', 'cancelled']);
    expect(world.inbox.mails).toEqual([]);
    expect((await personAt(deps, ANN)).asks).toEqual([]);
  });

  it('whose template is not the approved one any more is paused, and people are told', async () => {
    const { deps, templates } = world;
    const request = await askPeople(world, [ANN]);
    const [[name, template] = []] = templates;
    if (name === undefined || template === undefined) throw new Error('there is a template');
    const other = { ...template, hash: 'f'.repeat(64) };
    const mail = { ...deps.mail, templates: new Map([[name, other]]) };
    expect(await sendAll({ ...deps, mail })).toMatchObject({ sent: 0, blocked: 0 });
    const found = await deps.database.of(WORKSPACE).requests.find(request.id);
    expect([found.state, found.pausedFrom, found.history.at(-1)?.note]).toEqual([
      'paused',
      'asking',
      'template_changed',
    ]);
    expect(await sendTo(deps, ANN)).toMatchObject({ state: 'queued', attempts: 0 });
  });

  it('that only re-confirms tells each person their own story', async () => {
    const { deps } = world;
    await askPeople(world, [ANN]);
    await sendAll(deps);
    await addPeople(deps, [{ address: 'old@example.org', permission: 'single-opt-in' }]);
    await change('old@example.org', { entries: ['gone'] });
    await askAudience(world, { who: 'single-opt-in' });
    await sendAll(deps);
    const [, again, old] = world.inbox.mails.toSorted((a, b) => (a.to < b.to ? -1 : 1));
    expect(again?.text).toContain('You signed up with our form');
    expect(old?.text.replace(/\s+/g, ' ')).toContain(
      'According to our records, you gave us your permission. We have had it on record since January 1, 2026.',
    );
  });
});

it('who came by an import is told what its interview says', async () => {
  const { deps } = world;
  await askPeople(world, [ANN]);
  const answers = {
    event: 'Spring fair',
    collectedFrom: '2026-05-02',
    collectedUntil: '2026-05-02',
  };
  const interview = { source: 'event' as const, answers, attested: true };
  const provenance = { source: 'event', hash: provenanceHash(interview) };
  await deps.database.db
    .collection<{ _id: string }>(IMPORTS)
    .updateOne({ _id: BATCH.id }, { $set: { interview } });
  await deps.database.db
    .collection<LedgerEntry>(LEDGER)
    .updateOne(
      { act: 'opt-in' },
      { $set: { provenance, cause: { kind: 'import', id: BATCH.id } } },
    );
  await sendAll(deps);
  expect(world.inbox.mails[0]?.text.replace(/\s+/g, ' ')).toContain(
    'You gave us your address at “Spring fair”, on May 2, 2026.',
  );
});

it('without a mailer nothing is leased', async () => {
  await askPeople(world, [ANN]);
  const summary = await sendAll({ ...world.deps, mail: undefined });
  expect(summary).toMatchObject({ sent: 0 });
  expect((await sendTo(world.deps, ANN)).state).toBe('queued');
});

/** Proof: what is told about a person is what happened, and what does not fit is said. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeToken } from '../../../src/consent/link.ts';
import type { Permission } from '../../../src/consent/permission.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import { IMPORTS } from '../../../src/store/audiences.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { REQUESTS } from '../../../src/store/requests.ts';
import { SENDS, type SendDocument, sendId } from '../../../src/store/send-document.ts';
import { confirmAddress } from '../../../src/workflow/confirm-address.ts';
import { explainProof, sentenceText } from '../../../src/workflow/explain-proof.ts';
import { type Proof, readProof } from '../../../src/workflow/read-proof.ts';
import { withdrawConsent } from '../../../src/workflow/withdraw-consent.ts';
import {
  APPROVER,
  REQUESTER,
  TEMPLATE,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';
import { addAudiences, addPeople, idOf } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';
import { imported } from '../import/world.ts';

const ANN = 'ann@example.org';
const ASK = { who: 'changed', template: TEMPLATE, silence: 'revert' } as const;

let deps: TestDeps;

beforeEach(async () => {
  deps = await testDeps();
  await addAudiences(deps);
});
afterEach(async () => {
  await deps.close();
});

const proofOf = (address = ANN) => readProof(deps, WORKSPACE, address);
const chapters = (proof: Proof) =>
  Object.fromEntries(
    explainProof(proof).map(({ title, sentences }) => [title, sentences.map(sentenceText)]),
  );
const collection = (name: string) => deps.database.db.collection<{ _id: string }>(name);

/** Opts Ann in with an ask, and returns the token of the mail that went out. */
async function askedAnn(): Promise<string> {
  await addPeople(deps, [{ address: ANN }]);
  const request = await approved(deps, { ask: ASK });
  await worked(deps, request.id);
  const cause = { kind: 'request', id: request.id } as const;
  const send = sendId(WORKSPACE, { cause, address: idOf(deps, ANN), kind: 'ask' });
  await deps.database.db
    .collection<SendDocument>(SENDS)
    .updateOne({ _id: send }, { $set: { state: 'sent', sentAt: new Date() } });
  return makeToken({ workspace: WORKSPACE, send }, deps.tokenKeys);
}

describe('the record of a person', () => {
  it('tells a mass opt-in with who asked, who approved, and how the address was obtained', async () => {
    await addPeople(deps, [{ address: ANN }]);
    const request = await approved(deps);
    await worked(deps, request.id);
    const proof = await proofOf();
    expect(proof).toMatchObject({ permission: 'single-opt-in', faults: [], sends: [] });
    expect(proof.acts).toHaveLength(1);
    const told = chapters(proof);
    expect(told['What we may send']?.[0]).toContain('Marketing mail may be sent');
    const why = told['Why']?.join('\n') ?? '';
    expect(why).toContain(`Mass opt-in by request ${request.id}.`);
    expect(why).toContain(`${REQUESTER} asked, ${APPROVER} approved.`);
    expect(why).toContain('How it was obtained: Web form.');
    expect(why).toContain('https://example.com/newsletter');
    expect(why).toContain('Was the box ticked by default? no');
    expect(told['Stands in']).toEqual(['batch “Spring fair”']);
    expect(told).not.toHaveProperty('What is wrong with this record');
  });

  it('tells a confirmation, and keeps telling how the address was obtained', async () => {
    const token = await askedAnn();
    expect(await confirmAddress(deps, token, { at: new Date() })).toBe('confirmed');
    const proof = await proofOf();
    expect(proof.permission).toBe('double-opt-in');
    expect(proof.faults).toEqual([]);
    expect(proof.acts.map(({ entry }) => entry.act)).toEqual(['opt-in', 'confirm']);
    const told = chapters(proof);
    expect(told['Why']?.[0]).toContain('The recipient confirmed');
    expect(told['Why']?.join('\n')).toContain('How it was obtained: Web form.');
    expect(told['Double opt-in mail']).toHaveLength(1);
    expect(told['Double opt-in mail']?.[0]).toContain('confirmed');
  });

  it('tells a stop after a confirmation, and that nobody but the recipient can undo it', async () => {
    const token = await askedAnn();
    await confirmAddress(deps, token, { at: new Date() });
    await withdrawConsent(deps, token, 'one-click', { at: new Date() });
    const proof = await proofOf();
    expect(proof.permission).toBe('opted-out-by-recipient');
    expect(proof.faults).toEqual([]);
    const told = chapters(proof);
    expect(told['What we may send']?.[0]).toBe('Nothing may be sent: the recipient said stop.');
    expect(told['Why']?.[0]).toContain('The recipient said stop');
    expect(told['What would change it']?.join()).toContain('Only the recipient');
    expect(told['History']).toHaveLength(3);
  });

  it('tells the reason of a mass opt-out', async () => {
    await addPeople(deps, [{ address: ANN, permission: 'non-marketable' }]);
    const request = await approved(deps, { kind: 'opt-out', reason: 'They left the club.' });
    await worked(deps, request.id);
    const told = chapters(await proofOf());
    expect(told['Why']?.join()).toContain('Reason: They left the club.');
    expect(told['What we may send']?.[0]).toContain('a teammate opted this address out');
  });

  it('tells an import, and what its importer answered', async () => {
    await imported(deps, `email\n${ANN}\n`);
    const proof = await proofOf();
    expect(proof).toMatchObject({ permission: 'single-opt-in', faults: [] });
    const told = chapters(proof);
    const why = told['Why']?.join('\n') ?? '';
    expect(why).toContain('Imported with batch “people” by olga. Permission: single opt-in.');
    expect(why).toContain('https://example.com/newsletter');
    expect(why).toContain('Attested by olga.');
    expect(told['Stands in']).toEqual(['batch “people”']);
  });

  it('says that the import is gone, and its answers with it', async () => {
    await imported(deps, `email\n${ANN}\n`);
    await collection(IMPORTS).deleteMany({});
    const { faults } = await proofOf();
    expect(faults).toEqual([
      expect.stringMatching(/names an import that is not on file\.$/),
      expect.stringMatching(/rests on are lost\.$/),
    ]);
  });

  it.each([
    ['upper case', 'ANN@Example.org'],
    ['white space', '  ann@example.org '],
    ['angle brackets', '<ann@example.org>'],
  ])('is found by the address in %s', async (_what, written) => {
    await addPeople(deps, [{ address: ANN }]);
    expect((await proofOf(written)).id).toBe(idOf(deps, ANN));
  });

  it('is not found from another workspace', async () => {
    await addPeople(deps, [{ address: ANN }]);
    await expect(readProof(deps, 'T0OTHER', ANN)).rejects.toMatchObject({
      code: 'address_not_known',
    });
  });

  it('refuses what is no address', async () => {
    await expect(proofOf('not an address')).rejects.toMatchObject({ code: 'not_an_address' });
  });

  it.each([
    ['erased', 'asked to be erased', 'Nothing brings'],
    ['complaint', 'complained', 'No act of ours'],
    ['hard-bounce', 'came back', 'own yes'],
    ['invalid', 'no address that can take mail', 'stays unsent'],
  ] as const)('says that %s outranks the permission', async (suppression, says, change) => {
    await addPeople(deps, [{ address: ANN, suppressions: [suppression] }]);
    const told = chapters(await proofOf());
    expect(told['What we may send']?.[0]).toContain(says);
    expect(told['What would change it']).toEqual([expect.stringContaining(change)]);
  });

  it('says that a consent of its own is too old for a mass opt-in', async () => {
    await addPeople(deps, [{ address: ANN, consentAt: new Date('2020-01-01') }]);
    expect(chapters(await proofOf())['What would change it']?.join()).toContain(
      'older than 24 months',
    );
  });
});

describe('a record that was tampered with', () => {
  let entry: string;

  beforeEach(async () => {
    await addPeople(deps, [{ address: ANN }]);
    const request = await approved(deps);
    await worked(deps, request.id);
    entry = (await proofOf()).acts[0]?.entry._id ?? '';
  });

  const setPermission = (permission: Permission) =>
    deps.database.db
      .collection<AddressDocument>(ADDRESSES)
      .updateOne({ _id: idOf(deps, ANN) }, { $set: { permission } });

  it('says that an entry which the address names does not exist', async () => {
    await collection(LEDGER).deleteOne({ _id: entry });
    const proof = await proofOf();
    expect(proof.faults).toContain(
      `The address names the ledger entry ${entry}, which does not exist.`,
    );
    expect(chapters(proof)['What is wrong with this record']).toEqual([...proof.faults]);
  });

  it('says that an entry does not name the address', async () => {
    await collection(LEDGER).updateOne({ _id: entry }, { $set: { addresses: ['0'.repeat(32)] } });
    expect((await proofOf()).faults).toEqual([
      `The ledger entry ${entry} does not name this address.`,
    ]);
  });

  it('says that a permission on file is not the one of the ledger', async () => {
    await setPermission('double-opt-in');
    expect((await proofOf()).faults).toEqual([
      'On file is double-opt-in, the latest ledger entry says single-opt-in.',
    ]);
  });

  it('says that no entry leads to the permission on file', async () => {
    await addPeople(deps, [{ address: 'bob@example.org', permission: 'single-opt-in' }]);
    expect((await proofOf('bob@example.org')).faults).toEqual([
      'No ledger entry says how the address came to single-opt-in.',
    ]);
  });

  it('says that an entry is named twice, and that the chain does not fit then', async () => {
    await collection(ADDRESSES).updateOne(
      { _id: idOf(deps, ANN) },
      { $set: { entries: [entry, entry] } },
    );
    const { faults } = await proofOf();
    expect(faults).toContain(`The address names the ledger entry ${entry} twice.`);
    expect(faults).toContain(
      `The ledger entry ${entry} begins at non-marketable, the one before it ended at single-opt-in.`,
    );
  });

  it('says that the answers on file are not those that were hashed', async () => {
    await collection(REQUESTS).updateMany(
      {},
      { $set: { 'plan.terms.interview.answers.wording': 'Something nicer, written afterwards.' } },
    );
    expect((await proofOf()).faults).toEqual([
      `The answers on file are not those that the ledger entry ${entry} was made with.`,
    ]);
  });

  it('says that another approval stands in the request', async () => {
    await collection(REQUESTS).updateMany({}, { $set: { 'approval.by': 'U0NOBODY' } });
    expect((await proofOf()).faults).toEqual([
      `The ledger entry ${entry} names another approval than its request.`,
    ]);
  });

  it('says that the request is gone', async () => {
    await collection(REQUESTS).deleteMany({});
    expect((await proofOf()).faults).toEqual([
      `The ledger entry ${entry} names a request that is not on file.`,
      `The answers that the ledger entry ${entry} rests on are lost.`,
    ]);
  });
});

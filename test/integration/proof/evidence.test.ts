/** Evidence: a file is kept once, by what it holds, and by the workspace it was brought to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { keepEvidence, namedEvidence } from '../../../src/workflow/keep-evidence.ts';
import { REQUESTER, type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { submitted } from '../../support/requests.ts';

/** Larger than one chunk of GridFS. */
const content = Buffer.concat([Buffer.from('%PDF-1.7 a scan'), Buffer.alloc(600_000, 7)]);

let deps: TestDeps;

beforeAll(async () => {
  deps = await testDeps();
});
beforeEach(async () => {
  await deps.reset();
  for (const part of ['files', 'chunks']) {
    await deps.database.db.collection(`evidence-bytes.${part}`).deleteMany({});
  }
});
afterAll(async () => {
  await deps.close();
});

const keep = (over: object = {}) =>
  keepEvidence(deps, { workspace: WORKSPACE, by: REQUESTER, name: 'scan.pdf', content, ...over });
const parts = (part: 'files' | 'chunks') =>
  deps.database.db.collection(`evidence-bytes.${part}`).countDocuments();
const read = (id: string) => deps.database.of(WORKSPACE).evidence.read(id);
/** Comparing large buffers is quick; showing how they differ is not. */
const isWhole = async (id: string) => (await read(id))?.equals(content) ?? false;

describe('a file', () => {
  it('that is brought again, also at once, is the same evidence', async () => {
    const [first, ...others] = await Promise.all([keep(), keep(), keep({ by: 'U0ALSO' })]);
    expect(others).toEqual([first, first]);
    expect(await keep()).toEqual(first);
    expect([await parts('files'), await parts('chunks')]).toEqual([1, 3]);
    expect(await isWhole(first?.id ?? '')).toBe(true);
    expect((await keep({ name: 'other.pdf' })).id).not.toBe(first?.id);
    const elsewhere = await keep({ workspace: 'T0OTHER' });
    expect(elsewhere.id).not.toBe(first?.id);
    expect(elsewhere.sha256).toBe(first?.sha256);
  });

  it('of another workspace can neither be named nor read', async () => {
    const { id } = await keep({ workspace: 'T0OTHER' });
    await expect(namedEvidence(deps, WORKSPACE, [id])).rejects.toMatchObject({
      code: 'evidence_not_found',
    });
    expect(await read(id)).toBeUndefined();
  });

  it('whose keeping was cut off is not there, and is completed by the next try', async () => {
    const { id } = await keep();
    const { db } = deps.database;
    await db.collection('evidence').updateOne({}, { $set: { complete: false } });
    await db.collection('evidence-bytes.chunks').deleteOne({ n: 1 });
    expect(await read(id)).toBeUndefined();
    await expect(namedEvidence(deps, WORKSPACE, [id])).rejects.toMatchObject({
      code: 'evidence_not_found',
    });
    expect((await keep()).id).toBe(id);
    expect(await isWhole(id)).toBe(true);
  });

  it('that is empty, or nothing that we take, is not kept', async () => {
    for (const over of [{ content: Buffer.alloc(0) }, { name: 'scan.png' }, { name: 'run.exe' }]) {
      await expect(keep(over)).rejects.toMatchObject({ code: 'evidence_wrong_type' });
    }
    expect(await parts('files')).toBe(0);
  });

  it('that a request names cannot be dropped, another one can', async () => {
    await addAudiences(deps);
    await addPeople(deps, [{ address: 'ann@example.org' }]);
    const named = await keep();
    const other = await keep({ name: 'other.pdf' });
    await submitted(deps, { evidence: [named.id] });
    const store = deps.database.of(WORKSPACE);
    await store.evidence.drop(named.id);
    await store.evidence.drop(other.id);
    expect(await isWhole(named.id)).toBe(true);
    expect(await read(other.id)).toBeUndefined();
    expect([await parts('files'), await parts('chunks')]).toEqual([1, 3]);
    await expect(submitted(deps, { evidence: [other.id] })).rejects.toMatchObject({
      code: 'evidence_not_found',
    });
  });
});

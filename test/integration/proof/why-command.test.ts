/** `assent why`: what it prints, and the status that it ends with. */
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { whyCommand } from '../../../src/cli/why.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';

const ANN = 'ann@example.org';

let deps: TestDeps;
let out: string[];
let err: string[];

beforeEach(async () => {
  deps = await testDeps();
  await addAudiences(deps);
  await addPeople(deps, [{ address: ANN }]);
  const request = await approved(deps);
  await worked(deps, request.id);
  out = [];
  err = [];
});
afterEach(async () => {
  await deps.close();
});

const run = (...argv: string[]) =>
  whyCommand(deps, argv, { out: (line) => out.push(line), err: (line) => err.push(line) });
const inWorkspace = ['--workspace', WORKSPACE];

it('tells the record in plain words and ends with 0', async () => {
  expect(await run(ANN, ...inWorkspace)).toBe(0);
  expect(out[0]).toBe(ANN);
  expect(out.join('\n')).toMatch(/What we may send\n {2}Marketing mail may be sent/);
  expect(err).toEqual([]);
});

it('tells the whole record as JSON', async () => {
  expect(await run('--json', ANN, ...inWorkspace)).toBe(0);
  expect(JSON.parse(out.join('\n'))).toMatchObject({
    address: ANN,
    permission: 'single-opt-in',
    faults: [],
    acts: [{ entry: { act: 'opt-in', from: 'non-marketable', to: 'single-opt-in' } }],
  });
});

it('takes the workspace of the configuration if none is named', async () => {
  const status = await whyCommand({ ...deps, workspace: WORKSPACE }, [ANN], {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
  });
  expect(status).toBe(0);
});

it('ends with 1 for an address that nobody imported, without repeating it', async () => {
  expect(await run('bob@example.org', ...inWorkspace)).toBe(1);
  expect(err.join()).toContain('was ever imported');
  expect(err.join()).not.toContain('bob');
  expect(out).toEqual([]);
});

it('ends with 1 and says so if the record does not fit together', async () => {
  await deps.database.db
    .collection(ADDRESSES)
    .updateMany({}, { $set: { permission: 'double-opt-in' } });
  expect(await run(ANN, ...inWorkspace)).toBe(1);
  expect(out.join('\n')).toContain('What is wrong with this record');
});

it.each([
  ['no address', [...inWorkspace], 'Name one address.'],
  ['two addresses', ['a@example.org', 'b@example.org', ...inWorkspace], 'Name one address.'],
  ['an unknown option', [ANN, '--verbose'], '--verbose'],
  ['no workspace', [ANN], '--workspace'],
])('ends with 2 after %s', async (_what, argv, says) => {
  expect(await run(...argv)).toBe(2);
  expect(err.join('\n')).toContain(says);
  expect(out).toEqual([]);
});

it('explains itself', async () => {
  expect(await run('--help')).toBe(0);
  expect(out.join('\n')).toContain('assent why ADDRESS');
});

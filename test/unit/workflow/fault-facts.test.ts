/** Fault facts: of an error a log holds what broke and where, and nothing that it quotes. */
import { expect, it } from '@jest/globals';
import { faultFacts } from '../../../src/workflow/fault-facts.ts';

const PERSON = 'ann@example.org';
const SECRET = 'xoxb-1-2-secret';
const quoting = (over: object = {}) =>
  Object.assign(new Error(`no ${PERSON}\n    at ${PERSON}:1:2\n${SECRET}`), over);

it.each<[string, unknown]>([
  ['its message, which looks like a stack', quoting()],
  ['its cause', new Error('outer', { cause: quoting() })],
  ['a cause that is no error', new Error('outer', { cause: { email: PERSON, token: SECRET } })],
  ['its code', quoting({ code: `${PERSON} ${SECRET}` })],
  ['its name', quoting({ name: `Refused ${PERSON}` })],
  ['other fields of it', quoting({ data: { user: PERSON }, token: SECRET })],
  ['a text that was thrown', `${PERSON} ${SECRET}`],
  ['an object that was thrown', { message: PERSON, token: SECRET }],
])('nothing comes out of %s', (_what, error) => {
  expect(JSON.stringify(faultFacts(error))).not.toMatch(/ann@example|xoxb/u);
});

it('tells name, code and place of an error and of its causes', () => {
  const cause = Object.assign(new RangeError('inner'), { code: 11_000 });
  const [outer, inner, ...others] = faultFacts(
    Object.assign(new TypeError('outer', { cause }), { code: 'E_OUTER' }),
  );
  expect(outer).toMatchObject({ name: 'TypeError', code: 'E_OUTER' });
  expect(outer?.at[0]).toContain('fault-facts.test');
  expect(inner).toMatchObject({ name: 'RangeError', code: 11_000 });
  expect(others).toEqual([]);
});

it('ends with an error that is its own cause', () => {
  const error = new Error('again');
  error.cause = error;
  expect(faultFacts(error).length).toBeLessThan(10);
});

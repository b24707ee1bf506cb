/** Log: an error is told without its message, wherever it was thrown. */
import { expect, it } from '@jest/globals';
import { openLog } from '../../../src/log.ts';

const PERSON = 'ann@example.org';

/** Every line that was written by what `act` does with the log. */
function linesOf(act: (log: ReturnType<typeof openLog>) => void): string[] {
  const lines: string[] = [];
  act(openLog({ level: 'debug', role: 'web' }, { write: (line) => void lines.push(line) }));
  return lines;
}

it('names who wrote a line', () => {
  const [line = ''] = linesOf((log) => log.info('ready'));
  expect(JSON.parse(line)).toMatchObject({ role: 'web', msg: 'ready' });
});

it('keeps what an error says out of a line, also in its parts and its causes', () => {
  const cause = Object.assign(new Error(`no such user ${PERSON}`), { reply: PERSON });
  const refused = Object.assign(new Error(`Document failed validation: ${PERSON}`, { cause }), {
    code: 121,
    errInfo: { details: { consideredValue: PERSON } },
  });
  const [line = ''] = linesOf((log) => log.error({ err: refused, job: 'send' }, 'a job failed'));
  expect(line).not.toContain(PERSON);
  const { err, job } = JSON.parse(line);
  expect(job).toBe('send');
  expect(err).toMatchObject([{ name: 'Error', code: 121 }, { name: 'Error' }]);
  expect(err[0].at[0]).toContain('log.test.ts');
});

it('is silent below its level', () => {
  expect(linesOf((log) => log.trace('nothing of interest'))).toEqual([]);
});

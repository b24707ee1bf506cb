/**
 * Tidy: the house rules that a machine can check, so that reviews can be about ideas. Layers and
 * cycles are checked by dependency-cruiser; here stand the owners, sizes and headers.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const SOURCE_LINES_MAX = 300;
const TEST_LINES_MAX = 400;

function sources(folder: string): { path: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => ({ path: join(folder, path), text: readFileSync(join(folder, path), 'utf8') }));
}

const all = ['src', 'demo', 'bench', 'test'].flatMap(sources);
const src = all.filter(({ path }) => path.startsWith('src/'));

const OWNERS = [
  {
    rule: 'the environment is read in main.ts only',
    pattern: /process\.env/,
    allowedIn: /^src\/main\.ts$/,
  },
  {
    rule: 'time is passed in below the doors',
    pattern: /new Date\(\)|Date\.now\(\)/,
    allowedIn:
      /^src\/(main\.ts|resources\.ts|start\.ts|doctor\.ts|queue\.ts|slack|web|jobs|cli|mail)/,
  },
  {
    rule: 'console belongs to main.ts and the command line',
    pattern: /\bconsole\./,
    // The official download runs as a small program of its own, which may print.
    allowedIn: /^src\/(main\.ts|cli|store\/mongod\/download)/,
  },
  { rule: 'an Error is thrown, never a string', pattern: /throw ['"`]/, allowedIn: /^$/ },
];

/** The text without comments: a rule may be named where it is explained. */
const code = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');

describe.each(all)('$path', ({ path, text }) => {
  it('opens with a sentence that says what it is for', () => {
    expect(text).toMatch(/^\/\*\*[\s\S]*?[a-z]{3}/);
  });
  it('is short', () => {
    const max = path.startsWith('test/') ? TEST_LINES_MAX : SOURCE_LINES_MAX;
    expect(text.split('\n').length).toBeLessThanOrEqual(max);
  });
});

describe.each(OWNERS)('$rule', ({ pattern, allowedIn }) => {
  it('holds', () => {
    const broken = src.filter(
      ({ path, text }) => !allowedIn.test(path) && pattern.test(code(text)),
    );
    expect(broken.map(({ path }) => path)).toEqual([]);
  });
});

it('sees the sources', () => {
  expect(src.length).toBeGreaterThan(40);
});

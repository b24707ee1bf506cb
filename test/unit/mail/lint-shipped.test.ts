/** Lint of what we ship: every template of ours, in every language, passes in both profiles. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lintTemplate } from '../../../src/mail/lint/lint.ts';
import { LINT_PROFILES, LINT_RULES } from '../../../src/mail/lint/rules.ts';
import { placeholdersOf, purposeOf, readTemplateFiles } from '../../../src/mail/templates.ts';

const docs = await readFile('docs/templates.md', 'utf8');
const FOLDER = 'templates/mail';
const LOCALES = ['de', 'en', 'es', 'fr', 'it', 'nl', 'pt'];
const KINDS = ['html', 'subject.txt', 'txt'];
const entries = await readdir(FOLDER, { withFileTypes: true });
const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

it('is three mails', () => {
  expect(names.toSorted()).toEqual(['double-opt-in', 'goodbye', 'reminder']);
});

it.each(names)('%s is complete in seven languages', async (name) => {
  const expected = LOCALES.flatMap((locale) => KINDS.map((kind) => `${locale}.${kind}`));
  const files = await readTemplateFiles(join(FOLDER, name));
  expect([...files.keys()].toSorted()).toEqual(expected);
});

it.each(names.flatMap((name) => LINT_PROFILES.map((profile) => [name, profile] as const)))(
  '%s has nothing to find under %s, not even a warning',
  async (name, profile) => {
    const files = await readTemplateFiles(join(FOLDER, name));
    expect(lintTemplate(files, profile, purposeOf(name))).toEqual([]);
  },
);

it.each(names)('%s is computed in the dark, in every language', async (name) => {
  const files = await readTemplateFiles(join(FOLDER, name));
  const dim = (text: string) =>
    text.replace(
      /(@media \(prefers-color-scheme: dark\)[^@]*\.quiet \{ color: )#\w+/u,
      '$1#666666',
    );
  const dimmed = new Map([...files].map(([file, text]) => [file, dim(text)]));
  const found = lintTemplate(dimmed, 'strict', purposeOf(name));
  expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(['dark-contrast']));
  expect(new Set(found.map(({ file }) => file))).toEqual(
    new Set(LOCALES.map((locale) => `${locale}.html`)),
  );
});

describe('docs/templates.md', () => {
  const rows = docs
    .split('\n')
    .map((line) => /^\| `([a-z-]+)` \| (error|warning) \| (error|warning) \|/u.exec(line))
    .filter((row) => row !== null)
    .map(([, rule, neutral, strict]) => [rule, { neutral, strict }]);

  it('names every rule, in this order, as severe as it is', () => {
    const rules = Object.entries(LINT_RULES);
    expect(rows).toEqual(rules.map(([rule, { neutral, strict }]) => [rule, { neutral, strict }]));
  });
  it('names every placeholder, and whether it is needed', () => {
    for (const [name, { required }] of Object.entries(placeholdersOf('request'))) {
      expect(docs).toMatch(
        new RegExp(
          `\\| \`\\{\\{${name}\\}\\}\` \\| .* \\| ${required ? 'yes' : 'optional'} \\|`,
          'u',
        ),
      );
    }
  });
});

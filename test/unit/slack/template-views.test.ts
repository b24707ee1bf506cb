/** Template views: what Slack is given about mail templates, in both languages, at its worst. */
import { describe, expect, it } from '@jest/globals';
import { leaksInChannel } from '../../../demo/slack/leaks.ts';
import { validateMessage, validateView } from '../../../demo/slack/validate.ts';
import { findingOf } from '../../../src/mail/lint/finding.ts';
import { lintTemplate } from '../../../src/mail/lint/lint.ts';
import { LINT_RULES, type LintRule } from '../../../src/mail/lint/rules.ts';
import { InputErrors } from '../../../src/slack/guard/door.ts';
import { readTemplateForm } from '../../../src/slack/template/form.ts';
import {
  findingsModal,
  keptModal,
  templateModal,
  templatesAnswer,
} from '../../../src/slack/template/modal.ts';
import { SLACK_LOCALES } from '../../../src/slack/words/language.ts';
import { TEMPLATE_RULE_WORDS } from '../../../src/slack/words/template-rules.ts';
import { hostile } from './models.ts';

const RULES = Object.keys(LINT_RULES) as LintRule[];
const all = RULES.map((rule) =>
  findingOf('strict', rule, { file: hostile(60), line: 12_345, found: hostile(90) }),
);
const listed = (name: string) => ({
  name,
  version: 12_345,
  hash: 'a'.repeat(64),
  locales: Array.from({ length: 40 }, () => 'zh-Hant'),
  by: hostile(40),
  at: new Date(),
  lint: { profile: 'strict' as const, warnings: 3 },
});

describe.each(SLACK_LOCALES)('in %s', (locale) => {
  it('the form is one that Slack takes', () => {
    expect(validateView(templateModal(locale), 'modal')).toEqual([]);
  });
  it.each([
    ['one', all.slice(0, 1)],
    ['every rule', all],
    ['more than are shown', [...all, ...all, ...all]],
  ])('findings, %s, fit a window that quotes no address', (_, findings) => {
    const written = findings.map((one) => ({ ...one, found: `${one.found} ann@example.org` }));
    for (const view of [
      findingsModal(written, locale),
      keptModal(
        'our-question',
        { kind: 'added', version: 3, hash: '', locales: ['en'], findings: written },
        locale,
      ),
    ]) {
      expect(validateView(view, 'modal')).toEqual([]);
      expect(JSON.stringify(view)).not.toContain('ann@example.org');
    }
  });
  it('a kept template, and one that said the same already, read differently', () => {
    const added = { version: 2, hash: '', locales: ['en', 'de'], findings: [] } as const;
    const [kept, same] = (['added', 'unchanged'] as const).map((kind) =>
      keptModal('ours', { ...added, kind }, locale),
    );
    for (const view of [kept, same]) expect(validateView(view ?? {}, 'modal')).toEqual([]);
    expect(JSON.stringify(kept)).toContain('en, de');
    expect(JSON.stringify(kept)).not.toEqual(JSON.stringify(same));
  });
  it('the list is one that Slack takes, of none and of many', () => {
    for (const own of [[], Array.from({ length: 100 }, () => listed('x'.repeat(40)))]) {
      const { text, blocks } = templatesAnswer(
        [{ name: 'double-opt-in', locales: ['en'] }],
        own,
        locale,
      );
      expect(validateMessage({ channel: 'C1', text, blocks })).toEqual([]);
      expect(leaksInChannel('test', { text, blocks })).toEqual([]);
    }
  });
  it('every rule says why and what to do', () => {
    for (const rule of RULES) {
      const { why, fix } = TEMPLATE_RULE_WORDS[locale][rule];
      expect([rule, why.length > 20, fix.length > 8]).toEqual([rule, true, true]);
    }
  });
});

it('tells a finding of a real template by file, line, why and what to do', () => {
  const findings = lintTemplate(new Map([['de.txt', 'a\n{{x}}']]));
  const view = JSON.stringify(findingsModal(findings, 'de'));
  expect(view).toContain('de.txt, Zeile 2');
  expect(view).toContain('Nichts füllt diesen Platzhalter.');
});

describe('the form', () => {
  const typed = (id: string, value: string) => ({ [id]: { [id]: { value } } });
  const filesOf = (...ids: string[]) => ({
    'choose-template-files': { 'choose-template-files': { files: ids.map((id) => ({ id })) } },
  });
  const read = (values: object) =>
    readTemplateForm(
      { ...typed('name-template', 'ours'), ...values },
      (name) => (name === 'ours' ? undefined : 'Choose another name.'),
      'en',
    );
  const errorsOf = (values: object): string[] => {
    try {
      read(values);
      return [];
    } catch (error) {
      if (!(error instanceof InputErrors)) throw error;
      return Object.keys(error.errors);
    }
  };

  it('reads files, and what was written as files of its language', () => {
    expect(read(filesOf('F1', 'F2'))).toMatchObject({
      name: 'ours',
      brought: [{ id: 'F1' }, { id: 'F2' }],
    });
    const { written, profile } = read({
      ...typed('name-language', 'pt-BR'),
      ...typed('write-subject', ' Olá '),
      ...typed('write-text', 'Texto'),
    });
    expect(profile).toBe('neutral');
    expect([...written]).toEqual([
      ['pt-BR.subject.txt', 'Olá\n'],
      ['pt-BR.txt', 'Texto\n'],
    ]);
  });
  it.each([
    ['nothing at all', {}, ['choose-template-files']],
    [
      'another wrong thing',
      typed('name-template', 'Wrong'),
      ['name-template', 'choose-template-files'],
    ],
    ['a text without its language', typed('write-text', 'x'), ['name-language']],
    [
      'a language that is a path',
      { ...typed('write-text', 'x'), ...typed('name-language', '../en') },
      ['name-language'],
    ],
    [
      'values of another shape',
      { 'choose-template-files': 7, 'write-text': [] },
      ['choose-template-files'],
    ],
  ])('with %s says so at the input', (_, values, inputs) => {
    expect(errorsOf(values)).toEqual(inputs);
  });
});

/** Template modal: the window that takes a mail template, and the windows that say what came of it. */
import type { AnyBlock, ModalView } from '@slack/types';
import type { Finding } from '../../mail/lint/finding.ts';
import { LINT_PROFILES } from '../../mail/lint/rules.ts';
import type { ListedTemplate } from '../../store/templates.ts';
import type { AddedTemplate } from '../../workflow/custom-templates.ts';
import { actions, button, context, divider, modal, section } from '../blocks/blocks.ts';
import { joinMrkdwn, md, userMention } from '../blocks/escape.ts';
import { fileInput, input, option, radios, textInput } from '../blocks/inputs.ts';
import type { Reply } from '../guard/door.ts';
import { withoutAddresses } from '../request/words.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { formatNumber } from '../words/numbers.ts';
import { TEMPLATE_RULE_WORDS } from '../words/template-rules.ts';
import { TEMPLATE_WORDS } from '../words/templates.ts';
import {
  CHOOSE_PROFILE,
  CHOOSE_TEMPLATE_FILES,
  NAME_LANGUAGE,
  NAME_TEMPLATE,
  WRITE_TEXTS,
} from './form.ts';

/** The modal's callback. */
export const UPLOAD_TEMPLATE = 'upload-template';
/** The action id of the button that opens it. */
export const OPEN_TEMPLATE = 'open-template';

const FILE_TYPES = ['html', 'txt'];
/** Slack takes no more in one input. */
const FILES_MAX = 10;
const NAME_CHARACTERS_MAX = 40;
const LANGUAGE_CHARACTERS_MAX = 20;
const SUBJECT_CHARACTERS_MAX = 150;
/** More than these help nobody at once. */
const FINDINGS_MAX = 20;
const LISTED_MAX = 30;

/** The templates there are, and the button for another. @param ours with their languages */
export function templatesAnswer(
  ours: readonly { readonly name: string; readonly locales: readonly string[] }[],
  own: readonly ListedTemplate[],
  locale: SlackLocale,
): Reply {
  const words = TEMPLATE_WORDS[locale];
  const lines = [
    ...ours.map(({ name, locales }) => md`• ${words.ours(name, locales.join(', '))}`),
    ...own
      .slice(0, LISTED_MAX)
      .map(
        ({ name, version, locales, by }) =>
          md`• ${words.own(name, version, locales.join(', '))}, ${words.by} ${userMention(withoutAddresses(by, locale))}`,
      ),
    ...(own.length === 0 ? [md`${words.noneOwn}`] : []),
  ];
  const text = joinMrkdwn([md`*${words.listTitle}*`, ...lines]);
  const upload = button({ id: OPEN_TEMPLATE, text: words.upload });
  return { text: words.listTitle, blocks: [section(text), actions('templates', upload)] };
}

export function templateModal(locale: SlackLocale): ModalView {
  const words = TEMPLATE_WORDS[locale];
  const means = { neutral: words.neutralMeans, strict: words.strictMeans };
  return modal({
    callbackId: UPLOAD_TEMPLATE,
    title: words.title,
    submit: words.keep,
    close: NOTICE_WORDS[locale].cancel,
    blocks: [
      input({
        id: NAME_TEMPLATE,
        label: words.name,
        hint: words.nameHint,
        element: textInput({ charactersMax: NAME_CHARACTERS_MAX }),
      }),
      input({
        id: CHOOSE_PROFILE,
        label: words.profile,
        element: radios(
          LINT_PROFILES.map((profile) => option(profile, words[profile], means[profile])),
          { initial: 'neutral' },
        ),
      }),
      input({
        id: CHOOSE_TEMPLATE_FILES,
        label: words.files,
        hint: words.filesHint,
        element: fileInput({ types: FILE_TYPES, most: FILES_MAX }),
        optional: true,
      }),
      divider(),
      section(md`${words.or}`),
      ...writtenInputs(locale),
    ],
  });
}

function writtenInputs(locale: SlackLocale): AnyBlock[] {
  const words = TEMPLATE_WORDS[locale];
  return [
    input({
      id: NAME_LANGUAGE,
      label: words.language,
      hint: words.languageHint,
      element: textInput({ charactersMax: LANGUAGE_CHARACTERS_MAX }),
      optional: true,
    }),
    input({
      id: WRITE_TEXTS['subject.txt'],
      label: words.subject,
      element: textInput({ charactersMax: SUBJECT_CHARACTERS_MAX }),
      optional: true,
    }),
    input({
      id: WRITE_TEXTS.txt,
      label: words.text,
      element: textInput({ multiline: true }),
      optional: true,
    }),
    input({
      id: WRITE_TEXTS.html,
      label: words.html,
      hint: words.htmlHint,
      element: textInput({ multiline: true }),
      optional: true,
    }),
  ];
}

/** What the lint found: where, why, and what to do. */
export function findingsModal(findings: readonly Finding[], locale: SlackLocale): ModalView {
  const words = TEMPLATE_WORDS[locale];
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const number = (count: number) => formatNumber(count, locale);
  const told = words.refused(number(errors), number(findings.length - errors));
  return modal({
    callbackId: 'read-findings',
    title: words.refusedTitle,
    close: NOTICE_WORDS[locale].close,
    blocks: [section(md`${told}`), ...findingBlocks(findings, locale)],
  });
}

export function keptModal(
  name: string,
  added: Exclude<AddedTemplate, { kind: 'refused' }>,
  locale: SlackLocale,
): ModalView {
  const words = TEMPLATE_WORDS[locale];
  const version = formatNumber(added.version, locale);
  const said =
    added.kind === 'added'
      ? words.kept(name, version, added.locales.join(', '))
      : words.unchanged(name, version);
  const warned = added.findings.length > 0;
  return modal({
    callbackId: 'read-template',
    title: words.keptTitle,
    close: NOTICE_WORDS[locale].close,
    blocks: [
      section(md`${said}`),
      context(md`${words.next}`),
      ...(warned ? [section(md`*${words.warnings}*`)] : []),
      ...findingBlocks(added.findings, locale),
    ],
  });
}

/** A template may quote anything, also an address that somebody wrote into it. */
function findingBlocks(findings: readonly Finding[], locale: SlackLocale): AnyBlock[] {
  const words = TEMPLATE_WORDS[locale];
  const rules = TEMPLATE_RULE_WORDS[locale];
  const shown = findings.slice(0, FINDINGS_MAX).map(({ rule, severity, file, line, found }) => {
    const place = words.place(withoutAddresses(file, locale), formatNumber(line, locale));
    const { why, fix } = rules[rule];
    return section(
      joinMrkdwn([
        md`*${place}*: ${withoutAddresses(found, locale)} (${words.severity[severity]})`,
        md`${why}`,
        md`→ ${fix}`,
      ]),
    );
  });
  const rest = findings.length - shown.length;
  return rest === 0 ? shown : [...shown, context(md`${words.more(formatNumber(rest, locale))}`)];
}

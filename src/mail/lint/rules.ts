/**
 * Lint rules: what a mail that asks for consent must and must not do, why, and what to do instead.
 *
 * `neutral` is what every such mail needs. `strict` is for Germany, where a logo, a "Welcome" and a
 * "Questions? Contact us" were advertising enough to make the request itself unlawful (LG Stendal,
 * 12 May 2021, 22 S 87/20). A template with an error is not kept; a warning is shown and may stand.
 */

export const LINT_PROFILES = ['neutral', 'strict'] as const;
export type LintProfile = (typeof LINT_PROFILES)[number];
export type Severity = 'error' | 'warning';

interface Rule extends Readonly<Record<LintProfile, Severity>> {
  readonly why: string;
  readonly fix: string;
}

const always = (why: string, fix: string): Rule => ({
  neutral: 'error',
  strict: 'error',
  why,
  fix,
});
const hint = (why: string, fix: string): Rule => ({
  neutral: 'warning',
  strict: 'warning',
  why,
  fix,
});
const strictly = (why: string, fix: string): Rule => ({
  neutral: 'warning',
  strict: 'error',
  why,
  fix,
});

export const LINT_RULES = {
  'file-name': always(
    'This file is no part of a template.',
    'Name files like en.subject.txt, en.txt and en.html, and leave others out.',
  ),
  'file-missing': always(
    'A language needs a subject, a text and an HTML file, and English (en) must be among them: it is what everybody gets whose language is missing.',
    'Add the file.',
  ),
  'confirm-link': always(
    'Without it nobody can answer the question.',
    'Put <a href="{{reviewUrl}}"> into the HTML and {{reviewUrl}} into the text.',
  ),
  'decline-link': always(
    'Whoever does not want the mail must be able to say so as easily as yes.',
    'Put <a href="{{stopUrl}}"> into the HTML and {{stopUrl}} into the text.',
  ),
  'sender-name': always(
    'A recipient must see who asks.',
    'Write {{senderName}} into the HTML and the text.',
  ),
  'postal-address': always(
    'The law of many countries wants the sender’s postal address in the mail (Canada: SOR/2012-36, section 4; USA: CAN-SPAM).',
    'Write {{postalAddress}} into the HTML and the text.',
  ),
  'needed-placeholder': always(
    'A recipient must be told which address is meant, how it was obtained, and what doing nothing means.',
    'Write the placeholder into the HTML and the text.',
  ),
  'unknown-placeholder': always(
    'Nothing fills this placeholder.',
    'Correct its name; docs/templates.md lists those that there are.',
  ),
  'triple-braces': always(
    'Three braces would ask for a value without escaping, which does not exist here.',
    'Write two braces: {{name}}.',
  ),
  'template-syntax': always(
    'The template cannot be read.',
    'Correct what the message says; docs/templates.md shows how placeholders are written.',
  ),
  'same-in-text': always(
    'Whoever reads the plain text must be told what the others are told.',
    'Say the same in both, with the same placeholders.',
  ),
  'no-images': always(
    'A picture or logo makes the question an advertisement, and a remote one tells who opened it.',
    'Leave it out; the sender’s name in words is enough.',
  ),
  tracking: always(
    'This tells somebody that the mail was opened or clicked, which nobody agreed to.',
    'Leave it out.',
  ),
  'no-active-content': always(
    'Mail clients block scripts, forms and embedded things, and filters take them for an attack.',
    'Leave it out; buttons are links.',
  ),
  'no-outside-style': always(
    'Styles and fonts from elsewhere are requests that tell who opened the mail.',
    'Write the style into the mail, with fonts that every device has.',
  ),
  'other-links': always(
    'A question has two answers and an imprint; every other link or address is an invitation to something else.',
    'Leave only {{reviewUrl}}, {{stopUrl}} and {{privacyUrl}}.',
  ),
  'no-promotion': always(
    'A mail that asks for consent must not advertise: it would be the advertising that it asks about.',
    'Leave it out, and say only who asks, why, and what can be answered.',
  ),
  'no-courtesies': strictly(
    'A welcome, an offer to help or a call to look around was advertising enough for a German court (LG Stendal, 22 S 87/20).',
    'Leave it out.',
  ),
  'no-shouting': always(
    'Capitals, rows of exclamation marks and emoji press people and look like spam.',
    'Write it in plain words.',
  ),
  'no-claimed-consent': always(
    'Consent is what the recipient says on the page; a mail must not say that it is given, nor that silence gives it.',
    'Ask, and let {{ifSilent}} say what silence means.',
  ),
  'subject-length': strictly(
    'Phones show about 60 characters of a subject.',
    'Shorten it to 60 characters besides the placeholder.',
  ),
  'subject-shouting': always(
    'A subject in capitals, with exclamation marks or emoji looks like spam.',
    'Write it as a plain question.',
  ),
  'subject-reply': always(
    'It pretends that a conversation went before.',
    'Leave “Re:”, “Fwd:” and their like out.',
  ),
  'subject-deceptive': always(
    'The subject must say what the mail is: a question, nothing urgent and no invoice.',
    'Ask the question in the subject.',
  ),
  'header-injection': always(
    'A subject is one line; what follows it could become a header of its own.',
    'Write the subject on one line, without control characters.',
  ),
  size: strictly(
    'A question needs no more than 30 kB, and long mails are slow on phones.',
    'Shorten text or style.',
  ),
  'size-hard': always(
    'Gmail cuts mails of more than 102 kB, and with the end the stop link.',
    'Shorten text or style.',
  ),
  'html-lang': always(
    'A screen reader needs the language and a mail client the direction.',
    'Begin with <html lang="…" dir="ltr"> (rtl for Arabic, Hebrew and their like), in the file’s language.',
  ),
  'html-title': always('Screen readers and browsers name the mail by it.', 'Add <title>…</title>.'),
  'dark-scheme': hint(
    'Without it, mail clients invert the colours as they like.',
    'Add <meta name="color-scheme" content="light dark"> and dark colours.',
  ),
  contrast: strictly(
    'Text needs a contrast of 4.5 to 1 against its background (WCAG 2.2, 1.4.3).',
    'Choose a darker or lighter colour.',
  ),
  'dark-contrast': strictly(
    'In the dark scheme, too, text needs a contrast of 4.5 to 1 against its background (WCAG 2.2, 1.4.3); what is set inline stays as it is there.',
    'In @media (prefers-color-scheme: dark), set text and background of the same classes, each with !important.',
  ),
  'hidden-text': always(
    'What is in the mail must be there to be read; hidden text is what filters look for.',
    'Show it or leave it out.',
  ),
  'small-print': hint('Letters under 13 px are hard to read.', 'Use 16 px.'),
  'tricky-characters': always(
    'Invisible characters and changes of direction make text read other than it is written.',
    'Remove them.',
  ),
} as const satisfies Record<string, Rule>;

export type LintRule = keyof typeof LINT_RULES;

/** A template: plain and without a fault, for tests of the lint; change one thing at a time. */
import { lintTemplate } from '../../../src/mail/lint/lint.ts';

export type Changes = Readonly<Record<string, string | undefined>>;

export const TEXT = `{{senderName}} asks about {{address}}.
{{howObtained}}
Yes or no: {{reviewUrl}}
{{ifSilent}}
Stop: {{stopUrl}}
{{postalAddress}}
`;
export const BODY = `<p>{{senderName}} asks about {{address}}.</p>
<p>{{howObtained}}</p>
<p><a href="{{reviewUrl}}" style="color: #0b57d0">Yes or no</a></p>
<p>{{ifSilent}}</p>
<p><a href="{{stopUrl}}" style="color: #0b57d0">Stop</a></p>
<p>{{postalAddress}}</p>`;
export const HEAD = '<meta name="color-scheme" content="light dark"><title>A question</title>';
export const page = (body: string, { lang = 'en', head = HEAD } = {}) =>
  `<html lang="${lang}" dir="ltr"><head>${head}</head><body>\n${body}\n</body></html>`;

export function template(changes: Changes = {}): Map<string, string> {
  const all: Changes = {
    'en.subject.txt': 'A question from {{senderName}}\n',
    'en.txt': TEXT,
    'en.html': page(BODY),
    ...changes,
  };
  return new Map(
    Object.entries(all).filter((file): file is [string, string] => file[1] !== undefined),
  );
}
export const html = (extra: string): Changes => ({ 'en.html': page(`${BODY}\n${extra}`) });
export const text = (extra: string): Changes => ({ 'en.txt': `${TEXT}${extra}\n` });
export const both = (words: string): Changes => ({ ...html(`<p>${words}</p>`), ...text(words) });
export const subject = (line: string): Changes => ({ 'en.subject.txt': line });
export const without = (mark: string): Changes => ({
  'en.txt': TEXT.replace(mark, ''),
  'en.html': page(BODY.replace(`<a href="${mark}"`, '<a').replace(mark, '')),
});
export const rulesIn = (changes: Changes, profile: 'neutral' | 'strict' = 'strict') =>
  new Set(lintTemplate(template(changes), profile).map(({ rule }) => rule));

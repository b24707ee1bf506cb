/** Skeleton: the bytes of every mail it makes are those of nodemailer's composer. */
import { describe, expect, it } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, oneof, record, string } from 'fast-check';
import { type ComposedMail, composeAsk } from '../../../src/mail/ask-mail.ts';
import { messageIdOf } from '../../../src/mail/mail-fields.ts';
import { makeSkeleton, type Recipient, type SkeletonTerms } from '../../../src/mail/skeleton.ts';
import {
  loadTemplates,
  readTemplate,
  type Template,
  wordAsk,
} from '../../../src/mail/templates.ts';
import { askMail, askValues } from './an-ask.ts';

const ours = await loadTemplates('templates/mail');
const doubleOptIn = ours.get('double-opt-in') as Template;

const HEAD = '<!DOCTYPE html><html lang="en" dir="ltr"><head><title>A</title></head>\n';
const NAMES =
  '{{howObtained}} {{ifSilent}} {{address}} {{senderName}} {{postalAddress}} {{reviewUrl}} {{stopUrl}}';

/** A template whose lines are as awkward as lines can be. */
const awkward = readTemplate(
  'awkward',
  new Map([
    ['en.subject.txt', 'Größe: may {{senderName}} write to you?'],
    [
      'en.txt',
      [
        '.{{howObtained}}',
        '. {{ifSilent}} {{ifSilent}}',
        'x'.repeat(75),
        'y'.repeat(76),
        `${'z'.repeat(74)}=`,
        ' ends in a space ',
        '\t',
        '{{address}}',
        '{{senderName}} {{postalAddress}}',
        '你好'.repeat(30),
        'a word, '.repeat(30),
        '{{reviewUrl}} {{stopUrl}}   ',
        '   ',
      ].join('\n'),
    ],
    [
      'en.html',
      `${HEAD}<p>{{howObtained}}</p><p>{{ifSilent}}</p>\r\n<a href="{{reviewUrl}}">{{address}}</a>\n` +
        '<a href="{{stopUrl}}">.</a>{{postalAddress}}\r\n.\r\n{{senderName}} ',
    ],
  ]),
);

function termsOf(change: Partial<SkeletonTerms> = {}): SkeletonTerms {
  const { from, replyTo, listId } = askMail();
  const { senderName, postalAddress } = askValues();
  const values = { senderName, postalAddress, privacyUrl: 'https://lindenhof.example/privacy' };
  return { template: doubleOptIn, locale: 'en', from, replyTo, listId, values, ...change };
}
function recipient(change: Partial<Recipient> = {}): Recipient {
  const { messageId, at, to, envelopeFrom, oneClickUrl, feedbackId } = askMail();
  const { address, howObtained, ifSilent, reviewUrl, stopUrl } = askValues();
  const values = { address, howObtained, ifSilent, reviewUrl, stopUrl };
  return { messageId, at, to, envelopeFrom, oneClickUrl, feedbackId, values, ...change };
}
/** The reference: nodemailer's composer, asked for the whole mail. */
async function composed(
  terms: SkeletonTerms,
  { values, ...own }: Recipient,
): Promise<ComposedMail> {
  const { template, locale, from, replyTo, listId } = terms;
  const wording = wordAsk(template, { language: locale }, { ...terms.values, ...values });
  return composeAsk({ ...own, from, replyTo, listId, wording });
}
async function expectSame(terms: SkeletonTerms, one: Recipient): Promise<void> {
  const skeleton = await makeSkeleton(terms);
  expect(skeleton.isPatched).toBe(true);
  const [made, wanted] = [await skeleton.compose(one), await composed(terms, one)];
  expect(made.raw.toString('latin1')).toBe(wanted.raw.toString('latin1'));
  expect(made).toEqual(wanted);
}

const everyTemplate = [...ours.values(), awkward]
  .filter(({ purpose }) => purpose !== 'goodbye')
  .flatMap((template) => template.locales.map((locale) => ({ template, locale })));

/** Text of many kinds: words, long words, other scripts, marks that need encoding, control characters. */
const text = oneof(
  string({ unit: 'binary', maxLength: 120 }),
  string({ unit: 'grapheme', maxLength: 120 }),
  array(
    oneof(
      constantFrom(
        '.',
        '=',
        ' ',
        '\t',
        'é',
        '你好',
        '😀',
        ', ',
        'ß',
        '&',
        '<',
        '"',
        '\u2028',
        '\n',
      ),
      string({ unit: 'grapheme-ascii', maxLength: 30 }),
    ),
    { maxLength: 40 },
  ).map((parts) => parts.join('')),
  constantFrom('x'.repeat(74), 'x'.repeat(75), 'x'.repeat(76), 'é'.repeat(26), '='.repeat(200)),
).map((value) => `a${value}`);
const path = string({ unit: 'grapheme-ascii', maxLength: 150 }).map(encodeURIComponent);
const url = path.map((value) => `https://confirm.lindenhof.example/c/${value}?a=1&b=${value}`);
const sendId = string({ unit: constantFrom(...'abcXYZ019_-'), minLength: 1, maxLength: 64 });
const localPart = string({ unit: constantFrom(...'abcXYZ019_-+='), minLength: 1, maxLength: 60 });
const domain = constantFrom(
  'example.net',
  'EXAMPLE.Net',
  'xn--bcher-kva.example',
  'a.xn--p1ai',
  '1.2.3.4.example',
  '10.20.30.40',
  `${'long-label.'.repeat(10)}example`,
);
const mailAddress = record({ localPart, domain }).map((of) => `${of.localPart}@${of.domain}`);

describe('a skeleton', () => {
  it.each(everyTemplate)('is used for $template.name in $locale', async (chosen) => {
    await expectSame(termsOf(chosen), recipient());
  });

  it('makes the composer’s bytes, whatever the values are', async () => {
    const skeletons = await Promise.all(
      everyTemplate.map(async (chosen) => ({
        terms: termsOf(chosen),
        skeleton: await makeSkeleton(termsOf(chosen)),
      })),
    );
    const values = { address: mailAddress, howObtained: text, ifSilent: text };
    const urls = { reviewUrl: url, stopUrl: url };
    await assert(
      asyncProperty(
        constantFrom(...skeletons),
        record({
          messageId: sendId.map((id) => messageIdOf(id, 'lindenhof.example')),
          at: constantFrom(new Date(0), new Date('2026-09-01T01:02:03Z')),
          to: oneof(record({ address: mailAddress }), record({ address: mailAddress, name: text })),
          envelopeFrom: mailAddress,
          oneClickUrl: url,
          feedbackId: sendId.map((id) => `${id}:T1:ask:assent1`),
          values: record({ ...values, ...urls }),
        }),
        async ({ terms, skeleton }, one) => {
          const [made, wanted] = [await skeleton.compose(one), await composed(terms, one)];
          expect(made.raw.toString('latin1')).toBe(wanted.raw.toString('latin1'));
          expect(made.rawHash).toBe(wanted.rawHash);
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  it('makes the composer’s bytes, whoever the sender is', async () => {
    await assert(
      asyncProperty(text, text, text, async (name, senderName, postalAddress) => {
        const from = { address: 'news@lindenhof.example', name };
        const terms = termsOf({
          template: awkward,
          from,
          values: { senderName, postalAddress, about: name },
        });
        await expectSame(terms, recipient());
      }),
      { numRuns: 60 },
    );
  }, 120_000);

  it('forgets nothing from one mail to the next', async () => {
    const terms = termsOf({ template: awkward });
    const skeleton = await makeSkeleton(terms);
    for (const howObtained of ['one', 'two', 'two', 'one', 'önë']) {
      const one = recipient({ values: { ...recipient().values, howObtained } });
      expect((await skeleton.compose(one)).rawHash).toBe((await composed(terms, one)).rawHash);
    }
  });
});

describe('left to the composer is', () => {
  it('a template whose subject names the recipient', async () => {
    const files = new Map([
      ['en.subject.txt', 'Is {{address}} yours, {{senderName}}?'],
      ['en.txt', NAMES],
      ['en.html', `${HEAD}${NAMES}`],
    ]);
    const terms = termsOf({ template: readTemplate('named', files) });
    const skeleton = await makeSkeleton(terms);
    expect(skeleton.isPatched).toBe(false);
    const [made, wanted] = [
      await skeleton.compose(recipient()),
      await composed(terms, recipient()),
    ];
    expect(made).toEqual(wanted);
  });

  it('a mail with a text of more than 64 KiB', async () => {
    const filler = 'A sentence of a long, long letter. '.repeat(1_600);
    const files = new Map([
      ['en.subject.txt', 'A letter'],
      ['en.txt', NAMES],
      ['en.html', `${HEAD}${filler}${NAMES}`],
    ]);
    const terms = termsOf({ template: readTemplate('long', files) });
    const skeleton = await makeSkeleton(terms);
    expect(skeleton.isPatched).toBe(true);
    const howObtained = 'On a day of which much is told. '.repeat(320);
    const one = recipient({ values: { ...recipient().values, howObtained } });
    const wanted = await composed(terms, one);
    expect(wanted.raw.length).toBeGreaterThan(64 * 1024 + howObtained.length);
    expect(await skeleton.compose(one)).toEqual(wanted);
  });
});

describe('a skeleton refuses what the composer refuses', () => {
  it.each<[string, Partial<Recipient>, string]>([
    ['an address', { to: { address: 'a b@example.net' } }, 'the recipient is not a plain'],
    ['an envelope', { envelopeFrom: 'a@b.example>\r\n' }, 'the envelope sender is not'],
    ['a Message-ID', { messageId: '<a@b.example>\r\nBcc: c@d.example' }, 'the Message-ID is'],
    ['a Feedback-ID', { feedbackId: 'a:b\r\n' }, 'the Feedback-ID is malformed'],
    ['a one-click URL', { oneClickUrl: 'http://a.example/' }, 'the one-click URL is not an https'],
    ['a date', { at: new Date('x') }, 'the date is none'],
    [
      'a link',
      { values: { ...recipient().values, reviewUrl: 'javascript:alert(1)' } },
      '{{reviewUrl}} is not',
    ],
    [
      'a missing value',
      { values: { ...recipient().values, ifSilent: ' ' } },
      '{{ifSilent}} has no',
    ],
  ])('%s', async (_, change, why) => {
    const terms = termsOf();
    const skeleton = await makeSkeleton(terms);
    await expect(skeleton.compose(recipient(change))).rejects.toThrow(why);
    await expect(composed(terms, recipient(change))).rejects.toThrow(why);
  });
});

/** Stop address: stands in List-Unsubscribe behind the one-click URL, the same by both composers. */
import { describe, expect, it } from '@jest/globals';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { unsubscribeAddress } from '../../../src/mail/bounces/verp.ts';
import { makeSkeleton } from '../../../src/mail/skeleton.ts';
import { loadTemplates, type Template, wordAsk } from '../../../src/mail/templates.ts';
import { askMail, askValues } from '../mail/an-ask.ts';
import { DOMAIN, KEYS, SEND } from './corpus.ts';

const stopAddress = unsubscribeAddress(SEND, DOMAIN, KEYS);
const header = (raw: Buffer): string | undefined =>
  /^List-Unsubscribe: (.*)\r$/m.exec(raw.toString('latin1'))?.[1];

it('is written on one line, the https URL first', async () => {
  const ask = askMail({ stopAddress });
  expect(header((await composeAsk(ask)).raw)).toBe(
    `<${ask.oneClickUrl}>, <mailto:${stopAddress}?subject=stop>`,
  );
});

it('is left out where returned mail is not read', async () => {
  const ask = askMail();
  expect(header((await composeAsk(ask)).raw)).toBe(`<${ask.oneClickUrl}>`);
});

it.each(['a@b.example>, <https://c.example', 'a@b.example\r\nBcc: c@d.example', 'nobody'])(
  'is refused if it is more than an address (%p)',
  async (address) => {
    await expect(composeAsk(askMail({ stopAddress: address }))).rejects.toThrow('the stop address');
  },
);

describe('a skeleton', () => {
  it.each([[stopAddress], [undefined]])('writes what the composer writes (%p)', async (address) => {
    const template = (await loadTemplates('templates/mail')).get('double-opt-in') as Template;
    const { wording: _, from, replyTo, listId, ...own } = askMail({ stopAddress: address });
    const { senderName, postalAddress, privacyUrl, ...open } = askValues();
    const values = { senderName, postalAddress, privacyUrl };
    const terms = { template, locale: 'en', from, replyTo, listId, values };
    const skeleton = await makeSkeleton(terms);
    expect(skeleton.isPatched).toBe(true);
    const { raw } = await skeleton.compose({ ...own, values: open });
    const wording = wordAsk(template, { language: 'en' }, { ...values, ...open });
    const whole = await composeAsk({ ...own, from, replyTo, listId, wording });
    expect(raw.toString('latin1')).toBe(whole.raw.toString('latin1'));
    expect(header(raw)?.includes('mailto:')).toBe(address !== undefined);
  });
});

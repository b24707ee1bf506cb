/** Heedful fetch: hears of a dead token in any answer, and changes none. */
import { describe, expect, it } from '@jest/globals';
import { heedfulFetch, REVOKED } from '../../../src/slack/wire/heedful-fetch.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const TOKEN = 'xoxb-of-a-test';

async function heard(
  body: string,
  {
    type = JSON_TYPE,
    authorization = `Bearer ${TOKEN}`,
  }: { readonly type?: string; readonly authorization?: string } = {},
): Promise<string[]> {
  const tokens: string[] = [];
  const answered = async () => new Response(body, { headers: { 'content-type': type } });
  const asks = heedfulFetch(answered, async (token) => {
    tokens.push(token);
  });
  const response = await asks('https://slack.example/api/x', { headers: { authorization } });
  expect(await response.text()).toBe(body);
  return tokens;
}
const refused = (error: string) => JSON.stringify({ ok: false, error });

describe('an answer', () => {
  it.each([...REVOKED])('of %s tells of its token', async (error) => {
    expect(await heard(refused(error))).toEqual([TOKEN]);
  });

  it.each([
    refused('ratelimited'),
    refused('channel_not_found'),
    JSON.stringify({ ok: true, error: 'invalid_auth' }),
    JSON.stringify({ ok: true, text: '"error":"invalid_auth"' }),
    '{"ok":false,"error":"invalid_auth"',
    '',
    `${' '.repeat(3_000)}${refused('invalid_auth')}`,
  ])('that says nothing of the token is let be: %j', async (body) => {
    expect(await heard(body)).toEqual([]);
  });

  it('that is no JSON, or came without a token, is let be', async () => {
    const dead = refused('token_revoked');
    expect(await heard(dead, { type: 'text/html' })).toEqual([]);
    expect(await heard(dead, { authorization: '' })).toEqual([]);
  });
});

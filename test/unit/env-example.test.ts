/** .env.example: names what config.ts knows, all of it and no more, and shows its defaults. */
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { readConfig, SECRETS, VARIABLES } from '../../src/config.ts';

const lines = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8').split('\n');

/** `#NAME=value` shows a default, `NAME=` has none; a comment has a space after its #. */
const entries = lines.flatMap((line, index) => {
  const [, hash = '', name = '', value = ''] = /^(#?)([A-Z0-9_]+)=(.*)$/.exec(line) ?? [];
  return name === '' ? [] : [{ name, value, isDefault: hash === '#', index }];
});

it('names every variable of config.ts once, and no other', () => {
  expect(entries.map(({ name }) => name).toSorted()).toEqual([...VARIABLES].toSorted());
});

it('can be used as it is', () => {
  const asItIs = entries.filter(({ isDefault }) => !isDefault);
  expect(asItIs.map(({ value }) => value).join('')).toBe('');
  expect(readConfig(Object.fromEntries(asItIs.map(({ name, value }) => [name, value])))).toEqual(
    readConfig({}),
  );
});

it('shows the defaults of config.ts, and misses none', () => {
  const defaults = entries.filter(({ isDefault }) => isDefault);
  const shown = readConfig(Object.fromEntries(defaults.map(({ name, value }) => [name, value])));
  expect(shown).toEqual(readConfig({}));
  // Slack's and mail's own are only seen where these are set up.
  const slackAndMail = {
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_CHANNEL: 'C012AB3CD',
    SMTP_URL: 'smtp://127.0.0.1',
    MAIL_FROM: 'a@example.com',
    MAIL_FROM_NAME: 'A',
    MAIL_POSTAL_ADDRESS: 'A',
    PUBLIC_URL: 'https://example.com',
  };
  for (const { name, value } of defaults) {
    expect(readConfig({ ...slackAndMail, [name]: value })).toEqual(readConfig(slackAndMail));
  }
  const withDefault = ['PORT', 'LINK_DAYS', 'SLACK_API_URL', 'MAIL_PER_SECOND', 'EVIDENCE_IP'];
  expect(defaults.map(({ name }) => name)).toEqual(expect.arrayContaining(withDefault));
});

it('explains each variable above it', () => {
  for (const { index } of entries) {
    const above = lines.slice(0, index).findLastIndex((line) => !/^[A-Z0-9_]+=/.test(line));
    expect(lines[above]).toMatch(/^# \S.*[.:]$/);
  }
});

it('says of every secret, and of no other, that it may come in a file', () => {
  const said = lines.flatMap((line) => /^# Secret: or ([A-Z0-9_]+)_FILE\.$/.exec(line)?.[1] ?? []);
  expect(said.toSorted()).toEqual([...SECRETS].toSorted());
  for (const name of said) {
    const place = lines.indexOf(`# Secret: or ${name}_FILE.`);
    expect(lines[place + 1]).toBe(`${name}=`);
  }
});

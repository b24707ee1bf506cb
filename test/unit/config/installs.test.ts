/** Config of many workspaces: what is read, what is refused, and that it excludes one workspace. */
import { describe, expect, it } from '@jest/globals';
import { INSTALLS_SECRETS, installsShape } from '../../../src/config/installs.ts';
import { ConfigFault, readConfig } from '../../../src/config.ts';

const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64url');
const CANARY = 'canary0123456789';
const many = {
  SLACK_CLIENT_ID: '1234567890.9876543210',
  SLACK_CLIENT_SECRET: 'e'.repeat(32),
  SLACK_SIGNING_SECRET: 'f'.repeat(32),
  ASSENT_SECRETS_KEYS: `k2:${KEY}, k1:${OTHER_KEY}`,
  PUBLIC_URL: 'https://assent.example.com',
};

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return error.message.split('\n').slice(1);
  }
}

it('is read whole, the first key first', () => {
  const { slack } = readConfig(many);
  expect(slack?.botToken).toBeUndefined();
  expect(slack?.installs?.clientId).toBe(many.SLACK_CLIENT_ID);
  expect(slack?.installs?.clientSecret).toBe(many.SLACK_CLIENT_SECRET);
  expect(slack?.installs?.keys).toEqual([
    { id: 'k2', key: Buffer.alloc(32, 1) },
    { id: 'k1', key: Buffer.alloc(32, 2) },
  ]);
});

it.each(INSTALLS_SECRETS.map((name) => [name]))('%s may come in a file', (name) => {
  const environment = { ...many, [name]: '', [`${name}_FILE`]: '/run/secrets/it' };
  expect(readConfig(environment, () => `${many[name]}\n`)).toEqual(readConfig(many));
});

describe('what is missing', () => {
  it.each(Object.keys(many).map((name) => [name]))('%s is named', (name) => {
    const faults = faultsOf({ ...many, [name]: '' });
    expect(faults.join('\n')).toContain(`${name} is missing; it is needed because`);
  });
});

describe('what is wrong', () => {
  const wrong: readonly [keyof typeof installsShape, readonly string[]][] = [
    ['SLACK_CLIENT_ID', ['abc', '1234567890', '1.2.3']],
    ['SLACK_CLIENT_SECRET', ['short', 'g'.repeat(32)]],
    [
      'ASSENT_SECRETS_KEYS',
      [KEY, `k1:${KEY.slice(0, 20)}`, `k1:${KEY},k1:${OTHER_KEY}`, `a b:${KEY}`, `:${KEY}`],
    ],
  ];

  it.each(wrong)('%s is refused, with the remedy and without the value', (name, values) => {
    for (const value of [...values, `${values[0]}!${CANARY}`]) {
      const faults = faultsOf({ ...many, [name]: value });
      expect(faults).toEqual([expect.stringMatching(new RegExp(`${name} (must|has) .{10,}\\.$`))]);
      expect(faults.join()).not.toContain(CANARY);
    }
  });

  it('covers every variable', () => {
    expect(wrong.map(([name]) => name)).toEqual(Object.keys(installsShape));
  });
});

describe('one workspace and many', () => {
  it.each([
    ['SLACK_BOT_TOKEN', 'xoxb-1-2-secret'],
    ['SLACK_APP_TOKEN', 'xapp-1-secret'],
    ['SLACK_CHANNEL', 'C012AB3CD'],
    ['SLACK_REQUESTERS', 'U012AB3CD'],
    ['SLACK_APPROVERS', 'U012AB3CD'],
    ['SLACK_ADMINS', 'U012AB3CD'],
  ])('%s excludes SLACK_CLIENT_ID', (name, value) => {
    const faults = faultsOf({ ...many, [name]: value });
    expect(faults).toEqual([expect.stringContaining(`${name} is for one workspace`)]);
    expect(faults.join()).not.toContain(value);
  });
});

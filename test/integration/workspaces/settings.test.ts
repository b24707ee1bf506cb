/** Settings: what an admin decides holds at once, is proven, and never undoes somebody else's change. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Refusal } from '../../../src/consent/refusal.ts';
import type { DecidedSettings } from '../../../src/consent/settings.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { changeSettings, SettingsRefused } from '../../../src/workflow/change-settings.ts';
import type { Deps } from '../../../src/workflow/deps.ts';
import { SETTINGS_MS, settingsReader } from '../../../src/workflow/read-settings.ts';
import { hasRole } from '../../../src/workflow/require-role.ts';
import {
  ADMIN,
  APPROVER,
  REQUESTER,
  type TestDeps,
  testDeps,
  WORKSPACE,
} from '../../support/deps.ts';

const OTHER_WORKSPACE = 'T0OTHER';

let base: TestDeps;
let deps: Deps;
/** Members by `workspace:group`; a group that is not here is one that Slack is silent about. */
let groups: Map<string, string[]>;

beforeAll(async () => {
  base = await testDeps();
});
beforeEach(async () => {
  await base.reset();
  groups = new Map();
  deps = {
    ...base,
    settings: settingsReader({ ...base, defaults: base.settings }),
    userGroups: {
      members: async (workspace, group) => {
        const members = groups.get(`${workspace}:${group}`);
        if (members === undefined) throw new Error('Slack is silent');
        return members;
      },
      list: async () => [],
    },
  };
});
afterAll(async () => {
  await base.close();
});

const change = async (values: DecidedSettings, seen = 0, by = ADMIN) =>
  changeSettings(deps, { workspace: WORKSPACE, by, seen, values });
const refusal = async (act: Promise<void>): Promise<string> =>
  act.then(
    () => 'none',
    (error: Refusal) => error.code,
  );
const entries = async () => base.database.db.collection(LEDGER).find().toArray();

describe('what an admin decides', () => {
  it('holds at once in this process, in its workspace and in no other', async () => {
    await deps.settings(WORKSPACE);
    await change({ approvers: ['U0NEW'], linkDays: 7, quietHours: { from: '22:00', to: '07:00' } });
    const now = await deps.settings(WORKSPACE);
    expect(now).toMatchObject({
      approvers: ['U0NEW'],
      linkDays: 7,
      quietHours: { from: '22:00', to: '07:00' },
      // Nobody decided on these.
      requesters: [REQUESTER],
      approvalHours: 72,
    });
    expect(await deps.settings(OTHER_WORKSPACE)).toEqual(await base.settings(OTHER_WORKSPACE));
  });

  it('holds in another process after some seconds', async () => {
    let now = new Date('2026-03-01T00:00:00Z');
    const other = settingsReader({ ...base, defaults: base.settings, now: () => now });
    expect((await other(WORKSPACE)).linkDays).toBe(14);
    await change({ linkDays: 7 });
    now = new Date(now.getTime() + SETTINGS_MS);
    expect((await other(WORKSPACE)).linkDays).toBe(7);
  });

  it('is one ledger entry that says from what to what, without addresses', async () => {
    await change({ linkDays: 7, replyTo: 'help@example.com', approvers: ['U0B', 'U0A'] });
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      act: 'change-settings',
      cause: { kind: 'settings', id: WORKSPACE },
      who: ADMIN,
      addresses: [],
      facts: {
        linkDaysFrom: '14',
        linkDaysTo: '7',
        approversFrom: 'U0ALSO U0SAYSYES',
        approversTo: 'U0A U0B',
        replyTo: 'changed',
      },
    });
    expect(JSON.stringify(entry)).not.toContain('@');
  });

  it('keeps what others decided before', async () => {
    await change({ linkDays: 7 });
    await change({ typedOver: 5 }, 1);
    expect(await deps.settings(WORKSPACE)).toMatchObject({ linkDays: 7, typedOver: 5 });
    expect(await entries()).toHaveLength(2);
  });

  it('can be that there is none of something', async () => {
    await change({ replyTo: 'help@example.com', privacyUrl: 'https://example.com/p' });
    await change({ replyTo: null, privacyUrl: null }, 1);
    const { sender } = await deps.settings(WORKSPACE);
    expect(sender.replyTo).toBeUndefined();
    expect(sender.privacyUrl).toBeUndefined();
  });
});

describe('two at once', () => {
  it('tells the second, and saves nothing of theirs', async () => {
    await change({ linkDays: 7 });
    expect(await refusal(change({ linkDays: 9, typedOver: 5 }, 0))).toBe('settings_changed');
    expect(await deps.settings(WORKSPACE)).toMatchObject({ linkDays: 7, typedOver: 1_000 });
    expect(await entries()).toHaveLength(1);
  });

  it('lets exactly one win where both began from nothing', async () => {
    const outcomes = await Promise.all(
      [3, 4, 5, 6].map((linkDays) => refusal(change({ linkDays }))),
    );
    expect(outcomes.filter((code) => code === 'none')).toHaveLength(1);
    expect(outcomes.filter((code) => code === 'settings_changed')).toHaveLength(3);
    expect(await entries()).toHaveLength(1);
  });

  it('takes a replay of what was saved for what it is', async () => {
    await change({ linkDays: 7, approvers: ['U0A', 'U0B'] });
    await change({ linkDays: 7, approvers: ['U0B', 'U0A'] });
    expect(await entries()).toHaveLength(1);
  });
});

describe('who may', () => {
  it.each([[REQUESTER], [APPROVER], ['U0NOBODY']])('not %s', async (by) => {
    expect(await refusal(change({ linkDays: 7 }, 0, by))).toBe('not_an_admin');
    expect(await entries()).toEqual([]);
  });

  it('never takes the configuration’s admins out, so that somebody gets back in', async () => {
    await change({ admins: ['U0NEW'] });
    expect((await deps.settings(WORKSPACE)).admins).toEqual([ADMIN, 'U0NEW']);
  });
});

describe('what cannot be taken', () => {
  const wrong: readonly [keyof DecidedSettings, unknown, string][] = [
    ['requesters', ['nobody'], 'not_a_person'],
    ['approvers', Array.from({ length: 101 }, (_, index) => `U0X${index}`), 'too_many'],
    ['adminGroups', ['U0A'], 'not_a_group'],
    ['admins', [], 'no_admin'],
    ['channel', 'general', 'not_a_channel'],
    ['typedOver', -1, 'not_a_number'],
    ['typedOver', Number.NaN, 'not_a_number'],
    ['approvalHours', 721, 'not_hours'],
    ['approvalHours', 1.5, 'not_hours'],
    ['linkDays', 31, 'not_days'],
    ['linkDays', 0, 'not_days'],
    ['quietHours', { from: '24:00', to: '07:00' }, 'not_a_time'],
    ['quietHours', { from: '07:00', to: '07:00' }, 'quiet_empty'],
    ['timeZone', 'Berlin', 'not_a_zone'],
    ['senderName', '  ', 'name_missing'],
    ['senderName', 'two\nlines', 'one_line'],
    ['senderName', 'n'.repeat(201), 'too_long'],
    ['senderAddress', 'news@example.org', 'other_domain'],
    ['senderAddress', 'nobody', 'not_an_address'],
    ['postalAddress', ' ', 'postal_missing'],
    ['privacyUrl', 'http://example.com', 'not_a_url'],
    ['privacyUrl', 'https://user@example.com', 'not_a_url'],
    ['replyTo', 'nobody', 'not_an_address'],
  ];

  it.each(wrong)('%s is not (case %#)', async (name, value, fault) => {
    const act = change({
      [name]: value,
      typedOver: name === 'typedOver' ? value : 5,
    } as DecidedSettings);
    const error = await act.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SettingsRefused);
    expect(error).toMatchObject({ faults: { [name]: fault } });
    // Nor is what came with it.
    expect((await deps.settings(WORKSPACE, { fresh: true })).typedOver).toBe(1_000);
    expect(await entries()).toEqual([]);
  });

  it('takes another From of the domain for which mail is signed', async () => {
    await change({ senderAddress: 'hello@EXAMPLE.com' });
    expect((await deps.settings(WORKSPACE)).sender.address).toBe('hello@EXAMPLE.com');
  });
});

describe('roles by user group', () => {
  const roles = ['requester', 'approver', 'admin'] as const;
  const cases = [
    ['requesterGroups', [true, false, false]],
    ['approverGroups', [true, true, false]],
    ['adminGroups', [true, false, true]],
  ] as const;

  it.each(cases)('%s', async (setting, expected) => {
    groups.set(`${WORKSPACE}:S0A`, ['U0MEMBER']);
    await change({ [setting]: ['S0A'] });
    const has = (user: string) =>
      Promise.all(roles.map((role) => hasRole(deps, WORKSPACE, user, role)));
    expect(await has('U0MEMBER')).toEqual(expected);
    expect(await has('U0NOBODY')).toEqual([false, false, false]);
  });

  it('lets nobody in by a group that Slack is silent about, but those who are named', async () => {
    await change({ approverGroups: ['S0SILENT'] });
    await expect(hasRole(deps, WORKSPACE, 'U0MEMBER', 'approver')).rejects.toThrow('silent');
    expect(await hasRole(deps, WORKSPACE, APPROVER, 'approver')).toBe(true);
  });
});

/** Settings in Slack: only for admins, errors at the field, saved once, and the second of two is told. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Person } from '../../../demo/slack/person.ts';
import { LEDGER } from '../../../src/store/ledger.ts';
import { changeSettings } from '../../../src/workflow/change-settings.ts';
import { submitRequest } from '../../../src/workflow/submit-request.ts';
import { form } from '../../support/requests.ts';
import { peopleOf, TEAM_A, type Workspaces, workspaces } from './world.ts';

const A = peopleOf('A');
const GERMAN = 'U0GERMAN';

let world: Workspaces;
let admin: Person;

beforeEach(async () => {
  world = await workspaces();
  world.a.addUser({ id: GERMAN, name: 'Greta', locale: 'de-DE' });
  await world.install({ team: TEAM_A, user: A.installer });
  admin = world.a.person(A.installer);
});
afterEach(async () => {
  const { faults, leaks } = world.a;
  await world.close();
  expect(faults).toEqual([]);
  expect(leaks).toEqual([]);
});

const screen = (user = A.installer) => JSON.stringify(world.a.modal(user) ?? '');
const sees = async (words: string, user = A.installer) =>
  world.a.until(() => screen(user).includes(words));
const open = async (person = admin, words = 'Who may do what') => {
  await person.command('/assent settings');
  await sees(words, person.id);
};
const settings = async () => world.deps.settings(TEAM_A, { fresh: true });
const changes = async () =>
  (await world.deps.database.db.collection(LEDGER).find({ act: 'change-settings' }).toArray())
    .length;

/** What has no default in a workspace that was just installed. */
async function fillIn(person = admin): Promise<void> {
  await person.choose('choose-channel', A.channel);
  await person.choose('choose-requesters', [A.requester]);
  await person.choose('choose-approvers', [A.approver]);
}

describe('an admin', () => {
  it('decides everything in one form', async () => {
    world.a.addUserGroup({ id: A.group, handle: 'privacy', name: 'Privacy', users: [A.approver] });
    await open();
    await fillIn();
    expect(await admin.search('choose-approver-groups', 'PRIV')).toHaveLength(1);
    await admin.choose('choose-approver-groups', [A.group]);
    await admin.type('set-typed-over', '50');
    await admin.type('set-approval-hours', '24');
    await admin.type('set-link-days', '7');
    await admin.choose('choose-silence', 'revert');
    await admin.choose('set-quiet-from', '22:00');
    await admin.choose('set-quiet-to', '07:30');
    expect(await admin.search('choose-time-zone', 'berlin')).toHaveLength(1);
    await admin.choose('choose-time-zone', 'Europe/Berlin');
    await admin.choose('choose-locale', 'de');
    await admin.choose('choose-digest', []);
    await admin.type('set-sender-name', 'Example GmbH, Newsletter');
    await admin.type('set-reply-to', 'help@example.com');
    await admin.type('set-privacy-url', 'https://example.com/privacy');
    const result = await admin.submit();
    expect(result).toMatchObject({ outcome: 'updated' });
    expect(screen()).toContain('stand in the ledger');
    expect(await settings()).toEqual({
      requesters: [A.requester],
      approvers: [A.approver],
      admins: [A.installer],
      requesterGroups: [],
      approverGroups: [A.group],
      adminGroups: [],
      channel: A.channel,
      typedOver: 50,
      approvalHours: 24,
      linkDays: 7,
      silence: 'revert',
      quietHours: { from: '22:00', to: '07:30' },
      timeZone: 'Europe/Berlin',
      locale: 'de',
      digest: false,
      sender: {
        name: 'Example GmbH, Newsletter',
        address: 'news@example.com',
        postalAddress: 'Example GmbH, Beispielweg 1, 10115 Berlin',
        replyTo: 'help@example.com',
        privacyUrl: 'https://example.com/privacy',
        bounceDomain: undefined,
      },
    });
    expect(await changes()).toBe(1);
  });

  it('sees what was decided when it is opened again, and saving it changes nothing', async () => {
    world.a.addUserGroup({ id: A.group, handle: 'privacy', name: 'Privacy', users: [] });
    await open();
    await fillIn();
    await admin.search('choose-admin-groups', '');
    await admin.choose('choose-admin-groups', [A.group]);
    await admin.submit();
    await admin.close();
    await open();
    expect(screen()).toContain('Privacy (@privacy)');
    expect((await admin.submit()).outcome).toBe('updated');
    expect(await changes()).toBe(1);
  });

  it('reads German where German is spoken', async () => {
    await changeSettings(world.deps, {
      workspace: TEAM_A,
      by: A.installer,
      seen: 1,
      values: { admins: [A.installer, GERMAN], channel: A.channel },
    });
    await open(world.a.person(GERMAN), 'Wer darf was');
    expect(world.a.modal(GERMAN)?.title).toMatchObject({ text: 'Einstellungen' });
  });
});

describe('an error', () => {
  const errors = async (): Promise<Readonly<Record<string, string>>> => {
    const result = await admin.submit();
    expect(result.outcome).toBe('errors');
    return result.errors;
  };

  it('stands at its field, and nothing is saved', async () => {
    await open();
    await fillIn();
    await admin.type('set-link-days', '31');
    await admin.choose('set-quiet-from', '22:00');
    expect(await errors()).toEqual({
      'set-link-days': 'Type a whole number from 1 to 30.',
      'set-quiet-from': 'Choose both times, or none.',
    });
    await admin.choose('set-quiet-to', '22:00');
    await admin.choose('choose-admins', []);
    await admin.type('set-sender-address', 'news@elsewhere.example');
    expect(await errors()).toEqual({
      'set-link-days': 'Type a whole number from 1 to 30.',
      'set-quiet-from': 'The two times are the same. Choose others, or none.',
      'choose-admins': expect.stringContaining('Somebody has to be admin'),
      'set-sender-address': expect.stringContaining('another domain'),
    });
    expect(await changes()).toBe(0);
    expect((await settings()).linkDays).toBe(14);
  });
});

describe('two admins at once', () => {
  it('the second is told, and changes nothing', async () => {
    const second = world.a.person(GERMAN);
    const both = { admins: [A.installer, GERMAN], channel: A.channel };
    const change = { workspace: TEAM_A, by: A.installer, seen: 1, values: both };
    await changeSettings(world.deps, change);
    await open();
    await open(second, 'Wer darf was');
    await admin.type('set-link-days', '7');
    await admin.submit();
    await second.type('set-typed-over', '1');
    expect((await second.submit()).outcome).toBe('pushed');
    expect(screen(GERMAN)).toContain('jemand anderes die Einstellungen geändert');
    expect(await settings()).toMatchObject({ linkDays: 7, typedOver: 1_000 });
    expect(await changes()).toBe(2);
  });

  it('the same submission sent again is one change', async () => {
    await open();
    await fillIn();
    await admin.submit();
    const sent = world.a.requests.findLast(({ kind }) => kind === 'view_submission');
    if (sent === undefined) throw new Error('nothing was submitted');
    expect((await world.a.send(sent)).status).toBe(200);
    expect(await changes()).toBe(1);
  });
});

describe('whoever is no admin', () => {
  it('is refused, also with a form of somebody else', async () => {
    await open();
    await fillIn();
    const requester = world.a.person(A.requester);
    await requester.command('/assent settings');
    await world.a.until(() => JSON.stringify(requester.ephemerals()).includes('Only an admin'));
    await admin.submit();
    const sent = world.a.requests.findLast(({ kind }) => kind === 'view_submission');
    const body = decodeURIComponent(sent?.body ?? '').replaceAll('+', ' ');
    const stolen = JSON.parse(body.replace('payload=', ''));
    stolen.user.id = A.requester;
    stolen.view.private_metadata = '2';
    stolen.view.state.values['choose-admins']['choose-admins'].selected_users = [A.requester];
    const form = new URLSearchParams({ payload: JSON.stringify(stolen) }).toString();
    await world.a.send(world.a.sign(form, 'application/x-www-form-urlencoded'));
    expect((await settings()).admins).toEqual([A.installer]);
    expect(await changes()).toBe(1);
  });

  it('is offered no groups', async () => {
    world.a.addUserGroup({ id: A.group, handle: 'privacy', name: 'Privacy', users: [] });
    await open();
    const view = world.a.modal(A.installer);
    const asked = await world.a.person(A.requester).search('choose-admin-groups', 'p', view);
    expect(asked).toEqual([]);
  });
});

it('until a channel is chosen, nobody can ask: nobody could see it', async () => {
  const submission = { workspace: TEAM_A, by: A.installer, submission: 'V0EARLY' };
  const asking = submitRequest(world.deps, { ...submission, form: form(world.deps) });
  await expect(asking).rejects.toMatchObject({ code: 'not_set_up' });
});

it('inputs that did not come along decide nothing', async () => {
  await open();
  await fillIn();
  await admin.submit();
  const sent = world.a.requests.findLast(({ kind }) => kind === 'view_submission');
  const payload = JSON.parse(new URLSearchParams(sent?.body).get('payload') ?? '');
  payload.view.private_metadata = '2';
  payload.view.state.values = { 'set-link-days': { 'set-link-days': { value: '9' } } };
  const form = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  await world.a.send(world.a.sign(form, 'application/x-www-form-urlencoded'));
  expect(await settings()).toMatchObject({
    linkDays: 9,
    approvers: [A.approver],
    admins: [A.installer],
    channel: A.channel,
  });
});

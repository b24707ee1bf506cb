/**
 * The Slack double, driven through a real Bolt app: if these hold, the other Slack tests may lean
 * on it.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { asText } from '../../demo/slack/as-text.ts';
import { type SlackDouble, startSlackDouble } from '../../demo/slack/double.ts';
import type { Person } from '../../demo/slack/person.ts';
import { ShownError } from '../../demo/slack/sign.ts';
import { CHANNEL, SECRET, type SmallApp, startSmallApp } from '../unit/demo/small-app.ts';

/** For a screen that should show something. */
function gone(): never {
  throw new Error('nothing is shown');
}

let slack: SlackDouble;
let app: SmallApp;
let anna: Person;
let ben: Person;
let clockAheadMs = 0;

beforeAll(async () => {
  slack = await startSlackDouble({
    signingSecret: SECRET,
    now: () => new Date(Date.now() + clockAheadMs),
  });
  anna = slack.addUser({ id: 'U0ANNA', name: 'Anna' });
  ben = slack.addUser({ id: 'U0BEN', name: 'Ben' });
  slack.addChannel({ id: CHANNEL, name: 'approvals' });
  app = await startSmallApp(slack, (ms) => {
    clockAheadMs += ms;
  });
});

afterAll(async () => {
  await app.stop();
  await slack.stop();
});

afterEach(async () => {
  while (slack.modal(anna.id) !== undefined) await anna.close({ all: true });
  app.seen.length = 0;
  app.refused.length = 0;
});

async function openForm(): Promise<void> {
  await anna.command('/form');
  await slack.until(() => slack.modal(anna.id));
}

describe('the main road', () => {
  it('goes from a command over a form and a card to an edited message', async () => {
    await openForm();
    expect(await anna.search('pick-audience', '')).toEqual([]);
    expect(await anna.search('Audience', 'tag')).toHaveLength(2);
    await anna.choose('Audience', ['tag:vip', 'The tag:news']);
    await slack.until(() => asText(slack.modal(anna.id) ?? gone()).includes('2 chosen'));
    await anna.choose('Match', 'all');
    await anna.choose('Collected on', '2026-01-31');
    await anna.type('Reason', 'bad');
    expect(await anna.submit()).toMatchObject({
      outcome: 'errors',
      errors: { reason: 'Say more.' },
    });
    expect(asText(slack.modal(anna.id) ?? gone())).toContain('✗ Say more.');
    await anna.type('Reason', 'They asked us to');
    const content = Buffer.from('email\n');
    await anna.attachFile('Evidence', { name: 'list.csv', content, mimetype: 'text/csv' });
    expect((await anna.submit()).outcome).toBe('updated');
    expect(asText(slack.modal(anna.id) ?? gone())).toContain('Waiting for approval.');
    expect(app.seen.at(-1)).toMatchObject({
      audience: {
        'pick-audience': { selected_options: [{ value: 'tag:vip' }, { value: 'tag:news' }] },
      },
      match: { 'pick-match': { type: 'radio_buttons', selected_option: { value: 'all' } } },
      day: { 'pick-day': { selected_date: '2026-01-31' } },
      reason: { 'write-reason': { type: 'plain_text_input', value: 'They asked us to' } },
      proof: { 'attach-proof': { type: 'file_input', files: [{ name: 'list.csv', size: 6 }] } },
    });

    const asked = await slack.until(() => slack.messages(CHANNEL).at(-1));
    expect(asText(asked, (id) => slack.person(id).name)).toBe(
      '@Anna asks: They asked us to\n[Approve]',
    );
    await ben.click(asked, 'Approve');
    const text = await slack.until(() => ben.ephemerals().at(-1)?.text);
    expect(text).toBe('Thank you.');
    const edited = slack.messages(CHANNEL).at(-1);
    expect(edited).toMatchObject({ ts: asked.ts, text: 'Approved by <@U0BEN>' });
    expect(edited?.edited).toBeDefined();
    expect(edited?.blocks).toHaveLength(1);
    expect(anna.ephemerals()).toEqual([]);
    expect(slack.faults).toEqual([]);
    expect(slack.leaks).toEqual([]);
    expect(slack.acks.every(({ late, status }) => !late && status === 200)).toBe(true);
  });

  it('shows the ack of a command and what comes later, to its sender only', async () => {
    const { reply, later } = await anna.command('/help me', { channel: CHANNEL });
    await slack.until(() => later.length > 0);
    expect(reply?.text).toBe('You said me');
    expect(later.map(({ text }) => text)).toEqual(['And this came later.']);
    expect(anna.ephemerals().map(({ text }) => text)).toEqual([reply?.text, later[0]?.text]);
    expect(ben.ephemerals().map(({ text }) => text)).not.toContain('You said me');
  });

  it('delivers shortcuts, files of messages and the Home tab', async () => {
    await anna.shortcut('new-change');
    await slack.until(() => slack.modal(anna.id));
    const file = { name: 'big.csv', content: Buffer.from('email\n'), mimetype: 'text/csv' };
    await anna.messageShortcut('import-file', anna.say(CHANNEL, 'Here it is', [file]));
    expect(app.seen.at(-1)).toMatchObject([{ name: 'big.csv', size: 6 }]);
    await ben.openHome();
    const home = await slack.until(() => slack.home(ben.id));
    expect(asText(home)).toContain('Home of U0BEN');
  });
});

describe('modals', () => {
  it('keeps entries over an update only where block id and action id stay', async () => {
    await openForm();
    await anna.choose('Match', 'all');
    await anna.type('Reason', 'typed');
    await anna.click(slack.modal(anna.id) ?? gone(), 'Rename');
    const view = await slack.until(() => app.refused.length > 0 && slack.modal(anna.id));
    expect(view.values['match']?.['pick-match']).toMatchObject({
      selected_option: { value: 'all' },
    });
    expect(view.values['reason-2']?.['write-reason']).toEqual({
      type: 'plain_text_input',
      value: null,
    });
    expect(app.refused).toEqual(['An API error occurred: hash_conflict']);
  });

  it('stacks three deep, and goes back one or all the way', async () => {
    await openForm();
    for (const depth of [2, 3, 4]) {
      const top = slack.modal(anna.id) ?? gone();
      await anna.click(top, 'Deeper');
      await slack.until(() =>
        depth === 4 ? app.refused.length > 0 : slack.modal(anna.id) !== top,
      );
    }
    expect(app.refused).toEqual(['An API error occurred: push_limit_reached']);
    const top = slack.modal(anna.id);
    await anna.close();
    expect(app.seen).toEqual([{ closed: top?.id }]);
    expect(slack.modal(anna.id)?.id).toBe(top?.previous_view_id);
    await anna.close({ all: true });
    expect(slack.modal(anna.id)).toBeUndefined();
    expect(app.seen).toHaveLength(3);
  });

  it('does not bother the app with a form that Slack itself finds incomplete', async () => {
    await openForm();
    const asked = slack.acks.length;
    await anna.type('Reason', 'x'.repeat(41));
    const result = await anna.submit();
    expect(result.outcome).toBe('not-sent');
    expect(Object.keys(result.errors)).toEqual(['audience', 'reason']);
    expect(slack.acks).toHaveLength(asked);
  });

  it('shows trouble where the app points at a block that is no input', async () => {
    await openForm();
    await anna.search('Audience', 'vip');
    await anna.choose('Audience', ['tag:vip']);
    await anna.type('Reason', 'misplaced');
    await expect(anna.submit()).rejects.toThrow(ShownError);
    expect(slack.faults.at(-1)).toMatchObject({ by: 'view_submission', at: '/errors/more' });
  });
});

describe('what goes wrong', () => {
  it('refuses a trigger that is late or spent', async () => {
    await anna.command('/sleepy');
    await slack.until(() => app.refused.length > 0);
    await anna.command('/form twice');
    await slack.until(() => app.refused.length > 1);
    expect(app.refused).toEqual([
      'An API error occurred: expired_trigger_id',
      'An API error occurred: exchanged_trigger_id',
    ]);
  });

  it('refuses a view that Slack would refuse, and says where', async () => {
    await anna.command('/broken');
    await slack.until(() => app.refused.length > 0);
    expect(app.refused).toEqual(['An API error occurred: invalid_arguments']);
    expect(slack.calls.at(-1)?.answer['response_metadata']).toEqual({
      messages: ['[ERROR] must be less than 25 characters [json-pointer:/view/title/text]'],
    });
    expect(slack.faults.at(-1)).toMatchObject({ by: 'views.open', at: '/title/text' });
    expect(slack.modal(anna.id)).toBeUndefined();
  });

  it('marks a late ack and shows an error for it', async () => {
    await expect(anna.command('/slow')).rejects.toThrow('operation_timeout');
    expect(slack.acks.at(-1)).toMatchObject({ kind: 'command', late: true });
  });
});

describe('signatures, as Bolt checks them', () => {
  it('lets a replay pass, and refuses forged, tampered and old requests', async () => {
    await anna.command('/help me');
    const real = slack.requests.at(-1) ?? gone();
    const type = real.headers['Content-Type'] ?? '';
    const sixMinutesAgo = new Date(Date.now() - 6 * 60_000);
    const statuses = [];
    for (const request of [
      real,
      slack.sign(real.body, type, { secret: 'another' }),
      { ...real, body: real.body.replace('me', 'you') },
      slack.sign(real.body, type, { at: sixMinutesAgo }),
    ]) {
      statuses.push((await slack.send(request)).status);
    }
    expect(statuses).toEqual([200, 401, 401, 401]);
    expect(type).toBe('application/x-www-form-urlencoded');
  });

  it('repeats an event with the headers of a retry', async () => {
    const ack = await slack.event(
      { type: 'app_home_opened', user: ben.id, tab: 'home', channel: 'D1', event_ts: '1.1' },
      { id: 'Ev1', retry: 1 },
    );
    expect(ack.status).toBe(200);
    expect(slack.requests.at(-1)?.headers['X-Slack-Retry-Num']).toBe('1');
    await slack.until(() => app.seen.includes('Ev1') && slack.calls.at(-1)?.answer['ok'] === true);
    expect(slack.calls.at(-1)?.method).toBe('views.publish');
  });
});

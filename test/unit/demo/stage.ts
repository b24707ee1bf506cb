/** Stage: the double, one person, one channel and the simplest app, with a clock of its own. */
import { type SlackDouble, startSlackDouble } from '../../../demo/slack/double.ts';
import { asObject, type Json } from '../../../demo/slack/json.ts';
import type { Person } from '../../../demo/slack/person.ts';
import type { OpenView, PostedMessage } from '../../../demo/slack/workspace.ts';
import { type Listener, startListener } from './listener.ts';

export interface Stage {
  readonly slack: SlackDouble;
  readonly app: Listener;
  /** U1, in the channel C1. */
  readonly anna: Person;
  /** What the app was sent last. */
  last(): Json;
  /** Calls the Web API. Rejects with Slack's answer if it is not ok. */
  api(method: string, args: Json): Promise<Json>;
  /** Shows a modal to Anna. */
  open(view: Json): Promise<void>;
  /** What Anna looks at: a modal, or her Home. */
  shown(): OpenView;
  /** Posts a message with these blocks. */
  posted(blocks: Json[]): Promise<PostedMessage>;
  /** Answers to the response URL that came last; the HTTP status. */
  respond(body: Json): Promise<number>;
  passTime(ms: number): void;
  stop(): Promise<void>;
}

export async function newStage(): Promise<Stage> {
  let clock = new Date('2026-03-01T12:00:00Z');
  const slack = await startSlackDouble({ signingSecret: 's', now: () => clock });
  const anna = slack.addUser({ id: 'U1', name: 'Anna Bell' });
  slack.addChannel({ id: 'C1', name: 'approvals' });
  const app = await startListener(slack);
  const last = () => app.got.at(-1) ?? {};
  const api: Stage['api'] = (method, args) => call(slack, method, args);
  return {
    slack,
    app,
    anna,
    last,
    api,
    open: async (view) => {
      await anna.shortcut('any');
      await api('views.open', { trigger_id: last()['trigger_id'], view });
    },
    shown: () => {
      const view = slack.modal('U1') ?? slack.home('U1');
      if (view === undefined) throw new Error('nothing is shown');
      return view;
    },
    posted: async (blocks) => {
      const { ts } = await api('chat.postMessage', { channel: 'C1', text: 'Hi', blocks });
      const message = slack.messages('C1').find((other) => other.ts === ts);
      if (message === undefined) throw new Error('nothing was posted');
      return message;
    },
    respond: async (body) => {
      const url = String(last()['response_url']);
      return (await fetch(url, { method: 'POST', body: JSON.stringify(body) })).status;
    },
    passTime: (ms) => {
      clock = new Date(clock.getTime() + ms);
    },
    stop: async () => {
      await app.stop();
      await slack.stop();
    },
  };
}

async function call(slack: SlackDouble, method: string, args: Json): Promise<Json> {
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    headers: { Authorization: `Bearer ${slack.botToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(args),
  });
  const answer = asObject(await response.json());
  if (answer['ok'] !== true) throw new Error(JSON.stringify(answer));
  return answer;
}

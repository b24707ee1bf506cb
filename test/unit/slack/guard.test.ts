/** Guard: every call is acknowledged exactly once and in time, whatever its listener does. */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { App, ReceiverEvent } from '@slack/bolt';
import { pino } from 'pino';
import { Refusal } from '../../../src/consent/refusal.ts';
import { isMember, SlackSilent } from '../../../src/slack/guard/actor.ts';
import type { BoltArgs } from '../../../src/slack/guard/calls.ts';
import { InputErrors, opensView, type SubmissionListener } from '../../../src/slack/guard/door.ts';
import {
  type Guarding,
  guardAction,
  guardCommand,
  guardOptions,
  guardSubmission,
} from '../../../src/slack/guard/guard.ts';
import { noteLanguage } from '../../../src/slack/guard/languages.ts';
import { sentenceFor, withoutPeople } from '../../../src/slack/guard/refusals.ts';
import { deliveryOf } from '../../../src/slack/guard/replay.ts';
import { sturdy } from '../../../src/slack/wire/sturdy.ts';

const TEAM = 'T0TEST';
const USER = 'U0ASKS';

/** What the log was told, a line each. */
function listeningLog() {
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
  return { log, lines };
}

function callOf(body: object) {
  const calls: [string, unknown][] = [];
  const note = (name: string) => async (said?: unknown) => {
    calls.push([name, said]);
    return { ok: true };
  };
  const args = {
    body: { team: { id: TEAM }, user: { id: USER }, trigger_id: '1.2', ...body },
    payload: {},
    context: { teamId: TEAM, isEnterpriseInstall: false },
    client: { views: { push: note('push'), open: note('open'), update: note('update') } },
    ack: note('ack'),
  } as unknown as BoltArgs;
  const named = (name: string) => calls.filter(([called]) => called === name);
  return { args, calls, acks: () => named('ack').map(([, said]) => said), named };
}

function guarding(over: Partial<Guarding> = {}) {
  const { log, lines } = listeningLog();
  const around = {
    door: { deps: { log, settings: async () => ({}) }, fileHosts: [] },
    checkActor: async () => {},
    serves: async (team: string) => team === TEAM,
    ...over,
  } as unknown as Guarding;
  return { guarding: around, lines };
}

const FORM = {
  type: 'modal' as const,
  title: { type: 'plain_text' as const, text: 'the form again' },
  blocks: [],
};
const VIEW = { id: 'V1', type: 'modal', hash: 'h', callback_id: 'fill', private_metadata: '' };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('a submission', () => {
  const submit = async (listener: SubmissionListener, over: Partial<Guarding> = {}) => {
    const call = callOf({ view: VIEW });
    const around = guarding(over);
    const done = guardSubmission({ guarding: around.guarding, what: 'fill', listener })(call.args);
    await jest.advanceTimersByTimeAsync(2_500);
    return { ...call, ...around, done };
  };

  it('is acknowledged with what the listener returns', async () => {
    const { acks } = await submit(async () => ({ response_action: 'clear' }));
    expect(acks()).toEqual([{ response_action: 'clear' }]);
  });

  it('with wrong inputs shows the sentences at them', async () => {
    const { acks } = await submit(async () => {
      throw new InputErrors({ 'give-reason': 'Give one.' });
    });
    expect(acks()).toEqual([{ response_action: 'errors', errors: { 'give-reason': 'Give one.' } }]);
  });

  it('that is refused keeps its form: the sentence is pushed over it', async () => {
    const { acks } = await submit(async () => {
      throw new Refusal('audience_empty');
    });
    expect(acks()).toMatchObject([{ response_action: 'push' }]);
    expect(JSON.stringify(acks())).toContain('No batch or tag was chosen');
  });

  it('that breaks apologises with a reference, which the log has too', async () => {
    const { acks, lines } = await submit(async () => {
      throw new TypeError('x is not a function');
    });
    const reference = /reference ([0-9A-F]{8})/u.exec(JSON.stringify(acks()))?.[1] ?? 'none';
    expect(lines.join()).toContain(reference);
    expect(JSON.stringify(acks())).not.toContain('not a function');
  });

  it('that takes long shows that it works, then the answer in its place', async () => {
    const { acks, named, done } = await submit(
      () =>
        new Promise((resolve) => {
          setTimeout(
            () => resolve({ response_action: 'errors', errors: { a: 'Too late.' } }),
            4_000,
          );
        }),
    );
    expect(JSON.stringify(acks())).toContain('Working…');
    await jest.advanceTimersByTimeAsync(3_000);
    await done;
    expect(acks()).toHaveLength(1);
    expect(named('update')).toMatchObject([['update', { view_id: 'V1' }]]);
    expect(JSON.stringify(named('update'))).toContain('Too late.');
  });

  it.each([
    ['again, with the sentences in it', async () => FORM, 'the form again'],
    ['as sentences alone if it cannot be drawn', () => Promise.reject(new Error('gone')), 'No.'],
  ])('that is wrong and late shows its form %s', async (_how, again, shown) => {
    const { acks, named, done } = await submit(
      () =>
        new Promise((_resolve, reject) => {
          setTimeout(() => reject(new InputErrors({ a: 'No.' }, again)), 4_000);
        }),
    );
    await jest.advanceTimersByTimeAsync(3_000);
    await done;
    expect(acks()).toHaveLength(1);
    expect(JSON.stringify(named('update'))).toContain(shown);
  });

  it('that is wrong in time is answered at its inputs, and its form is not drawn', async () => {
    const again = jest.fn(async () => FORM);
    const { acks } = await submit(async () => {
      throw new InputErrors({ a: 'No.' }, again);
    });
    expect(acks()).toEqual([{ response_action: 'errors', errors: { a: 'No.' } }]);
    expect(again).not.toHaveBeenCalled();
  });

  it('is answered in the language that Slack named for the person, late or refused', async () => {
    noteLanguage(TEAM, USER, { locale: 'de-DE' });
    try {
      const refused = await submit(async ({ locale }) => {
        expect(locale).toBe('de');
        throw new Refusal('audience_empty');
      });
      expect(JSON.stringify(refused.acks())).toContain('Es wurde kein Import und kein Tag gewählt');
      const late = await submit(async () => new Promise(() => {}));
      expect(JSON.stringify(late.acks())).toContain('Das dauert etwas länger');
      noteLanguage(TEAM, USER, { locale: undefined });
      const broken = await submit(async () => Promise.reject(new Error('broken')));
      expect(JSON.stringify(broken.acks())).toMatch(/die Kennung [0-9A-F]{8}/u);
    } finally {
      noteLanguage(TEAM, USER, { locale: 'en-US' });
    }
  });

  it('of another team is refused before the listener runs', async () => {
    let ran = false;
    const { acks } = await submit(
      async () => {
        ran = true;
        return undefined;
      },
      { serves: async () => false },
    );
    expect(ran).toBe(false);
    expect(JSON.stringify(acks())).toContain('cannot use Assent');
  });

  it('of somebody whom Slack does not vouch for in time is refused', async () => {
    const { acks } = await submit(async () => undefined, {
      checkActor: async () => {
        throw new SlackSilent('late');
      },
    });
    expect(JSON.stringify(acks())).toContain('did not confirm in time who you are');
  });
});

describe('a command or click', () => {
  it('is acknowledged before its listener runs', async () => {
    const call = callOf({ command: '/optin' });
    const order: string[] = [];
    await guardCommand({
      guarding: guarding().guarding,
      what: '/optin',
      listener: async () => {
        order.push(`ran after ${call.acks().length} acks`);
      },
    })(call.args);
    expect(order).toEqual(['ran after 1 acks']);
  });

  it('in a modal that fails is answered over the modal, in a channel by a message', async () => {
    const failing = async () => {
      throw new Refusal('not_an_admin');
    };
    const inModal = callOf({ view: VIEW });
    await guardAction({ guarding: guarding().guarding, what: 'x', listener: failing })(
      inModal.args,
    );
    expect(inModal.named('push')).toHaveLength(1);

    const inChannel = callOf({});
    const said: unknown[] = [];
    const respond = async (message: unknown) => said.push(message);
    await guardAction({ guarding: guarding().guarding, what: 'x', listener: failing })({
      ...inChannel.args,
      respond,
    } as unknown as BoltArgs);
    expect(said).toMatchObject([{ response_type: 'ephemeral', replace_original: false }]);
    expect(inChannel.acks()).toEqual([undefined]);
  });

  it('that cannot even be answered fails quietly', async () => {
    const call = callOf({});
    const { guarding: around, lines } = guarding();
    const respond = async () => {
      throw new Error('no such URL');
    };
    await guardAction({
      guarding: around,
      what: 'x',
      listener: async () => {
        throw new Refusal('not_an_admin');
      },
    })({ ...call.args, respond } as unknown as BoltArgs);
    expect(lines.join()).toContain('could not tell somebody');
  });

  it('that opens a view first runs before the person is looked up', async () => {
    const order: string[] = [];
    const checkActor = async () => {
      order.push('looked up');
    };
    const around = guarding({ checkActor }).guarding;
    const listener = async () => {
      order.push('ran');
    };
    await guardCommand({ guarding: around, what: 'a', listener })(callOf({}).args);
    await guardCommand({
      guarding: around,
      what: 'b',
      listener: opensView(async () => listener()),
    })(callOf({}).args);
    expect(order).toEqual(['looked up', 'ran', 'ran']);
  });
});

describe('a question for options', () => {
  it.each([
    ['fails', async () => Promise.reject(new Error('down'))],
    ['takes too long', async () => new Promise<never>(() => {})],
  ])('that %s is answered with none', async (_how, listener) => {
    const call = callOf({ action_id: 'choose', value: 'a' });
    const done = guardOptions({ guarding: guarding().guarding, what: 'choose', listener })(
      call.args,
    );
    await jest.advanceTimersByTimeAsync(2_100);
    await done;
    expect(call.acks()).toEqual([{ options: [] }]);
  });
});

describe('whatever Bolt makes of a body', () => {
  const through = async (body: object, process: (event: ReceiverEvent) => Promise<void>) => {
    const acks: unknown[] = [];
    const { log, lines } = listeningLog();
    const app = sturdy({ processEvent: process } as unknown as App, log);
    const ack = async (said: unknown) => {
      acks.push(said);
    };
    const done = app.processEvent({ body, ack } as unknown as ReceiverEvent);
    await jest.advanceTimersByTimeAsync(2_800);
    return { acks, lines, done };
  };

  it.each([
    [{ command: '/x' }, { response_type: 'ephemeral' }],
    [{ type: 'view_submission' }, { response_action: 'update' }],
    [{ type: 'block_suggestion' }, { options: [] }],
    [{ type: 'block_actions' }, undefined],
  ])('%j is acknowledged if no listener did', async (body, expected) => {
    for (const process of [
      async () => {},
      async () => Promise.reject(new Error('no such field')),
    ]) {
      const { acks } = await through(body, process);
      expect(acks).toHaveLength(1);
      if (expected === undefined) expect(acks).toEqual([undefined]);
      else expect(acks).toMatchObject([expected]);
    }
  });

  it('is acknowledged once, also if a listener does so twice', async () => {
    const { acks, lines } = await through({}, async ({ ack }) => {
      await ack({ first: true });
      await ack({ second: true });
    });
    expect(acks).toEqual([{ first: true }]);
    expect(lines.join()).toContain('acknowledged twice');
  });

  it('is acknowledged in time, also if a listener never ends', async () => {
    const { acks } = await through({ command: '/x' }, async () => new Promise(() => {}));
    expect(acks).toHaveLength(1);
  });

  it('whose answer cannot be delivered breaks nothing', async () => {
    const { log, lines } = listeningLog();
    const app = sturdy({ processEvent: async () => {} } as unknown as App, log);
    const ack = async () => Promise.reject(new Error('the connection is gone'));
    await app.processEvent({ body: {}, ack } as unknown as ReceiverEvent);
    expect(lines.join()).toContain('did not reach Slack');
  });
});

describe('who belongs to a workspace', () => {
  it.each([
    [true, { team_id: TEAM }],
    [true, { team_id: TEAM, deleted: false, is_bot: false, is_restricted: false }],
    [true, { team_id: 'T0HOME', enterprise_user: { teams: ['T0HOME', TEAM] } }],
    [false, { team_id: 'T0HOME', enterprise_user: { teams: ['T0HOME'] } }],
    [false, { team_id: 'T0HOME' }],
    [false, {}],
    [false, { team_id: TEAM, deleted: true }],
    [false, { team_id: TEAM, is_bot: true }],
    [false, { team_id: TEAM, is_restricted: true }],
    [false, { team_id: TEAM, is_restricted: true, is_ultra_restricted: true }],
    [false, { team_id: TEAM, is_ultra_restricted: true }],
    [false, { team_id: TEAM, is_stranger: true }],
  ])('%s: %j', (expected, person) => {
    expect(isMember(person, TEAM)).toBe(expected);
  });
});

describe('a delivery', () => {
  it.each([
    [{ trigger_id: '1.2', view: { id: 'V1', hash: 'h' } }, 'trigger:1.2'],
    [{ event_id: 'Ev1' }, 'event:Ev1'],
    [{ view: { id: 'V1', hash: 'h' } }, 'view:V1:h'],
    [{ trigger_id: 7, view: { id: 'V1' } }, 'view:V1:'],
    [{}, ''],
    [null, ''],
    ['text', ''],
  ])('%j is known by %j', (body, key) => {
    expect(deliveryOf(body)).toBe(key);
  });
});

describe('the log', () => {
  it('learns nothing of a person from a database error, and where it came from', () => {
    const quoting = Object.assign(new Error('dup key: { address: "ann@example.org" }'), {
      name: 'MongoServerError',
      code: 11_000,
    });
    const [fault, cause] = withoutPeople(new Error('writing a draft', { cause: quoting }));
    expect(fault).toMatchObject({ name: 'Error', says: 'writing a draft' });
    expect(cause).toMatchObject({ name: 'MongoServerError', says: undefined, code: 11_000 });
    expect(JSON.stringify([fault, cause])).not.toContain('ann@');
    expect(cause?.at.length).toBeGreaterThan(0);
  });

  it('is not told of a refusal: it is an answer, not a fault', () => {
    const { log, lines } = listeningLog();
    expect(sentenceFor(new Refusal('fields_empty'), { log, what: 'x', locale: 'en' })).toContain(
      'No e-mail field',
    );
    expect(lines).toEqual([]);
  });

  it('takes what is no error at all', () => {
    expect(withoutPeople('text')).toEqual([{ name: 'string', says: undefined, code: 0, at: [] }]);
  });
});

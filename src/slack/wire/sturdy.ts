/**
 * Sturdy: whatever comes in, Bolt's processing of it ends in exactly one acknowledgement.
 *
 * Bolt trusts the shape of what is signed: a body with a part missing makes it throw, or find no
 * listener and hold the line until Slack gives up. Here such a call is answered politely at once.
 */
import type { App, ReceiverEvent } from '@slack/bolt';
import type { Logger } from 'pino';
import { noticeView, withoutPeople } from '../guard/refusals.ts';
import { DEFAULT_LOCALE } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';

/** Slack waits 3 s. A listener that has not answered by then is a bug; see guard.ts. */
const ANSWER_MS = 2_700;
/** Nothing is known about who acts, so neither is their language. */
const NOT_UNDERSTOOD = NOTICE_WORDS[DEFAULT_LOCALE].notUnderstood;

/** The app as a receiver should see it. */
export function sturdy(app: App, log: Logger): App {
  const processEvent = (event: ReceiverEvent): Promise<void> => processSurely(app, event, log);
  return Object.create(app, { processEvent: { value: processEvent } });
}

async function processSurely(app: App, event: ReceiverEvent, log: Logger): Promise<void> {
  const state = { answered: false };
  const ack = async (answer?: unknown): Promise<void> => {
    if (state.answered) {
      log.error('a Slack request was acknowledged twice; the second answer was dropped');
      return;
    }
    state.answered = true;
    clearTimeout(clock);
    try {
      await event.ack(answer);
    } catch (error) {
      log.warn({ fault: withoutPeople(error) }, 'an answer did not reach Slack');
    }
  };
  const clock = setTimeout(() => {
    log.error('a Slack listener did not answer in time');
    void ack(politeAnswer(event.body));
  }, ANSWER_MS);
  try {
    await app.processEvent({ ...event, ack });
  } catch (error) {
    log.error({ fault: withoutPeople(error) }, 'a Slack request could not be processed');
  }
  if (!state.answered) await ack(politeAnswer(event.body));
}

/** What each kind of request can take as an answer that changes nothing. */
function politeAnswer(body: Readonly<Record<string, unknown>>): unknown {
  if (typeof body['command'] === 'string') {
    return { response_type: 'ephemeral', text: NOT_UNDERSTOOD };
  }
  if (body['type'] === 'view_submission') {
    // Nothing would close the window, as if all were well.
    return { response_action: 'update', view: noticeView(NOT_UNDERSTOOD, DEFAULT_LOCALE) };
  }
  return body['type'] === 'block_suggestion' ? { options: [] } : undefined;
}

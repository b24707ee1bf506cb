/** Changes: tells every open page, by server-sent events, that there is something new to draw. */
import type { ServerResponse } from 'node:http';
import type { Inbox } from '../inbox/inbox.ts';
import type { SlackDouble } from '../slack/double.ts';

/** Hundreds of mails a second are one change to somebody who looks. */
const PAUSE_MS = 200;
/** Says that the line is open still. */
const BEAT_MS = 20_000;

export interface Changes {
  /** Keeps a page informed until it goes away. */
  follow(response: ServerResponse): void;
  stop(): void;
}

export function newChanges(slack: Pick<SlackDouble, 'onChange'>, inbox: Inbox): Changes {
  const followers = new Set<ServerResponse>();
  let waiting: NodeJS.Timeout | undefined;
  const tell = (line: string) => {
    for (const follower of followers) follower.write(line);
  };
  const changed = () => {
    waiting ??= setTimeout(() => {
      waiting = undefined;
      tell('data: changed\n\n');
    }, PAUSE_MS);
  };
  const stops = [slack.onChange(changed), inbox.onMail(changed)];
  const beat = setInterval(() => tell(': still here\n\n'), BEAT_MS);
  beat.unref();
  return {
    follow(response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      followers.add(response);
      response.on('close', () => followers.delete(response));
    },
    stop() {
      for (const stop of stops) stop();
      clearTimeout(waiting);
      clearInterval(beat);
      for (const follower of followers) follower.end();
    },
  };
}

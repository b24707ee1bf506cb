/**
 * SMTP dialog: commands and their replies over a session that is logged in: as many replies as there
 * were commands, in order, or the session ends.
 */
import assert from 'node:assert/strict';
import { replyReader, type ServerReply } from './replies.ts';

/** What nodemailer's errors carry; any of it may be missing. */
export interface SmtpError {
  readonly code?: string | undefined;
  readonly originalCode?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
}

/** The socket of the session; its errors, silences and end are told by `onEnd`. */
export interface Wire {
  write(data: string | Buffer): void;
  onData(hear: (piece: Buffer) => void): void;
  /** Called once, when nothing can be said any more. */
  onEnd(hear: (error: SmtpError) => void): void;
  /** Cuts the connection. */
  close(): void;
}

export interface Exchange {
  /** Fewer than the commands if it broke off, or if the server said 421. */
  readonly replies: readonly ServerReply[];
  /** Why it broke off. */
  readonly error?: SmtpError;
}

export interface Dialog {
  readonly ended: boolean;
  /** Sends commands in one piece and waits for a reply to each. Never throws. One at a time. */
  exchange(commands: string | Buffer, count: number): Promise<Exchange>;
  /** Ends the session now; a waiting exchange ends with this error. */
  cut(error: SmtpError): void;
}

/** RFC 5321, 3.8: the server is closing, whatever it was asked. */
const CLOSING = 421;
const LOST: SmtpError = { code: 'ECONNECTION' };
/** A reply to no command, or no reply at all: what belongs to what is not known any more. */
const OUT_OF_STEP: SmtpError = { code: 'EPROTOCOL' };

interface Waiting {
  readonly count: number;
  readonly replies: ServerReply[];
  readonly done: (exchange: Exchange) => void;
}

export function smtpDialog(wire: Wire): Dialog {
  const read = replyReader();
  let waiting: Waiting | undefined;
  let ended = false;

  const end = (error: SmtpError) => {
    if (ended) return;
    ended = true;
    wire.close();
    waiting?.done({ replies: waiting.replies, error });
    waiting = undefined;
  };

  const hear = (reply: ServerReply) => {
    if (waiting === undefined) return end(reply.code === CLOSING ? LOST : OUT_OF_STEP);
    const { count, replies, done } = waiting;
    replies.push(reply);
    if (replies.length < count && reply.code !== CLOSING) return;
    waiting = undefined;
    done({ replies });
  };

  wire.onData((piece) => {
    if (ended) return;
    const replies = read(piece);
    if (replies === undefined) return end(OUT_OF_STEP);
    for (const reply of replies) hear(reply);
  });
  wire.onEnd(end);

  return {
    get ended() {
      return ended;
    },
    exchange(commands, count) {
      assert(waiting === undefined, 'a session answers one exchange at a time');
      if (ended) return Promise.resolve({ replies: [], error: LOST });
      return new Promise((done) => {
        waiting = { count, replies: [], done };
        wire.write(commands);
      });
    },
    cut: end,
  };
}

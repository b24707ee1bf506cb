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
  /**
   * Waits for the replies to more commands, which stood behind those of the exchange that is under
   * way, in the same piece. Never throws.
   */
  follow(count: number): Promise<Exchange>;
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
  /** The one that is answered now, and one that follows it. */
  const waiting: Waiting[] = [];
  let ended = false;

  const end = (error: SmtpError) => {
    if (ended) return;
    ended = true;
    wire.close();
    for (const { replies, done } of waiting.splice(0)) done({ replies, error });
  };

  const hear = (reply: ServerReply) => {
    const [first] = waiting;
    if (first === undefined) return end(reply.code === CLOSING ? LOST : OUT_OF_STEP);
    const { count, replies, done } = first;
    replies.push(reply);
    if (replies.length < count && reply.code !== CLOSING) return;
    waiting.shift();
    done({ replies });
    // What stood behind is not going to be answered.
    if (reply.code === CLOSING && waiting.length > 0) end(LOST);
  };

  const expect = (count: number) =>
    new Promise<Exchange>((done) => waiting.push({ count, replies: [], done }));

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
      assert(waiting.length === 0, 'a session answers one exchange at a time');
      if (ended) return Promise.resolve({ replies: [], error: LOST });
      const exchange = expect(count);
      wire.write(commands);
      return exchange;
    },
    follow(count) {
      if (ended) return Promise.resolve({ replies: [], error: LOST });
      assert(waiting.length === 1, 'one exchange can follow another, and nothing else');
      return expect(count);
    },
    cut: end,
  };
}

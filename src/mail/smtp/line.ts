/**
 * SMTP line: one place in the pool: a session, opened when needed, for one mail after the other. While
 * one is answered, the envelope of the next may be on its way already.
 */
import type { Crossing } from './crossing.ts';
import type { Exchange, SmtpError } from './dialog.ts';
import {
  isLostBeforeMail,
  isLostOnTheWay,
  isRefusal,
  judgeOutcome,
  type Outcome,
} from './outcome.ts';
import {
  closeSession,
  type Opening,
  openSession,
  reset,
  type Session,
  type SessionOptions,
} from './session.ts';
import { type MailBehind, transmit } from './transaction.ts';
import { type Job, Turn } from './turn.ts';

/** Servers close idle sessions after some minutes. We do so first, when nothing can be lost. */
const IDLE_MS = 60_000;
/** Now and then a fresh session: servers expect it, and a moved address is found again. */
export const MAILS_PER_SESSION_MAX = 5000;
/** Longest transaction, in silences: a server that only trickles bytes ends here. */
export const SILENCES_PER_MAIL_MAX = 4;
const STOPPED: SmtpError = { code: 'EABORT' };
const LATE: SmtpError = { code: 'ETIMEDOUT' };

/** Gives the next mail, if one waits. */
export type NextJob = () => Job | undefined;

export class SmtpLine implements MailBehind {
  readonly #options: SessionOptions;
  readonly #crossing: Crossing;
  readonly #rest = new Alarm(IDLE_MS, () => this.quit());
  readonly #deadline: Alarm;
  #session: Session | undefined;
  #mails = 0;
  #next: NextJob = () => undefined;
  #current: Turn | undefined;
  /** Taken while the mail before it left. */
  #follower: Turn | undefined;
  /** Of a session that is being opened. */
  #stopOpening: AbortController | undefined;
  #isCut = false;

  /** @param crossing shared by all lines of a route */
  constructor(options: SessionOptions, crossing: Crossing) {
    this.#options = options;
    this.#crossing = crossing;
    const mailMs = options.timeouts.silenceMs * SILENCES_PER_MAIL_MAX;
    this.#deadline = new Alarm(mailMs, () => this.#session?.cut(LATE));
  }

  /** Sends one mail, and all that it is given after it. To be called again only when it has ended. */
  async run(first: Job, next: NextJob): Promise<void> {
    this.#rest.end();
    this.#next = next;
    this.#current = this.#turnOf(first);
    while (this.#current !== undefined) {
      await this.#serve(this.#current);
      const follower = this.#takeFollower();
      if (this.#mails >= MAILS_PER_SESSION_MAX && follower?.offered === undefined) this.quit();
      this.#current = follower ?? this.#turnOf(next());
    }
    this.#deadline.end();
    if (this.#session !== undefined) this.#rest.begin();
  }

  /** Says goodbye. The line may be used again. */
  quit(): void {
    this.#rest.end();
    if (this.#session !== undefined) closeSession(this.#session);
    this.#session = undefined;
  }

  /** Cuts the line, also in the middle of a mail, for good. */
  cut(): void {
    this.#isCut = true;
    if (this.#follower !== undefined) this.#follower.isStopped = true;
    if (this.#current !== undefined) this.#current.isStopped = true;
    this.#stop();
  }

  /** The mail whose envelope is to stand behind the one that leaves now, if this route takes that. */
  follower(): Turn | undefined {
    if (this.#mails >= MAILS_PER_SESSION_MAX || !this.#crossing.begin()) return undefined;
    this.#follower = this.#turnOf(this.#next());
    if (this.#follower === undefined) this.#crossing.giveBack();
    return this.#follower;
  }

  offered(answer: Promise<Exchange>): void {
    if (this.#follower !== undefined) this.#follower.offered = answer;
    void answer.then(this.#crossing.learn);
  }

  #takeFollower(): Turn | undefined {
    const follower = this.#follower;
    this.#follower = undefined;
    if (follower !== undefined && follower.offered === undefined) this.#crossing.giveBack();
    return follower;
  }

  #turnOf(job: Job | undefined): Turn | undefined {
    if (job === undefined) return undefined;
    const turn = new Turn(job, (stopped) => {
      // One that comes next ends when it would begin: the mail before it has done no wrong.
      if (stopped === this.#current) this.#stop();
    });
    if (this.#isCut) turn.isStopped = true;
    return turn;
  }

  #stop(): void {
    this.#stopOpening?.abort();
    this.#session?.cut(STOPPED);
  }

  async #serve(turn: Turn): Promise<void> {
    try {
      const outcome = await this.#attempt(turn);
      if (this.#session !== undefined) await this.#makeFit(this.#session, outcome);
      const recipient = turn.mail.envelope.to;
      const { host } = this.#options.route;
      turn.end(judgeOutcome(outcome, { recipient, aborted: turn.isStopped, host }));
    } catch (error) {
      this.#session?.cut(STOPPED);
      turn.fail(error);
    }
  }

  async #attempt(turn: Turn): Promise<Outcome> {
    const isReused = this.#session !== undefined && !this.#session.ended;
    const isOffered = turn.offered !== undefined;
    const outcome = await this.#sendOnce(turn);
    // The server had given up a session that lay idle, or would not take an envelope behind a mail.
    // Nothing of this mail left: a fresh session makes it good.
    const isAgain = isOffered ? isLostOnTheWay(outcome) : isReused && isLostBeforeMail(outcome);
    if (!isAgain || turn.isStopped) return outcome;
    this.#session?.cut(STOPPED);
    turn.offered = undefined;
    return this.#sendOnce(turn);
  }

  async #sendOnce(turn: Turn): Promise<Outcome> {
    const opening = await this.#ready(turn);
    if (!opening.ok) return { ok: false, phase: 'connect', error: opening.error };
    this.#session = opening.session;
    this.#mails += 1;
    this.#deadline.begin();
    return transmit(opening.session, turn, this);
  }

  async #ready(turn: Turn): Promise<Opening> {
    const session = this.#session;
    // An envelope that is on its way belongs to its session, even if that has ended since.
    if (session !== undefined && turn.offered !== undefined) return { ok: true, session };
    if (turn.isStopped) return { ok: false, error: STOPPED };
    if (session !== undefined && !session.ended) return { ok: true, session };
    this.#mails = 0;
    this.#stopOpening = new AbortController();
    const opening = await openSession(this.#options, this.#stopOpening.signal);
    this.#stopOpening = undefined;
    return opening;
  }

  /** Makes a session fit for the next mail, or ends it. */
  async #makeFit(session: Session, outcome: Outcome): Promise<void> {
    if (outcome.ok || session.ended) return;
    if (!isRefusal(outcome.error)) session.cut(STOPPED);
    // The end of a mail, taken or refused, ends its transaction too (RFC 5321, 4.1.1.4).
    else if (this.#follower?.offered === undefined) await reset(session);
  }
}

/** Calls `act` so long after it was last begun, unless it is ended. */
class Alarm {
  readonly #ms: number;
  readonly #act: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, act: () => void) {
    this.#ms = ms;
    this.#act = act;
  }

  begin(): void {
    if (this.#timer === undefined) this.#timer = setTimeout(this.#act, this.#ms).unref();
    else this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

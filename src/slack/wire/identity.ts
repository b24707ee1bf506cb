/**
 * Identity: who we are in Slack (auth.test), asked when it is first needed and again until Slack
 * says it: a Slack that is down does not stop a start, since recipients' pages work without it.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { SlackSilent } from '../guard/actor.ts';
import { withinMs } from '../guard/within.ts';

/** Leaves room in Slack's 3 seconds for what the person wanted to do. */
const ANSWER_MS = 1_000;

export interface Identity {
  readonly teamId: string;
  readonly botId: string;
  readonly botUserId: string;
}

export interface IdentityCard {
  /** Who we are, as far as it is known now; a question to Slack is under way if it is not. */
  known(): Identity | undefined;
  /** @throws SlackSilent if Slack does not say it in time: then nobody can be let in */
  read(): Promise<Identity>;
}

const Answer = z.object({ team_id: z.string(), bot_id: z.string(), user_id: z.string() });

export function identityCard(client: WebClient): IdentityCard {
  let identity: Identity | undefined;
  let asking: Promise<Identity> | undefined;
  const ask = async (): Promise<Identity> => {
    try {
      const said = Answer.parse(await client.auth.test());
      identity = { teamId: said.team_id, botId: said.bot_id, botUserId: said.user_id };
      return identity;
    } catch (cause) {
      throw new SlackSilent('Slack did not say who we are', { cause });
    } finally {
      asking = undefined;
    }
  };
  const asked = (): Promise<Identity> => {
    asking ??= ask();
    // Whoever awaits it is told; nobody may be waiting.
    asking.catch(() => undefined);
    return asking;
  };
  return {
    known() {
      if (identity === undefined) void asked();
      return identity;
    },
    async read() {
      return identity ?? withinMs(ANSWER_MS, asked(), silent);
    },
  };
}

function silent(): never {
  throw new SlackSilent('Slack did not say in time who we are');
}

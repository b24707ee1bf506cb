/** World: the Slack app with something of everything in it, its whole log, and ways to compare. */
import { pino } from 'pino';
import type { Request } from '../../../src/consent/request.ts';
import { BUDGETS } from '../../../src/store/budget.ts';
import { CONSENT_MIXES } from '../../../src/store/consent-mix.ts';
import { COLLECTIONS } from '../../../src/store/migrations.ts';
import { SEEN } from '../../../src/store/seen.ts';
import { VISITORS } from '../../../src/store/visitors.ts';
import { processRequest } from '../../../src/workflow/process-request.ts';
import { WORKSPACE } from '../../support/deps.ts';
import { watchEvents } from '../../support/in-flight.ts';
import { addPeople, TAG } from '../../support/people.ts';
import { approved, submitted } from '../../support/requests.ts';
import { activeCampaign, submittedCampaign } from '../campaign/campaigns.ts';
import { type SlackWorld, slackWorld } from '../slack/world.ts';

export const GUEST = 'U0GUEST';
export const STRANGER = 'U0STRANGER';
/** On file here; nobody may ever be told in full. */
export const ON_FILE = ['ann@example.org', 'ben@example.org', 'cat@example.org'];

/** What anybody who acts or looks leaves behind, whatever they may do. */
const TRACES: ReadonlySet<string> = new Set([SEEN, VISITORS, BUDGETS, CONSENT_MIXES]);

export interface HostileWorld extends SlackWorld {
  /** Every line of the log, at every level. */
  readonly logged: readonly string[];
  readonly waiting: Request;
  readonly running: Request;
  /** Ids of everything that a button or a window could name. */
  readonly ids: readonly string[];
  /** Everything of the workspace that is worth anything, as it is on file. */
  dump(): Promise<string>;
  /** Lets what was acknowledged go on to its end. */
  quiet(): Promise<void>;
}

export async function hostileWorld(): Promise<HostileWorld> {
  const logged: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) });
  const inFlight = watchEvents();
  const world = await slackWorld({ log });
  const { deps, slack } = world;
  slack.addUser({ id: GUEST, name: 'guest', isRestricted: true });
  slack.addUser({ id: STRANGER, name: 'stranger', teamId: 'T0OTHER' });
  const [first = '', ...others] = ON_FILE;
  await addPeople(deps, [
    ...others.map((address) => ({ address })),
    { address: first, permission: 'single-opt-in', in: [TAG] },
  ]);
  const running = await startedRequest(world);
  const waiting = await submitted(deps);
  const campaigns = [await submittedCampaign(deps), await activeCampaign(deps)];
  await world.announce();
  return {
    ...world,
    logged,
    waiting,
    running,
    ids: [waiting.id, running.id, ...campaigns.map(({ id }) => id)],
    async dump() {
      const names = Object.keys(COLLECTIONS).filter((name) => !TRACES.has(name));
      const all = names.map(async (name) => [
        name,
        await deps.database.db
          .collection(name)
          .find({ workspace: WORKSPACE })
          .sort({ _id: 1 })
          .toArray(),
      ]);
      return JSON.stringify(await Promise.all(all));
    },
    quiet: () => inFlight.over(),
    async close() {
      inFlight.stop();
      await world.close();
    },
  };
}

/** Approved and begun, with all of its work still to do. */
async function startedRequest({ deps }: SlackWorld): Promise<Request> {
  const { id } = await approved(deps);
  const signal = AbortSignal.abort();
  await processRequest(deps, { workspace: WORKSPACE, request: id, signal });
  return deps.database.of(WORKSPACE).requests.find(id);
}

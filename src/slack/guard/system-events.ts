/**
 * System events: what happens to the app itself: it was uninstalled, its token was taken back.
 *
 * Bolt lets these through without a token. An event can be lost or come late, so what it says is
 * checked where it may be old, and the sweep asks Slack about every token once a day.
 */
import { z } from 'zod';
import { appGone } from '../../workflow/remove-app.ts';
import type { BoltArgs } from './calls.ts';
import type { Door, SystemCall, SystemListener } from './door.ts';
import { withoutPeople } from './refusals.ts';

const SECOND_MS = 1_000;

const id = z.string().regex(/^[TE][A-Z0-9]{2,20}$/u);
const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const Envelope = z.object({
  team_id: maybe(id),
  enterprise_id: maybe(id),
  is_enterprise_install: maybe(z.boolean()),
  authorizations: maybe(
    z.array(z.object({ is_enterprise_install: maybe(z.boolean()), enterprise_id: maybe(id) })),
  ),
  event_time: maybe(z.int().positive()),
});
const Revoked = z.object({ tokens: z.object({ bot: z.array(z.string()) }) });

export const appUninstalled: SystemListener = async ({ place, at }, { deps }) =>
  appGone(deps, place, { at, reason: 'app_uninstalled' });

/** Tokens of people may be revoked too; of those we have none. */
export const tokensRevoked: SystemListener = async ({ place, at, event }, { deps }) => {
  const found = Revoked.safeParse(event);
  if (!found.success || found.data.tokens.bot.length === 0) return;
  await appGone(deps, place, { at, reason: 'tokens_revoked' });
};

/** Never rejects: nobody waits, and the log gets what goes wrong. */
export function guardSystemEvent({
  door,
  what,
  listener,
}: {
  readonly door: Door;
  readonly what: string;
  readonly listener: SystemListener;
}): (args: BoltArgs) => Promise<void> {
  return async ({ body, payload }) => {
    const { log } = door.deps;
    try {
      const call = readSystemCall(body, payload);
      if (call === undefined) return log.warn({ event: what }, 'an event does not say where');
      await listener(call, door);
    } catch (error) {
      log.error({ event: what, fault: withoutPeople(error) }, 'an event was not seen to');
    }
  };
}

const record = z.record(z.string(), z.unknown());

function readSystemCall(body: unknown, payload: unknown): SystemCall | undefined {
  const found = Envelope.safeParse(body);
  if (!found.success) return undefined;
  const { team_id: team, authorizations, event_time: seconds } = found.data;
  const granted = authorizations?.[0];
  const orgWide = (found.data.is_enterprise_install ?? granted?.is_enterprise_install) === true;
  const enterprise = found.data.enterprise_id ?? granted?.enterprise_id;
  const place = orgWide ? enterprise : team;
  if (place === undefined) return undefined;
  const at = seconds === undefined ? undefined : new Date(seconds * SECOND_MS);
  return { place, at, event: record.catch({}).parse(payload) };
}

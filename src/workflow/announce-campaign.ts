/** Announce: in which Slack messages the next state of a campaign is told. */
import type { Campaign } from '../consent/campaign.ts';
import type { Tx } from '../store/scoped.ts';
import type { Deps } from './deps.ts';

/**
 * Asks for the campaign's card in the channel, inside the transaction of the act.
 * @param direct true if its requester is told too: somebody else, or the clock, acted
 */
export async function aboutCampaign(
  { database, settings }: Pick<Deps, 'database' | 'settings'>,
  { workspace, id, requestedBy }: Campaign,
  { at, direct = false }: { readonly at: Date; readonly direct?: boolean },
  tx: Tx,
): Promise<void> {
  const { announcements } = database.of(workspace);
  const about = { kind: 'campaign', id } as const;
  const { channel } = await settings(workspace);
  await announcements.want({ kind: 'campaign-card', about, to: channel }, at, tx);
  if (!direct) return;
  await announcements.want({ kind: 'direct-campaign', about, to: requestedBy }, at, tx);
}

/**
 * Settings: what holds in a workspace now: what its admins decided, laid over the configuration.
 *
 * Each step asks anew; the answer is believed for some seconds, so that a mass change does not read
 * it once a page and a change in Slack still counts almost at once.
 */
import type { AllSettings, DecidedSettings } from '../consent/settings.ts';
import type { Deps, WorkspaceSettings } from './deps.ts';

/** How long what was read is believed; part of the minute that rights may be old (ms). */
export const SETTINGS_MS = 5_000;
/** Workspaces remembered at once; the one that was read first is forgotten first. */
const WORKSPACES_MAX = 10_000;

export interface SettingsSource extends Pick<Deps, 'database' | 'now'> {
  /** What the configuration says for a workspace where nothing was decided. */
  defaults(workspace: string): Promise<WorkspaceSettings>;
}

interface Known {
  readonly settings: Promise<WorkspaceSettings>;
  readonly until: number;
}

/** A reader with a memory of its own. */
export function settingsReader({ database, now, defaults }: SettingsSource): Deps['settings'] {
  const known = new Map<string, Known>();
  const read = async (workspace: string): Promise<WorkspaceSettings> => {
    const [basis, { decided }] = await Promise.all([
      defaults(workspace),
      database.of(workspace).settings.read(),
    ]);
    return overlay(basis, decided);
  };
  return async (workspace, how) => {
    const at = now().getTime();
    const found = known.get(workspace);
    if (found !== undefined && found.until > at && how?.fresh !== true) return found.settings;
    const entry = { settings: read(workspace), until: at + SETTINGS_MS };
    known.delete(workspace);
    const [oldest] = known.keys();
    if (known.size >= WORKSPACES_MAX && oldest !== undefined) known.delete(oldest);
    known.set(workspace, entry);
    // What failed is not believed: the next step asks again.
    entry.settings.catch(() => known.delete(workspace));
    return entry.settings;
  };
}

/**
 * What was decided in place of what the configuration says. Admins of the configuration stay admins:
 * whoever runs Assent can always get back in.
 */
function overlay(basis: WorkspaceSettings, decided: DecidedSettings): WorkspaceSettings {
  const {
    senderName: name,
    senderAddress: address,
    postalAddress,
    privacyUrl,
    replyTo,
    quietHours,
    ...rest
  } = { ...asDecided(basis), ...decided } as AllSettings;
  return {
    ...rest,
    admins: [...new Set([...basis.admins, ...rest.admins])],
    quietHours: quietHours ?? undefined,
    sender: {
      name,
      address,
      postalAddress,
      privacyUrl: privacyUrl ?? undefined,
      replyTo: replyTo ?? undefined,
      bounceDomain: basis.sender.bounceDomain,
      readsReturns: basis.sender.readsReturns,
    },
  };
}

/** Settings as the decisions that would make them. */
export function asDecided({ sender, quietHours, ...rest }: WorkspaceSettings): AllSettings {
  return {
    requesters: [...rest.requesters],
    approvers: [...rest.approvers],
    admins: [...rest.admins],
    requesterGroups: [...rest.requesterGroups],
    approverGroups: [...rest.approverGroups],
    adminGroups: [...rest.adminGroups],
    channel: rest.channel,
    typedOver: rest.typedOver,
    approvalHours: rest.approvalHours,
    linkDays: rest.linkDays,
    silence: rest.silence,
    quietHours: quietHours ?? null,
    timeZone: rest.timeZone,
    locale: rest.locale,
    digest: rest.digest,
    senderName: sender.name,
    senderAddress: sender.address,
    postalAddress: sender.postalAddress,
    privacyUrl: sender.privacyUrl ?? null,
    replyTo: sender.replyTo ?? null,
  };
}

/**
 * Change settings: an admin decides something for the workspace. One change is one ledger entry that
 * says what changed from what to what; e-mail addresses are not repeated in it.
 */
import { isDeepStrictEqual } from 'node:util';
import type { LedgerEntry } from '../consent/ledger.ts';
import { Refusal } from '../consent/refusal.ts';
import {
  type AllSettings,
  DecidedSettings,
  type SettingName,
  type SettingsFaults,
  settingsFaults,
} from '../consent/settings.ts';
import type { NewEntry } from '../store/ledger.ts';
import { announceAgain } from './announce-lost.ts';
import type { Deps } from './deps.ts';
import { asDecided } from './read-settings.ts';
import { refreshHomes } from './refresh-homes.ts';
import { requireRole } from './require-role.ts';

/** A value longer than this is cut in the ledger; the settings themselves hold it whole (characters). */
const FACT_CHARACTERS_MAX = 1_500;
/** Requests whose lost cards are posted again in a new channel. */
const CARDS_MAX = 100;
/** Facts of the ledger hold no address. */
const ADDRESSES: ReadonlySet<SettingName> = new Set(['senderAddress', 'replyTo']);

export interface SettingsChange {
  readonly workspace: string;
  /** Slack user id. */
  readonly by: string;
  /** The version of the settings that was seen (store/settings.ts). */
  readonly seen: number;
  /** All of them, or only those to be changed. */
  readonly values: DecidedSettings;
  /** What is wrong with what was entered besides: nothing is saved, and all of it is told at once. */
  readonly faults?: SettingsFaults;
}

/** Some values cannot be taken; nothing was saved. */
export class SettingsRefused extends Refusal {
  readonly faults: SettingsFaults;

  constructor(faults: SettingsFaults) {
    super('settings_invalid');
    this.faults = faults;
  }
}

/**
 * Saves what differs from what holds now. Saying the same thing again changes nothing.
 * @throws Refusal `not_an_admin`, `settings_changed`; SettingsRefused
 */
export async function changeSettings(deps: Deps, change: SettingsChange): Promise<void> {
  const { workspace, by, seen, values } = change;
  await requireRole(deps, workspace, by, 'admin');
  const effective = asDecided(await deps.settings(workspace, { fresh: true }));
  const faults = {
    ...otherDomain(values, effective),
    ...settingsFaults(values),
    ...change.faults,
  };
  if (Object.keys(faults).length > 0) throw new SettingsRefused(faults);
  const wanted = DecidedSettings.parse(values);
  const names = settingNames(wanted).filter(
    (name) => !isDeepStrictEqual(inOrder(wanted[name]), inOrder(effective[name])),
  );
  // A replay of what was saved, or a form that was sent as it was.
  if (names.length === 0) return;
  const changed = Object.fromEntries(names.map((name) => [name, wanted[name]]));
  const at = deps.now();
  await deps.database.inTransaction(async (tx) => {
    const { settings, ledger } = deps.database.of(workspace);
    const { decided } = await settings.read(tx);
    const next = { decided: { ...decided, ...changed }, by, at };
    const version = await settings.replace(seen, next, tx);
    const entry: NewEntry = {
      _id: `settings.${workspace}.${version}`,
      act: 'change-settings',
      cause: { kind: 'settings', id: workspace },
      who: by,
      facts: factsOf(names, effective, wanted),
      at,
      addresses: [],
    };
    await ledger.append([entry], tx);
  });
  await deps.settings(workspace, { fresh: true });
  if (changed['channel'] !== undefined) await moveCards(deps, workspace);
  // Home tells of roles, and what is set up.
  await refreshHomes(deps, workspace);
  await deps.queue.wakeAnnouncer();
}

/** Mail is signed for one domain: another one in "From" would fail DMARC, or be somebody else's. */
function otherDomain({ senderAddress }: DecidedSettings, effective: AllSettings): SettingsFaults {
  if (senderAddress === undefined || senderAddress === effective.senderAddress) return {};
  const same = domainOf(senderAddress) === domainOf(effective.senderAddress);
  return same ? {} : { senderAddress: 'other_domain' };
}

const domainOf = (address: string): string => address.split('@').at(-1)?.toLowerCase() ?? '';

const settingNames = (values: DecidedSettings): SettingName[] =>
  DecidedSettings.keyof().options.filter((name) => values[name] !== undefined);

/** People and groups are sets: Slack gives them in any order. */
const inOrder = (value: DecidedSettings[SettingName]): unknown =>
  Array.isArray(value) ? value.toSorted(byText) : value;

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

function factsOf(
  names: readonly SettingName[],
  from: DecidedSettings,
  to: DecidedSettings,
): NonNullable<LedgerEntry['facts']> {
  const facts = names.flatMap((name): [string, string][] =>
    ADDRESSES.has(name)
      ? [[name, 'changed']]
      : [
          [`${name}From`, asFact(from[name])],
          [`${name}To`, asFact(to[name])],
        ],
  );
  return Object.fromEntries(facts);
}

function asFact(value: DecidedSettings[SettingName]): string {
  if (value === null || value === undefined) return 'none';
  if (Array.isArray(value)) return value.toSorted(byText).join(' ').slice(0, FACT_CHARACTERS_MAX);
  if (typeof value === 'object') return `${value.from}-${value.to}`;
  return String(value).slice(0, FACT_CHARACTERS_MAX);
}

/** Cards that the old channel did not take are posted in the new one. */
async function moveCards(deps: Deps, workspace: string): Promise<void> {
  const open = await deps.database
    .of(workspace)
    .requests.recent(CARDS_MAX, [
      'awaiting-approval',
      'approved',
      'processing',
      'paused',
      'asking',
    ]);
  for (const request of open) await announceAgain(deps, request);
}

/**
 * Settings values: the inputs of the settings form, and what was entered in them, read without trust
 * (see values.ts).
 */
import { z } from 'zod';
import {
  type DecidedSettings,
  LOCALES,
  type SettingName,
  type SettingsFaults,
} from '../../consent/settings.ts';
import type { Values } from '../guard/door.ts';
import { OldView } from '../guard/metadata.ts';
import { readNumber, readOneOf, readOptions, readText, wasShown } from '../guard/values.ts';
import type { SlackLocale } from '../words/language.ts';
import { SETTINGS_WORDS } from '../words/settings.ts';

export const CHOOSE_TIME_ZONE = 'choose-time-zone';
/** Block ids of what is found by typing in the list of user groups. */
export const GROUP_INPUTS = {
  requesterGroups: 'choose-requester-groups',
  approverGroups: 'choose-approver-groups',
  adminGroups: 'choose-admin-groups',
} as const;

/** Block id (and action id) of each setting; quiet hours are two inputs. */
export const INPUTS = {
  requesters: 'choose-requesters',
  approvers: 'choose-approvers',
  admins: 'choose-admins',
  ...GROUP_INPUTS,
  channel: 'choose-channel',
  typedOver: 'set-typed-over',
  approvalHours: 'set-approval-hours',
  linkDays: 'set-link-days',
  silence: 'choose-silence',
  quietHours: 'set-quiet-from',
  timeZone: CHOOSE_TIME_ZONE,
  locale: 'choose-locale',
  digest: 'choose-digest',
  senderName: 'set-sender-name',
  senderAddress: 'set-sender-address',
  postalAddress: 'set-postal-address',
  privacyUrl: 'set-privacy-url',
  replyTo: 'set-reply-to',
} as const satisfies Record<SettingName, string>;
export const QUIET_TO = 'set-quiet-to';
export const DIGEST_ON = 'digest';
export interface ReadSettings {
  readonly values: DecidedSettings;
  readonly faults: SettingsFaults;
}

/** What was entered. An input that was not shown decides nothing. */
export function readSettings(entered: Values): ReadSettings {
  const shown = <T>(id: string, value: T): T | undefined =>
    wasShown(entered, id) ? value : undefined;
  const number = (id: string) => shown(id, readNumber(entered, id) ?? Number.NaN);
  const text = (id: string) => readText(entered, id);
  const from = readTime(entered, INPUTS.quietHours);
  const to = readTime(entered, QUIET_TO);
  const isHalf = (from === undefined) !== (to === undefined);
  const quiet = from === undefined || to === undefined ? null : { from, to };
  const values: DecidedSettings = {
    requesters: readUsers(entered, INPUTS.requesters),
    approvers: readUsers(entered, INPUTS.approvers),
    admins: readUsers(entered, INPUTS.admins),
    requesterGroups: readGroups(entered, INPUTS.requesterGroups),
    approverGroups: readGroups(entered, INPUTS.approverGroups),
    adminGroups: readGroups(entered, INPUTS.adminGroups),
    channel: readConversation(entered, INPUTS.channel),
    typedOver: number(INPUTS.typedOver),
    approvalHours: number(INPUTS.approvalHours),
    linkDays: number(INPUTS.linkDays),
    silence: readOneOf(entered, INPUTS.silence, ['keep', 'revert']),
    quietHours: shown(QUIET_TO, isHalf ? undefined : quiet),
    timeZone: readExternal(entered, INPUTS.timeZone),
    locale: readOneOf(entered, INPUTS.locale, LOCALES),
    digest: shown(INPUTS.digest, readOptions(entered, INPUTS.digest).includes(DIGEST_ON)),
    senderName: text(INPUTS.senderName),
    senderAddress: text(INPUTS.senderAddress),
    postalAddress: text(INPUTS.postalAddress),
    privacyUrl: shown(INPUTS.privacyUrl, text(INPUTS.privacyUrl) ?? null),
    replyTo: shown(INPUTS.replyTo, text(INPUTS.replyTo) ?? null),
  };
  return { values, faults: isHalf ? { quietHours: 'quiet_half' } : {} };
}

/** The sentences at their inputs: block id → sentence. */
export function errorsOf(faults: SettingsFaults, locale: SlackLocale): Record<string, string> {
  const words = SETTINGS_WORDS[locale].faults;
  const names = Object.keys(faults) as SettingName[];
  return Object.fromEntries(
    names.flatMap((name) => {
      const fault = faults[name];
      return fault === undefined ? [] : [[INPUTS[name], words[fault]]];
    }),
  );
}

const users = z.object({ selected_users: z.array(z.string()) });
const groups = z.object({ selected_options: z.array(z.object({ value: z.string() })) });
const conversation = z.object({ selected_conversation: z.string() });
const time = z.object({ selected_time: z.string() });
const external = z.object({ selected_option: z.object({ value: z.string() }) });

const at = (values: Values, id: string): unknown => values[id]?.[id];

/**
 * Slack user ids of a users select; undefined if it was not shown.
 * @throws OldView if it holds something else: nobody loses a role by a form that is not understood
 */
function readUsers(values: Values, id: string): string[] | undefined {
  return strictly(users, values, id)?.selected_users;
}

/** Ids of user groups, in the same way. @throws OldView */
function readGroups(values: Values, id: string): string[] | undefined {
  return strictly(groups, values, id)?.selected_options.map(({ value }) => value);
}

function strictly<T extends z.ZodType>(schema: T, values: Values, id: string) {
  if (!wasShown(values, id)) return undefined;
  const found = schema.safeParse(at(values, id));
  if (!found.success) throw new OldView('a role is not filled in as this form does');
  return found.data;
}

function readConversation(values: Values, id: string): string | undefined {
  const found = conversation.safeParse(at(values, id));
  return found.success ? found.data.selected_conversation : undefined;
}

/** `22:00`; undefined if none was picked. */
function readTime(values: Values, id: string): string | undefined {
  const found = time.safeParse(at(values, id));
  return found.success ? found.data.selected_time : undefined;
}

function readExternal(values: Values, id: string): string | undefined {
  const found = external.safeParse(at(values, id));
  return found.success ? found.data.selected_option.value : undefined;
}

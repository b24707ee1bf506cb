/**
 * Settings: what an admin decides for a workspace, and the rules that each of it must keep.
 *
 * What is not decided stays as the configuration says. `null` is a decision too: none of it.
 */
import { z } from 'zod';
import { isTimeZone } from './campaign-schedule.ts';

export const LOCALES = ['en', 'de'] as const;
export type Locale = (typeof LOCALES)[number];

/** People or groups in one role. */
export const ROLE_MEMBERS_MAX = 100;
export const ROLE_GROUPS_MAX = 20;
/** Days for which a link may confirm. */
export const LINK_DAYS_MAX = 30;
const NAME_CHARACTERS_MAX = 200;
const POSTAL_CHARACTERS_MAX = 500;
const URL_CHARACTERS_MAX = 900;

/** Why a value is not taken; the sentences are for the doors. */
const SETTINGS_FAULTS = [
  'not_a_person',
  'not_a_group',
  'too_many',
  'no_admin',
  'not_a_channel',
  'not_a_number',
  'not_hours',
  'not_days',
  'not_a_time',
  'quiet_half',
  'quiet_empty',
  'not_a_zone',
  'name_missing',
  'one_line',
  'too_long',
  'postal_missing',
  'not_a_url',
  'not_an_address',
  'other_domain',
] as const;
export type SettingsFault = (typeof SETTINGS_FAULTS)[number];

const fault = (name: SettingsFault): SettingsFault => name;

const people = z
  .array(z.string().regex(/^[UW][A-Z0-9]{2,20}$/u, fault('not_a_person')))
  .max(ROLE_MEMBERS_MAX, fault('too_many'));
const groups = z
  .array(z.string().regex(/^S[A-Z0-9]{2,20}$/u, fault('not_a_group')))
  .max(ROLE_GROUPS_MAX, fault('too_many'));
const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, fault('not_a_time'));
const whole = (min: number, max: number, name: SettingsFault) =>
  z.int(fault(name)).min(min, fault(name)).max(max, fault(name));

const AllSettings = z.strictObject({
  requesters: people,
  approvers: people,
  admins: people,
  requesterGroups: groups,
  approverGroups: groups,
  adminGroups: groups,
  channel: z.string().regex(/^[CG][A-Z0-9]{2,20}$/u, fault('not_a_channel')),
  /** Addresses. */
  typedOver: whole(0, 1_000_000_000, 'not_a_number'),
  approvalHours: whole(1, 720, 'not_hours'),
  linkDays: whole(1, LINK_DAYS_MAX, 'not_days'),
  silence: z.enum(['keep', 'revert']),
  quietHours: z
    .strictObject({ from: time, to: time })
    .refine(({ from, to }) => from !== to, fault('quiet_empty'))
    .nullable(),
  timeZone: z.string().refine((zone) => isTimeZone(zone), fault('not_a_zone')),
  locale: z.enum(LOCALES),
  digest: z.boolean(),
  senderName: z
    .string()
    .trim()
    .min(1, fault('name_missing'))
    .max(NAME_CHARACTERS_MAX, fault('too_long'))
    .regex(/^\P{Cc}*$/u, fault('one_line')),
  senderAddress: z.email(fault('not_an_address')),
  postalAddress: z
    .string()
    .trim()
    .min(1, fault('postal_missing'))
    .max(POSTAL_CHARACTERS_MAX, fault('too_long')),
  privacyUrl: z
    .string()
    .max(URL_CHARACTERS_MAX, fault('too_long'))
    .refine(isWebUrl, fault('not_a_url'))
    .nullable(),
  replyTo: z.email(fault('not_an_address')).nullable(),
});
export type AllSettings = z.infer<typeof AllSettings>;

/** What was decided; whatever is absent is as the configuration says. */
export const DecidedSettings = AllSettings.partial();
export type DecidedSettings = z.infer<typeof DecidedSettings>;
export type SettingName = keyof DecidedSettings;

/** What is wrong, by the name of the setting; the first fault of each. */
export type SettingsFaults = Partial<Record<SettingName, SettingsFault>>;

/** Looks at each value by itself and at those that depend on each other. */
export function settingsFaults(values: DecidedSettings): SettingsFaults {
  const faults: SettingsFaults = {};
  for (const { path, message } of DecidedSettings.safeParse(values).error?.issues ?? []) {
    const [name] = path;
    const known = SETTINGS_FAULTS.find((one) => one === message);
    if (!isSettingName(name)) continue;
    faults[name] ??= known ?? 'not_a_number';
  }
  if (values.admins?.length === 0 && (values.adminGroups ?? []).length === 0) {
    // Nobody could ever change this again.
    faults.admins ??= 'no_admin';
  }
  return faults;
}

function isSettingName(name: unknown): name is SettingName {
  return typeof name === 'string' && Object.hasOwn(DecidedSettings.shape, name);
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return protocol === 'https:' && `${username}${password}` === '';
}

/** Settings form: what an admin sees and changes. All of it in one modal. */
import type { AnyBlock, ModalView, MultiUsersSelect, PlainTextOption } from '@slack/types';
import type { AllSettings } from '../../consent/settings.ts';
import { LOCALES, ROLE_GROUPS_MAX, ROLE_MEMBERS_MAX } from '../../consent/settings.ts';
import { header, modal, plain } from '../blocks/blocks.ts';
import {
  checkboxes,
  externalMultiSelect,
  input,
  numberInput,
  option,
  radios,
  select,
  textInput,
  urlInput,
} from '../blocks/inputs.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { SETTINGS_WORDS } from '../words/settings.ts';
import { DIGEST_ON, type GROUP_INPUTS, INPUTS, QUIET_TO } from './values.ts';

export const CHANGE_SETTINGS = 'change-settings';
const NAME_CHARACTERS_MAX = 200;
const POSTAL_CHARACTERS_MAX = 500;

export interface SettingsModel {
  readonly version: number;
  readonly settings: AllSettings;
  /** Names of user groups, by id; a group without one is shown by its id. */
  readonly groups: ReadonlyMap<string, string>;
}

export function settingsView(model: SettingsModel, locale: SlackLocale): ModalView {
  const words = SETTINGS_WORDS[locale];
  return modal({
    callbackId: CHANGE_SETTINGS,
    title: words.title,
    submit: words.save,
    close: NOTICE_WORDS[locale].cancel,
    metadata: String(model.version),
    blocks: [
      ...peopleBlocks(model, locale),
      ...requestBlocks(model, locale),
      ...timeBlocks(model, locale),
      ...senderBlocks(model, locale),
    ],
  });
}

function peopleBlocks({ settings, groups }: SettingsModel, locale: SlackLocale): AnyBlock[] {
  const words = SETTINGS_WORDS[locale];
  const role = (name: 'requesters' | 'approvers' | 'admins', group: keyof typeof GROUP_INPUTS) => [
    input({
      id: INPUTS[name],
      label: words[name],
      hint: words[`${name}Hint`],
      element: usersSelect(settings[name]),
      optional: true,
    }),
    input({
      id: INPUTS[group],
      label: words[group],
      element: externalMultiSelect({
        initial: settings[group].map((id) => option(id, groups.get(id) ?? id)),
        most: ROLE_GROUPS_MAX,
        placeholder: words.groupsPlaceholder,
      }),
      optional: true,
    }),
  ];
  return [
    header(words.people),
    ...role('requesters', 'requesterGroups'),
    ...role('approvers', 'approverGroups'),
    ...role('admins', 'adminGroups'),
  ];
}

function requestBlocks({ settings }: SettingsModel, locale: SlackLocale): AnyBlock[] {
  const words = SETTINGS_WORDS[locale];
  const { channel } = settings;
  const number = (name: 'typedOver' | 'approvalHours' | 'linkDays') =>
    input({
      id: INPUTS[name],
      label: words[name],
      hint: words[`${name}Hint`],
      element: numberInput({ initial: settings[name] }),
    });
  const answers = [option('keep', words.silenceKeep), option('revert', words.silenceRevert)];
  return [
    header(words.requests),
    input({
      id: INPUTS.channel,
      label: words.channel,
      hint: words.channelHint,
      element: {
        type: 'conversations_select',
        filter: {
          include: ['public', 'private'],
          exclude_bot_users: true,
          exclude_external_shared_channels: true,
        },
        ...(channel === '' ? {} : { initial_conversation: channel }),
      },
    }),
    number('typedOver'),
    number('approvalHours'),
    number('linkDays'),
    input({
      id: INPUTS.silence,
      label: words.silence,
      element: radios(answers, { initial: settings.silence }),
    }),
  ];
}

function timeBlocks({ settings }: SettingsModel, locale: SlackLocale): AnyBlock[] {
  const words = SETTINGS_WORDS[locale];
  const { quietHours, timeZone, digest } = settings;
  const time = (id: string, label: string, initial: string | undefined) =>
    input({
      id,
      label,
      element: { type: 'timepicker', ...(initial === undefined ? {} : { initial_time: initial }) },
      hint: words.quietHint,
      optional: true,
    });
  const digests = [option(DIGEST_ON, words.digestOn)];
  return [
    header(words.time),
    time(INPUTS.quietHours, words.quietFrom, quietHours?.from),
    time(QUIET_TO, words.quietTo, quietHours?.to),
    input({
      id: INPUTS.timeZone,
      label: words.timeZone,
      element: {
        type: 'external_select',
        min_query_length: 1,
        placeholder: plain(words.zonePlaceholder),
        initial_option: option(timeZone, timeZone),
      },
    }),
    input({
      id: INPUTS.locale,
      label: words.locale,
      hint: words.localeHint,
      element: select(
        LOCALES.map((one) => option(one, words.localeNames[one])),
        { initial: settings.locale },
      ),
    }),
    input({
      id: INPUTS.digest,
      label: words.digest,
      element: checkboxes(digests, { initial: digest ? [DIGEST_ON] : [] }),
      optional: true,
    }),
  ];
}

/** What is left empty stays as it is; what may be absent is then absent. */
function senderBlocks({ settings }: SettingsModel, locale: SlackLocale): AnyBlock[] {
  const words = SETTINGS_WORDS[locale];
  const email = (initial: string | null) => ({
    type: 'email_text_input' as const,
    ...(initial === null || initial === '' ? {} : { initial_value: initial }),
  });
  return [
    header(words.sender),
    input({
      id: INPUTS.senderName,
      label: words.senderName,
      element: textInput({ initial: settings.senderName, charactersMax: NAME_CHARACTERS_MAX }),
      optional: true,
    }),
    input({
      id: INPUTS.senderAddress,
      label: words.senderAddress,
      hint: words.senderAddressHint,
      element: email(settings.senderAddress),
      optional: true,
    }),
    input({
      id: INPUTS.replyTo,
      label: words.replyTo,
      element: email(settings.replyTo),
      optional: true,
    }),
    input({
      id: INPUTS.postalAddress,
      label: words.postalAddress,
      hint: words.postalAddressHint,
      element: textInput({
        initial: settings.postalAddress,
        multiline: true,
        charactersMax: POSTAL_CHARACTERS_MAX,
      }),
      optional: true,
    }),
    input({
      id: INPUTS.privacyUrl,
      label: words.privacyUrl,
      element: urlInput({ initial: settings.privacyUrl ?? undefined }),
      optional: true,
    }),
  ];
}

function usersSelect(initial: readonly string[]): MultiUsersSelect {
  return {
    type: 'multi_users_select',
    max_selected_items: ROLE_MEMBERS_MAX,
    ...(initial.length === 0 ? {} : { initial_users: [...initial] }),
  };
}

/** Time zones of this machine whose name holds what was typed; spaces stand for underscores. */
export function timeZoneOptions(typed: string, most: number): PlainTextOption[] {
  const wanted = typed.trim().toLowerCase().replaceAll(/\s+/gu, '_');
  return ['UTC', ...Intl.supportedValuesOf('timeZone')]
    .filter((name, index, all) => all.indexOf(name) === index)
    .filter((name) => name.toLowerCase().includes(wanted))
    .slice(0, most)
    .map((name) => option(name, name));
}

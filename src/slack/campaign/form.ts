/**
 * Campaign form: the modal in which a campaign is asked for, and what was entered in it. Which
 * inputs a rhythm needs is said at their fields; the ones of another rhythm are not looked at.
 */
import type { AnyBlock, ModalView } from '@slack/types';
import { AUDIENCE_SOURCES_MAX, EMAIL_FIELDS, readSourceKey } from '../../consent/audience.ts';
import {
  CAMPAIGN_NAME_CHARS_MAX,
  NOT_ASKED_DAYS_DEFAULT,
  NOT_ASKED_DAYS_MAX,
  NOT_ASKED_DAYS_MIN,
} from '../../consent/campaign.ts';
import {
  INTERVAL_DAYS_MAX,
  isTimeOfDay,
  isTimeZone,
  RHYTHMS,
  type Rhythm,
} from '../../consent/campaign-schedule.ts';
import type { CampaignForm } from '../../workflow/campaign-submit.ts';
import { modal, section } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import {
  checkboxes,
  externalMultiSelect,
  input,
  numberInput,
  option,
  radios,
  select,
  textInput,
} from '../blocks/inputs.ts';
import { SELECT_OPTIONS_MAX } from '../blocks/limits.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readNumber, readOneOf, readOption, readOptions, readText } from '../guard/values.ts';
import { followUpInputs, readFollowUps } from '../request/follow-up-inputs.ts';
import { CHOOSE_AUDIENCE } from '../wizard/who.ts';
import { CAMPAIGN_FORM_WORDS, type CampaignFormWords } from '../words/campaign-form.ts';
import { CAMPAIGN_WORDS } from '../words/campaigns.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { refusalSentence } from '../words/refusals.ts';
import { REQUEST_WORDS } from '../words/requests.ts';

export const SUBMIT_CAMPAIGN = 'submit-campaign';

/** Block and action ids of the inputs; the audience's is the one that offers options. */
const IDS = {
  name: 'campaign-name',
  audience: CHOOSE_AUDIENCE,
  match: 'campaign-match',
  fields: 'campaign-fields',
  rhythm: 'campaign-rhythm',
  weekday: 'campaign-weekday',
  days: 'campaign-days',
  time: 'campaign-time',
  zone: 'campaign-zone',
  template: 'campaign-template',
  silence: 'campaign-silence',
  notAskedDays: 'campaign-not-asked',
} as const;
const TIME_CHARACTERS_MAX = 5;
const ZONE_CHARACTERS_MAX = 64;
const TIME_DEFAULT = '09:00';

export interface CampaignOffer {
  /** Names of the templates that may be chosen; none: no mail server. */
  readonly templates: readonly string[];
  /** The workspace's. */
  readonly zone: string;
  readonly silence: CampaignForm['silence'];
  /** Days for which a link confirms. */
  readonly linkDays: number;
}

export function campaignForm(offer: CampaignOffer, locale: SlackLocale): ModalView {
  const words = CAMPAIGN_FORM_WORDS[locale];
  const mayAsk = offer.templates.length > 0;
  return modal({
    callbackId: SUBMIT_CAMPAIGN,
    title: words.newTitle,
    close: NOTICE_WORDS[locale].cancel,
    submit: mayAsk ? words.send : undefined,
    blocks: mayAsk
      ? [
          ...whoInputs(words, locale),
          ...whenInputs(words, offer, locale),
          ...mailInputs(words, offer),
          ...followUpInputs({}, offer.linkDays, locale),
        ]
      : [section(md`${words.noMail}`)],
  });
}

function whoInputs(words: CampaignFormWords, locale: SlackLocale): AnyBlock[] {
  const fieldNames = REQUEST_WORDS[locale].fields;
  return [
    input({
      id: IDS.name,
      label: words.name,
      hint: words.nameHint,
      element: textInput({ charactersMax: CAMPAIGN_NAME_CHARS_MAX }),
    }),
    input({
      id: IDS.audience,
      label: words.chooseAudience,
      hint: words.audienceHint,
      element: externalMultiSelect({
        initial: [],
        most: AUDIENCE_SOURCES_MAX,
        placeholder: words.search,
      }),
    }),
    input({
      id: IDS.match,
      label: words.match,
      element: radios([option('any', words.any), option('all', words.all)], { initial: 'any' }),
    }),
    input({
      id: IDS.fields,
      label: words.chooseFields,
      element: checkboxes(
        EMAIL_FIELDS.map((field) => option(field, fieldNames[field])),
        { initial: ['email'] },
      ),
    }),
  ];
}

function whenInputs(
  words: CampaignFormWords,
  { zone }: CampaignOffer,
  locale: SlackLocale,
): AnyBlock[] {
  const weekdays = CAMPAIGN_WORDS[locale].weekdays;
  return [
    input({
      id: IDS.rhythm,
      label: words.rhythm,
      element: radios(
        RHYTHMS.map((rhythm) => option(rhythm, words.rhythms[rhythm])),
        { initial: 'quarter' },
      ),
    }),
    input({
      id: IDS.weekday,
      label: words.weekday,
      hint: words.weekdayHint,
      optional: true,
      element: select(weekdays.map((day, index) => option(String(index + 1), day))),
    }),
    input({
      id: IDS.days,
      label: words.days,
      hint: words.daysHint,
      optional: true,
      element: numberInput(),
    }),
    input({
      id: IDS.time,
      label: words.time,
      hint: words.timeHint,
      element: textInput({ initial: TIME_DEFAULT, charactersMax: TIME_CHARACTERS_MAX }),
    }),
    input({
      id: IDS.zone,
      label: words.zone,
      hint: words.zoneHint,
      element: textInput({ initial: zone, charactersMax: ZONE_CHARACTERS_MAX }),
    }),
  ];
}

function mailInputs(words: CampaignFormWords, { templates, silence }: CampaignOffer): AnyBlock[] {
  const shown = templates.slice(0, SELECT_OPTIONS_MAX);
  return [
    input({
      id: IDS.notAskedDays,
      label: words.notAskedDays,
      hint: words.notAskedHint,
      element: numberInput({ initial: NOT_ASKED_DAYS_DEFAULT }),
    }),
    input({
      id: IDS.template,
      label: words.template,
      element: select(
        shown.map((name) => option(name, name)),
        { initial: shown[0] },
      ),
    }),
    input({
      id: IDS.silence,
      label: words.silence,
      element: radios([option('keep', words.keep), option('revert', words.revert)], {
        initial: silence,
      }),
    }),
  ];
}

/** @throws InputErrors at each input that is missing or wrong */
export function readCampaign(values: Values, locale: SlackLocale): CampaignForm {
  const rhythm = readOneOf(values, IDS.rhythm, RHYTHMS) ?? 'quarter';
  const read = {
    name: readText(values, IDS.name) ?? '',
    sources: sourcesIn(values),
    fields: EMAIL_FIELDS.filter((field) => readOptions(values, IDS.fields).includes(field)),
    weekday: rhythm === 'week' ? Number(readOption(values, IDS.weekday)) : undefined,
    days: rhythm === 'days' ? (readNumber(values, IDS.days) ?? 0) : undefined,
    time: readText(values, IDS.time) ?? '',
    zone: readText(values, IDS.zone) ?? '',
    template: readOption(values, IDS.template) ?? '',
    notAskedDays: readNumber(values, IDS.notAskedDays) ?? 0,
  };
  const errors = errorsOf(read, locale);
  if (Object.keys(errors).length > 0) throw new InputErrors(errors);
  const { name, sources, fields, weekday, days, time, zone, template, notAskedDays } = read;
  const match = readOneOf(values, IDS.match, ['any', 'all'] as const) ?? 'any';
  return {
    name,
    choice: { sources, match, fields },
    schedule: scheduleOf(rhythm, { weekday, days, time, zone }),
    template,
    silence: readOneOf(values, IDS.silence, ['keep', 'revert'] as const) ?? 'keep',
    notAskedDays,
    ...readFollowUps(values, {}),
  };
}

function sourcesIn(values: Values) {
  return readOptions(values, IDS.audience)
    .map(readSourceKey)
    .filter((source) => source !== undefined)
    .slice(0, AUDIENCE_SOURCES_MAX);
}

function scheduleOf(rhythm: Rhythm, { weekday, days, time, zone }: When): CampaignForm['schedule'] {
  return {
    rhythm,
    ...(weekday === undefined ? {} : { weekday }),
    ...(days === undefined ? {} : { days }),
    time,
    zone,
  };
}

interface When {
  readonly weekday: number | undefined;
  readonly days: number | undefined;
  readonly time: string;
  readonly zone: string;
}

interface Read extends When {
  readonly name: string;
  readonly sources: readonly unknown[];
  readonly fields: readonly unknown[];
  readonly notAskedDays: number;
}

function errorsOf(read: Read, locale: SlackLocale): Record<string, string> {
  const { wrong } = CAMPAIGN_FORM_WORDS[locale];
  const { name, sources, fields, weekday, days, time, zone, notAskedDays } = read;
  const rows: readonly (readonly [id: string, isRight: boolean, says: string])[] = [
    [IDS.name, name !== '' && Array.from(name).length <= CAMPAIGN_NAME_CHARS_MAX, wrong.name],
    [IDS.audience, sources.length > 0, refusalSentence('audience_empty', locale)],
    [IDS.fields, fields.length > 0, wrong.fields],
    [IDS.weekday, weekday === undefined || within(weekday, 1, 7), wrong.weekday],
    [IDS.days, days === undefined || within(days, 1, INTERVAL_DAYS_MAX), wrong.days],
    [IDS.time, isTimeOfDay(time), wrong.time],
    [IDS.zone, isTimeZone(zone), wrong.zone],
    [
      IDS.notAskedDays,
      within(notAskedDays, NOT_ASKED_DAYS_MIN, NOT_ASKED_DAYS_MAX),
      wrong.notAskedDays,
    ],
  ];
  return Object.fromEntries(rows.flatMap(([id, isRight, says]) => (isRight ? [] : [[id, says]])));
}

const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

/** Campaign form words: what is read where a campaign is asked for, and where it is decided. */
import type { Rhythm } from '../../consent/campaign-schedule.ts';
import type { Words } from './language.ts';

export interface CampaignFormWords {
  readonly newTitle: string;
  readonly send: string;
  readonly name: string;
  readonly nameHint: string;
  readonly chooseAudience: string;
  readonly audienceHint: string;
  readonly search: string;
  readonly match: string;
  readonly any: string;
  readonly all: string;
  readonly chooseFields: string;
  readonly rhythm: string;
  readonly rhythms: Readonly<Record<Rhythm, string>>;
  readonly weekday: string;
  readonly weekdayHint: string;
  readonly days: string;
  readonly daysHint: string;
  readonly time: string;
  readonly timeHint: string;
  readonly zone: string;
  readonly zoneHint: string;
  readonly template: string;
  readonly silence: string;
  readonly keep: string;
  readonly revert: string;
  readonly notAskedDays: string;
  readonly notAskedHint: string;
  readonly noMail: string;
  readonly sent: string;
  readonly wrong: Readonly<
    Record<'name' | 'weekday' | 'days' | 'time' | 'zone' | 'notAskedDays' | 'fields', string>
  >;
  // The decision
  readonly decision: string;
  readonly decide: string;
  readonly approve: string;
  readonly reject: string;
  readonly decideFirst: string;
  readonly reason: string;
  readonly reasonHint: string;
  readonly approved: string;
  readonly rejected: string;
}

const en: CampaignFormWords = {
  newTitle: 'New campaign',
  send: 'Send for approval',
  name: 'Name',
  nameHint: 'So that your team knows it again.',
  chooseAudience: 'Import batches and tags',
  audienceHint: 'Type the beginning of a name. Up to 10. Who joins them later is asked later.',
  search: 'Search batches and tags',
  match: 'Addresses in',
  any: 'any of them',
  all: 'all of them at once',
  chooseFields: 'Address fields',
  rhythm: 'How often',
  rhythms: {
    quarter: 'On the 1st of each quarter',
    month: 'On the 1st of each month',
    week: 'Once a week',
    days: 'Every so many days',
  },
  weekday: 'Day of the week',
  weekdayHint: 'If it runs once a week.',
  days: 'Days from one run to the next',
  daysHint: 'If it runs every so many days: 1 to 365.',
  time: 'Time of day',
  timeHint: '24 hours, like 09:00. In quiet hours it waits until they end.',
  zone: 'Time zone',
  zoneHint: 'Like Europe/Berlin or America/New_York.',
  template: 'Mail template',
  silence: 'Whoever does not answer …',
  keep: 'stays opted in, not confirmed',
  revert: 'is not mailed any more (non-marketable)',
  notAskedDays: 'Ask only whoever was not asked for so many days',
  notAskedHint: 'From 30 to 730; asks of all requests count.',
  noMail: 'Assent cannot send mail yet, so there can be no campaign.',
  sent: 'Sent for approval. Nothing runs before another person says yes.',
  wrong: {
    name: 'A name has 1 to 80 characters.',
    weekday: 'Choose the day of the week.',
    days: 'Type a number from 1 to 365.',
    time: 'Type a time like 09:00.',
    zone: 'There is no such time zone. Type one like Europe/Berlin.',
    notAskedDays: 'Type a number from 30 to 730.',
    fields: 'Choose at least one field.',
  },
  decision: 'Your decision',
  decide: 'Decide',
  approve: 'Approve: this campaign may run by itself from now on',
  reject: 'Reject: it never runs',
  decideFirst: 'Approve or reject.',
  reason: 'To reject, say why',
  reasonHint: 'The requester and the channel read it.',
  approved: 'Approved. It runs by itself from now on.',
  rejected: 'Rejected. It never runs, and the requester is told why.',
};

const de: CampaignFormWords = {
  newTitle: 'Neue Kampagne',
  send: 'Zur Freigabe senden',
  name: 'Name',
  nameHint: 'Damit Ihr Team sie wiedererkennt.',
  chooseAudience: 'Importe und Tags',
  audienceHint:
    'Tippen Sie den Anfang eines Namens. Bis zu 10. Wer später dazukommt, wird später gefragt.',
  search: 'Importe und Tags suchen',
  match: 'Adressen in',
  any: 'mindestens einem davon',
  all: 'allen zugleich',
  chooseFields: 'Adressfelder',
  rhythm: 'Wie oft',
  rhythms: {
    quarter: 'Am 1. jedes Quartals',
    month: 'Am 1. jedes Monats',
    week: 'Einmal in der Woche',
    days: 'Alle paar Tage',
  },
  weekday: 'Wochentag',
  weekdayHint: 'Falls sie einmal in der Woche läuft.',
  days: 'Tage von einem Lauf zum nächsten',
  daysHint: 'Falls sie alle paar Tage läuft: 1 bis 365.',
  time: 'Uhrzeit',
  timeHint: 'Zum Beispiel 09:00. In Ruhezeiten wartet der Lauf, bis sie enden.',
  zone: 'Zeitzone',
  zoneHint: 'Zum Beispiel Europe/Berlin oder America/New_York.',
  template: 'E-Mail-Vorlage',
  silence: 'Wer nicht antwortet …',
  keep: 'bleibt angemeldet, aber unbestätigt',
  revert: 'wird nicht mehr angeschrieben',
  notAskedDays: 'Nur fragen, wer so viele Tage nicht gefragt wurde',
  notAskedHint: 'Von 30 bis 730; es zählen die Nachfragen aller Anfragen.',
  noMail: 'Assent kann noch keine E-Mails versenden, daher ist keine Kampagne möglich.',
  sent: 'Zur Freigabe gesendet. Nichts läuft, bevor eine zweite Person zustimmt.',
  wrong: {
    name: 'Ein Name hat 1 bis 80 Zeichen.',
    weekday: 'Bitte wählen Sie den Wochentag.',
    days: 'Bitte geben Sie eine Zahl von 1 bis 365 ein.',
    time: 'Bitte geben Sie eine Uhrzeit wie 09:00 ein.',
    zone: 'Diese Zeitzone gibt es nicht. Geben Sie eine ein wie Europe/Berlin.',
    notAskedDays: 'Bitte geben Sie eine Zahl von 30 bis 730 ein.',
    fields: 'Bitte wählen Sie mindestens ein Feld.',
  },
  decision: 'Ihre Entscheidung',
  decide: 'Entscheiden',
  approve: 'Freigeben: Die Kampagne darf ab jetzt von selbst laufen',
  reject: 'Ablehnen: Sie läuft nie',
  decideFirst: 'Bitte geben Sie frei oder lehnen Sie ab.',
  reason: 'Grund der Ablehnung',
  reasonHint: 'Die anfragende Person und der Kanal lesen ihn.',
  approved: 'Freigegeben. Die Kampagne läuft ab jetzt von selbst.',
  rejected: 'Abgelehnt. Die Kampagne läuft nie, und die anfragende Person erfährt den Grund.',
};

export const CAMPAIGN_FORM_WORDS: Words<CampaignFormWords> = { en, de };

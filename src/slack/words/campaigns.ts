/** Campaign words: what is said of a campaign wherever it is shown, asked for or decided. */

import type { CampaignEvent, CampaignState } from '../../consent/campaign.ts';
import type { StopNote } from '../../consent/note.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import type { Words } from './language.ts';

export interface CampaignWords {
  readonly states: Readonly<Record<CampaignState, string>>;
  readonly headings: Readonly<Record<CampaignState, string>>;
  readonly steps: Readonly<Record<CampaignEvent | 'submit', string>>;
  /** Why the clock paused it. */
  readonly stopped: Readonly<Record<StopNote, string>>;
  readonly campaign: string;
  readonly none: string;
  readonly latest: string;
  readonly create: string;
  readonly review: string;
  readonly reviewOf: (name: string) => string;
  readonly details: string;
  readonly detailsOf: (name: string) => string;
  readonly pause: string;
  readonly resume: string;
  readonly end: string;
  readonly endTitle: string;
  readonly endText: string;
  readonly endYes: string;
  readonly endNo: string;
  readonly askedBy: string;
  readonly audience: string;
  readonly fields: string;
  readonly schedule: string;
  readonly quarterly: (time: string, zone: string) => string;
  readonly monthly: (time: string, zone: string) => string;
  readonly weekly: (weekday: string, time: string, zone: string) => string;
  readonly everyDays: (days: number, time: string, zone: string) => string;
  /** Monday to Sunday. */
  readonly weekdays: readonly string[];
  readonly whom: string;
  readonly notAsked: (days: number) => string;
  readonly todayWould: (asks: string, addresses: string) => string;
  readonly standing: string;
  readonly nextRun: string;
  readonly runs: string;
  readonly noRuns: string;
  readonly ranAsking: (asks: string, request: string) => string;
  readonly ranForNobody: string;
  readonly late: string;
  readonly expires: string;
  readonly terms: string;
  readonly soFar: string;
  readonly yours: (name: string) => string;
  readonly cardLost: Mrkdwn;
  /** Whoever decides is too late; `stands` is its state. */
  readonly notOpen: (name: string, stands: string) => string;
}

const en: CampaignWords = {
  states: {
    'awaiting-approval': 'Waits for approval',
    active: 'Active',
    paused: 'Paused',
    ended: 'Ended',
    rejected: 'Rejected',
    expired: 'Expired',
  },
  headings: {
    'awaiting-approval': 'Approval needed: campaign',
    active: 'Active campaign',
    paused: 'Paused campaign',
    ended: 'Ended campaign',
    rejected: 'Rejected campaign',
    expired: 'Expired campaign',
  },
  steps: {
    submit: 'Asked for',
    approve: 'Approved',
    reject: 'Rejected',
    expire: 'Expired',
    pause: 'Paused',
    resume: 'Resumed',
    end: 'Ended',
  },
  stopped: {
    template_changed:
      'the mail template is no longer the one that was approved. Ask for a new campaign with it.',
    audience_not_found: 'a batch or tag of its audience was deleted. Ask for a new campaign.',
    mail_not_configured: 'no mail server is configured any more. Resume it when there is one.',
    app_removed:
      'the app was removed from the workspace. Resume it when the app is installed again.',
  },
  campaign: 'Campaign',
  none: 'There are no campaigns. A campaign asks people again by itself, on the 1st of each quarter for example.',
  latest: 'Campaigns',
  create: 'New campaign',
  review: 'Review',
  reviewOf: (name) => `Review the campaign ${name}`,
  details: 'Details',
  detailsOf: (name) => `Details of the campaign ${name}`,
  pause: 'Pause',
  resume: 'Resume',
  end: 'End',
  endTitle: 'End this campaign?',
  endText: 'It never runs again. A run that goes on now is not stopped.',
  endYes: 'End the campaign',
  endNo: 'Keep it',
  askedBy: 'Asked for by',
  audience: 'Audience',
  fields: 'Address fields',
  schedule: 'Runs',
  quarterly: (time, zone) => `on the 1st of each quarter at ${time} (${zone})`,
  monthly: (time, zone) => `on the 1st of each month at ${time} (${zone})`,
  weekly: (weekday, time, zone) => `each ${weekday} at ${time} (${zone})`,
  everyDays: (days, time, zone) =>
    days === 1 ? `each day at ${time} (${zone})` : `every ${days} days at ${time} (${zone})`,
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  whom: 'Whom it asks',
  notAsked: (days) =>
    `addresses that are opted in and not confirmed, and were not asked for ${days === 1 ? 'a day' : `${days} days`}; nobody is asked more than twice in 180 days`,
  todayWould: (asks, addresses) => `Today it would ask ${asks} of ${addresses}.`,
  standing:
    'The approval stands for every run until somebody pauses or ends it: whoever joins the audience later is asked too.',
  nextRun: 'Next run',
  runs: 'Runs so far',
  noRuns: 'It has not run yet.',
  ranAsking: (asks, request) => `${asks} to ask, request ${request}`,
  ranForNobody: 'nobody to ask',
  late: 'late, because Assent did not run',
  expires: 'Expires',
  terms: 'terms',
  soFar: 'So far',
  yours: (name) => `Your campaign “${name}”`,
  cardLost: md`*Its card could not be posted in the channel.* \`/assent campaigns\` shows the campaign with its buttons; an approver may have to be told.`,
  notOpen: (name, stands) =>
    `Nothing was done: that is not possible with a campaign that stands so. ${name}: ${stands}.`,
};

const de: CampaignWords = {
  states: {
    'awaiting-approval': 'Wartet auf Freigabe',
    active: 'Aktiv',
    paused: 'Angehalten',
    ended: 'Beendet',
    rejected: 'Abgelehnt',
    expired: 'Abgelaufen',
  },
  headings: {
    'awaiting-approval': 'Freigabe nötig: Kampagne',
    active: 'Aktive Kampagne',
    paused: 'Angehaltene Kampagne',
    ended: 'Beendete Kampagne',
    rejected: 'Abgelehnte Kampagne',
    expired: 'Abgelaufene Kampagne',
  },
  steps: {
    submit: 'Angefragt',
    approve: 'Freigegeben',
    reject: 'Abgelehnt',
    expire: 'Abgelaufen',
    pause: 'Angehalten',
    resume: 'Fortgesetzt',
    end: 'Beendet',
  },
  stopped: {
    template_changed:
      'Die E-Mail-Vorlage ist nicht mehr die freigegebene. Bitte fragen Sie damit eine neue Kampagne an.',
    audience_not_found:
      'Ein Import oder Tag der Zielgruppe wurde gelöscht. Bitte fragen Sie eine neue Kampagne an.',
    mail_not_configured:
      'Es ist kein Mailserver mehr eingerichtet. Setzen Sie die Kampagne fort, sobald es einen gibt.',
    app_removed:
      'Die App wurde aus dem Workspace entfernt. Setzen Sie die Kampagne fort, sobald die App wieder installiert ist.',
  },
  campaign: 'Kampagne',
  none: 'Es gibt keine Kampagnen. Eine Kampagne bittet von selbst erneut um Bestätigung, zum Beispiel am 1. jedes Quartals.',
  latest: 'Kampagnen',
  create: 'Neue Kampagne',
  review: 'Prüfen',
  reviewOf: (name) => `Prüfen: Kampagne ${name}`,
  details: 'Einzelheiten',
  detailsOf: (name) => `Einzelheiten der Kampagne ${name}`,
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  end: 'Beenden',
  endTitle: 'Diese Kampagne beenden?',
  endText: 'Sie läuft nie wieder. Ein Lauf, der gerade im Gange ist, wird nicht abgebrochen.',
  endYes: 'Kampagne beenden',
  endNo: 'Behalten',
  askedBy: 'Angefragt von',
  audience: 'Zielgruppe',
  fields: 'Adressfelder',
  schedule: 'Zeitplan',
  quarterly: (time, zone) => `am 1. jedes Quartals um ${time} Uhr (${zone})`,
  monthly: (time, zone) => `am 1. jedes Monats um ${time} Uhr (${zone})`,
  weekly: (weekday, time, zone) => `jeden ${weekday} um ${time} Uhr (${zone})`,
  everyDays: (days, time, zone) =>
    days === 1
      ? `jeden Tag um ${time} Uhr (${zone})`
      : `alle ${days} Tage um ${time} Uhr (${zone})`,
  weekdays: ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'],
  whom: 'Wer gefragt wird',
  notAsked: (days) =>
    `angemeldete, unbestätigte Adressen, die ${days === 1 ? 'einen Tag' : `${days} Tage`} lang nicht gefragt wurden; niemand wird in 180 Tagen mehr als zweimal gefragt`,
  todayWould: (asks, addresses) => `Heute würden ${asks} von ${addresses} gefragt.`,
  standing:
    'Die Freigabe gilt für jeden Lauf, bis jemand die Kampagne anhält oder beendet: Auch wer später zur Zielgruppe kommt, wird gefragt.',
  nextRun: 'Nächster Lauf',
  runs: 'Bisherige Läufe',
  noRuns: 'Sie ist noch nicht gelaufen.',
  ranAsking: (asks, request) => `${asks} zu fragen, Anfrage ${request}`,
  ranForNobody: 'niemand zu fragen',
  late: 'verspätet, weil Assent nicht lief',
  expires: 'Läuft ab',
  terms: 'Bedingungen',
  soFar: 'Bisher',
  yours: (name) => `Ihre Kampagne „${name}“`,
  cardLost: md`*Ihre Karte konnte im Kanal nicht gepostet werden.* \`/assent campaigns\` zeigt die Kampagne mit ihren Schaltflächen; sagen Sie es gegebenenfalls jemandem, der freigeben darf.`,
  notOpen: (name, stands) =>
    `Es wurde nichts getan: Das geht bei einer Kampagne in diesem Stand nicht. ${name}: ${stands}.`,
};

export const CAMPAIGN_WORDS: Words<CampaignWords> = { en, de };

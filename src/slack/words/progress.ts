/** Progress words: how far a request has come, its buttons, and what came of it in the end. */
import type { SendState } from '../../consent/mail-event.ts';
import type { Words } from './language.ts';

/** Fates of a mail that the result tells, each with its count before it. */
type Fate = Extract<SendState, 'bounced' | 'blocked' | 'unknown' | 'cancelled'>;

interface ProgressWords {
  readonly looked: (done: string, all: string, changed: string, skipped: string) => string;
  readonly mailed: (changed: string, sent: string, all: string, one: boolean) => string;
  readonly minutes: (minutes: number) => string;
  readonly hours: (hours: number) => string;
  readonly left: (time: string) => string;
  /** In the thread: a part of the addresses is behind us. */
  readonly milestone: (percent: number) => string;
  readonly pause: string;
  readonly resume: string;
  readonly cancel: string;
  readonly cancelTitle: string;
  readonly cancelText: string;
  readonly cancelYes: string;
  readonly cancelNo: string;
}

interface ResultWords {
  readonly done: string;
  readonly soFar: string;
  readonly cancelled: string;
  readonly optedIn: string;
  readonly optedOut: string;
  readonly putBack: string;
  readonly asked: (addresses: string, one: boolean) => string;
  readonly looked: string;
  readonly changed: string;
  readonly askedField: string;
  readonly ofPlanned: (count: string, planned: string) => string;
  readonly fewer: (count: string) => string;
  readonly because: string;
  readonly notReached: (count: string) => string;
  readonly noneLeftOut: string;
  readonly leftAsTheyAre: string;
  readonly mailSoFar: string;
  readonly sent: (count: string, one: boolean) => string;
  readonly confirmed: (count: string) => string;
  readonly stopped: (count: string) => string;
  readonly silent: (count: string) => string;
  readonly fates: Readonly<Record<Fate, (count: string) => string>>;
  readonly chart: string;
  /** Slices of the chart: at most 20 characters each. */
  readonly sliceChanged: string;
  readonly sliceAsked: string;
  readonly sliceOther: string;
  readonly slices: Readonly<Record<string, string>>;
}

const PROGRESS_EN: ProgressWords = {
  looked: (done, all, changed, skipped) =>
    `${done} of ${all} looked at, ${changed} changed, ${skipped} left unchanged.`,
  mailed: (changed, sent, all, one) =>
    `${changed} changed. ${sent} ${one ? 'mail' : 'mails'} sent of ${all}.`,
  minutes: (minutes) => `${minutes} min`,
  hours: (hours) => `about ${hours} h`,
  left: (time) => `About ${time} left.`,
  milestone: (percent) => `${percent} % of the addresses are done.`,
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel',
  cancelTitle: 'Cancel this request?',
  cancelText:
    'What was changed stays changed. Mail that has not left is not sent. It cannot be started again.',
  cancelYes: 'Cancel the request',
  cancelNo: 'Go on',
};

const PROGRESS_DE: ProgressWords = {
  looked: (done, all, changed, skipped) =>
    `${done} von ${all} geprüft, ${changed} geändert, ${skipped} unverändert gelassen.`,
  mailed: (changed, sent, all) => `${changed} geändert. Gesendete E-Mails: ${sent} von ${all}.`,
  minutes: (minutes) => `${minutes} Min.`,
  hours: (hours) => `${hours} Std.`,
  left: (time) => `Noch etwa ${time}`,
  milestone: (percent) => `${percent} % der Adressen sind erledigt.`,
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  cancel: 'Abbrechen',
  cancelTitle: 'Diese Anfrage abbrechen?',
  cancelText:
    'Was geändert ist, bleibt geändert. Noch nicht gesendete E-Mails werden nicht gesendet. Ein Neustart ist nicht möglich.',
  cancelYes: 'Anfrage abbrechen',
  cancelNo: 'Weiterlaufen lassen',
};

export const PROGRESS_WORDS: Words<ProgressWords> = { en: PROGRESS_EN, de: PROGRESS_DE };

const RESULT_EN: ResultWords = {
  done: 'Done:',
  soFar: 'So far:',
  cancelled: 'Cancelled:',
  optedIn: 'opted in',
  optedOut: 'opted out',
  putBack: 'put back',
  asked: (addresses) => `${addresses} asked for confirmation`,
  looked: 'Looked at',
  changed: 'Changed',
  askedField: 'Asked',
  ofPlanned: (count, planned) => `${count} of ${planned} planned`,
  fewer: (count) => `${count} fewer than planned`,
  because: 'because meanwhile',
  notReached: (count) => `${count} not reached before it was cancelled`,
  noneLeftOut: 'No address was left out.',
  leftAsTheyAre: 'Left as they are',
  mailSoFar: 'Mail so far:',
  sent: (count, one) => `${count} ${one ? 'mail' : 'mails'} sent`,
  confirmed: (count) => `${count} confirmed`,
  stopped: (count) => `${count} stopped`,
  silent: (count) => `${count} did not answer in time`,
  fates: {
    bounced: (count) => `${count} bounced`,
    blocked: (count) => `${count} blocked`,
    unknown: (count) => `${count} unknown`,
    cancelled: (count) => `${count} cancelled before leaving`,
  },
  chart: 'What came of the addresses',
  sliceChanged: 'Changed',
  sliceAsked: 'Asked',
  sliceOther: 'Other reasons',
  slices: {
    permission_too_old: 'Permission too old',
    already_opted_in: 'Already opted in',
    already_confirmed: 'Already confirmed',
    opted_out_by_recipient: 'Opted out themselves',
    opted_out_by_user: 'Opted out by us',
    already_opted_out: 'Already opted out',
    no_permission: 'No permission',
    asked_too_often: 'Asked too often',
    asked_lately: 'Asked lately',
    'hard-bounce': 'Bounced',
    complaint: 'Complained',
    erased: 'Erased',
    invalid: 'Invalid',
  },
};

const RESULT_DE: ResultWords = {
  done: 'Erledigt:',
  soFar: 'Bisher:',
  cancelled: 'Abgebrochen:',
  optedIn: 'angemeldet',
  optedOut: 'abgemeldet',
  putBack: 'zurückgesetzt',
  asked: (addresses) => `${addresses} um Bestätigung gebeten`,
  looked: 'Geprüft',
  changed: 'Geändert',
  askedField: 'Gefragt',
  ofPlanned: (count, planned) => `${count} (geplant: ${planned})`,
  fewer: (count) => `${count} weniger als geplant`,
  because: 'denn inzwischen:',
  notReached: (count) => `${count} vor dem Abbruch nicht erreicht`,
  noneLeftOut: 'Keine Adresse wurde ausgelassen.',
  leftAsTheyAre: 'Unverändert gelassen',
  mailSoFar: 'E-Mails bisher:',
  sent: (count) => `${count} gesendet`,
  confirmed: (count) => `${count} bestätigt`,
  stopped: (count) => `${count} abgemeldet`,
  silent: (count) => `${count} ohne rechtzeitige Antwort`,
  fates: {
    bounced: (count) => `${count} unzustellbar`,
    blocked: (count) => `${count} abgewiesen`,
    unknown: (count) => `${count} ungewiss`,
    cancelled: (count) => `${count} vor dem Versand abgebrochen`,
  },
  chart: 'Was aus den Adressen wurde',
  sliceChanged: 'Geändert',
  sliceAsked: 'Gefragt',
  sliceOther: 'Andere Gründe',
  slices: {
    permission_too_old: 'Einwilligung zu alt',
    already_opted_in: 'Schon angemeldet',
    already_confirmed: 'Schon bestätigt',
    opted_out_by_recipient: 'Selbst abgemeldet',
    opted_out_by_user: 'Von uns abgemeldet',
    already_opted_out: 'Schon abgemeldet',
    no_permission: 'Ohne Einwilligung',
    asked_too_often: 'Zu oft gefragt',
    asked_lately: 'Kürzlich gefragt',
    'hard-bounce': 'Unzustellbar',
    complaint: 'Beschwerde',
    erased: 'Gelöscht',
    invalid: 'Ungültig',
  },
};

export const RESULT_WORDS: Words<ResultWords> = { en: RESULT_EN, de: RESULT_DE };

/**
 * Request words: what is said of a request wherever it is shown: its kind, its audience, what would
 * change and what not, how it stands, and what happened so far.
 */
import type { AskSkip, SilenceMeaning } from '../../consent/ask.ts';
import type { AudienceSource, EmailField } from '../../consent/audience.ts';
import type { Skip } from '../../consent/eligibility.ts';
import type { RequestKind, UnknownPolicy } from '../../consent/plan.ts';
import type { RequestState, RequestStep } from '../../consent/request.ts';
import type { Words } from './language.ts';

export interface RequestWords {
  readonly kinds: Readonly<Record<RequestKind, string>>;
  /** After a colon or in the middle of a sentence; `count` is `12,480 addresses`. */
  readonly does: Readonly<Record<RequestKind, (count: string) => string>>;
  readonly fields: Readonly<Record<EmailField, string>>;
  readonly named: Readonly<Record<AudienceSource['kind'], (name: string) => string>>;
  readonly goneSources: (count: string) => string;
  readonly inAll: string;
  readonly addressHidden: string;
  readonly notAnswered: string;
  readonly howObtained: string;
  /** What is done with the addresses that a request of this kind changes. */
  readonly changes: Readonly<Record<RequestKind, (one: boolean) => string>>;
  readonly ofAddresses: (count: string) => string;
  readonly willBeAsked: (one: boolean) => string;
  /** Why an address is left as it is: what stands after its count. */
  readonly skips: Readonly<Record<Skip | AskSkip, (one: boolean) => string>>;
  readonly stays: (skip: string, one: boolean) => string;
  readonly notAsked: (skip: string, one: boolean) => string;
  readonly mail: string;
  readonly mailTerms: Readonly<Record<SilenceMeaning, (template: string, days: number) => string>>;
  /** Whether and when whoever has not answered is reminded. */
  readonly reminds: (days: number | undefined) => string;
  /** What becomes of a mail of which nobody knows whether it arrived. */
  readonly unknownMails: Readonly<Record<UnknownPolicy, string>>;
  /** How a request stands, in a word or a few. */
  readonly states: Readonly<Record<RequestState, string>>;
  /** The same, as the heading of its card. */
  readonly headings: Readonly<Record<RequestState, string>>;
  readonly steps: Readonly<Record<RequestStep['event'], string>>;
  readonly by: string;
  readonly request: string;
  /** In parentheses, after what the request is about. */
  readonly inParentheses: (id: string) => string;
  readonly plan: string;
}

const en: RequestWords = {
  kinds: {
    'opt-in': 'Opt in',
    'opt-out': 'Opt out',
    reconfirm: 'Ask for confirmation again',
    undo: 'Undo',
  },
  does: {
    'opt-in': (count) => `opt in ${count}`,
    'opt-out': (count) => `opt out ${count}`,
    reconfirm: (count) => `ask ${count} for confirmation`,
    undo: (count) => `undo a change of ${count}`,
  },
  fields: { email: 'E-mail 1', email2: 'E-mail 2', email3: 'E-mail 3' },
  named: { batch: (name) => `batch “${name}”`, tag: (name) => `tag “${name}”` },
  goneSources: (count) => `${count} deleted meanwhile`,
  inAll: ' (in all of them)',
  addressHidden: '(address hidden)',
  notAnswered: 'Not answered',
  howObtained: 'How obtained:',
  changes: {
    'opt-in': () => 'will be opted in',
    'opt-out': () => 'will be opted out',
    reconfirm: () => 'will be changed',
    undo: () => 'will be put back',
  },
  ofAddresses: (count) => `Of ${count}`,
  willBeAsked: () => 'will be asked to confirm by mail',
  skips: {
    erased: (one) => `${one ? 'was erased and is' : 'were erased and are'} never mailed again`,
    complaint: () => 'complained about mail',
    'hard-bounce': () => 'bounced: no such mailbox',
    invalid: (one) => (one ? 'is no valid address' : 'are no valid addresses'),
    permission_too_old: () => 'gave permission more than 24 months ago',
    already_opted_in: (one) => `${one ? 'is' : 'are'} opted in already`,
    already_confirmed: (one) => `${one ? 'has' : 'have'} confirmed already`,
    opted_out_by_recipient: (one) =>
      one ? 'was opted out by its recipient' : 'opted out themselves',
    opted_out_by_user: (one) => `${one ? 'was' : 'were'} opted out by your team`,
    already_opted_out: (one) => `${one ? 'is' : 'are'} opted out already`,
    no_permission: (one) =>
      `never gave permission, so ${one ? 'it' : 'they'} may not even be asked`,
    asked_too_often: (one) => `${one ? 'was' : 'were'} asked twice in the last 180 days`,
    asked_lately: (one) => `${one ? 'was' : 'were'} asked not long ago`,
  },
  stays: (skip, one) => `${skip}, so ${one ? 'it stays as it is' : 'they stay as they are'}`,
  notAsked: (skip, one) => `${skip}, so ${one ? 'it is' : 'they are'} not asked`,
  mail: 'Mail:',
  mailTerms: {
    keep: (template, days) =>
      `template “${template}”. Who has not answered within ${days === 1 ? '1 day' : `${days} days`} stays opted in, not confirmed.`,
    revert: (template, days) =>
      `template “${template}”. Who has not answered within ${days === 1 ? '1 day' : `${days} days`} is non-marketable again.`,
  },
  reminds: (days) => {
    if (days === undefined) return 'Nobody is reminded.';
    return `Who has not answered after ${days === 1 ? '1 day' : `${days} days`} is reminded once.`;
  },
  unknownMails: {
    hold: 'A mail of which nobody knows whether it arrived is not sent again.',
    'resend-once':
      'A mail of which nobody knows whether it arrived is sent once more after 24 hours.',
  },
  states: {
    'awaiting-approval': 'Waits for approval',
    approved: 'Starts in a moment',
    scheduled: 'Starts later',
    processing: 'Running',
    paused: 'Paused',
    asking: 'All addresses are changed; mail goes out',
    done: 'Done',
    rejected: 'Rejected',
    expired: 'Expired',
    cancelled: 'Cancelled',
    failed: 'Failed: an operator has to look at it',
    undone: 'Undone',
  },
  headings: {
    'awaiting-approval': 'Approval needed',
    approved: 'Approved',
    scheduled: 'Approved for later',
    processing: 'Approved, running',
    paused: 'Approved, paused',
    asking: 'Approved, mail goes out',
    done: 'Done',
    rejected: 'Rejected',
    expired: 'Expired',
    cancelled: 'Cancelled',
    failed: 'Failed',
    undone: 'Undone',
  },
  steps: {
    submit: 'Asked',
    recount: 'Counted anew',
    approve: 'Approved',
    'approve-later': 'Approved, for later',
    reject: 'Rejected',
    expire: 'Expired',
    cancel: 'Cancelled',
    start: 'Started',
    pause: 'Paused',
    'resume-processing': 'Resumed',
    'resume-asking': 'Resumed',
    ask: 'Changed all addresses; mail goes out',
    finish: 'Finished',
    fail: 'Failed',
    undo: 'Undone',
  },
  by: 'by',
  request: 'Request',
  inParentheses: (id) => `(request ${id})`,
  plan: 'plan',
};

const de: RequestWords = {
  kinds: {
    'opt-in': 'Anmelden',
    'opt-out': 'Abmelden',
    reconfirm: 'Erneut um Bestätigung bitten',
    undo: 'Rückgängig machen',
  },
  does: {
    'opt-in': (count) => `${count} anmelden`,
    'opt-out': (count) => `${count} abmelden`,
    reconfirm: (count) => `${count} um Bestätigung bitten`,
    undo: (count) => `Änderung von ${count} rückgängig machen`,
  },
  fields: { email: 'E-Mail 1', email2: 'E-Mail 2', email3: 'E-Mail 3' },
  named: { batch: (name) => `Import „${name}“`, tag: (name) => `Tag „${name}“` },
  goneSources: (count) => `${count} inzwischen gelöscht`,
  inAll: ' (in allen zugleich)',
  addressHidden: '(Adresse ausgeblendet)',
  notAnswered: 'Nicht beantwortet',
  howObtained: 'Herkunft:',
  changes: {
    'opt-in': (one) => (one ? 'wird angemeldet' : 'werden angemeldet'),
    'opt-out': (one) => (one ? 'wird abgemeldet' : 'werden abgemeldet'),
    reconfirm: (one) => (one ? 'wird geändert' : 'werden geändert'),
    undo: (one) => (one ? 'wird zurückgesetzt' : 'werden zurückgesetzt'),
  },
  ofAddresses: (count) => `Von ${count}`,
  willBeAsked: (one) =>
    `${one ? 'wird' : 'werden'} per Double-Opt-in-Anfrage um Bestätigung gebeten`,
  // Without a verb, so that each fits one address and many.
  skips: {
    erased: () => 'gelöscht und für immer gesperrt',
    complaint: () => 'mit Beschwerde über eine E-Mail',
    'hard-bounce': () => 'unzustellbar (kein solches Postfach)',
    invalid: () => 'ungültig',
    permission_too_old: () => 'mit einer mehr als 24 Monate alten Einwilligung',
    already_opted_in: () => 'bereits angemeldet',
    already_confirmed: () => 'bereits bestätigt',
    opted_out_by_recipient: () => 'selbst abgemeldet',
    opted_out_by_user: () => 'von Ihrem Team abgemeldet',
    already_opted_out: () => 'bereits abgemeldet',
    no_permission: () => 'ohne Einwilligung',
    asked_too_often: () => 'in den letzten 180 Tagen schon zweimal gefragt',
    asked_lately: () => 'erst vor Kurzem gefragt',
  },
  stays: (skip, one) => `${skip}: ${one ? 'bleibt' : 'bleiben'} unverändert`,
  notAsked: (skip, one) => `${skip}: ${one ? 'wird' : 'werden'} nicht gefragt`,
  mail: 'E-Mail:',
  mailTerms: {
    keep: (template, days) =>
      `Vorlage „${template}“. Wer binnen ${days === 1 ? 'einem Tag' : `${days} Tagen`} nicht antwortet, bleibt angemeldet, aber unbestätigt.`,
    revert: (template, days) =>
      `Vorlage „${template}“. Wer binnen ${days === 1 ? 'einem Tag' : `${days} Tagen`} nicht antwortet, darf nicht mehr angeschrieben werden.`,
  },
  reminds: (days) => {
    if (days === undefined) return 'Niemand wird erinnert.';
    return `Wer nach ${days === 1 ? '1 Tag' : `${days} Tagen`} nicht geantwortet hat, wird einmal erinnert.`;
  },
  unknownMails: {
    hold: 'Eine E-Mail, bei der ungewiss ist, ob sie ankam, wird nicht erneut gesendet.',
    'resend-once':
      'Eine E-Mail, bei der ungewiss ist, ob sie ankam, wird nach 24 Stunden noch einmal gesendet.',
  },
  states: {
    'awaiting-approval': 'Wartet auf Freigabe',
    approved: 'Beginnt gleich',
    scheduled: 'Beginnt später',
    processing: 'Läuft',
    paused: 'Angehalten',
    asking: 'Alle Adressen sind geändert; die E-Mails gehen hinaus',
    done: 'Erledigt',
    rejected: 'Abgelehnt',
    expired: 'Abgelaufen',
    cancelled: 'Abgebrochen',
    failed: 'Fehlgeschlagen: Das muss der Betrieb prüfen',
    undone: 'Rückgängig gemacht',
  },
  headings: {
    'awaiting-approval': 'Freigabe nötig',
    approved: 'Freigegeben',
    scheduled: 'Freigegeben für später',
    processing: 'Freigegeben, läuft',
    paused: 'Freigegeben, angehalten',
    asking: 'Freigegeben, E-Mails gehen hinaus',
    done: 'Erledigt',
    rejected: 'Abgelehnt',
    expired: 'Abgelaufen',
    cancelled: 'Abgebrochen',
    failed: 'Fehlgeschlagen',
    undone: 'Rückgängig gemacht',
  },
  steps: {
    submit: 'Angefragt',
    recount: 'Neu gezählt',
    approve: 'Freigegeben',
    'approve-later': 'Freigegeben, für später',
    reject: 'Abgelehnt',
    expire: 'Abgelaufen',
    cancel: 'Abgebrochen',
    start: 'Begonnen',
    pause: 'Angehalten',
    'resume-processing': 'Fortgesetzt',
    'resume-asking': 'Fortgesetzt',
    ask: 'Alle Adressen geändert; die E-Mails gehen hinaus',
    finish: 'Beendet',
    fail: 'Fehlgeschlagen',
    undo: 'Rückgängig gemacht',
  },
  by: 'von',
  request: 'Anfrage',
  inParentheses: (id) => `(Anfrage ${id})`,
  plan: 'Plan',
};

export const REQUEST_WORDS: Words<RequestWords> = { en, de };

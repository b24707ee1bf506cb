/** Proof words: what we may send to somebody and why, as `/assent why` tells it. */
import { ENGLISH_PROOF, type ProofWords } from '../../workflow/proof-words.ts';
import { dayWords } from './days.ts';
import { questionWords, sourceName } from './interview.ts';
import type { Words } from './language.ts';

const SEND_STATES: Readonly<Record<string, string>> = {
  queued: 'vorgemerkt',
  sending: 'wird gesendet',
  sent: 'gesendet',
  bounced: 'unzustellbar',
  blocked: 'abgewiesen',
  unknown: 'ungewiss',
  cancelled: 'abgebrochen',
};
const OUTCOMES: Readonly<Record<string, string>> = {
  confirmed: 'bestätigt',
  stopped: 'abgemeldet',
  silent: 'keine Antwort',
};
const METHODS: Readonly<Record<string, string>> = {
  page: 'über die Seite',
  'one-click': 'mit einem Klick',
  mail: 'per E-Mail',
  complaint: 'durch Beschwerde',
};

const de: ProofWords = {
  chapters: {
    'may-send': 'Was gesendet werden darf',
    why: 'Warum',
    changes: 'Was es ändern würde',
    history: 'Verlauf',
    mails: 'Double-Opt-in-Anfragen',
    audiences: 'Gehört zu',
    faults: 'Was an diesem Nachweis nicht stimmt',
  },
  permissions: {
    'non-marketable': 'ohne Einwilligung',
    'single-opt-in': 'Single-Opt-in',
    'double-opt-in': 'Double-Opt-in',
    'opted-out-by-recipient': 'selbst abgemeldet',
    'opted-out-by-user': 'vom Team abgemeldet',
  },
  maySend: {
    'non-marketable': 'Keine Werbung: Es liegt keine Einwilligung vor.',
    'single-opt-in':
      'Werbung darf gesendet werden: Eine Einwilligung liegt vor (Single-Opt-in). Die empfangende Person hat sie nicht bestätigt.',
    'double-opt-in':
      'Werbung darf gesendet werden: Die empfangende Person hat bestätigt (Double-Opt-in).',
    'opted-out-by-recipient':
      'Es darf nichts gesendet werden: Die empfangende Person hat sich abgemeldet.',
    'opted-out-by-user': 'Es darf nichts gesendet werden: Das Team hat diese Adresse abgemeldet.',
  },
  suppressed: {
    erased: 'Es darf nichts gesendet werden: Diese Person hat ihre Löschung verlangt.',
    complaint: 'Es darf nichts gesendet werden: Diese Person hat sich über eine E-Mail beschwert.',
    'hard-bounce': 'Es wird nichts gesendet: E-Mails an diese Adresse sind dauerhaft unzustellbar.',
    invalid: 'Es wird nichts gesendet: Diese Adresse kann keine E-Mails empfangen.',
  },
  suppressions: {
    erased: 'gelöscht',
    complaint: 'Beschwerde',
    'hard-bounce': 'unzustellbar',
    invalid: 'ungültig',
  },
  changes: {
    'non-marketable': [
      'Eine Anfrage zur Anmeldung mit Angaben zur Herkunft der Adresse, die eine zweite Person freigibt.',
    ],
    'single-opt-in': [
      'Das Ja der empfangenden Person auf eine Double-Opt-in-Anfrage macht daraus ein Double-Opt-in.',
      'Abmeldung, ein Klick auf „Abbestellen“ oder eine Beschwerde beendet sie sofort, ebenso eine Massenabmeldung.',
    ],
    'double-opt-in': [
      'Abmeldung, ein Klick auf „Abbestellen“ oder eine Beschwerde beendet sie sofort, ebenso eine Massenabmeldung.',
    ],
    'opted-out-by-recipient': [
      'Das könnte nur die empfangende Person durch eigenes Handeln. Keine Massenanmeldung, kein Import und keine alte E-Mail holt sie zurück.',
    ],
    'opted-out-by-user': ['Keine Massenanmeldung und kein Import holt sie zurück.'],
  },
  suppressionChanges: {
    erased: 'Nichts holt eine gelöschte Person zurück.',
    complaint: 'Nichts, was wir tun, hebt eine Beschwerde auf.',
    'hard-bounce':
      'Nur das eigene Ja der empfangenden Person auf eine zugestellte E-Mail hebt den Vermerk auf.',
    invalid: 'Nichts: An eine Adresse, die nichts empfangen kann, wird nicht gesendet.',
  },
  acts: {
    import: 'Importiert',
    'import-address': 'Importiert',
    'refuse-request': 'Anfrage abgewiesen',
    'submit-request': 'Anfrage gestellt',
    'approve-request': 'Anfrage freigegeben',
    'reject-request': 'Anfrage abgelehnt',
    'opt-in': 'Massenanmeldung',
    'opt-out': 'Massenabmeldung',
    confirm: 'Von der empfangenden Person bestätigt',
    stop: 'Von der empfangenden Person abgemeldet',
    silence: 'Keine Antwort der empfangenden Person',
    suppress: 'Gesperrt',
    'submit-campaign': 'Kampagne angefragt',
    'approve-campaign': 'Kampagne freigegeben',
    'reject-campaign': 'Kampagne abgelehnt',
    'pause-campaign': 'Kampagne angehalten',
    'resume-campaign': 'Kampagne fortgesetzt',
    'end-campaign': 'Kampagne beendet',
    'run-campaign': 'Kampagne ausgeführt',
    'change-settings': 'Einstellungen geändert',
    'install-app': 'App installiert',
    'remove-app': 'App entfernt',
    'add-template': 'E-Mail-Vorlage aufgenommen',
  },
  neverAsked: 'Zurückgesetzt, da niemand gefragt wurde, wie es das Alter der Erhebung verlangt',
  onFile: (permission) => `Gespeichert: ${permission}, seit `,
  nobodySays: 'Kein gespeicherter Vorgang sagt, warum.',
  obtained: (source) => `Herkunft: ${source}.`,
  source: (source) => sourceName(source, 'de'),
  label: (question) => questionWords(question, 'de').label,
  yes: 'ja',
  no: 'nein',
  notAnswered: 'nicht beantwortet',
  day: (day) => dayWords(day, 'de'),
  attestedBy: 'Versichert von ',
  tooOld: [
    'Eine Massenanmeldung lässt sie aus: Ihre eigene Einwilligung, vom ',
    ', ist älter als 24 Monate.',
  ],
  asked: (times, most) => `In 180 Tagen ${times} von höchstens ${most} Mal gefragt.`,
  reason: (reason) => ` Grund: ${reason}`,
  byMail: (mail, method) => {
    const how = method === undefined ? '' : `, ${METHODS[method] ?? method}`;
    return ` (E-Mail ${mail}${how}).`;
  },
  byImport: (id, batch) =>
    ` mit ${batch === undefined ? `Import ${id}` : `Import „${batch}“`} von `,
  byRequest: (request) => ` durch Anfrage ${request}. Angefragt von `,
  askedIt: '',
  approvedIt: ' hat freigegeben',
  from: (permission) => `Einwilligung: ${permission}.`,
  adds: (suppressions) => `Gesperrt: ${suppressions}.`,
  clears: (suppressions) => `Nicht mehr gesperrt: ${suppressions}.`,
  mail: (kind, request, state) => {
    const what = kind === 'ask' ? 'Double-Opt-in-Anfrage' : 'Erinnerung';
    return `: ${what} der Anfrage ${request}, ${SEND_STATES[state] ?? state}`;
  },
  sendNotes: {
    erased: 'die Person wurde gelöscht',
    complaint: 'die Person hat sich beschwert',
    'hard-bounce': 'E-Mails an diese Adresse sind dauerhaft unzustellbar',
    invalid: 'die Adresse kann keine E-Mails empfangen',
    no_permission: 'es lag keine Einwilligung vor',
    already_confirmed: 'die empfangende Person hatte schon bestätigt',
    opted_out_by_recipient: 'die empfangende Person hat sich abgemeldet',
    opted_out_by_user: 'das Team hat die Adresse abgemeldet',
    asked_too_often: 'die Adresse wurde in 180 Tagen zweimal gefragt',
    asked_lately: 'die Adresse wurde erst vor Kurzem gefragt',
    request_ended: 'die Anfrage war beendet',
    request_cancelled: 'die Anfrage wurde abgebrochen',
    not_on_allow_list:
      'die Adresse gehört nicht zu denen, die von hier aus angeschrieben werden dürfen (MAIL_ALLOW)',
    retries_ended: 'der Server hat sie aufgeschoben, bis die Versuche endeten',
    soft_bounce: 'das Postfach konnte sie zu dem Zeitpunkt nicht annehmen',
  },
  resent: '; noch einmal gesendet, da ungewiss war, ob sie ankam',
  outcome: (outcome) => `; ${OUTCOMES[outcome] ?? outcome} `,
};

/** Around the chapters: what stands above and below them in Slack. */
interface AnswerWords {
  readonly title: (masked: string) => string;
  readonly earlier: (count: number) => string;
  readonly more: string;
}

const ANSWER_EN: AnswerWords = {
  title: (masked) => `What we may send to ${masked}`,
  earlier: (count) => `… and ${count} before`,
  more: 'The whole record: assent why ADDRESS on the command line, with --json for machines.',
};

const ANSWER_DE: AnswerWords = {
  title: (masked) => `Was an ${masked} gesendet werden darf`,
  earlier: (count) => `… und ${count} davor`,
  more: 'Der ganze Nachweis: assent why ADRESSE auf der Kommandozeile, mit --json für Maschinen.',
};

export const ANSWER_WORDS: Words<AnswerWords> = { en: ANSWER_EN, de: ANSWER_DE };

const en: ProofWords = { ...ENGLISH_PROOF, day: (day) => dayWords(day, 'en') };

export const PROOF_WORDS: Words<ProofWords> = { en, de };

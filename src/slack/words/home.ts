/** Home words: what Assent's Home and the dashboard say. */
import type { Permission } from '../../consent/permission.ts';
import type { Setup } from '../../workflow/read-dashboard.ts';
import type { Words } from './language.ts';

export interface HomeWords {
  readonly title: string;
  readonly dashboard: string;
  readonly intro: string;
  readonly optIn: string;
  readonly optOut: string;
  readonly reconfirm: string;
  readonly import: string;
  readonly settings: string;
  readonly firstSteps: string;
  /** What each step of the setup is called, and what to do where it is not done. */
  readonly setup: Readonly<Record<keyof Setup, { readonly is: string; readonly todo: string }>>;
  readonly ready: string;
  readonly isDone: string;
  readonly isOpen: string;
  readonly waiting: string;
  readonly nothingWaits: string;
  readonly moreWait: (count: string) => string;
  readonly review: string;
  readonly reviewOf: (name: string) => string;
  readonly askedBy: string;
  readonly expires: string;
  readonly running: string;
  readonly nothingRuns: string;
  readonly recent: string;
  readonly nothingRecent: string;
  readonly details: string;
  readonly pause: string;
  readonly resume: string;
  readonly campaigns: string;
  readonly mix: string;
  readonly permissions: Readonly<Record<Permission, string>>;
  readonly suppressed: string;
  readonly counted: string;
  readonly counting: string;
  readonly noRole: string;
  readonly guest: string;
  readonly homeHas: string;
  readonly loading: string;
}

const en: HomeWords = {
  title: 'Assent',
  dashboard: 'Consent dashboard',
  intro: 'Nothing changes before another person has approved it, and every change is proven.',
  optIn: 'Opt in',
  optOut: 'Opt out',
  reconfirm: 'Reconfirm',
  import: 'Import contacts',
  settings: 'Settings',
  firstSteps: 'First steps',
  setup: {
    channel: {
      is: 'A channel for approval cards',
      todo: 'choose one in the settings and invite Assent to it',
    },
    requesters: {
      is: 'People who may ask for changes',
      todo: 'an admin gives somebody the requester role',
    },
    approvers: {
      is: 'Another person who approves',
      todo: 'an admin gives somebody the approver role',
    },
    mail: {
      is: 'A mail server for confirmation requests',
      todo: 'an operator sets SMTP_URL',
    },
    imported: { is: 'A first import', todo: 'press “Import contacts” and choose a CSV file' },
  },
  ready: 'Everything is set up. “Opt in” asks for the first change.',
  isDone: 'done',
  isOpen: 'open',
  waiting: 'Waiting for you',
  nothingWaits: 'Nothing waits for your decision.',
  moreWait: (count) => `and ${count} more; what waits longest stands first`,
  review: 'Review',
  reviewOf: (name) => `Review: ${name}`,
  askedBy: 'Asked by',
  expires: 'expires',
  running: 'Running',
  nothingRuns: 'Nothing runs at the moment.',
  recent: 'Recent requests',
  nothingRecent: 'Nobody has asked for anything yet.',
  details: 'Details',
  pause: 'Pause',
  resume: 'Resume',
  campaigns: 'Campaigns',
  mix: 'Addresses by permission',
  permissions: {
    'non-marketable': 'Not to be mailed',
    'single-opt-in': 'Opted in, not confirmed',
    'double-opt-in': 'Confirmed',
    'opted-out-by-recipient': 'Opted out themselves',
    'opted-out-by-user': 'Opted out by your team',
  },
  suppressed: 'Suppressed, whatever their permission',
  counted: 'Counted',
  counting: 'The addresses are being counted.',
  noRole:
    'You hold no role in Assent yet, so there is nothing to show. Ask an admin for the requester or the approver role.',
  guest:
    'Assent is for full members of this workspace. Guests, bots and people of other workspaces cannot use it; nothing is missing on your side.',
  homeHas: 'Buttons for all of this stand in the Home tab of Assent.',
  loading: 'Looking it up…',
};

const de: HomeWords = {
  title: 'Assent',
  dashboard: 'Einwilligungen',
  intro:
    'Nichts ändert sich, bevor eine zweite Person es freigegeben hat, und jede Änderung ist nachweisbar.',
  optIn: 'Anmelden',
  optOut: 'Abmelden',
  reconfirm: 'Bestätigen lassen',
  import: 'Kontakte importieren',
  settings: 'Einstellungen',
  firstSteps: 'Erste Schritte',
  setup: {
    channel: {
      is: 'Ein Kanal für die Freigabekarten',
      todo: 'in den Einstellungen wählen und Assent dorthin einladen',
    },
    requesters: {
      is: 'Personen, die Änderungen anfragen dürfen',
      todo: 'die Administration vergibt die Rolle „Anfragende“',
    },
    approvers: {
      is: 'Eine zweite Person, die freigibt',
      todo: 'die Administration vergibt die Rolle „Freigebende“',
    },
    mail: {
      is: 'Ein Mailserver für Bestätigungsanfragen',
      todo: 'der Betrieb setzt SMTP_URL',
    },
    imported: {
      is: 'Ein erster Import',
      todo: '„Kontakte importieren“ drücken und eine CSV-Datei wählen',
    },
  },
  ready: 'Alles ist eingerichtet. Mit „Anmelden“ stellen Sie die erste Anfrage.',
  isDone: 'erledigt',
  isOpen: 'offen',
  waiting: 'Wartet auf Sie',
  nothingWaits: 'Nichts wartet auf Ihre Entscheidung.',
  moreWait: (count) => `und noch ${count}; was am längsten wartet, steht zuerst`,
  review: 'Prüfen',
  reviewOf: (name) => `Prüfen: ${name}`,
  askedBy: 'Angefragt von',
  expires: 'läuft ab',
  running: 'In Arbeit',
  nothingRuns: 'Im Moment läuft nichts.',
  recent: 'Letzte Anfragen',
  nothingRecent: 'Bisher hat niemand etwas angefragt.',
  details: 'Einzelheiten',
  pause: 'Anhalten',
  resume: 'Fortsetzen',
  campaigns: 'Kampagnen',
  mix: 'Adressen nach Einwilligung',
  permissions: {
    'non-marketable': 'Nicht anzuschreiben',
    'single-opt-in': 'Angemeldet, unbestätigt',
    'double-opt-in': 'Bestätigt',
    'opted-out-by-recipient': 'Selbst abgemeldet',
    'opted-out-by-user': 'Von Ihrem Team abgemeldet',
  },
  suppressed: 'Gesperrt, unabhängig von der Einwilligung',
  counted: 'Gezählt',
  counting: 'Die Adressen werden gerade gezählt.',
  noRole:
    'Sie haben in Assent noch keine Rolle, daher gibt es hier nichts zu zeigen. Bitten Sie Ihre Administration um die Rolle „Anfragende“ oder „Freigebende“.',
  guest:
    'Assent ist für Vollmitglieder dieses Workspace. Gäste, Bots und Personen aus anderen Workspaces können es nicht verwenden; bei Ihnen fehlt nichts.',
  homeHas: 'Die Schaltflächen zu alldem stehen auf der Startseite von Assent.',
  loading: 'Wird nachgesehen …',
};

export const HOME_WORDS: Words<HomeWords> = { en, de };

/** Digest words: what the weekly digest says. */
import type { Words } from './language.ts';

export interface DigestWords {
  readonly title: string;
  readonly from: string;
  readonly until: string;
  readonly optIns: string;
  readonly optOuts: string;
  readonly confirmations: string;
  readonly complaints: string;
  readonly requests: string;
  readonly waiting: (count: string, one: boolean) => string;
  readonly nothingWaits: string;
  readonly quiet: string;
  readonly caption: string;
  /** Headings of the table: what, state, who asked. */
  readonly columns: readonly [what: string, state: string, who: string, request: string];
  readonly more: (count: string) => string;
  readonly turnOff: string;
}

const en: DigestWords = {
  title: 'The week in Assent',
  from: 'From',
  until: 'to',
  optIns: 'Opted in',
  optOuts: 'Opted out',
  confirmations: 'Confirmed',
  complaints: 'Complaints',
  requests: 'Requests',
  waiting: (count, one) =>
    one ? `${count} request waits for approval.` : `${count} requests wait for approval.`,
  nothingWaits: 'Nothing waits for approval.',
  quiet: 'Nobody asked for anything this week.',
  caption: 'Requests of the week',
  columns: ['Request', 'State', 'Asked by', 'Id'],
  more: (count) => `and ${count} more`,
  turnOff: 'Admins turn this message off in the settings.',
};

const de: DigestWords = {
  title: 'Die Woche in Assent',
  from: 'Von',
  until: 'bis',
  optIns: 'Angemeldet',
  optOuts: 'Abgemeldet',
  confirmations: 'Bestätigt',
  complaints: 'Beschwerden',
  requests: 'Anfragen',
  waiting: (count, one) =>
    one ? `${count} Anfrage wartet auf Freigabe.` : `${count} Anfragen warten auf Freigabe.`,
  nothingWaits: 'Nichts wartet auf Freigabe.',
  quiet: 'In dieser Woche hat niemand etwas angefragt.',
  caption: 'Anfragen der Woche',
  columns: ['Anfrage', 'Stand', 'Angefragt von', 'Kennung'],
  more: (count) => `und noch ${count}`,
  turnOff: 'Die Administration kann diese Nachricht in den Einstellungen abschalten.',
};

export const DIGEST_WORDS: Words<DigestWords> = { en, de };

/** Import words: the import modal, and what came of an import. */
import type { ColumnRole } from '../../consent/columns.ts';
import type { Permission } from '../../consent/permission.ts';
import { type Mrkdwn, md } from '../blocks/escape.ts';
import type { UploadFault } from '../wire/slack-uploads.ts';
import type { Words } from './language.ts';

interface ImportWords {
  /** At most 24 characters. */
  readonly title: string;
  readonly submit: string;
  readonly file: string;
  readonly fileHint: string;
  readonly name: string;
  readonly nameHint: string;
  readonly tags: string;
  readonly tagsHint: string;
  readonly question: string;
  readonly yes: string;
  readonly yesHint: string;
  readonly no: string;
  readonly noHint: string;
  readonly known: string;
  readonly hardStop: (source: string) => string;
  readonly before: string;
  readonly again: string;
  readonly chooseFile: string;
  readonly column: (header: string) => string;
  readonly roles: Readonly<Record<ColumnRole, string>>;
  readonly begun: string;
  readonly finished: (contacts: string, added: string, known: string, rejected: string) => string;
  readonly contacts: (count: string, one: boolean) => string;
  readonly rows: (count: string, one: boolean) => string;
  readonly imported: string;
  readonly fields: readonly [contacts: string, added: string, known: string, rejected: string];
  readonly onFile: string;
  readonly permissions: Readonly<Record<Permission, string>>;
  readonly approverDecides: (request: string) => string;
  readonly chooseThem: (batch: string) => Mrkdwn;
  readonly batch: (id: string, permission: string) => string;
  readonly notTaken: (rows: string, name: string, one: boolean) => string;
  readonly otherReasons: string;
  /** Behind the reasons, over the file. */
  readonly inThisFile: string;
  /** Why there is no file; the next sentence says how to get one. */
  readonly noFile: Readonly<Record<UploadFault, string>>;
  readonly byCommandLine: Mrkdwn;
  readonly stopped: (name: string) => string;
  readonly goOn: string;
}

const en: ImportWords = {
  title: 'Import contacts',
  submit: 'Import',
  file: 'CSV file',
  fileHint:
    'One contact a row, with a header line; up to 10 MB. Larger files: assent import FILE on the command line.',
  name: 'Name of the batch',
  nameHint: 'The name of the file, if you leave it empty.',
  tags: 'Tags for all of them',
  tagsHint: 'With commas between them.',
  question: 'Did these people give permission to be mailed?',
  yes: 'Yes',
  yesHint: 'New addresses are single opt-in; the next questions ask how.',
  no: 'No, or not all of them',
  noHint: 'New addresses are non-marketable.',
  known:
    'Addresses that are on file keep what is on file: whoever opted out stays opted out, whatever the file says.',
  hardStop: (source) =>
    `${source}: that is no permission. Choose “No”, or the import is refused and the refusal put on record.`,
  before: 'If this very file was imported before',
  again: 'Import it once more',
  chooseFile: 'Choose one file.',
  column: (header) => `Column “${header}”`,
  roles: {
    email: 'E-mail 1',
    email2: 'E-mail 2',
    email3: 'E-mail 3',
    firstName: 'First name',
    lastName: 'Last name',
    name: 'Whole name',
    tags: 'Tags',
    language: 'Language',
    timeZone: 'Time zone',
    consentDate: 'Date of consent',
    status: 'Status in the old system',
    unsubscribed: 'Unsubscribed (yes, or the day)',
    bounced: 'Bounced (yes, or the day)',
    externalId: 'Id in the old system',
    ignore: 'Nothing of use',
  },
  begun:
    'The import has begun. You can close this window: Assent tells you directly when it is done.',
  finished: (contacts, added, known, rejected) =>
    `Imported: ${contacts}; addresses: ${added} new, ${known} known. Not taken: ${rejected}. A direct message holds the rest.`,
  contacts: (count, one) => `${count} ${one ? 'contact' : 'contacts'}`,
  rows: (count, one) => `${count} ${one ? 'row' : 'rows'}`,
  imported: 'Imported:',
  fields: ['Contacts', 'New addresses', 'Known addresses', 'Rows not taken'],
  onFile: 'On file for these addresses now',
  permissions: {
    'non-marketable': 'non-marketable',
    'single-opt-in': 'single opt-in',
    'double-opt-in': 'double opt-in',
    'opted-out-by-recipient': 'opted out by the recipient',
    'opted-out-by-user': 'opted out by your team',
  },
  approverDecides: (request) =>
    `Nobody can judge the source by its name, so an approver decides: request ${request} waits.`,
  chooseThem: (batch) => md`Choose them with \`/optin batch:${batch}\`.`,
  batch: (id, permission) => `Batch ${id} · permission: ${permission}`,
  notTaken: (rows, name, one) =>
    `${rows} of “${name}” ${one ? 'was' : 'were'} not taken, or not whole`,
  otherReasons: 'other reasons',
  inThisFile:
    'This file gives them back, with line numbers and reasons. Mend them in it, and import it. Only you see it here; it holds people, so delete it when you are done.',
  noFile: {
    'no-scope':
      'Slack did not let the app send you a file of them; the scope files:write may be missing: an admin installs the app again.',
    'other-host':
      'Slack wants a file of them at a place that is not on the list of allowed hosts (SLACK_FILE_HOSTS), so none was sent. Tell an admin.',
    refused: 'Slack did not take a file of them.',
    'too-late': 'Slack did not take a file of them in time.',
  },
  byCommandLine: md`You get it on the command line as well: \`assent import FILE --again\`.`,
  stopped: (name) => `The import of “${name}” stopped.`,
  goOn: 'What was imported until then stays; import the same file again with the same answers to go on.',
};

const de: ImportWords = {
  title: 'Kontakte importieren',
  submit: 'Importieren',
  file: 'CSV-Datei',
  fileHint:
    'Ein Kontakt je Zeile, mit Kopfzeile; bis 10 MB. Größere Dateien: assent import DATEI auf der Kommandozeile.',
  name: 'Name des Imports',
  nameHint: 'Wenn leer: der Name der Datei.',
  tags: 'Tags für alle',
  tagsHint: 'Durch Kommas getrennt.',
  question: 'Haben diese Personen in den Erhalt von E-Mails eingewilligt?',
  yes: 'Ja',
  yesHint: 'Neue Adressen sind Single-Opt-in; als Nächstes: die Herkunft.',
  no: 'Nein, oder nicht alle',
  noHint: 'Neue Adressen gelten als ohne Einwilligung.',
  known:
    'Für bekannte Adressen gilt weiter, was gespeichert ist: Wer sich abgemeldet hat, bleibt abgemeldet, was auch immer die Datei sagt.',
  hardStop: (source) =>
    `${source}: Das ist keine Einwilligung. Wählen Sie „Nein“, sonst wird der Import abgelehnt und die Ablehnung protokolliert.`,
  before: 'Falls genau diese Datei schon importiert wurde',
  again: 'Noch einmal importieren',
  chooseFile: 'Bitte wählen Sie eine Datei.',
  column: (header) => `Spalte „${header}“`,
  roles: {
    email: 'E-Mail 1',
    email2: 'E-Mail 2',
    email3: 'E-Mail 3',
    firstName: 'Vorname',
    lastName: 'Nachname',
    name: 'Ganzer Name',
    tags: 'Tags',
    language: 'Sprache',
    timeZone: 'Zeitzone',
    consentDate: 'Datum der Einwilligung',
    status: 'Status im alten System',
    unsubscribed: 'Abgemeldet (ja oder der Tag)',
    bounced: 'Unzustellbar (ja oder der Tag)',
    externalId: 'Kennung im alten System',
    ignore: 'Nichts Brauchbares',
  },
  begun:
    'Der Import hat begonnen. Sie können dieses Fenster schließen: Assent meldet sich direkt bei Ihnen, wenn er fertig ist.',
  finished: (contacts, added, known, rejected) =>
    `Importiert: ${contacts}; neue Adressen: ${added}, bekannte: ${known}. Nicht übernommen: ${rejected}. Das Übrige steht in einer Direktnachricht.`,
  contacts: (count, one) => `${count} ${one ? 'Kontakt' : 'Kontakte'}`,
  rows: (count, one) => `${count} ${one ? 'Zeile' : 'Zeilen'}`,
  imported: 'Importiert:',
  fields: ['Kontakte', 'Neue Adressen', 'Bekannte Adressen', 'Nicht übernommene Zeilen'],
  onFile: 'Für diese Adressen gilt jetzt',
  permissions: {
    'non-marketable': 'ohne Einwilligung',
    'single-opt-in': 'Single-Opt-in',
    'double-opt-in': 'Double-Opt-in',
    'opted-out-by-recipient': 'selbst abgemeldet',
    'opted-out-by-user': 'von Ihrem Team abgemeldet',
  },
  approverDecides: (request) =>
    `Diese Herkunft lässt sich nicht am Namen beurteilen, daher entscheidet, wer freigeben darf: Anfrage ${request} wartet.`,
  chooseThem: (batch) => md`Wählen Sie sie mit \`/optin batch:${batch}\`.`,
  batch: (id, permission) => `Import ${id} · Einwilligung: ${permission}`,
  notTaken: (rows, name, one) =>
    `${rows} aus „${name}“ ${one ? 'wurde' : 'wurden'} nicht oder nicht ganz übernommen`,
  otherReasons: 'andere Gründe',
  inThisFile:
    'Diese Datei gibt sie zurück, mit Zeilennummern und Gründen. Bessern Sie darin nach, und importieren Sie sie. Hier sehen nur Sie die Datei; sie enthält Personen, löschen Sie sie daher, wenn Sie fertig sind.',
  noFile: {
    'no-scope':
      'Slack hat der App nicht erlaubt, Ihnen eine Datei davon zu senden; vielleicht fehlt der Scope files:write. Dann muss die Administration die App neu installieren.',
    'other-host':
      'Slack will die Datei an einem Ort, der nicht auf der Liste der erlaubten Hosts steht (SLACK_FILE_HOSTS), daher wurde keine gesendet. Bitte wenden Sie sich an Ihre Administration.',
    refused: 'Slack hat die Datei davon nicht angenommen.',
    'too-late': 'Slack hat die Datei davon nicht rechtzeitig angenommen.',
  },
  byCommandLine: md`Sie erhalten sie auch auf der Kommandozeile: \`assent import DATEI --again\`.`,
  stopped: (name) => `Der Import von „${name}“ wurde angehalten.`,
  goOn: 'Was bis dahin importiert war, bleibt; importieren Sie dieselbe Datei mit denselben Antworten noch einmal, um fortzufahren.',
};

export const IMPORT_WORDS: Words<ImportWords> = { en, de };

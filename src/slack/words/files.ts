/** File words: why a file that somebody brought was not taken. */
import type { CsvRefusedCode } from '../../consent/csv-refused.ts';
import type { FileFault } from '../wire/slack-files.ts';
import type { Words } from './language.ts';

interface FileWords {
  readonly faults: Readonly<Record<FileFault, string>>;
  readonly nothingImported: string;
  /** A file that is no list of contacts; undefined: the file's own words say it. */
  readonly csv: Readonly<Record<CsvRefusedCode, string>> | undefined;
}

const en: FileWords = {
  faults: {
    gone: 'This file cannot be read: Slack does not know it (any more). Choose it again.',
    'no-address': 'This file cannot be read: Slack gave no address for it. Choose it again.',
    'no-scope':
      'This file cannot be read: Slack did not let the app have it; the scope files:read may be missing. Tell an admin.',
    'other-host':
      'This file cannot be read: it lies at a place that is not on the list of allowed hosts (SLACK_FILE_HOSTS), so it was not fetched. Tell an admin.',
    'cut-off': 'This file cannot be read: Slack gave only a part of it. Try again.',
    'too-late': 'This file cannot be read: Slack did not hand it over in time. Try again.',
    'too-large': 'This file is too large: Slack hands files of up to 10 MB to an app.',
  },
  nothingImported: 'Nothing was imported. Larger files: assent import FILE on the command line.',
  csv: undefined,
};

const de: FileWords = {
  faults: {
    gone: 'Diese Datei ist nicht lesbar: Slack kennt sie nicht (mehr). Bitte wählen Sie sie neu.',
    'no-address':
      'Diese Datei ist nicht lesbar: Slack hat keine Adresse dafür genannt. Bitte wählen Sie sie neu.',
    'no-scope':
      'Diese Datei ist nicht lesbar: Slack hat sie der App nicht gegeben; vielleicht fehlt der Scope files:read. Bitte wenden Sie sich an Ihre Administration.',
    'other-host':
      'Diese Datei ist nicht lesbar: Sie liegt an einem Ort, der nicht auf der Liste der erlaubten Hosts steht (SLACK_FILE_HOSTS), und wurde daher nicht geholt. Bitte wenden Sie sich an Ihre Administration.',
    'cut-off':
      'Diese Datei ist nicht lesbar: Slack hat nur einen Teil geliefert. Bitte versuchen Sie es erneut.',
    'too-late':
      'Diese Datei ist nicht lesbar: Slack hat sie nicht rechtzeitig geliefert. Bitte versuchen Sie es erneut.',
    'too-large': 'Diese Datei ist zu groß: Slack gibt einer App Dateien bis 10 MB.',
  },
  nothingImported:
    'Es wurde nichts importiert. Größere Dateien: assent import DATEI auf der Kommandozeile.',
  csv: {
    'not-text':
      'Diese Datei ist kein CSV-Text. Es wurde nichts importiert. Exportieren Sie die Kontakte als CSV (kommagetrennte Werte), und importieren Sie diese Datei.',
    empty:
      'Diese Datei enthält keine Kontakte. Es wurde nichts importiert. Nötig sind eine Kopfzeile und mindestens eine Zeile.',
    'too-large':
      'Diese Datei ist zu groß. Es wurde nichts importiert. Teilen Sie sie in kleinere Dateien, jede mit der Kopfzeile.',
    'no-email-column':
      'Keine Spalte dieser Datei ist als E-Mail-Adresse erkennbar. Es wurde nichts importiert. Bitte geben Sie an, welche es ist.',
    'unknown-column':
      'Die Spalten dieser Datei sind nicht eindeutig. Es wurde nichts importiert. Bitte geben Sie für jede an, was sie enthält oder dass sie übergangen wird.',
    unreadable:
      'Diese Datei ist nicht lesbar. Es wurde nichts importiert. Bitte prüfen Sie sie, und versuchen Sie es erneut.',
  },
};

export const FILE_WORDS: Words<FileWords> = { en, de };

/** Shortcut words: what is said where somebody brings a message's file. */
import type { Words } from './language.ts';

export interface ShortcutWords {
  readonly fromMessage: string;
  /** Why the files of a message cannot be imported. */
  readonly none: string;
  readonly gone: string;
  readonly external: string;
}

const en: ShortcutWords = {
  fromMessage: 'The CSV file that you chose is imported.',
  none: 'This message has no CSV file (.csv, .tsv or .txt), so there is nothing to import.',
  gone: 'The file of this message was deleted, so there is nothing to import. Upload it again.',
  external:
    'The file of this message stands elsewhere, not in Slack, so Assent cannot read it. Upload it to Slack, or use /assent import.',
};

const de: ShortcutWords = {
  fromMessage: 'Importiert wird die gewählte CSV-Datei.',
  none: 'Diese Nachricht enthält keine CSV-Datei (.csv, .tsv oder .txt), daher gibt es nichts zu importieren.',
  gone: 'Die Datei dieser Nachricht wurde gelöscht, daher gibt es nichts zu importieren. Bitte laden Sie sie erneut hoch.',
  external:
    'Die Datei dieser Nachricht liegt nicht in Slack, daher kann Assent sie nicht lesen. Bitte laden Sie sie in Slack hoch oder verwenden Sie /assent import.',
};

export const SHORTCUT_WORDS: Words<ShortcutWords> = { en, de };

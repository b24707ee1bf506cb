/** Row reasons: why rows of a file were not taken, in the language of the one who imports it. */
import { fillNumbers, ROW_REASONS, type RowReason, readReason } from '../../consent/row-reasons.ts';
import type { SlackLocale, Words } from './language.ts';

interface RowReasonWords {
  readonly reasons: Readonly<Record<RowReason, string>>;
  readonly tag: string;
  readonly cell: string;
}

const en: RowReasonWords = {
  reasons: ROW_REASONS,
  tag: 'One of the tags cannot be taken. ',
  cell: '; the row was imported without it',
};

const de: RowReasonWords = {
  reasons: {
    'cell-empty': 'Es steht nichts darin',
    'no-at': 'Es steht kein @ darin',
    'not-an-address': 'Das ist keine E-Mail-Adresse',
    'non-ascii-local-part':
      'Vor dem @ stehen Buchstaben, die die meisten Mailsysteme nicht annehmen',
    'bad-domain': 'Was auf das @ folgt, ist keine Domain',
    'address-too-long': 'Das ist länger, als eine E-Mail-Adresse sein kann',
    'no-address': 'Die Zeile enthält keine E-Mail-Adresse',
    'control-characters': 'Es stehen Steuerzeichen darin',
    'text-too-long': 'Das ist länger als # Zeichen',
    'tags-too-many': 'Es steht noch ein Tag hinter den ersten #',
    'date-unreadable': 'Das ist kein lesbares Datum (wie 2025-03-31 oder 2025-03-31 10:30)',
    'date-impossible':
      'Dieses Datum gibt es nicht, oder niemand konnte damals in E-Mails einwilligen',
    'date-ambiguous': 'Es ist nicht bekannt, ob der Tag oder der Monat zuerst steht',
    'date-ahead': 'Dieses Datum liegt in der Zukunft',
    'language-unknown': 'Das ist keine bekannte Sprache',
    'zone-unknown': 'Das ist keine bekannte Zeitzone',
    'status-unknown':
      'Dieser Status ist nicht bekannt; es ist also unklar, ob die Person angeschrieben werden darf',
    'flag-unknown': 'Das ist weder ja noch nein noch ein Datum',
    'not-utf8': 'Die Zeile enthält Bytes, die kein UTF-8 sind',
    'cells-differ': 'Die Zeile hat # Zellen, die Kopfzeile hat #',
    'one-cell': 'Die Zeile hat 1 Zelle, die Kopfzeile hat #',
    'quote-unclosed': 'Hier beginnt eine Zelle in Anführungszeichen, die nie endet',
    'text-after-quote':
      'Hinter einem schließenden Anführungszeichen steht noch Text; in einer Zelle in Anführungszeichen müssen sie verdoppelt sein',
    'row-too-long': 'Die Zeile ist länger als # KiB',
  },
  tag: 'Einer der Tags wurde nicht übernommen. ',
  cell: '; die Zeile wurde ohne diese Angabe importiert',
};

export const ROW_REASON_WORDS: Words<RowReasonWords> = { en, de };

/** A reason of the reject file in the reader's language; one of another version stays as it is. */
export function reasonWords(reason: string, locale: SlackLocale): string {
  const read = readReason(reason);
  if (read === undefined) return reason;
  const words = ROW_REASON_WORDS[locale];
  const says = fillNumbers(words.reasons[read.code], read.numbers);
  return `${read.ofTag ? words.tag : ''}${says}${read.ofCell ? words.cell : ''}.`;
}

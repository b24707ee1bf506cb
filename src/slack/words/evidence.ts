/** Evidence words: files that are brought along, what is wrong with one, and masked samples. */
import type { Words } from './language.ts';

interface EvidenceWords {
  readonly evidence: string;
  readonly add: string;
  readonly addHint: string;
  readonly drop: string;
  readonly dropOf: (name: string) => string;
  /** `1.2 MB`, with the number in the reader's language. */
  readonly size: (megabytes: string) => string;
  readonly linkHint: string;
  readonly tooMany: string;
  readonly wrongType: (name: string) => string;
  readonly samples: string;
  readonly samplesHint: string;
}

const en: EvidenceWords = {
  evidence: 'Evidence',
  add: 'Evidence files',
  addHint:
    'A scan, a screenshot, an export: pdf, png, jpg, csv or eml; up to 5 files of 10 MB. The approver sees them, and their fingerprints go into the proof.',
  drop: 'Remove',
  dropOf: (name) => `Remove ${name}`,
  size: (megabytes) => `${megabytes} MB`,
  linkHint: 'A link opens the file in Slack, for whoever may see it there.',
  tooMany: 'At most 5 files fit. None of the new ones was taken; choose fewer.',
  wrongType: (name) =>
    `“${name}” is not what its name says, or none of pdf, png, jpg, csv and eml. It was not taken; choose another file.`,
  samples: 'Some of these addresses, masked',
  samplesHint: 'To see at a glance that they are the ones you mean.',
};

const de: EvidenceWords = {
  evidence: 'Belege',
  add: 'Belege (Dateien)',
  addHint:
    'Ein Scan, ein Bildschirmfoto, ein Export: pdf, png, jpg, csv oder eml; bis zu 5 Dateien mit je 10 MB. Die freigebende Person sieht sie, und ihre Prüfsummen kommen in den Nachweis.',
  drop: 'Entfernen',
  dropOf: (name) => `${name} entfernen`,
  size: (megabytes) => `${megabytes} MB`,
  linkHint: 'Ein Link öffnet die Datei in Slack, für alle, die sie dort sehen dürfen.',
  tooMany:
    'Höchstens 5 Dateien sind möglich. Keine der neuen wurde übernommen; bitte wählen Sie weniger.',
  wrongType: (name) =>
    `„${name}“ ist nicht, was der Name sagt, oder weder pdf, png, jpg, csv noch eml. Die Datei wurde nicht übernommen; bitte wählen Sie eine andere.`,
  samples: 'Einige dieser Adressen, unkenntlich gemacht',
  samplesHint: 'So sehen Sie auf einen Blick, ob es die gemeinten sind.',
};

export const EVIDENCE_WORDS: Words<EvidenceWords> = { en, de };

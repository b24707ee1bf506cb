/** Evidence words: files that are brought along, what is wrong with one, and masked samples. */
import type { UploadFault } from '../wire/slack-uploads.ts';
import type { Words } from './language.ts';

interface EvidenceWords {
  readonly evidence: string;
  readonly add: string;
  readonly addHint: string;
  readonly drop: string;
  readonly dropOf: (name: string) => string;
  readonly linkHint: string;
  /** A button, and what a screen reader says instead: what is seen, then of what. */
  readonly send: string;
  readonly sendOf: (request: string) => string;
  readonly sending: string;
  readonly sent: string;
  readonly sendGone: string;
  readonly sendFaults: Readonly<Record<UploadFault, string>>;
  /** `does` is what the request does: `opt in 12 addresses`. */
  readonly evidenceOf: (does: string, request: string) => string;
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
  linkHint:
    'A link opens the file in Slack, for whoever may see it there. Reviewers can have the files sent to them.',
  send: 'Evidence: send me the files',
  sendOf: (request) => `Evidence: send me the files of request ${request}`,
  sending:
    'The files are being sent to you, as a direct message of Assent. You can go on meanwhile.',
  sent: 'The files are in your direct messages with Assent. Nobody else sees them there.',
  sendGone:
    'A file is no longer in the store of Assent, so none was sent. Do not approve without having seen it; tell an admin.',
  sendFaults: {
    'no-scope':
      'Slack did not let the app send files, so none was sent; the scope files:write may be missing. Tell an admin, who installs the app again.',
    'other-host':
      'Slack wants the files at a place that is not on the list of allowed hosts (SLACK_FILE_HOSTS), so none was sent. Tell an admin.',
    refused:
      'Slack did not take the files, so none was sent. Please try again; if it happens again, tell an admin.',
    'too-late': 'Slack did not take the files in time, so none was sent. Please try again.',
  },
  evidenceOf: (does, request) => `Evidence of the request to ${does} (request ${request}):`,
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
  dropOf: (name) => `Entfernen: ${name}`,
  linkHint:
    'Ein Link öffnet die Datei in Slack, für alle, die sie dort sehen dürfen. Wer die Anfrage prüft, kann sich die Dateien zusenden lassen.',
  send: 'Belege: Dateien an mich senden',
  sendOf: (request) => `Belege: Dateien an mich senden, Anfrage ${request}`,
  sending:
    'Die Dateien werden Ihnen als Direktnachricht von Assent gesendet. Sie können inzwischen weitermachen.',
  sent: 'Die Dateien stehen in Ihren Direktnachrichten mit Assent. Niemand sonst sieht sie dort.',
  sendGone:
    'Eine Datei ist nicht mehr im Speicher von Assent, daher wurde keine gesendet. Geben Sie nichts frei, was Sie nicht gesehen haben; bitte wenden Sie sich an Ihre Administration.',
  sendFaults: {
    'no-scope':
      'Slack hat der App nicht erlaubt, Dateien zu senden, daher wurde keine gesendet; vielleicht fehlt der Scope files:write. Bitte wenden Sie sich an Ihre Administration, damit sie die App neu installiert.',
    'other-host':
      'Slack will die Dateien an einem Ort, der nicht auf der Liste der erlaubten Hosts steht (SLACK_FILE_HOSTS), daher wurde keine gesendet. Bitte wenden Sie sich an Ihre Administration.',
    refused:
      'Slack hat die Dateien nicht angenommen, daher wurde keine gesendet. Bitte versuchen Sie es erneut; tritt es wieder auf, wenden Sie sich an Ihre Administration.',
    'too-late':
      'Slack hat die Dateien nicht rechtzeitig angenommen, daher wurde keine gesendet. Bitte versuchen Sie es erneut.',
  },
  evidenceOf: (does, request) => `Belege zur Anfrage „${does}“ (Anfrage ${request}):`,
  tooMany:
    'Höchstens 5 Dateien sind möglich. Keine der neuen wurde übernommen; bitte wählen Sie weniger.',
  wrongType: (name) =>
    `„${name}“ ist nicht, was der Name sagt, oder weder pdf, png, jpg, csv noch eml. Die Datei wurde nicht übernommen; bitte wählen Sie eine andere.`,
  samples: 'Einige dieser Adressen, unkenntlich gemacht',
  samplesHint: 'So sehen Sie auf einen Blick, ob es die gemeinten sind.',
};

export const EVIDENCE_WORDS: Words<EvidenceWords> = { en, de };

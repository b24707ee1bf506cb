/**
 * Interview words: the questions on how addresses were obtained, what is wrong with an answer, and
 * why some sources are refused. The English ones are those of consent/interview.ts.
 */
import {
  type HardStop,
  type PermittedSource,
  type Question,
  SOURCE_NAMES,
  type Source,
} from '../../consent/interview.ts';
import type { AnswerFault, Examination, RefusedClaim } from '../../consent/provenance.ts';
import type { SlackLocale, Words } from './language.ts';

const en = {
  howObtained: 'How did you get these addresses?',
  chooseOne: 'Choose one',
  attest: 'Your word',
  attestHint: 'It is kept with the proof of this request, with your name.',
  attested: 'These people said yes to mail, and I can show it.',
};

const de: typeof en = {
  howObtained: 'Woher stammen diese Adressen?',
  chooseOne: 'Bitte wählen',
  attest: 'Ihre Versicherung',
  attestHint: 'Sie wird mit Ihrem Namen beim Nachweis dieser Anfrage aufbewahrt.',
  attested: 'Diese Personen haben eingewilligt; ich kann es belegen.',
};

export const INTERVIEW_WORDS: Words<typeof en> = { en, de };

const SOURCES_DE: Readonly<Record<PermittedSource | HardStop, string>> = {
  'web-form': 'Webformular',
  event: 'Veranstaltung',
  customers: 'Kundschaft',
  paper: 'Auf Papier',
  'other-system': 'Anderes System',
  spoken: 'Mündlich',
  other: 'Etwas anderes',
  purchased: 'Gekaufte Liste',
  rented: 'Gemietete Liste',
  borrowed: 'Geliehene Liste',
  partner: 'Von Dritten weitergegeben',
  scraped: 'Aus dem Netz gesammelt',
  appended: 'Zu anderen Daten ergänzt',
  unknown: 'Weiß niemand',
};

export function sourceName(source: Source, locale: SlackLocale): string {
  return locale === 'de' ? SOURCES_DE[source] : SOURCE_NAMES[source];
}

interface Asked {
  readonly label: string;
  readonly hint?: string;
}

/** By the id of the question, which asks the same under every source. */
const QUESTIONS_DE: Readonly<Record<string, Asked>> = {
  collectedFrom: { label: 'Erster Tag der Erhebung' },
  collectedUntil: { label: 'Letzter Tag der Erhebung' },
  url: { label: 'Adresse des Formulars' },
  wording: {
    label: 'Genauer Wortlaut der Einwilligung',
    hint: 'Was neben dem Kästchen oder der Schaltfläche zu lesen war.',
  },
  tickedByDefault: { label: 'War das Kästchen vorab angekreuzt?' },
  event: { label: 'Name der Veranstaltung' },
  peopleTold: { label: 'Wurde den Personen gesagt, dass sie E-Mails erhalten?' },
  product: { label: 'Was wurde gekauft?' },
  lastPurchase: { label: 'Tag des letzten Kaufs' },
  place: { label: 'Wo lag das Papier aus?' },
  scan: { label: 'Wo liegt der Scan?', hint: 'Ein Link oder der Name eines Ordners.' },
  system: { label: 'Welches System?' },
  unsubscribesCarriedOver: { label: 'Wurden die Abmeldungen übernommen?' },
  askedBy: { label: 'Wer hat gefragt?', hint: 'Ein Team oder eine Funktion.' },
  explanation: {
    label: 'Erläuterung',
    hint: 'Wie, wo und wann haben die Personen eingewilligt?',
  },
};

/** A question as it is asked; in English where a language has no words for it (yet). */
export function questionWords(
  { id, label, hint }: Question,
  locale: SlackLocale,
): { readonly label: string; readonly hint: string | undefined } {
  const german = locale === 'de' ? QUESTIONS_DE[id] : undefined;
  return german === undefined ? { label, hint } : { label: german.label, hint: german.hint };
}

const FAULTS_DE: Readonly<Record<AnswerFault, (question: Question | undefined) => string>> = {
  'yes-no': () => 'Bitte antworten Sie mit Ja oder Nein.',
  date: () => 'Bitte geben Sie einen Tag an, etwa 2026-03-31.',
  url: () => 'Bitte geben Sie die Adresse der Seite an, beginnend mit https://.',
  length: (question) =>
    `Bitte schreiben Sie ${question?.lengthMin ?? 1} bis ${question?.lengthMax ?? ''} Zeichen.`,
  future: () => 'Dieser Tag liegt noch in der Zukunft.',
  order: () => 'Der letzte Tag liegt vor dem ersten.',
  attested: () => 'Bitte versichern Sie, dass diese Personen eingewilligt haben.',
};

type Incomplete = Extract<Examination, { kind: 'incomplete' }>['questions'][number];

/** What is wrong with one answer. */
export function faultWords(
  { fault, problem }: Incomplete,
  question: Question | undefined,
  locale: SlackLocale,
): string {
  return locale === 'de' ? FAULTS_DE[fault](question) : problem;
}

interface Refusing {
  readonly why: string;
  readonly mend: string;
}

const CLAIMS_DE: Readonly<Record<Exclude<RefusedClaim, 'hard-stop'>, Refusing>> = {
  'ticked-by-default': {
    why: 'Ein vorab angekreuztes Kästchen ist keine Einwilligung.',
    mend: 'Schicken Sie denen, die aus anderem Grund angeschrieben werden dürfen, ein neues Formular mit leerem Kästchen.',
  },
  'people-not-told': {
    why: 'Wem nicht gesagt wurde, dass E-Mails folgen, der hat nicht eingewilligt.',
    mend: 'Sagen Sie es bei der nächsten Veranstaltung, und holen Sie die Einwilligung dort ein.',
  },
  'unsubscribes-lost': {
    why: 'Ohne ihre Abmeldungen enthält die alte Liste Personen, die Nein gesagt haben.',
    mend: 'Exportieren Sie die Abmeldungen des alten Systems, und importieren Sie sie mit einer Statusspalte.',
  },
  'too-old': {
    why: 'Die Adressen wurden vor mehr als 24 Monaten erhoben.',
    mend: 'Wählen Sie nur die neueren, oder laden Sie die Personen ein, sich neu anzumelden.',
  },
};

/** Why a source or an answer is refused, and what to do instead. */
export function refusingWords(
  { claim, why, mend }: Extract<Examination, { kind: 'refused' }>,
  source: Source,
  locale: SlackLocale,
): Refusing {
  if (locale === 'en') return { why, mend };
  if (claim !== 'hard-stop') return CLAIMS_DE[claim];
  return {
    why: `„${sourceName(source, locale)}“ ist keine Einwilligung.`,
    mend: 'Melden Sie diese Adressen ab, oder laden Sie die Personen ein, sich selbst über ein Formular von Ihnen anzumelden.',
  };
}

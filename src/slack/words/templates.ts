/** Template words: the list of mail templates, the window that takes a new one, and what came of it. */
import type { Words } from './language.ts';

interface TemplateWords {
  readonly listTitle: string;
  readonly ours: (name: string, locales: string) => string;
  readonly own: (name: string, version: number, locales: string) => string;
  readonly by: string;
  readonly noneOwn: string;
  readonly upload: string;
  readonly title: string;
  readonly keep: string;
  readonly name: string;
  readonly nameHint: string;
  readonly profile: string;
  readonly neutral: string;
  readonly neutralMeans: string;
  readonly strict: string;
  readonly strictMeans: string;
  readonly files: string;
  readonly filesHint: string;
  readonly or: string;
  readonly language: string;
  readonly languageHint: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly htmlHint: string;
  readonly nothingGiven: string;
  readonly languageMissing: string;
  readonly languageWrong: string;
  readonly languageTwice: string;
  readonly refusedTitle: string;
  readonly refused: (errors: string, warnings: string) => string;
  readonly place: (file: string, line: string) => string;
  readonly severity: Readonly<Record<'error' | 'warning', string>>;
  readonly more: (count: string) => string;
  readonly keptTitle: string;
  readonly kept: (name: string, version: string, locales: string) => string;
  readonly unchanged: (name: string, version: string) => string;
  readonly warnings: string;
  readonly next: string;
}

/** A process without mail does not know the languages of ours. */
const colon = (locales: string): string => (locales === '' ? '' : `: ${locales}`);

const en: TemplateWords = {
  listTitle: 'Mail templates',
  ours: (name, locales) => `“${name}”, which comes with Assent${colon(locales)}`,
  own: (name, version, locales) => `“${name}”, version ${version}: ${locales}`,
  by: 'by',
  noneOwn: 'There are no templates of your own yet.',
  upload: 'Upload a template',
  title: 'Mail template',
  keep: 'Check and keep',
  name: 'Name',
  nameHint:
    'Small letters, digits and hyphens, like spring-question. A name that exists gets a new version; languages that you leave out stay.',
  profile: 'Checked by',
  neutral: 'Neutral',
  neutralMeans: 'What every mail needs that asks for consent.',
  strict: 'Strict',
  strictMeans: 'For Germany: not even a welcome or an offer to help.',
  files: 'Files',
  filesHint: 'Three a language: en.subject.txt, en.txt and en.html. Up to 10 at once.',
  or: 'Or write one language here:',
  language: 'Language',
  languageHint: 'en, de, fr-CA and so on. The first one must be en.',
  subject: 'Subject',
  text: 'Plain text',
  html: 'HTML',
  htmlHint: 'Slack takes 3,000 characters here; longer ones go up as a file.',
  nothingGiven: 'Choose files, or write one language below.',
  languageMissing: 'Say which language these texts are in.',
  languageWrong: 'A language is like en, de or pt-BR.',
  languageTwice: 'The files hold this language too. Give it once.',
  refusedTitle: 'Not kept',
  refused: (errors, warnings) =>
    `The template was not kept: ${errors} to mend, ${warnings} to look at. Your form is behind this window.`,
  place: (file, line) => `${file}, line ${line}`,
  severity: { error: 'must be mended', warning: 'worth a look' },
  more: (count) => `And ${count} more.`,
  keptTitle: 'Kept ✔',
  kept: (name, version, locales) => `“${name}” is kept as version ${version}: ${locales}.`,
  unchanged: (name, version) =>
    `“${name}” says this already: it is still version ${version}, and nothing was changed.`,
  warnings: 'Worth a look:',
  next: 'Requests can choose it now. The approver sees its words, and it is checked once more then.',
};

const de: TemplateWords = {
  listTitle: 'E-Mail-Vorlagen',
  ours: (name, locales) => `„${name}“, gehört zu Assent${colon(locales)}`,
  own: (name, version, locales) => `„${name}“, Version ${version}: ${locales}`,
  by: 'von',
  noneOwn: 'Eigene Vorlagen gibt es noch nicht.',
  upload: 'Vorlage hochladen',
  title: 'E-Mail-Vorlage',
  keep: 'Prüfen, speichern',
  name: 'Name',
  nameHint:
    'Kleinbuchstaben, Ziffern und Bindestriche, etwa fruehjahrs-frage. Ein vorhandener Name erhält eine neue Version; Sprachen, die Sie weglassen, bleiben.',
  profile: 'Geprüft nach',
  neutral: 'Neutral',
  neutralMeans: 'Was jede E-Mail braucht, die um Einwilligung bittet.',
  strict: 'Streng',
  strictMeans: 'Für Deutschland: nicht einmal ein Willkommen oder ein Hilfsangebot.',
  files: 'Dateien',
  filesHint: 'Drei je Sprache: de.subject.txt, de.txt und de.html. Bis zu 10 auf einmal.',
  or: 'Oder schreiben Sie eine Sprache hier:',
  language: 'Sprache',
  languageHint: 'en, de, fr-CA und so weiter. Die erste muss en sein.',
  subject: 'Betreff',
  text: 'Reiner Text',
  html: 'HTML',
  htmlHint: 'Slack nimmt hier 3.000 Zeichen; Längeres laden Sie als Datei hoch.',
  nothingGiven: 'Wählen Sie Dateien, oder schreiben Sie unten eine Sprache.',
  languageMissing: 'Sagen Sie, in welcher Sprache diese Texte sind.',
  languageWrong: 'Eine Sprache ist etwa en, de oder pt-BR.',
  languageTwice: 'Diese Sprache steht auch in den Dateien. Geben Sie sie einmal an.',
  refusedTitle: 'Nicht gespeichert',
  refused: (errors, warnings) =>
    `Die Vorlage wurde nicht gespeichert: ${errors}-mal nachzubessern, ${warnings}-mal anzusehen. Ihr Formular liegt hinter diesem Fenster.`,
  place: (file, line) => `${file}, Zeile ${line}`,
  severity: { error: 'muss nachgebessert werden', warning: 'einen Blick wert' },
  more: (count) => `Und noch ${count}.`,
  keptTitle: 'Gespeichert ✔',
  kept: (name, version, locales) => `„${name}“ ist als Version ${version} gespeichert: ${locales}.`,
  unchanged: (name, version) =>
    `„${name}“ sagt das schon: Es bleibt Version ${version}, geändert wurde nichts.`,
  warnings: 'Einen Blick wert:',
  next: 'Anfragen können sie jetzt wählen. Wer freigibt, sieht ihren Wortlaut, und sie wird dann noch einmal geprüft.',
};

export const TEMPLATE_WORDS: Words<TemplateWords> = { en, de };

/** Step words: why a workflow's step could not ask for re-confirmation. */
import type { Words } from './language.ts';

interface StepWords {
  readonly noAudience: string;
  /** By what was named: a tag, a batch, or a name that may be either's. */
  readonly unknown: Readonly<Record<'tag' | 'batch' | 'either', (name: string) => string>>;
  readonly nobodyToAsk: string;
}

const en: StepWords = {
  noAudience:
    'The step names no batch or tag, so nothing was sent. Give it one in the workflow, like tag:vip.',
  unknown: {
    tag: (name) =>
      `Assent knows no tag “${name}”, so nothing was sent. Correct it in the workflow; /assent tags lists them.`,
    batch: (name) =>
      `Assent knows no batch “${name}”, so nothing was sent. Correct it in the workflow; /assent imports lists them.`,
    either: (name) =>
      `Assent knows no batch or tag “${name}”, so nothing was sent. Correct it in the workflow; /assent tags and /assent imports list them.`,
  },
  nobodyToAsk:
    'No address of this audience may be asked now, so no request was sent. Choose the same audience in /reconfirm to see why.',
};

const de: StepWords = {
  noAudience:
    'Der Schritt nennt keinen Import und keinen Tag, daher wurde nichts abgeschickt. Bitte tragen Sie im Workflow einen ein, etwa tag:vip.',
  unknown: {
    tag: (name) =>
      `Assent kennt keinen Tag „${name}“, daher wurde nichts abgeschickt. Bitte berichtigen Sie den Workflow; /assent tags zeigt alle.`,
    batch: (name) =>
      `Assent kennt keinen Import „${name}“, daher wurde nichts abgeschickt. Bitte berichtigen Sie den Workflow; /assent imports zeigt alle.`,
    either: (name) =>
      `Assent kennt keinen Import oder Tag „${name}“, daher wurde nichts abgeschickt. Bitte berichtigen Sie den Workflow; /assent tags und /assent imports zeigen sie.`,
  },
  nobodyToAsk:
    'Derzeit darf keine Adresse dieser Zielgruppe gefragt werden, daher wurde keine Anfrage abgeschickt. Wählen Sie dieselbe Zielgruppe in /reconfirm, um zu sehen, warum.',
};

export const STEP_WORDS: Words<StepWords> = { en, de };

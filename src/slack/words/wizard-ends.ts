/** Words of the wizard's ends: the views before its first step and after its last. */
import type { Words } from './language.ts';

interface EndWords {
  readonly nobodyYet: string;
  /** After it the kind and the audience are named. */
  readonly unfinished: string;
  readonly resume: string;
  readonly anew: string;
  readonly discard: string;
  readonly discardTitle: string;
  readonly discardText: string;
  readonly discardYes: string;
  readonly discardNo: string;
  readonly kept: string;
  readonly stopTitle: string;
  readonly stopNothing: string;
  readonly stopRecorded: string;
  readonly stopMend: string;
  readonly reopen: string;
  readonly sentTitle: string;
  readonly sent: string;
  readonly startsAtOnce: string;
  readonly starts: readonly [before: string, after: string];
  readonly card: readonly [before: string, after: string];
  readonly told: string;
  readonly nothingYet: string;
  readonly expires: readonly [before: string, after: string];
}

const en: EndWords = {
  nobodyYet: 'nobody chosen yet',
  unfinished: 'You have an unfinished request:',
  resume: 'Resume draft',
  anew: 'Start anew',
  discard: 'Discard draft',
  discardTitle: 'Discard this draft?',
  discardText: 'What you answered so far is forgotten. Nothing was sent.',
  discardYes: 'Discard',
  discardNo: 'Keep',
  kept: 'A draft is kept for 7 days and is yours alone.',
  stopTitle: 'Cannot be opted in',
  stopNothing: 'Nothing was changed, and nothing was sent for approval.',
  stopRecorded: 'The refusal is on record.',
  stopMend: 'What would mend it:',
  reopen: 'Change my answers',
  sentTitle: 'Sent ✔',
  sent: 'Sent for approval:',
  startsAtOnce: 'It starts as soon as it is approved.',
  starts: ['It starts', ', if it is approved by then.'],
  card: ['A card stands in', '; another person has to approve it.'],
  told: 'You are told of the decision in a direct message.',
  nothingYet: 'Nothing has changed yet',
  expires: ['Expires', ' if nobody decides'],
};

const de: EndWords = {
  nobodyYet: 'noch niemand gewählt',
  unfinished: 'Sie haben eine unfertige Anfrage:',
  resume: 'Entwurf fortsetzen',
  anew: 'Neu beginnen',
  discard: 'Entwurf verwerfen',
  discardTitle: 'Diesen Entwurf verwerfen?',
  discardText: 'Ihre bisherigen Antworten gehen verloren. Es wurde nichts abgeschickt.',
  discardYes: 'Verwerfen',
  discardNo: 'Behalten',
  kept: 'Ein Entwurf bleibt 7 Tage erhalten und gehört nur Ihnen.',
  stopTitle: 'Anmeldung nicht möglich',
  stopNothing: 'Es wurde nichts geändert und nichts zur Freigabe gesendet.',
  stopRecorded: 'Die Ablehnung ist protokolliert.',
  stopMend: 'Was stattdessen hilft:',
  reopen: 'Antworten ändern',
  sentTitle: 'Gesendet ✔',
  sent: 'Zur Freigabe gesendet:',
  startsAtOnce: 'Es beginnt, sobald freigegeben wurde.',
  starts: ['Es beginnt', ', wenn es bis dahin freigegeben ist.'],
  card: ['Eine Karte steht in', '; eine andere Person muss freigeben.'],
  told: 'Die Entscheidung erfahren Sie in einer Direktnachricht.',
  nothingYet: 'Noch ist nichts geändert',
  expires: ['Verfällt', ', wenn niemand entscheidet'],
};

export const END_WORDS: Words<EndWords> = { en, de };

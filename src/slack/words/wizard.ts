/** Wizard words: what the four steps of the wizard ask and say. */
import type { SilenceMeaning } from '../../consent/ask.ts';
import type { AudienceSource } from '../../consent/audience.ts';
import type { UnknownPolicy } from '../../consent/plan.ts';
import type { AskChoice, Step, WizardKind } from '../wizard/drafts.ts';
import type { Words } from './language.ts';

export interface WizardWords {
  /** At most 24 characters each. */
  readonly titles: Readonly<Record<WizardKind, string>>;
  readonly steps: Readonly<Record<Step, string>>;
  readonly why: string;
  readonly stepOf: (step: number, steps: number, name: string) => string;
  readonly who: WhoWords;
  readonly what: WhatWords;
  readonly how: HowWords;
  readonly review: ReviewWords;
}

interface WhoWords {
  readonly audience: string;
  readonly audienceHint: string;
  readonly search: string;
  readonly match: string;
  readonly any: string;
  readonly all: string;
  readonly batches: string;
  readonly tags: string;
  /** Before anything is chosen. */
  readonly countNothing: string;
  readonly countRunning: string;
  readonly countLater: string;
  readonly unclear: (typed: string) => string;
  readonly missing: Readonly<Record<AudienceSource['kind'], (name: string) => string>>;
  readonly meant: (name: string) => string;
}

interface WhatWords {
  readonly fields: string;
  readonly fieldsHint: string;
  readonly direction: string;
  readonly hints: Readonly<Record<WizardKind, string>>;
  readonly stays: string;
}

interface HowWords {
  readonly hardStop: (source: string) => string;
  readonly optOut: string;
  readonly reason: string;
}

interface ReviewWords {
  readonly approver: (hours: number) => string;
  readonly send: string;
  readonly idle: string;
  readonly mustAsk: string;
  readonly cannotAsk: string;
  readonly ask: string;
  readonly askHint: string;
  readonly asks: Readonly<Record<AskChoice, string>>;
  readonly template: string;
  readonly silence: string;
  readonly silenceHint: string;
  readonly silences: Readonly<Record<SilenceMeaning, string>>;
  readonly reminder: string;
  readonly reminderHint: string;
  readonly reminderNone: string;
  readonly reminderAfter: (days: number) => string;
  /** What becomes of mails that broke off on their way. */
  readonly unknown: string;
  readonly unknownHint: string;
  readonly unknowns: Readonly<Record<UnknownPolicy, string>>;
  readonly runAt: string;
  readonly runAtHint: string;
}

const en: WizardWords = {
  titles: {
    'opt-in': 'Opt in contacts',
    'opt-out': 'Opt out contacts',
    reconfirm: 'Ask for confirmation',
  },
  steps: { who: 'Who', what: 'What', how: 'How obtained', review: 'Review' },
  why: 'Why',
  stepOf: (step, steps, name) => `Step ${step} of ${steps} · ${name}`,
  who: {
    audience: 'Import batches and tags',
    audienceHint: 'Type the beginning of a name. Up to 10.',
    search: 'Search batches and tags',
    match: 'Addresses in',
    any: 'any of them',
    all: 'all of them at once',
    batches: 'Import batches',
    tags: 'Tags',
    countNothing: 'Choose batches or tags to see how many addresses that is.',
    countRunning: 'Counting…',
    countLater:
      'Counting takes longer than usual. You can go on; the review shows the exact numbers.',
    unclear: (typed) => `“${typed}” names neither a tag nor a batch: write tag:… or batch:….`,
    missing: {
      batch: (name) => `There is no batch called “${name}”.`,
      tag: (name) => `There is no tag called “${name}”.`,
    },
    meant: (name) => `Did you mean “${name}”?`,
  },
  what: {
    fields: 'E-mail fields',
    fieldsHint: 'A contact holds up to three addresses.',
    direction: 'What shall happen?',
    hints: {
      'opt-in': 'Non-marketable addresses may be mailed afterwards.',
      'opt-out': 'These addresses are not mailed any more.',
      reconfirm: 'Opted-in addresses get a mail that asks them to confirm.',
    },
    stays:
      'Whoever opted out stays opted out: no request of yours can bring them back. Nothing changes before another person approves.',
  },
  how: {
    hardStop: (source) =>
      `${source}: that is no permission. These addresses cannot be opted in; going on puts the refusal on record.`,
    optOut: 'An opt-out needs no permission, only a reason that the approver can read.',
    reason: 'Why shall these addresses not be mailed any more?',
  },
  review: {
    approver: (hours) =>
      `An approver sees exactly this. Nothing changes before somebody else approves; undecided it expires after ${hours === 1 ? 'an hour' : `${hours} hours`}.`,
    send: 'Send for approval',
    idle: 'No address would change or be asked. The counts above say why.',
    mustAsk: 'Collected more than 6 months ago: they must be asked, and silence means no.',
    cannotAsk: 'Assent cannot send mail yet, so nobody will be asked to confirm.',
    ask: 'Whom shall we ask to confirm by mail?',
    askHint: 'Addresses that confirmed already, or were asked twice in 180 days, are left out.',
    asks: {
      nobody: 'Nobody',
      changed: 'The addresses that this opts in',
      'single-opt-in': 'All opted-in addresses of this audience',
    },
    template: 'Mail template',
    silence: 'Whoever does not answer …',
    silenceHint: 'Silence is never recorded as an opt-out.',
    silences: {
      keep: 'stays opted in, not confirmed',
      revert: 'is not mailed any more (non-marketable)',
    },
    reminder: 'Remind whoever has not answered',
    reminderHint: 'Once at most. A reminder counts among the two mails in 180 days.',
    reminderNone: 'Nobody is reminded',
    reminderAfter: (days) => (days === 1 ? 'after 1 day' : `after ${days} days`),
    unknown: 'If a connection breaks off, and nobody knows whether a mail arrived …',
    unknownHint: 'After 24 hours without a sign from the mailbox.',
    unknowns: {
      hold: 'the mail is not sent again: nobody gets it twice',
      'resend-once': 'the mail is sent once more: somebody may get it twice',
    },
    runAt: 'Start',
    runAtHint: 'Empty: as soon as it is approved.',
  },
};

const de: WizardWords = {
  titles: {
    'opt-in': 'Kontakte anmelden',
    'opt-out': 'Kontakte abmelden',
    reconfirm: 'Um Bestätigung bitten',
  },
  steps: { who: 'Wer', what: 'Was', how: 'Herkunft', review: 'Prüfen' },
  why: 'Warum',
  stepOf: (step, steps, name) => `Schritt ${step} von ${steps} · ${name}`,
  who: {
    audience: 'Importe und Tags',
    audienceHint: 'Geben Sie den Anfang eines Namens ein. Höchstens 10.',
    search: 'Importe und Tags suchen',
    match: 'Adressen in',
    any: 'mindestens einem davon',
    all: 'allen zugleich',
    batches: 'Importe',
    tags: 'Tags',
    countNothing: 'Wählen Sie Importe oder Tags, um die Zahl der Adressen zu sehen.',
    countRunning: 'Wird gezählt …',
    countLater:
      'Das Zählen dauert länger als gewöhnlich. Sie können fortfahren; die Prüfung am Ende zeigt die genauen Zahlen.',
    unclear: (typed) =>
      `„${typed}“ benennt weder einen Tag noch einen Import: Schreiben Sie tag:… oder batch:….`,
    missing: {
      batch: (name) => `Es gibt keinen Import namens „${name}“.`,
      tag: (name) => `Es gibt keinen Tag namens „${name}“.`,
    },
    meant: (name) => `Meinten Sie „${name}“?`,
  },
  what: {
    fields: 'E-Mail-Felder',
    fieldsHint: 'Ein Kontakt hat bis zu drei Adressen.',
    direction: 'Was soll geschehen?',
    hints: {
      'opt-in': 'Adressen ohne Einwilligung dürfen danach angeschrieben werden.',
      'opt-out': 'Diese Adressen werden nicht mehr angeschrieben.',
      reconfirm: 'Angemeldete Adressen erhalten eine Double-Opt-in-Anfrage.',
    },
    stays:
      'Wer sich abgemeldet hat, bleibt abgemeldet: Keine Anfrage holt diese Personen zurück. Ohne Freigabe durch eine zweite Person ändert sich nichts.',
  },
  how: {
    hardStop: (source) =>
      `${source}: Das ist keine Einwilligung. Diese Adressen können nicht angemeldet werden; mit „Weiter“ wird die Ablehnung protokolliert.`,
    optOut:
      'Eine Abmeldung braucht keine Einwilligung, nur einen Grund, den die freigebende Person liest.',
    reason: 'Warum sollen diese Adressen nicht mehr angeschrieben werden?',
  },
  review: {
    approver: (hours) =>
      `Genau das sieht die freigebende Person. Ohne Freigabe durch eine zweite Person ändert sich nichts; ohne Entscheidung verfällt die Anfrage nach ${hours === 1 ? 'einer Stunde' : `${hours} Stunden`}.`,
    send: 'Zur Freigabe senden',
    idle: 'Keine Adresse würde geändert oder gefragt. Die Zahlen oben zeigen, warum.',
    mustAsk:
      'Vor mehr als 6 Monaten erhoben: Es muss um Bestätigung gebeten werden, und keine Antwort heißt Nein.',
    cannotAsk:
      'Assent kann noch keine E-Mails versenden, daher wird niemand um Bestätigung gebeten.',
    ask: 'Wer soll per E-Mail um Bestätigung gebeten werden?',
    askHint: 'Wer schon bestätigt hat oder in 180 Tagen zweimal gefragt wurde, wird ausgelassen.',
    asks: {
      nobody: 'Niemand',
      changed: 'Die Adressen, die hiermit angemeldet werden',
      'single-opt-in': 'Alle angemeldeten Adressen dieser Zielgruppe',
    },
    template: 'E-Mail-Vorlage',
    silence: 'Wer nicht antwortet …',
    silenceHint: 'Keine Antwort gilt nie als Abmeldung.',
    silences: {
      keep: 'bleibt angemeldet, aber unbestätigt',
      revert: 'wird nicht mehr angeschrieben (ohne Einwilligung)',
    },
    reminder: 'Wer nicht geantwortet hat, wird erinnert',
    reminderHint: 'Höchstens einmal. Eine Erinnerung zählt zu den zwei E-Mails in 180 Tagen.',
    reminderNone: 'Niemand wird erinnert',
    reminderAfter: (days) => (days === 1 ? 'nach 1 Tag' : `nach ${days} Tagen`),
    unknown: 'Wenn eine Verbindung abbricht und ungewiss ist, ob eine E-Mail ankam …',
    unknownHint: 'Nach 24 Stunden ohne ein Zeichen aus dem Postfach.',
    unknowns: {
      hold: 'wird sie nicht erneut gesendet: Niemand erhält sie zweimal',
      'resend-once': 'wird sie noch einmal gesendet: Jemand kann sie zweimal erhalten',
    },
    runAt: 'Beginn',
    runAtHint: 'Leer: sobald freigegeben wurde.',
  },
};

export const WIZARD_WORDS: Words<WizardWords> = { en, de };

/** Command words: what `/assent` and the wizard's commands say back in a message. */

import { type Mrkdwn, md } from '../blocks/escape.ts';
import type { Subcommand } from '../command/assent-parse.ts';
import type { Words } from './language.ts';

export interface CommandWords {
  readonly helpTitle: string;
  /** What each subcommand does, for the help. */
  readonly does: Readonly<Record<Subcommand, string>>;
  /** What stands behind a subcommand in the help and in complaints. */
  readonly takes: Readonly<Record<'request' | 'address', string>>;
  readonly needs: Readonly<Record<'request' | 'address', string>>;
  readonly otherCommands: Mrkdwn;
  readonly wizardHelp: (command: string) => readonly Mrkdwn[];
  readonly incomplete: (subcommand: string, needs: string, example: string) => Mrkdwn;
  readonly unknown: (typed: string) => Mrkdwn;
  readonly meant: (subcommand: string) => Mrkdwn;
  readonly helpLists: Mrkdwn;
  readonly noRequests: string;
  readonly latestRequests: string;
  readonly askedBy: string;
  readonly details: string;
  readonly detailsOf: (request: string) => string;
  readonly changedOf: (changed: string, planned: string, percent: number) => string;
  readonly answered: (asked: string, confirmed: string, stopped: string) => string;
  readonly triedAgain: string;
  readonly none: Readonly<Record<'batch' | 'tag', Mrkdwn>>;
  readonly latest: Readonly<Record<'batch' | 'tag', string>>;
  readonly contacts: (count: string, one: boolean) => string;
  readonly steered: Readonly<Record<'pause' | 'resume' | 'cancel', string>>;
  /** `which` is what it does and its id, `stands` its state. */
  readonly notSteered: (which: string, stands: string) => string;
}

const en: CommandWords = {
  helpTitle: 'What Assent understands',
  does: {
    status: 'how a request stands, or the latest ones',
    requests: 'the latest requests, each with its details and buttons',
    campaigns: 'the standing re-confirmations, each with its buttons',
    imports: 'the latest import batches',
    tags: 'the tags used last',
    import: 'import a CSV file',
    why: 'what we may send to this address, and why; only you see it',
    pause: 'pause a running request',
    resume: 'go on with a paused request',
    cancel: 'end a request before its end',
    mail: 'which mail is stopped, and why, with its buttons',
    templates: 'the mail templates, and how to upload your own',
    settings: 'who may do what, and how Assent works here; for admins',
    help: 'this list',
  },
  takes: { request: 'request', address: 'address' },
  needs: { request: 'the request', address: 'the address' },
  otherCommands: md`\`/optin\`, \`/optout\`, \`/reconfirm\`: ask for a change; \`/optin tag:vip\` or \`/optin batch:Spring fair\` chooses whom`,
  wizardHelp: (command) => [
    md`*${command}* opens a form: who, which addresses, how they were obtained, and a review. Another person has to approve before anything changes.`,
    md`• \`${command} tag:vip\` begins with a tag, \`${command} batch:"Spring fair"\` with an import batch; several fit.`,
    md`• What you began and did not send is offered again for 7 days.`,
  ],
  incomplete: (subcommand, needs, example) =>
    md`Nothing was done: \`/assent ${subcommand}\` needs ${needs}. For example: \`/assent ${subcommand} ${example}\`.`,
  unknown: (typed) => md`Nothing was done: Assent does not know “${typed}”.`,
  meant: (subcommand) => md`Did you mean \`/assent ${subcommand}\`?`,
  helpLists: md`\`/assent help\` lists what it knows.`,
  noRequests: 'Nobody has asked for anything yet.',
  latestRequests: 'The latest requests',
  askedBy: 'asked by',
  details: 'Details',
  detailsOf: (request) => `Details of request ${request}`,
  changedOf: (changed, planned, percent) =>
    `Changed: ${changed} of ${planned} planned (${percent} %).`,
  answered: (asked, confirmed, stopped) =>
    `Of ${asked} asked, ${confirmed} confirmed and ${stopped} stopped.`,
  triedAgain: 'A message about it could not be posted in the channel; Assent tries once more now.',
  none: {
    batch: md`There are no import batches yet. \`/assent import\` brings a CSV file in.`,
    tag: md`There are no tags yet. \`/assent import\` brings a CSV file in.`,
  },
  latest: { batch: 'The latest import batches', tag: 'The latest tags' },
  contacts: (count, one) => `${count} ${one ? 'contact' : 'contacts'}`,
  steered: { pause: 'Paused', resume: 'Resumed', cancel: 'Cancelled' },
  notSteered: (which, stands) =>
    `Nothing was done: that is not possible with a request that stands so. ${which}: ${stands}.`,
};

const de: CommandWords = {
  helpTitle: 'Was Assent versteht',
  does: {
    status: 'wie eine Anfrage steht, oder die neuesten',
    requests: 'die neuesten Anfragen, jede mit Einzelheiten und Schaltflächen',
    campaigns: 'die Kampagnen, jede mit Schaltflächen',
    imports: 'die neuesten Importe',
    tags: 'die zuletzt verwendeten Tags',
    import: 'eine CSV-Datei importieren',
    why: 'was an diese Adresse gesendet werden darf, und warum; nur Sie sehen es',
    pause: 'eine laufende Anfrage anhalten',
    resume: 'eine angehaltene Anfrage fortsetzen',
    cancel: 'eine Anfrage vorzeitig beenden',
    mail: 'welcher E-Mail-Versand angehalten ist und warum, mit Schaltflächen',
    templates: 'die E-Mail-Vorlagen, und wie Sie eigene hochladen',
    settings: 'wer was darf und wie Assent hier arbeitet; für die Administration',
    help: 'diese Liste',
  },
  takes: { request: 'Anfrage', address: 'Adresse' },
  needs: { request: 'die Anfrage', address: 'die Adresse' },
  otherCommands: md`\`/optin\`, \`/optout\`, \`/reconfirm\`: eine Änderung anfragen; \`/optin tag:vip\` oder \`/optin batch:Frühjahrsmesse\` wählt, für wen`,
  wizardHelp: (command) => [
    md`*${command}* öffnet ein Formular: wer, welche Adressen, woher sie stammen, und eine Prüfung. Ohne Freigabe durch eine zweite Person ändert sich nichts.`,
    md`• \`${command} tag:vip\` beginnt mit einem Tag, \`${command} batch:"Frühjahrsmesse"\` mit einem Import; auch mehrere passen.`,
    md`• Was Sie begonnen und nicht abgeschickt haben, wird 7 Tage lang wieder angeboten.`,
  ],
  incomplete: (subcommand, needs, example) =>
    md`Es wurde nichts getan: \`/assent ${subcommand}\` braucht ${needs}. Zum Beispiel: \`/assent ${subcommand} ${example}\`.`,
  unknown: (typed) => md`Es wurde nichts getan: Assent kennt „${typed}“ nicht.`,
  meant: (subcommand) => md`Meinten Sie \`/assent ${subcommand}\`?`,
  helpLists: md`\`/assent help\` zeigt, was es gibt.`,
  noRequests: 'Bisher hat niemand etwas angefragt.',
  latestRequests: 'Die neuesten Anfragen',
  askedBy: 'angefragt von',
  details: 'Einzelheiten',
  detailsOf: (request) => `Einzelheiten der Anfrage ${request}`,
  changedOf: (changed, planned, percent) =>
    `Geändert: ${changed}, geplant: ${planned} (${percent} %).`,
  answered: (asked, confirmed, stopped) =>
    `Gefragt: ${asked}, bestätigt: ${confirmed}, abgemeldet: ${stopped}.`,
  triedAgain:
    'Eine Nachricht dazu konnte im Kanal nicht gepostet werden; Assent versucht es jetzt noch einmal.',
  none: {
    batch: md`Es gibt noch keine Importe. \`/assent import\` liest eine CSV-Datei ein.`,
    tag: md`Es gibt noch keine Tags. \`/assent import\` liest eine CSV-Datei ein.`,
  },
  latest: { batch: 'Die neuesten Importe', tag: 'Die neuesten Tags' },
  contacts: (count, one) => `${count} ${one ? 'Kontakt' : 'Kontakte'}`,
  steered: { pause: 'Angehalten', resume: 'Fortgesetzt', cancel: 'Abgebrochen' },
  notSteered: (which, stands) =>
    `Es wurde nichts getan: Das geht bei einer Anfrage in diesem Stand nicht. ${which}: ${stands}.`,
};

export const COMMAND_WORDS: Words<CommandWords> = { en, de };

/**
 * Proof words: what a proof is told in. English here, for the command line and as the model; Slack
 * brings other languages.
 */
import { type Question, SOURCE_NAMES, type Source } from '../consent/interview.ts';
import type { Act } from '../consent/ledger.ts';
import type { SendNote } from '../consent/note.ts';
import type { Permission } from '../consent/permission.ts';
import type { Suppression } from '../consent/suppression.ts';

export interface ProofWords {
  readonly chapters: Readonly<Record<ProofChapter, string>>;
  readonly permissions: Readonly<Record<Permission, string>>;
  readonly maySend: Readonly<Record<Permission, string>>;
  readonly suppressed: Readonly<Record<Suppression, string>>;
  readonly suppressions: Readonly<Record<Suppression, string>>;
  readonly changes: Readonly<Record<Permission, readonly string[]>>;
  readonly suppressionChanges: Readonly<Record<Suppression, string>>;
  readonly acts: Readonly<Record<Act, string>>;
  /** A collection that had to be asked again, whose request ended before the mail left. */
  readonly neverAsked: string;
  readonly onFile: (permission: string) => string;
  readonly nobodySays: string;
  readonly obtained: (source: string) => string;
  readonly source: (source: Source) => string;
  readonly label: (question: Question) => string;
  readonly yes: string;
  readonly no: string;
  readonly notAnswered: string;
  /** A calendar day, given as `2026-03-31`. */
  readonly day: (day: string) => string;
  readonly attestedBy: string;
  /** Around the moment of a consent that is too old. */
  readonly tooOld: readonly [before: string, after: string];
  readonly asked: (times: number, most: number) => string;
  readonly reason: (reason: string) => string;
  readonly byMail: (mail: string, method: string | undefined) => string;
  /** After it stands who imported. */
  readonly byImport: (id: string, batch: string | undefined) => string;
  readonly byRequest: (request: string) => string;
  /** After a person: they asked, they approved. */
  readonly askedIt: string;
  readonly approvedIt: string;
  readonly from: (permission: string) => string;
  readonly adds: (suppressions: string) => string;
  readonly clears: (suppressions: string) => string;
  readonly mail: (kind: 'ask' | 'reminder', request: string, state: string) => string;
  /** Why a mail never left, or what is known of it besides its state; in parentheses. */
  readonly sendNotes: Readonly<Record<SendNote, string>>;
  readonly resent: string;
  readonly outcome: (outcome: string) => string;
}

/** The parts of a proof, in their order. */
export type ProofChapter =
  | 'may-send'
  | 'why'
  | 'changes'
  | 'history'
  | 'mails'
  | 'audiences'
  | 'faults';

const ENDS_IT =
  'The recipient’s stop, one click on unsubscribe or complaint ends it at once, and so does a mass opt-out.';

export const ENGLISH_PROOF: ProofWords = {
  chapters: {
    'may-send': 'What we may send',
    why: 'Why',
    changes: 'What would change it',
    history: 'History',
    mails: 'Double opt-in mail',
    audiences: 'Stands in',
    faults: 'What is wrong with this record',
  },
  permissions: {
    'non-marketable': 'non-marketable',
    'single-opt-in': 'single opt-in',
    'double-opt-in': 'double opt-in',
    'opted-out-by-recipient': 'opted out by the recipient',
    'opted-out-by-user': 'opted out by a teammate',
  },
  maySend: {
    'non-marketable': 'No marketing mail: no permission is on file.',
    'single-opt-in':
      'Marketing mail may be sent: a permission is on file (single opt-in). The recipient has not confirmed it.',
    'double-opt-in': 'Marketing mail may be sent: the recipient confirmed it (double opt-in).',
    'opted-out-by-recipient': 'Nothing may be sent: the recipient said stop.',
    'opted-out-by-user': 'Nothing may be sent: a teammate opted this address out.',
  },
  suppressed: {
    erased: 'Nothing may be sent: this person asked to be erased.',
    complaint: 'Nothing may be sent: this person complained about our mail.',
    'hard-bounce': 'Nothing is sent: mail to this address came back for good.',
    invalid: 'Nothing is sent: this is no address that can take mail.',
  },
  suppressions: {
    erased: 'erased',
    complaint: 'complaint',
    'hard-bounce': 'hard-bounce',
    invalid: 'invalid',
  },
  changes: {
    'non-marketable': [
      'A request to opt in, with answers on how the address was obtained, that a second person approves.',
    ],
    'single-opt-in': [
      'The recipient’s yes to a double opt-in request makes it a double opt-in.',
      ENDS_IT,
    ],
    'double-opt-in': [ENDS_IT],
    'opted-out-by-recipient': [
      'Only the recipient could, by an act of their own. No mass opt-in, import or old mail brings it back.',
    ],
    'opted-out-by-user': ['No mass opt-in and no import brings it back.'],
  },
  suppressionChanges: {
    erased: 'Nothing brings an erased person back.',
    complaint: 'No act of ours lifts a complaint.',
    'hard-bounce':
      'The recipient’s own yes to a mail that did arrive clears the bounce; nothing else does.',
    invalid: 'Nothing: an address that cannot take mail stays unsent.',
  },
  acts: {
    import: 'Imported',
    'import-address': 'Imported',
    'refuse-request': 'Request refused',
    'submit-request': 'Request made',
    'approve-request': 'Request approved',
    'reject-request': 'Request rejected',
    'opt-in': 'Mass opt-in',
    'opt-out': 'Mass opt-out',
    confirm: 'The recipient confirmed',
    stop: 'The recipient said stop',
    silence: 'The recipient did not answer',
    suppress: 'Suppressed',
    'submit-campaign': 'Campaign asked for',
    'approve-campaign': 'Campaign approved',
    'reject-campaign': 'Campaign rejected',
    'pause-campaign': 'Campaign paused',
    'resume-campaign': 'Campaign resumed',
    'end-campaign': 'Campaign ended',
    'run-campaign': 'Campaign run',
    'change-settings': 'Settings changed',
    'install-app': 'App installed',
    'remove-app': 'App removed',
    'add-template': 'Mail template kept',
  },
  neverAsked: 'Put back, since nobody was asked as the age of the collection requires',
  onFile: (permission) => `Permission on file: ${permission}, since `,
  nobodySays: 'No act on file says why.',
  obtained: (source) => `How it was obtained: ${source}.`,
  source: (source) => SOURCE_NAMES[source],
  label: ({ label }) => label,
  yes: 'yes',
  no: 'no',
  notAnswered: 'not answered',
  // As the moments of a record on the command line.
  day: (day) => day,
  attestedBy: 'Attested by ',
  tooOld: ['A mass opt-in skips it: its own consent, of ', ', is older than 24 months.'],
  asked: (times, most) => `It was asked ${times} of at most ${most} times in 180 days.`,
  reason: (reason) => ` Reason: ${reason}`,
  byMail: (mail, method) => ` (mail ${mail}${method === undefined ? '' : `, by ${method}`}).`,
  byImport: (id, batch) => ` with ${batch === undefined ? `import ${id}` : `batch “${batch}”`} by `,
  byRequest: (request) => ` by request ${request}. `,
  askedIt: ' asked',
  approvedIt: ' approved',
  from: (permission) => `Permission: ${permission}.`,
  adds: (suppressions) => `Suppressed: ${suppressions}.`,
  clears: (suppressions) => `No longer suppressed: ${suppressions}.`,
  mail: (kind, request, state) =>
    `: ${kind === 'ask' ? 'Double opt-in request' : 'Reminder'} of request ${request}, ${state}`,
  sendNotes: {
    erased: 'the person was erased',
    complaint: 'the person complained about our mail',
    'hard-bounce': 'mail to this address came back for good',
    invalid: 'the address cannot take mail',
    no_permission: 'no permission was on file',
    already_confirmed: 'the recipient had confirmed already',
    opted_out_by_recipient: 'the recipient opted out',
    opted_out_by_user: 'the team opted the address out',
    asked_too_often: 'the address was asked twice in 180 days',
    asked_lately: 'the address was asked not long ago',
    request_ended: 'its request had ended',
    request_cancelled: 'its request was cancelled',
    not_on_allow_list: 'the address is not among those that may be mailed from here (MAIL_ALLOW)',
    retries_ended: 'the server put it off for as long as it was tried',
    soft_bounce: 'the mailbox could not take it then',
  },
  resent: '; sent once more, since nobody knew whether it had arrived',
  outcome: (outcome) => `; ${outcome} `,
};

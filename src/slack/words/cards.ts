/** Card words: the approval card, and the review that it opens. */
import type { Words } from './language.ts';

interface CardWords {
  readonly approval: {
    readonly askedBy: string;
    readonly kind: string;
    readonly audience: string;
    readonly fields: string;
    readonly starts: string;
    readonly atOnce: string;
    readonly reason: string;
    readonly warning: string;
    readonly readExplanation: string;
    readonly nothingChanged: string;
    readonly recounted: string;
    readonly expires: string;
    readonly review: string;
    readonly reviewOf: (id: string) => string;
    readonly seeMail: string;
  };
  readonly review: {
    readonly title: string;
    readonly decide: string;
    readonly asItStood: string;
    readonly soFar: string;
    readonly counted: string;
    readonly mailHidden: string;
    readonly mailChanged: string;
    readonly subject: string;
    readonly mailTitle: string;
    readonly number: string;
    readonly numberHint: (addresses: string) => string;
    readonly decision: string;
    readonly approve: string;
    readonly reject: string;
    readonly reason: string;
    readonly reasonHint: string;
    readonly decideFirst: string;
    readonly planChanged: string;
    /** After it stands who decided, and when. */
    readonly decidedBefore: string;
    readonly rejected: string;
    readonly approvedNow: (addresses: string) => string;
    /** After it stands the moment. */
    readonly approvedLater: (addresses: string) => string;
  };
}

const en: CardWords = {
  approval: {
    askedBy: 'Asked by',
    kind: 'Kind',
    audience: 'Audience',
    fields: 'Address fields',
    starts: 'Starts',
    atOnce: 'As soon as it is approved',
    reason: 'Reason',
    warning: 'Warning:',
    readExplanation: 'The source is “something else”: read the explanation.',
    nothingChanged: 'Nothing was changed.',
    recounted: 'The plan was counted anew,',
    expires: 'Expires',
    review: 'Review',
    reviewOf: (id) => `Review request ${id}`,
    seeMail: 'See the mail',
  },
  review: {
    title: 'Review request',
    decide: 'Decide',
    asItStood: 'As it stood',
    soFar: 'So far',
    counted: 'counted',
    mailHidden: 'The mail itself cannot be shown here.',
    mailChanged: 'The template was changed after the plan was made.',
    subject: 'Subject:',
    mailTitle: 'The mail',
    number: 'To approve, type the number of addresses',
    numberHint: (addresses) => `This plan is about ${addresses}. Type that number, digits only.`,
    decision: 'Your decision',
    approve: 'Approve: this plan may be carried out',
    reject: 'Reject: nothing is changed',
    reason: 'To reject, say why',
    reasonHint: 'The requester and the channel read it.',
    decideFirst: 'Approve or reject.',
    decidedBefore: 'There is nothing to decide any more.',
    planChanged:
      'The plan changed since you saw it, so your click did nothing. This is the new plan.',
    rejected: 'Rejected. Nothing was changed, and the requester is told why.',
    approvedNow: (addresses) =>
      `Approved. The change of ${addresses} starts now; the channel shows how it goes on.`,
    approvedLater: (addresses) => `Approved. The change of ${addresses} starts`,
  },
};

const de: CardWords = {
  approval: {
    askedBy: 'Angefragt von',
    kind: 'Art',
    audience: 'Zielgruppe',
    fields: 'Adressfelder',
    starts: 'Beginn',
    atOnce: 'Sobald freigegeben',
    reason: 'Grund',
    warning: 'Achtung:',
    readExplanation: 'Herkunft „etwas anderes“: Bitte lesen Sie die Erläuterung.',
    nothingChanged: 'Es wurde nichts geändert.',
    recounted: 'Der Plan wurde neu gezählt,',
    expires: 'Verfällt',
    review: 'Prüfen',
    reviewOf: (id) => `Prüfen: Anfrage ${id}`,
    seeMail: 'E-Mail ansehen',
  },
  review: {
    title: 'Anfrage prüfen',
    decide: 'Entscheiden',
    asItStood: 'Stand',
    soFar: 'Bisher',
    counted: 'gezählt',
    mailHidden: 'Die E-Mail selbst kann hier nicht gezeigt werden.',
    mailChanged: 'Die Vorlage wurde geändert, nachdem der Plan gemacht war.',
    subject: 'Betreff:',
    mailTitle: 'Die E-Mail',
    number: 'Zur Freigabe bitte die Zahl der Adressen eingeben',
    numberHint: (addresses) =>
      `Dieser Plan betrifft ${addresses}. Geben Sie diese Zahl ein, nur Ziffern.`,
    decision: 'Ihre Entscheidung',
    approve: 'Freigeben: Dieser Plan darf ausgeführt werden',
    reject: 'Ablehnen: Es wird nichts geändert',
    reason: 'Zum Ablehnen bitte den Grund nennen',
    reasonHint: 'Die anfragende Person und der Kanal lesen ihn.',
    decideFirst: 'Bitte freigeben oder ablehnen.',
    decidedBefore: 'Hier ist nichts mehr zu entscheiden.',
    planChanged:
      'Der Plan hat sich geändert, seit Sie ihn gesehen haben; Ihr Klick hat daher nichts bewirkt. Dies ist der neue Plan.',
    rejected: 'Abgelehnt. Es wurde nichts geändert; die anfragende Person erfährt den Grund.',
    approvedNow: (addresses) =>
      `Freigegeben. Die Änderung von ${addresses} beginnt jetzt; der Kanal zeigt, wie es weitergeht.`,
    approvedLater: (addresses) => `Freigegeben. Die Änderung von ${addresses} beginnt`,
  },
};

export const CARD_WORDS: Words<CardWords> = { en, de };

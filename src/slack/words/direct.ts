/** Direct words: what is told to one person alone: the decision, a lost card, a card that waits. */
import { type Mrkdwn, md } from '../blocks/escape.ts';
import type { Words } from './language.ts';

interface DirectWords {
  /** The beginning of a sentence; `does` is `opt in 12,480 addresses`. */
  readonly yourRequest: (does: string) => string;
  /** After it stands the moment. */
  readonly waits: string;
  readonly approved: string;
  /** After it stands the moment. */
  readonly starts: string;
  readonly rejected: string;
  readonly expired: string;
  readonly cancelled: string;
  /** After them the channel is named. */
  readonly cardLost: string;
  readonly progressLost: string;
  readonly remedy: (command: string) => Mrkdwn;
  /** Slack takes a message about it nowhere. */
  readonly refused: (command: string) => Mrkdwn;
  /** After what the message is about, where Slack does not take the rest of it. */
  readonly shortened: (command: string) => Mrkdwn;
  /** The same of mail that stopped. */
  readonly shortenedMail: (command: string) => Mrkdwn;
  readonly reminder: (does: string) => string;
  /** Before a day is over, since its card does not appear. */
  readonly unseen: (does: string) => string;
  /** After it stands the moment. */
  readonly reminderExpires: string;
}

const en: DirectWords = {
  yourRequest: (does) => `Your request to ${does}`,
  waits: 'waits for approval until',
  approved: 'was approved.',
  starts: 'It starts',
  rejected: 'was rejected. Nothing was changed.',
  expired: 'expired before anybody decided. Nothing was changed; ask again if it still matters.',
  cancelled: 'was cancelled. What was changed until then stays changed.',
  cardLost: 'No approver can see its card: Assent cannot post in',
  progressLost: 'Its progress is not shown: Assent cannot post in',
  remedy: (command) =>
    md`Invite the app to that channel (or ask an admin to choose another one), then run \`${command}\`.`,
  refused: (command) =>
    md`*Slack did not take a message about it in the channel, so it may not be seen there.* \`${command}\` shows how it stands, and tries that message once more. Approvers find it in Assent’s Home, under “Waiting for you”.`,
  shortened: (command) =>
    md`Slack did not take the whole message: \`${command}\` shows the rest. What needs a decision waits in Assent’s Home, under “Waiting for you”.`,
  shortenedMail: (command) =>
    md`Slack did not take the whole message: \`${command}\` shows why, with buttons for those who may decide.`,
  unseen: (does) => `A request to ${does} waits for approval. Its card could not be posted.`,
  reminder: (does) => `A request to ${does} has been waiting for approval for a day.`,
  reminderExpires: 'Undecided, it expires',
};

const de: DirectWords = {
  yourRequest: (does) => `Ihre Anfrage „${does}“`,
  waits: 'wartet auf Freigabe bis',
  approved: 'wurde freigegeben.',
  starts: 'Sie beginnt',
  rejected: 'wurde abgelehnt. Es wurde nichts geändert.',
  expired:
    'ist abgelaufen, bevor jemand entschieden hat. Es wurde nichts geändert; stellen Sie sie neu, wenn sie noch wichtig ist.',
  cancelled: 'wurde abgebrochen. Was bis dahin geändert war, bleibt geändert.',
  cardLost: 'Niemand, der freigeben darf, sieht die Karte: Assent kann nicht posten in',
  progressLost: 'Der Fortschritt wird nicht angezeigt: Assent kann nicht posten in',
  remedy: (command) =>
    md`Laden Sie die App in diesen Kanal ein (oder bitten Sie die Administration, einen anderen zu wählen), und geben Sie dann \`${command}\` ein.`,
  refused: (command) =>
    md`*Slack hat eine Nachricht dazu im Kanal nicht angenommen; sie ist dort vielleicht nicht zu sehen.* \`${command}\` zeigt, wie es steht, und versucht die Nachricht noch einmal. Wer freigeben darf, findet die Anfrage in der Home-Ansicht von Assent unter „Wartet auf Sie“.`,
  shortened: (command) =>
    md`Slack hat die ganze Nachricht nicht angenommen: \`${command}\` zeigt den Rest. Was eine Entscheidung braucht, wartet in der Home-Ansicht von Assent unter „Wartet auf Sie“.`,
  shortenedMail: (command) =>
    md`Slack hat die ganze Nachricht nicht angenommen: \`${command}\` zeigt den Grund, mit Schaltflächen für alle, die entscheiden dürfen.`,
  unseen: (does) =>
    `Eine Anfrage „${does}“ wartet auf Freigabe. Ihre Karte konnte nicht gepostet werden.`,
  reminder: (does) => `Eine Anfrage „${does}“ wartet seit einem Tag auf Freigabe.`,
  reminderExpires: 'Ohne Entscheidung verfällt sie',
};

export const DIRECT_WORDS: Words<DirectWords> = { en, de };

/**
 * Install words: what the pages say to whoever adds the app to Slack: a colleague, no recipient. In
 * the languages of our Slack texts.
 */

export interface InstallWords {
  readonly show: {
    readonly title: string;
    readonly lead: string;
    readonly button: string;
    readonly asksFor: string;
    readonly never: string;
  };
  /** What each scope lets the app do. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly done: { readonly title: string; readonly text: string; readonly next: string };
  readonly declined: { readonly title: string; readonly text: string };
  readonly stale: { readonly title: string; readonly text: string };
  readonly refused: {
    readonly title: string;
    readonly text: string;
    readonly scopes: string;
    readonly rotation: string;
    readonly reason: string;
  };
  readonly again: string;
}

const en: InstallWords = {
  show: {
    title: 'Add Assent to Slack',
    lead: 'Assent lets your team opt e-mail addresses in and out so that somebody can answer for it: a second person approves, and every change is proven.',
    button: 'Continue at Slack',
    asksFor: 'What Assent asks Slack for',
    never:
      'Assent reads no messages and no channel history. Slack shows the same list before you agree.',
  },
  scopes: {
    'chat:write': 'Post cards and results in the channels to which it is invited.',
    commands: 'Answer /assent, /optin, /optout and /reconfirm, and its shortcuts.',
    'files:read': 'Fetch the files that somebody hands over in one of its windows.',
    'files:write':
      'Send files to one person directly: evidence to whoever reviews a request, rejected rows to whoever imported them.',
    'im:write': 'Write to the person concerned directly.',
    'usergroups:read': 'See who is in a user group, since roles can be given to groups.',
    'users:read': 'See who is a full member, and which language and time zone somebody uses.',
  },
  done: {
    title: 'Assent is installed',
    text: 'You can close this page and go back to Slack.',
    next: 'Type /assent settings in Slack: choose the channel for approvals and who may ask and approve. At a first installation, that is for whoever installed it.',
  },
  declined: {
    title: 'Nothing was installed',
    text: 'You said no at Slack. Nothing was changed.',
  },
  stale: {
    title: 'This installation cannot be finished',
    text: 'It began more than ten minutes ago, in another browser, or was finished before. Nothing was installed.',
  },
  refused: {
    title: 'Slack did not finish the installation',
    text: 'Nothing was installed. Please try again; if it happens again, tell whoever runs Assent the reason below.',
    scopes: 'Slack did not grant everything that Assent needs. Nothing was installed.',
    rotation:
      'This Slack app lets its tokens expire (token rotation), which Assent does not support. Nothing was installed.',
    reason: 'Reason',
  },
  again: 'Begin again',
};

const de: InstallWords = {
  show: {
    title: 'Assent zu Slack hinzufügen',
    lead: 'Mit Assent meldet Ihr Team E-Mail-Adressen so an und ab, dass jemand dafür einstehen kann: Eine zweite Person gibt frei, und jede Änderung ist belegt.',
    button: 'Weiter bei Slack',
    asksFor: 'Worum Assent Slack bittet',
    never:
      'Assent liest keine Nachrichten und keinen Verlauf. Slack zeigt Ihnen dieselbe Liste, bevor Sie zustimmen.',
  },
  scopes: {
    'chat:write': 'Karten und Ergebnisse in Kanälen zeigen, in die es eingeladen ist.',
    commands: 'Auf /assent, /optin, /optout und /reconfirm sowie seine Kurzbefehle antworten.',
    'files:read': 'Dateien abrufen, die jemand in einem seiner Fenster übergibt.',
    'files:write':
      'Dateien direkt an eine einzelne Person senden: Belege an die prüfende, abgelehnte Zeilen an die importierende Person.',
    'im:write': 'Der betroffenen Person direkt schreiben.',
    'usergroups:read': 'Sehen, wer in einer Nutzergruppe ist, denn Rollen können an Gruppen gehen.',
    'users:read': 'Sehen, wer volles Mitglied ist und welche Sprache und Zeitzone jemand nutzt.',
  },
  done: {
    title: 'Assent ist installiert',
    text: 'Sie können diese Seite schließen und zu Slack zurückkehren.',
    next: 'Geben Sie in Slack /assent settings ein: Wählen Sie den Kanal für Freigaben und wer anfragen und freigeben darf. Bei der ersten Installation kann das die Person, die installiert hat.',
  },
  declined: {
    title: 'Es wurde nichts installiert',
    text: 'Sie haben bei Slack abgelehnt. Es wurde nichts geändert.',
  },
  stale: {
    title: 'Diese Installation lässt sich nicht abschließen',
    text: 'Sie wurde vor mehr als zehn Minuten oder in einem anderen Browser begonnen, oder sie ist schon abgeschlossen. Es wurde nichts installiert.',
  },
  refused: {
    title: 'Slack hat die Installation nicht abgeschlossen',
    text: 'Es wurde nichts installiert. Bitte versuchen Sie es noch einmal; wenn es wieder geschieht, nennen Sie den Grund unten den Betreibenden von Assent.',
    scopes: 'Slack hat nicht alles gewährt, was Assent braucht. Es wurde nichts installiert.',
    rotation:
      'Diese Slack-App lässt ihre Tokens ablaufen (Token-Rotation), was Assent nicht unterstützt. Es wurde nichts installiert.',
    reason: 'Grund',
  },
  again: 'Von vorn beginnen',
};

export const INSTALL_WORDS: Readonly<Record<'en' | 'de', InstallWords>> = { en, de };

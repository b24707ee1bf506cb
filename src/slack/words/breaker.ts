/** Breaker words: that mail was stopped by itself, why, when it tries again, and what people can do. */
import type { BreakerReason } from '../../consent/breaker.ts';
import type { CanaryReason } from '../../consent/canary.ts';
import type { BigProvider } from '../../consent/provider.ts';
import type { Words } from './language.ts';

interface BreakerWords {
  readonly providers: Readonly<Record<BigProvider, string>>;
  /** A provider whose name may be a person's own domain. */
  readonly otherProvider: string;
  /** What is stopped: a route as a whole, or its mail to one provider. */
  readonly route: (route: string) => string;
  readonly routeTo: (route: string, provider: string) => string;
  readonly stopped: (what: string) => string;
  readonly goesOn: (what: string) => string;
  readonly held: (what: string) => string;
  readonly reasons: Readonly<Record<BreakerReason, string>>;
  /** A time follows. */
  readonly triesAt: string;
  readonly waits: string;
  readonly othersGoOn: string;
  readonly resume: string;
  readonly stop: string;
  readonly stopTitle: string;
  readonly stopText: string;
  readonly stopYes: string;
  readonly stopNo: string;
  readonly canary: (title: string) => string;
  readonly canaryReasons: Readonly<Record<CanaryReason, string>>;
  readonly canaryNext: string;
  /** What `/assent mail` says where nothing is stopped, and where not everything fits. */
  readonly noneStopped: string;
  readonly moreStopped: (count: number) => string;
}

const en: BreakerWords = {
  providers: { gmail: 'Gmail', outlook: 'Outlook', yahoo: 'Yahoo' },
  otherProvider: 'a smaller provider',
  route: (route) => `mail over the route “${route}”`,
  routeTo: (route, provider) => `mail to ${provider} over the route “${route}”`,
  stopped: (what) => `Stopped: ${what}`,
  goesOn: (what) => `Goes on: ${what}`,
  held: (what) => `Stopped by a person: ${what}`,
  reasons: {
    connect: 'The mail server could not be reached five times in a row.',
    auth: 'The mail server refused to let us in. Somebody has to check user, password or settings.',
    policy_blocks:
      'More than 5 % of the latest mails were refused for policy. Going on would harm the sender’s reputation.',
    stopped_by_person: 'It stays stopped until somebody lets it go on.',
  },
  triesAt: 'One mail tries it again:',
  waits: 'No mail is lost: it waits in the queue.',
  othersGoOn: 'Mail to other providers goes on.',
  resume: 'Resume',
  stop: 'Stop',
  stopTitle: 'Stop this mail?',
  stopText: 'Nothing is tried again by itself. Mail waits until somebody presses Resume.',
  stopYes: 'Stop',
  stopNo: 'Leave it',
  canary: (title) => `Paused: ${title}`,
  canaryReasons: {
    canary_bounces:
      'More than 8 % of its first mails went to mailboxes that do not exist. That is the mark of an old or bought list: please check where the addresses come from.',
    canary_blocks:
      'More than 5 % of its first mails were refused for policy. Please check sender, signature and wording before it goes on.',
    canary_complaints:
      'More than 0.3 % of its recipients complained about spam. Please check whether these people expect mail from you.',
  },
  canaryNext: 'The mails that have not left wait. Resume goes on with the same small steps.',
  noneStopped: 'No mail is stopped: nothing holds it back, over any route.',
  moreStopped: (count) =>
    count === 1
      ? 'One more is stopped; it shows here once these are decided.'
      : `${count} more are stopped; they show here once these are decided.`,
};

const de: BreakerWords = {
  providers: { gmail: 'Gmail', outlook: 'Outlook', yahoo: 'Yahoo' },
  otherProvider: 'einen kleineren Anbieter',
  route: (route) => `E-Mails über die Route „${route}“`,
  routeTo: (route, provider) => `E-Mails an ${provider} über die Route „${route}“`,
  stopped: (what) => `Angehalten: ${what}`,
  goesOn: (what) => `Läuft weiter: ${what}`,
  held: (what) => `Von Hand angehalten: ${what}`,
  reasons: {
    connect: 'Der Mailserver war fünfmal nacheinander nicht erreichbar.',
    auth: 'Der Mailserver hat die Anmeldung abgelehnt. Bitte prüfen Sie Benutzername, Passwort oder Einstellungen.',
    policy_blocks:
      'Mehr als 5 % der letzten E-Mails wurden aus Richtliniengründen abgelehnt. Weiterzusenden würde dem Ruf des Absenders schaden.',
    stopped_by_person: 'Es bleibt dabei, bis jemand auf „Fortsetzen“ klickt.',
  },
  triesAt: 'Eine einzelne E-Mail versucht es erneut:',
  waits: 'Es geht keine E-Mail verloren: Alle warten in der Warteschlange.',
  othersGoOn: 'E-Mails an andere Anbieter gehen weiter hinaus.',
  resume: 'Fortsetzen',
  stop: 'Anhalten',
  stopTitle: 'Diese E-Mails anhalten?',
  stopText:
    'Nichts wird von selbst erneut versucht. Die E-Mails warten, bis jemand auf „Fortsetzen“ klickt.',
  stopYes: 'Anhalten',
  stopNo: 'So lassen',
  canary: (title) => `Angehalten: ${title}`,
  canaryReasons: {
    canary_bounces:
      'Mehr als 8 % der ersten E-Mails gingen an Postfächer, die es nicht gibt. So sehen alte oder gekaufte Listen aus: Bitte prüfen Sie die Herkunft der Adressen.',
    canary_blocks:
      'Mehr als 5 % der ersten E-Mails wurden aus Richtliniengründen abgelehnt. Bitte prüfen Sie Absender, Signatur und Text, bevor es weitergeht.',
    canary_complaints:
      'Mehr als 0,3 % der Angeschriebenen haben sich über Spam beschwert. Bitte prüfen Sie, ob diese Menschen Post von Ihnen erwarten.',
  },
  canaryNext:
    'Die noch nicht gesendeten E-Mails warten. „Fortsetzen“ geht in denselben kleinen Schritten weiter.',
  noneStopped: 'Keine E-Mail ist angehalten: Nichts hält sie zurück, auf keiner Route.',
  moreStopped: (count) =>
    count === 1
      ? 'Noch etwas ist angehalten; es erscheint hier, sobald über diese entschieden ist.'
      : `${count} weitere Stellen sind angehalten; sie erscheinen hier, sobald über diese entschieden ist.`,
};

export const BREAKER_WORDS: Words<BreakerWords> = { en, de };

/**
 * Deps: everything that a step may touch. Built once in main.ts, passed in, never imported.
 */
import type { Logger } from 'pino';
import type { TokenKey } from '../consent/link.ts';
import type { Locale } from '../consent/settings.ts';
import type { Templates } from '../mail/templates.ts';
import type { Transport } from '../mail/transport.ts';
import type { Queue } from '../queue.ts';
import type { Database } from '../store/database.ts';
import type { AskWords } from './ask-words.ts';
import type { EvidenceIp } from './evidence.ts';
import type { Installs } from './installs.ts';
import type { ReturnCounts } from './return-counts.ts';

/** Who may do what, and who speaks to recipients: what a workspace decided, else the configuration. */
export interface WorkspaceSettings {
  readonly requesters: readonly string[];
  readonly approvers: readonly string[];
  readonly admins: readonly string[];
  /** Slack user groups (`S…`) whose members hold the role. */
  readonly requesterGroups: readonly string[];
  readonly approverGroups: readonly string[];
  readonly adminGroups: readonly string[];
  /** Slack channel id where approval cards and progress are posted. */
  readonly channel: string;
  /** Plans larger than this many addresses are approved by typing the number. */
  readonly typedOver: number;
  readonly approvalHours: number;
  /** Days for which a link confirms (1–30). */
  readonly linkDays: number;
  /** What silence after an ask means where the request does not have to say. */
  readonly silence: 'keep' | 'revert';
  /** No mail is begun between these times of day (`22:00`); undefined: at any hour. */
  readonly quietHours?: QuietHours | undefined;
  /** IANA name, such as `Europe/Berlin`: of quiet hours and of campaigns' days. */
  readonly timeZone: string;
  /** Of what many people read together: cards, progress, digests. */
  readonly locale: Locale;
  /** Whether the weekly digest is posted. */
  readonly digest: boolean;
  readonly sender: SenderSettings;
}

/** What holds in a workspace whose admins decided nothing, and that no configuration says. */
export const UNDECIDED = {
  requesterGroups: [],
  approverGroups: [],
  adminGroups: [],
  silence: 'keep',
  timeZone: 'UTC',
  locale: 'en',
  digest: true,
} as const satisfies Partial<WorkspaceSettings>;

/** Times of day, `HH:MM`, in the workspace's time zone; over midnight where `from` is the later. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** User groups of Slack; failing means that Slack did not say, and that nobody is let in by it. */
export interface UserGroups {
  /** Slack user ids; what Slack said is believed for less than a minute. */
  members(workspace: string, group: string): Promise<readonly string[]>;
  /** All groups of the workspace, for choosing. */
  list(workspace: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
}

export interface SenderSettings {
  readonly name: string;
  readonly address: string;
  readonly replyTo?: string | undefined;
  readonly postalAddress: string;
  readonly privacyUrl?: string | undefined;
  readonly bounceDomain?: string | undefined;
  /** True if mail to the bounce domain is read: a stop that goes there is heard. */
  readonly readsReturns?: boolean | undefined;
}

/** What the chosen mail template says and looks like; null where mail is not configured. */
export interface TemplateCatalogue {
  /** Names of the templates that may be chosen. */
  names(): readonly string[];
  /** SHA-256 (hex) of all files of a template. @throws Refusal `template_not_found` */
  hash(name: string): string;
}

/** The way to recipients' mailboxes: what a mail can say, and the route that it takes. */
export interface AskMailer {
  readonly templates: Templates;
  /** The phrases that we put into mails, by locale; a mail is in a locale that both have. */
  readonly words: ReadonlyMap<string, AskWords>;
  /** Connections of all routes: one pass has at most twice as many sends under lease. */
  readonly connections: number;
  readonly routes: readonly [MailRoute, ...MailRoute[]];
  /** Outside production only these are mailed; undefined: everybody. */
  readonly mayMail?: ((address: string) => boolean) | undefined;
}

/** One way to recipients: a mail server and an account on it. */
export interface MailRoute {
  readonly name: string;
  /** Its share of the mail, compared with the other routes' weights. */
  readonly weight: number;
  /** Mails a second at most, of all senders together. */
  readonly perSecond: number;
  /** The first day (UTC) of its warm-up; undefined: it is trusted already. */
  readonly warmUpFrom?: Date | undefined;
  /** Does beforehand what takes time; `send` does what was left out. Never throws. */
  readonly prepare?: Transport['prepare'];
  /** Sends one mail and says what became of it; see Transport. */
  readonly send: Transport['send'];
}

export interface Limits {
  /** A worker's lease on a range, a send or an announcement; renewed by each page. */
  readonly leaseMs: number;
  readonly tickMs: number;
  /** How long the results of a canary's stage are waited for; 0: as long as the mails are under way. */
  readonly canaryWaitMs?: number | undefined;
  /** Ranges that one process works on at once. */
  readonly workers: number;
}

export interface Deps {
  readonly database: Database;
  readonly queue: Queue;
  readonly addressKey: Buffer;
  readonly tokenKeys: readonly [TokenKey, ...TokenKey[]];
  /** Where recipients land, without a slash at the end. */
  readonly publicUrl: string;
  readonly templates: TemplateCatalogue;
  /** False if no SMTP server is configured: requests that ask are refused. */
  readonly canAsk: boolean;
  /** Undefined where no SMTP server is configured, and in processes that send no mail. */
  readonly mail?: AskMailer | undefined;
  /** How much of a recipient's IP address goes into the ledger; `truncated` if not said. */
  readonly evidenceIp?: EvidenceIp | undefined;
  /** As they are now; believed for some seconds, unless they are asked for fresh. */
  settings(workspace: string, how?: { readonly fresh: boolean }): Promise<WorkspaceSettings>;
  /** Undefined unless many workspaces install the app. */
  readonly installs?: Installs | undefined;
  /** Undefined where there is no Slack: nobody holds a role by a group then. */
  readonly userGroups?: UserGroups | undefined;
  readonly limits: Limits;
  /** What came back to this process, counted up. */
  readonly returns: ReturnCounts;
  readonly log: Logger;
  readonly now: () => Date;
}

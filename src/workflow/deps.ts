/**
 * Deps: everything that a step may touch. Built once in main.ts, passed in, never imported.
 */
import type { Logger } from 'pino';
import type { TokenKey } from '../consent/link.ts';
import type { ComposedMail } from '../mail/ask-mail.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { Templates } from '../mail/templates.ts';
import type { Queue } from '../queue.ts';
import type { Database } from '../store/database.ts';
import type { AskWords } from './ask-words.ts';
import type { EvidenceIp } from './evidence.ts';
import type { RouteRest } from './route-rest.ts';

/** Who may do what, and who speaks to recipients: per workspace, from the configuration for now. */
export interface WorkspaceSettings {
  readonly requesters: readonly string[];
  readonly approvers: readonly string[];
  readonly admins: readonly string[];
  /** Slack channel id where approval cards and progress are posted. */
  readonly channel: string;
  /** Plans larger than this many addresses are approved by typing the number. */
  readonly typedOver: number;
  readonly approvalHours: number;
  /** Days for which a link confirms (1–30). */
  readonly linkDays: number;
  readonly sender: SenderSettings;
}

export interface SenderSettings {
  readonly name: string;
  readonly address: string;
  readonly replyTo?: string | undefined;
  readonly postalAddress: string;
  readonly privacyUrl?: string | undefined;
  readonly bounceDomain?: string | undefined;
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
  /** Connections of the route: one pass has at most twice as many sends under lease. */
  readonly connections: number;
  readonly rest: RouteRest;
  /** Sends one mail and says what became of it; aborting takes back what has not begun. */
  readonly send: (mail: ComposedMail, signal?: AbortSignal) => Promise<Delivery>;
}

export interface Limits {
  /** A worker's lease on a range, a send or an announcement; renewed by each page. */
  readonly leaseMs: number;
  readonly tickMs: number;
  readonly mailPerSecond: number;
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
  /** As they are now; believed for some seconds. */
  settings(workspace: string): Promise<WorkspaceSettings>;
  readonly limits: Limits;
  readonly log: Logger;
  readonly now: () => Date;
}

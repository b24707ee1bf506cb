/** Person: what somebody at the screen can do, and what they see. */
import type { Name } from './elements.ts';
import type { Json } from './json.ts';
import type { Ack } from './sign.ts';
import type { Choice } from './state-values.ts';
import type { OpenView, PostedMessage } from './workspace.ts';

/** What a slash command brought. */
export interface CommandResult {
  readonly ack: Ack;
  /** What the ack itself said, usually seen by this person only. */
  readonly reply: PostedMessage | undefined;
  /** What came by the command's response URL; grows when more comes. */
  readonly later: readonly PostedMessage[];
}

/**
 * What became of a submitted modal. `not-sent`: Slack's client refused it before the app saw
 * anything.
 */
export interface SubmitResult {
  readonly outcome: 'closed' | 'errors' | 'updated' | 'pushed' | 'cleared' | 'not-sent';
  /** Block id → sentence. */
  readonly errors: Readonly<Record<string, string>>;
  /** The modal that shows now, if one does. */
  readonly view: OpenView | undefined;
}

export interface AttachedFile {
  readonly name: string;
  readonly content: Buffer;
  readonly mimetype: string;
  /** The app gets an id only, and has to ask files.info. */
  readonly needsInfo?: boolean;
}

/**
 * Every act is one signed request, and resolves when the app answered it; what the app does
 * afterwards is waited for with `SlackDouble.until`. Acts reject with ShownError where Slack would
 * show an error, and with Error where the screen has no such thing to act on. Names are action ids
 * or the words on the screen.
 */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** `/optin tag:vip`; without a channel, in the direct messages with the app. */
  command(text: string, where?: { channel?: string }): Promise<CommandResult>;
  /**
   * Presses a button (and confirms, if asked), or picks `value` in a menu, of a message as it was
   * when it was read, or a view.
   */
  click(where: PostedMessage | OpenView, name: Name, value?: string): Promise<void>;
  /**
   * Chooses in the open modal, or in `where`: an option by value or words, a user, a date; null for
   * nothing.
   */
  choose(name: Name, choice: Choice, where?: OpenView): Promise<void>;
  /** Types a whole entry, over what was there; and Enter, where the app wants to know. */
  type(name: Name, text: string, where?: OpenView): Promise<void>;
  /** Has typed so far, without Enter: it stands in the form, and the app hears nothing yet. */
  keep(name: Name, choice: Choice, where?: OpenView): void;
  /**
   * Types into a menu that the app fills, and reads what it offers. Nothing is asked before
   * `min_query_length`.
   */
  search(name: Name, text: string, where?: OpenView): Promise<Json[]>;
  /** The same with the groups that the app put them into: `options` or `option_groups`. */
  lookUp(name: Name, text: string, where?: OpenView): Promise<Json>;
  attachFile(name: Name, file: AttachedFile): Promise<void>;
  detachFile(name: Name, fileId: string): Promise<void>;
  submit(): Promise<SubmitResult>;
  /**
   * Presses Cancel: the one below shows again. With `all`, the cross in the corner: every modal
   * goes.
   */
  close(how?: { all?: boolean }): Promise<void>;
  shortcut(callbackId: string): Promise<void>;
  messageShortcut(callbackId: string, message: PostedMessage): Promise<void>;
  /**
   * Opens the app, at its Home tab if not said; what that shows comes a moment later
   * (`SlackDouble.home`).
   */
  openHome(tab?: 'home' | 'messages'): Promise<void>;
  /**
   * Writes a message of their own, with files. The app is not told: it has no scope to read
   * messages.
   */
  say(
    channel: string,
    text: string,
    files?: readonly AttachedFile[],
    threadTs?: string,
  ): PostedMessage;
  /** What only this person sees. */
  ephemerals(): PostedMessage[];
  /** The direct messages between the app and this person. */
  dms(): PostedMessage[];
}

/** How requests reach the app: signed, measured, and remembered. */
export interface Wire {
  send(kind: string, body: readonly [body: string, contentType: string]): Promise<Ack>;
}

/**
 * Installs: what steps need where many workspaces install the app: the memory of installations, and
 * Slack's side of it as a port.
 */
import type { InstallStates } from '../store/install-states.ts';
import type { InstallationStore, NewInstallation } from '../store/installations.ts';

/** What Slack says about a token. `unknown`: it did not say. */
export type TokenHealth = 'good' | 'revoked' | 'unknown';

/** Slack's side, implemented in slack/. */
export interface InstallPort {
  /** What the app asks Slack for, by name. */
  readonly scopes: readonly string[];
  /** Slack's page on which somebody allows it. */
  authorizeUrl(state: string): string;
  /**
   * Turns the code that Slack gave the browser into an installation.
   * @throws InstallRefused if Slack does not take the code, or the app cannot use what it got
   */
  exchange(code: string): Promise<Omit<NewInstallation, 'installedAt'>>;
  health(token: string): Promise<TokenHealth>;
}

export interface Installs {
  readonly store: InstallationStore;
  readonly states: InstallStates;
  readonly port: InstallPort;
  /**
   * Doors believe for a moment what they read of installations: called when this process installed
   * or removed the app somewhere, they read it anew.
   */
  readonly forget: () => void;
}

/** Why an installation came to nothing; `because` is Slack's name of it, or one of ours. */
export class InstallRefused extends Error {
  override readonly name = 'InstallRefused';
  readonly because: string;

  constructor(because: string, options?: ErrorOptions) {
    super(`the app was not installed: ${because}`, options);
    this.because = because;
  }
}

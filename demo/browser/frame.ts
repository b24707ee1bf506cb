/** Frame: everything that a page is drawn from. */
import type { ReceivedMail } from '../inbox/inbox.ts';
import type { Workspace } from '../slack/workspace.ts';
import type { Manifest } from './manifest.ts';
import type { Reads } from './reads.ts';
import type { World } from './scene.ts';
import type { Screen } from './screen.ts';

export interface Installing {
  /** The app's own page, where it begins. */
  readonly url: string;
  /** Every company that could have the app, as it stands now. */
  readonly companies: () => readonly Company[];
}

export interface Company {
  readonly name: string;
  readonly isInstalled: boolean;
  /** Where its Slack can be played. */
  readonly url: string;
}

/** The app as an admin of this Slack sees it among all apps. */
export interface Managing {
  readonly isInstalled: () => boolean;
  /** Slack takes the app's token back, and tells the app so. */
  readonly remove: () => Promise<void>;
}

export interface Frame {
  readonly ws: Workspace;
  readonly screen: Screen;
  readonly world: World;
  readonly manifest: Manifest;
  readonly reads: Reads;
  readonly mails: readonly ReceivedMail[];
  /** The company that this Slack belongs to. */
  readonly company: string;
  /** Where the app can be installed; undefined where there is nothing to install. */
  readonly installing: Installing | undefined;
  /** What an admin may do about the app; undefined where it cannot be removed. */
  readonly managing: Managing | undefined;
  /** Proves that an act comes from a page of ours. */
  readonly token: string;
}

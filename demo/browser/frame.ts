/** Frame: everything that a page is drawn from. */
import type { ReceivedMail } from '../inbox/inbox.ts';
import type { Workspace } from '../slack/workspace.ts';
import type { Manifest } from './manifest.ts';
import type { Reads } from './reads.ts';
import type { World } from './scene.ts';
import type { Screen } from './screen.ts';

export interface Frame {
  readonly ws: Workspace;
  readonly screen: Screen;
  readonly world: World;
  readonly manifest: Manifest;
  readonly reads: Reads;
  readonly mails: readonly ReceivedMail[];
  /** Proves that an act comes from a page of ours. */
  readonly token: string;
}

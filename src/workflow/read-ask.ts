/**
 * Read ask: what the page behind a link shows. Reads only.
 *
 * It holds no address: mails are forwarded, and a page can be opened by anybody who has the link.
 */
import type { SilenceMeaning } from '../consent/ask.ts';
import type { ProvenanceOnFile } from './ask-words.ts';
import { judge } from './confirm-address.ts';
import type { Deps, SenderSettings } from './deps.ts';
import { findAsk, linkTarget } from './find-ask.ts';
import { readProvenance } from './read-provenance.ts';

/** `open`: a yes would count now. The others say why it would not, or that it was said. */
export type AskState = 'open' | 'confirmed' | 'opted-out' | 'expired' | 'stale';

export interface AskView {
  readonly state: AskState;
  readonly sender: Pick<SenderSettings, 'name' | 'postalAddress' | 'privacyUrl'>;
  /** As imported; may be nonsense. */
  readonly language: string | undefined;
  readonly provenance: ProvenanceOnFile;
  readonly askedAt: Date;
  readonly silence: SilenceMeaning;
  readonly expiresAt: Date;
}

/** Undefined if the link is not one of ours, or what it stands for is gone. */
export async function readAsk(
  deps: Pick<Deps, 'database' | 'tokenKeys' | 'settings' | 'now'>,
  token: string,
): Promise<AskView | undefined> {
  const target = linkTarget(deps, token);
  if (target === undefined) return undefined;
  const found = await findAsk(deps, target);
  if (found === undefined) return undefined;
  const { send, address, expiresAt } = found;
  const store = deps.database.of(target.workspace);
  const provenance = await readProvenance(store, [address]);
  const { name, postalAddress, privacyUrl } = (await deps.settings(target.workspace)).sender;
  return {
    state: stateOf(judge(found, deps.now())),
    sender: { name, postalAddress, privacyUrl },
    language: address.language,
    provenance: provenance.get(address._id) ?? {
      source: undefined,
      answers: undefined,
      since: address.permissionSince,
    },
    askedAt: send.sentAt ?? send.createdAt,
    silence: send.silence,
    expiresAt,
  };
}

function stateOf(judged: ReturnType<typeof judge>): AskState {
  if (typeof judged !== 'string') return judged.kind === 'change' ? 'open' : 'confirmed';
  switch (judged) {
    case 'opted-out':
    case 'expired':
    case 'stale':
      return judged;
    case 'confirmed':
    case 'already-confirmed':
      return 'confirmed';
    case 'unknown-link':
      return 'stale';
    default:
      return judged satisfies never;
  }
}

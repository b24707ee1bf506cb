/**
 * Prepare mails: composes the mails of a batch, or says which of them cannot be.
 *
 * An approval names the template's hash: mail with other words than were approved does not leave;
 * the request is paused, so that people see why.
 */
import type { StepNote } from '../../consent/note.ts';
import { Refusal } from '../../consent/refusal.ts';
import type { Template } from '../../mail/templates.ts';
import type { SendClaim } from '../../store/send-claims.ts';
import { about } from '../announce-request.ts';
import { findTemplate } from '../custom-templates.ts';
import { findRequest } from '../find-request.ts';
import { readProvenance } from '../read-provenance.ts';
import type { CheckedSend } from './check-sends.ts';
import { type AskToCompose, composeAskMail } from './compose-ask.ts';
import type { Outgoing, Pass } from './pass.ts';
import { resultOf } from './settle-send.ts';

/** A recipient that any mail of ours can be written to: tells a bad address from bad settings. */
const PROBE = { address: 'recipient@example.com' };

/**
 * Composes; what cannot be composed is settled or put back.
 * @throws Error if no mail at all can be composed with the present settings; all were put back
 */
export async function prepareMails(
  pass: Pass,
  checked: readonly CheckedSend[],
  claim: SendClaim,
): Promise<Outgoing[]> {
  const provenance = await readProvenance(
    pass.store,
    checked.map(({ address }) => address),
  );
  const outgoing: Outgoing[] = [];
  const changed = new Map<string, CheckedSend[]>();
  for (const item of checked) {
    const { send, address } = item;
    const template = await findTemplate({ mail: pass.mail, database: pass.deps.database }, send);
    const onFile = provenance.get(address._id);
    if (template?.hash !== send.templateHash || onFile === undefined) {
      changed.set(send.cause.id, [...(changed.get(send.cause.id) ?? []), item]);
      continue;
    }
    const ask = { send, address, provenance: onFile, template, words: pass.mail.words };
    const mail = await composeOrBlock(pass, ask, { checked, claim });
    if (mail !== undefined) outgoing.push({ send, mail });
  }
  for (const [request, items] of changed) await pauseRequest(pass, request, { items, claim });
  return outgoing;
}

/** Undefined if this very address cannot stand in a mail: then its send is blocked. */
async function composeOrBlock(
  pass: Pass,
  ask: AskToCompose & { readonly template: Template },
  { checked, claim }: { checked: readonly CheckedSend[]; claim: SendClaim },
) {
  try {
    return await composeAskMail(pass.deps, ask);
  } catch (error) {
    try {
      await composeAskMail(pass.deps, { ...ask, address: PROBE });
    } catch (cause) {
      await putBack(pass, checked, claim);
      throw new Error('No mail can be composed with the present settings; nothing was sent.', {
        cause,
      });
    }
    pass.deps.log.warn({ err: error, send: ask.send._id }, 'a mail could not be composed');
    const delivery = { kind: 'blocked', reply: 'The mail could not be composed.' } as const;
    const result = resultOf({ send: ask.send, delivery }, pass.deps.now());
    if (await pass.store.sends.settleClaimed(ask.send._id, claim, result)) pass.counts.blocked += 1;
    return undefined;
  }
}

/** Puts the sends back and pauses their request: what was approved is not what would be sent. */
async function pauseRequest(
  { deps, store }: Pass,
  id: string,
  { items, claim }: { items: readonly CheckedSend[]; claim: SendClaim },
): Promise<void> {
  const request = await findRequest(store, id);
  const at = deps.now();
  try {
    if (request?.state === 'asking' || request?.state === 'processing') {
      const note: StepNote = 'template_changed';
      const move = { event: 'pause', by: 'assent', at, note } as const;
      const set = { pausedFrom: request.state };
      await deps.database.inTransaction(async (tx) => {
        const moved = await store.requests.move(request, move, tx, { set });
        await about(deps, moved, ['approval-card', 'progress'], at, tx);
      });
      deps.log.warn({ request: id }, 'paused: the mail template is not the one that was approved');
      await deps.queue.wakeAnnouncer();
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  await putBack({ store }, items, claim);
}

async function putBack(
  { store }: Pick<Pass, 'store'>,
  items: readonly CheckedSend[],
  claim: SendClaim,
) {
  await store.sends.putBack(
    items.map(({ send }) => ({ id: send._id })),
    claim,
  );
}

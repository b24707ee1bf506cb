/**
 * Kept form: a form that was refused after its window was closed, kept as it stood with everything
 * that was entered, so that a button brings it back. Only the one who filled it in can open it; who
 * may send it is looked at when it is sent, as ever. It dies by itself, like every draft.
 */
import { randomBytes } from 'node:crypto';
import type { ModalView } from '@slack/types';
import { z } from 'zod';
import { Refusal } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { type ActionListener, type Call, opensView } from './door.ts';
import { openChecked } from './open-view.ts';

export const REOPEN_FORM = 'reopen-form';

const ID_BYTES = 12;
const Kept = z.object({
  view: z.looseObject({ type: z.literal('modal'), blocks: z.array(z.looseObject({})) }),
});

type Who = Pick<Call, 'workspace' | 'user'>;

/** @returns what the button carries */
export async function keepView(
  { database, now }: Pick<Deps, 'database' | 'now'>,
  { workspace, user }: Who,
  view: ModalView,
): Promise<string> {
  const id = `f_${randomBytes(ID_BYTES).toString('hex')}`;
  const draft = {
    id,
    user,
    wizard: 'form',
    step: view.callback_id ?? '',
    answers: { view },
  } as const;
  await database.of(workspace).drafts.save(draft, now());
  return id;
}

export const reopenForm: ActionListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: REOPEN_FORM,
    draw: async (call) => findView(deps, call, asked.value),
  });
});

/** @throws Refusal `draft_not_found` if it has expired, or is somebody else's */
async function findView(
  { database }: Pick<Deps, 'database'>,
  { workspace, user }: Who,
  id: string,
): Promise<ModalView> {
  const draft = await database.of(workspace).drafts.find(id, user);
  const kept = Kept.safeParse(draft?.answers);
  if (!kept.success) throw new Refusal('draft_not_found');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our own view, as it was kept
  return kept.data.view as unknown as ModalView;
}

/** Wizard audience: while batches and tags are chosen, the number of addresses is shown. */
import type { ActionListener } from '../guard/door.ts';
import { showCount } from './count.ts';
import { saveDraft } from './drafts.ts';
import { audienceOf } from './show.ts';
import { inWizard } from './wizard.ts';

/** A batch or tag was chosen or dropped, or any/all was. */
export const changeAudience: ActionListener = async (call, { deps }) => {
  const found = await inWizard(deps, call);
  if (found === undefined) return;
  const { draft, view } = found;
  await saveDraft(deps, call, draft);
  const audience = await audienceOf(deps, call, draft);
  await showCount(deps, call, view, { draft, audience });
};

/** Audience options: the batches and tags that are offered while somebody types. */
import type { OptionGroup } from '@slack/types';
import type { Suggestion } from '../store/audiences.ts';
import { requireRole } from '../workflow/require-role.ts';
import { plain } from './blocks.ts';
import type { OptionsListener } from './door.ts';
import { audienceOption } from './wizard-who.ts';

/** Longer than any name (characters). */
const TYPED_CHARS_MAX = 100;

/** Whose name begins with what was typed; the latest ones if nothing was. At most 25 of each. */
export const offerAudiences: OptionsListener = async ({ workspace, user, typed }, { deps }) => {
  await requireRole(deps, workspace, user, 'requester');
  const { audiences } = deps.database.of(workspace);
  const found = await audiences.suggest(typed.slice(0, TYPED_CHARS_MAX));
  const groups = [
    group(
      'Import batches',
      found.filter(({ kind }) => kind === 'batch'),
    ),
    group(
      'Tags',
      found.filter(({ kind }) => kind === 'tag'),
    ),
  ].filter(({ options }) => options.length > 0);
  // Slack takes no empty group, and no empty list of groups.
  return groups.length === 0 ? { options: [] } : { option_groups: groups };
};

function group(label: string, found: readonly Suggestion[]): OptionGroup {
  return { label: plain(label), options: found.map(audienceOption) };
}

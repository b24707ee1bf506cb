/** Audience options: the batches and tags that are offered while somebody types. */
import type { OptionGroup } from '@slack/types';
import type { Suggestion } from '../../store/audiences.ts';
import { requireRole } from '../../workflow/require-role.ts';
import { plain } from '../blocks/blocks.ts';
import type { OptionsListener } from '../guard/door.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { audienceOption } from './who.ts';

/** Longer than any name (characters). */
const TYPED_CHARS_MAX = 100;

/** Whose name begins with what was typed; the latest ones if nothing was. At most 25 of each. */
export const offerAudiences: OptionsListener = async (call, { deps }) => {
  const { workspace, user, typed, locale } = call;
  const { batches, tags } = WIZARD_WORDS[locale].who;
  await requireRole(deps, workspace, user, 'requester');
  const { audiences } = deps.database.of(workspace);
  const found = await audiences.suggest(typed.slice(0, TYPED_CHARS_MAX));
  const groupOf = (kind: Suggestion['kind'], label: string): OptionGroup => {
    const some = found.filter((one) => one.kind === kind);
    return { label: plain(label), options: some.map((one) => audienceOption(one, locale)) };
  };
  const groups = [groupOf('batch', batches), groupOf('tag', tags)].filter(
    ({ options }) => options.length > 0,
  );
  // Slack takes no empty group, and no empty list of groups.
  return groups.length === 0 ? { options: [] } : { option_groups: groups };
};

/**
 * Shortcut: "Import this file" on a message that holds a CSV file. It opens the import with that
 * file; whether the app may read it, and from where, is looked at when it is fetched.
 */
import { z } from 'zod';
import { requireRole } from '../../workflow/require-role.ts';
import { opensView, type ShortcutListener } from '../guard/door.ts';
import { openChecked } from '../guard/open-view.ts';
import { noticeView } from '../guard/refusals.ts';
import { SHORTCUT_WORDS } from '../words/shortcuts.ts';
import { EMPTY_FORM } from './form.ts';
import { FILE_TYPES, importModal } from './modal.ts';

export const IMPORT_MESSAGE_FILE = 'import-message-file';

const word = z.string().catch('');
const File = z.object({ id: z.string().min(1), name: word, filetype: word, mode: word });
const Files = z.array(z.unknown()).catch([]);
/** Slack's modes of a file that is no longer there, or not shown on a free plan. */
const GONE: ReadonlySet<string> = new Set(['tombstone', 'hidden_by_limit']);

type Brought =
  | { readonly kind: 'file'; readonly id: string }
  | { readonly kind: 'none' | 'gone' | 'external' };

export const importMessageFile: ShortcutListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: 'import-message-file',
    async draw({ workspace, user, locale }) {
      await requireRole(deps, workspace, user, 'requester');
      const brought = csvIn(asked.message);
      if (brought.kind !== 'file') {
        return noticeView(SHORTCUT_WORDS[locale][brought.kind], locale);
      }
      return importModal({ ...EMPTY_FORM, file: brought.id, fromMessage: true }, locale);
    },
  });
});

/** The first file of a message that may be a CSV file, by its name or by what Slack takes it for. */
function csvIn(message: Readonly<Record<string, unknown>> | undefined): Brought {
  const files = Files.parse(message?.['files'])
    .map((file) => File.safeParse(file).data)
    .filter((file) => file !== undefined);
  if (files.length > 0 && files.every(({ mode }) => GONE.has(mode))) return { kind: 'gone' };
  const found = files.find(({ name, filetype, mode }) => {
    const ending = name.split('.').at(-1)?.toLowerCase() ?? '';
    return (
      !GONE.has(mode) && [ending, filetype.toLowerCase()].some((one) => FILE_TYPES.includes(one))
    );
  });
  if (found === undefined) return { kind: 'none' };
  return found.mode === 'external' ? { kind: 'external' } : { kind: 'file', id: found.id };
}

/** Import listeners: what happens in the import modal. */
import { CsvRefused } from '../../consent/csv-refused.ts';
import { Refusal, type RefusalCode } from '../../consent/refusal.ts';
import type { Deps } from '../../workflow/deps.ts';
import { requireRole } from '../../workflow/require-role.ts';
import {
  type ActionListener,
  type Call,
  type Door,
  InputErrors,
  opensView,
  type SubmissionAnswer,
  type SubmissionCall,
  type SubmissionListener,
} from '../guard/door.ts';
import { openChecked } from '../guard/open-view.ts';
import { noticeView, refusalWords } from '../guard/refusals.ts';
import { once } from '../guard/replay.ts';
import { updateView } from '../guard/update-view.ts';
import { FileRefused } from '../wire/slack-files.ts';
import {
  ColumnsUnclear,
  csvWords,
  fetchWords,
  type OpenedFile,
  openBrought,
  startImport,
} from './file.ts';
import {
  CHOOSE_FILE,
  type CompleteForm,
  checkForm,
  EMPTY_FORM,
  findForm,
  IMPORT_AGAIN,
  type ImportForm,
  keepForm,
  readAgain,
  readForm,
} from './form.ts';
import { columnsModal, importedModal, importModal, readColumns } from './modal.ts';

/** Opens the empty modal, for a listener that `opensView` marks. */
export async function openImport(asked: Call, deps: Deps): Promise<void> {
  await openChecked(deps, asked, {
    what: 'open-import',
    async draw({ workspace, user, locale }) {
      await requireRole(deps, workspace, user, 'requester');
      return importModal(EMPTY_FORM, locale);
    },
  });
}

/** The button under the news that an import stopped: its form, with the file that was chosen. */
export const reopenImport: ActionListener = opensView(async (asked, { deps }) => {
  await openChecked(deps, asked, {
    what: 'reopen-import',
    async draw(call) {
      await requireRole(deps, call.workspace, call.user, 'requester');
      const form = await findForm(deps, call, asked.value);
      return importModal({ ...form, fromMessage: true }, call.locale);
    },
  });
});

/** The permission, or the kind of source, was chosen: the questions that follow from it appear. */
export const redrawImport: ActionListener = async ({ client, view, locale }) => {
  if (view === undefined) return;
  await updateView(client, view, importModal(readForm(view.values, view.metadata), locale));
};

export const submitImport: SubmissionListener = async (call, door) => {
  const { deps } = door;
  await requireRole(deps, call.workspace, call.user, 'requester');
  const form = readForm(call.view.values, call.view.metadata);
  const complete = checkForm(form, { now: deps.now(), locale: call.locale });
  return once(deps, call, () => importForm({ call, door, form, complete }));
};

export const submitColumns: SubmissionListener = async (call, door) => {
  const { deps } = door;
  await requireRole(deps, call.workspace, call.user, 'requester');
  const kept = await findForm(deps, call, call.view.metadata);
  const form = { ...kept, again: readAgain(call.view.values) };
  const complete = checkForm(form, { now: deps.now(), locale: call.locale });
  return once(deps, call, () => importForm({ call, door, form, complete, named: true }));
};

interface Importing {
  readonly call: SubmissionCall;
  readonly door: Door;
  readonly form: ImportForm;
  readonly complete: CompleteForm;
  /** True if the view says what the columns hold. */
  readonly named?: boolean;
}

async function importForm(importing: Importing): Promise<SubmissionAnswer> {
  const { call, door, form, complete } = importing;
  try {
    const opened = await openFile(importing);
    const forms = { form: complete, asked: form };
    const result = await startImport(door, call, forms, opened);
    return { response_action: 'update', view: importedModal(result, call.locale) };
  } catch (error) {
    if (error instanceof ColumnsUnclear) return askForColumns(importing, error);
    if (error instanceof CsvRefused) return refuseFile(importing, csvWords(error, call.locale));
    if (error instanceof FileRefused) return refuseFile(importing, fetchWords(error, call.locale));
    if (error instanceof Refusal && INSISTING.has(error.code)) {
      throw new InputErrors({ [IMPORT_AGAIN]: refusalWords(error, call.locale) });
    }
    throw error;
  }
}

/** What is refused unless somebody insists: it is said where they can. */
const INSISTING: ReadonlySet<RefusalCode> = new Set(['import_already_done', 'import_differs']);

/** The sentence stands at the file where there is one to choose, else over the window. */
function refuseFile({ named, call, form }: Importing, sentence: string): SubmissionAnswer {
  const view = noticeView(sentence, call.locale);
  if (named === true || form.fromMessage === true) return { response_action: 'push', view };
  throw new InputErrors({ [CHOOSE_FILE]: sentence });
}

async function openFile({ call, door, complete, named }: Importing): Promise<OpenedFile> {
  const { values } = call.view;
  return openBrought(
    call,
    door.fileHosts,
    complete.file,
    named === true ? (found) => readColumns(values, found) : undefined,
  );
}

async function askForColumns(
  { call, door, form, named }: Importing,
  { columns, cause: unclear }: ColumnsUnclear,
): Promise<SubmissionAnswer> {
  const draft = named === true ? call.view.metadata : await keepForm(door.deps, call, form);
  const says = csvWords(unclear, call.locale);
  return {
    response_action: 'update',
    view: columnsModal({ draft, columns, says, again: form.again }, call.locale),
  };
}

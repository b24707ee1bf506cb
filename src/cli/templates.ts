/** Templates: `assent templates`: looks at mail templates, shows them, and keeps custom ones. */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Refusal } from '../consent/refusal.ts';
import type { Finding } from '../mail/lint/finding.ts';
import { hasErrors, lintTemplate } from '../mail/lint/lint.ts';
import { previewPage } from '../mail/preview.ts';
import {
  purposeOf,
  readTemplate,
  readTemplateFiles,
  TEMPLATE_FILE,
  type Template,
  type Templates,
} from '../mail/templates.ts';
import type { AskWords } from '../workflow/ask-words.ts';
import { addTemplate, type TemplateDeps } from '../workflow/custom-templates.ts';
import type { Deps } from '../workflow/deps.ts';
import { sampleMail } from '../workflow/sample-mail.ts';
import { TEMPLATES_HELP } from './templates-help.ts';
import { readTemplatesUsage, type TemplatesUsage } from './templates-usage.ts';
import type { CommandIo } from './why.ts';

const OK = 0;
const REFUSED = 1;
const USAGE = 2;

export type OpenedForTemplates = TemplateDeps &
  Pick<Deps, 'now'> & { readonly workspace?: string | undefined; close(): Promise<void> };

export interface TemplatesContext {
  /** What we ship, and the phrases of each language. */
  readonly loadWords: () => Promise<{
    readonly templates: Templates;
    readonly words: ReadonlyMap<string, AskWords>;
  }>;
  /** Opens the database; only what keeps or lists templates does. */
  readonly open: () => Promise<OpenedForTemplates>;
  readonly now: () => Date;
}

/** @returns the exit status */
export async function templatesCommand(
  context: TemplatesContext,
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  const usage = readTemplatesUsage(argv);
  if (typeof usage === 'string') {
    io.err(`${usage}\n\n${TEMPLATES_HELP}`);
    return USAGE;
  }
  try {
    return await run(context, usage, io);
  } catch (error) {
    if (isNoFile(error)) {
      io.err(`${usage.path || usage.out} cannot be read or written, so nothing was done.`);
      return USAGE;
    }
    if (!(error instanceof Refusal)) throw error;
    io.err(error.message);
    return REFUSED;
  }
}

async function run(
  context: TemplatesContext,
  usage: TemplatesUsage,
  io: CommandIo,
): Promise<number> {
  switch (usage.verb) {
    case 'help':
      io.out(TEMPLATES_HELP);
      return OK;
    case 'lint':
      return lint(usage, io);
    case 'preview':
      return preview(context, usage, io);
    case 'add':
    case 'list':
      return withDatabase(context, usage, io);
    default:
      return usage.verb satisfies never;
  }
}

/** A template's folder, or a folder of such folders, or one file of a template. */
async function lint({ path, profile, json }: TemplatesUsage, { out }: CommandIo): Promise<number> {
  const isFile = (await stat(path)).isFile();
  const found: ({ template: string } & Finding)[] = [];
  for (const folder of await templateFolders(isFile ? dirname(resolve(path)) : path)) {
    const template = basename(resolve(folder));
    const findings = lintTemplate(await readTemplateFiles(folder), profile, purposeOf(template));
    found.push(...findings.map((finding) => ({ template, ...finding })));
  }
  const told = isFile ? found.filter(({ file }) => file === basename(path)) : found;
  if (json) out(JSON.stringify(told, undefined, 2));
  else tellFindings(told, out);
  return hasErrors(told) ? REFUSED : OK;
}

function tellFindings(
  findings: readonly (Finding & { readonly template?: string })[],
  out: CommandIo['out'],
): void {
  for (const { template, file, line, severity, rule, why, fix } of findings) {
    const place = template === undefined ? file : `${template}/${file}`;
    out(`${place}:${line}: ${severity} ${rule}\n  ${why}\n  ${fix}`);
  }
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  out(findings.length === 0 ? 'Nothing was found.' : `${errors} errors, ${warnings} warnings.`);
}

async function templateFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  if (entries.some((entry) => entry.isFile() && TEMPLATE_FILE.test(entry.name))) return [folder];
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.length === 0 ? [folder] : folders.map(({ name }) => join(folder, name)).toSorted();
}

async function preview(
  { loadWords, now }: TemplatesContext,
  { path, out }: TemplatesUsage,
  io: CommandIo,
): Promise<number> {
  const { templates, words } = await loadWords();
  const shown = path === '' ? [...templates.values()] : await readFolders(path);
  const at = now();
  const mails = shown.flatMap((template) =>
    template.locales.flatMap((locale) =>
      (['given', 'missing'] as const).map((rest) => ({
        title: rest === 'given' ? template.name : `${template.name}, without optional values`,
        wording: sampleMail(template, words, { locale, at, rest }),
      })),
    ),
  );
  await writeFile(out, previewPage('Mails to recipients', mails));
  io.out(`Written to ${out}: ${mails.length} mails. Open it in a browser.`);
  return OK;
}

async function readFolders(path: string): Promise<Template[]> {
  const folders = await templateFolders(path);
  return Promise.all(
    folders.map(async (folder) =>
      readTemplate(basename(resolve(folder)), await readTemplateFiles(folder)),
    ),
  );
}

async function withDatabase(
  { open }: TemplatesContext,
  usage: TemplatesUsage,
  io: CommandIo,
): Promise<number> {
  if (usage.verb === 'add' && usage.by === undefined) {
    io.err('Say who adds it: --by NAME. Nothing was done.');
    return USAGE;
  }
  const opened = await open();
  try {
    const workspace = usage.workspace ?? opened.workspace;
    if (workspace === undefined) {
      io.err('No workspace is known, so nothing was done. Name it: --workspace T012AB3CD.');
      return USAGE;
    }
    return usage.verb === 'add'
      ? await add(opened, { ...usage, workspace }, io)
      : await list(opened, { ...usage, workspace }, io);
  } finally {
    await opened.close();
  }
}

async function add(
  deps: OpenedForTemplates,
  { path, name, workspace, by = '', profile }: TemplatesUsage & { workspace: string },
  { out }: CommandIo,
): Promise<number> {
  const added = await addTemplate(deps, {
    workspace,
    by,
    name: name ?? basename(resolve(path)),
    files: await readTemplateFiles(path),
    profile,
    keepOthers: false,
  });
  tellFindings(added.findings, out);
  if (added.kind === 'refused') {
    out('The template was not kept. Mend the errors and add it again.');
    return REFUSED;
  }
  const { kind, version, locales, hash } = added;
  const said = kind === 'added' ? 'Kept as' : 'Unchanged, still';
  out(`${said} version ${version} in ${locales.join(', ')}; sha256 ${hash}.`);
  return OK;
}

async function list(
  { database }: OpenedForTemplates,
  { workspace, json }: TemplatesUsage & { workspace: string },
  { out }: CommandIo,
): Promise<number> {
  const templates = await database.of(workspace).templates.list();
  if (json) out(JSON.stringify(templates, undefined, 2));
  else if (templates.length === 0) out('This workspace has no templates of its own.');
  else {
    for (const { name, version, locales, by, at, lint: linted } of templates) {
      const day = at.toISOString().slice(0, 'yyyy-mm-dd'.length);
      out(
        `${name}, version ${version}: ${locales.join(', ')}; ${linted.profile}; by ${by}, ${day}`,
      );
    }
  }
  return OK;
}

const isNoFile = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  /^E(?:NOENT|NOTDIR|ISDIR|ACCES)$/u.test(String(error.code));

/**
 * Custom templates: mails in a team's own words. Each change is a new version; a version that does
 * not pass the lint is not kept, and one that was kept is linted again before a request uses it.
 *
 * A request names template and hash: what was approved is what is sent, also when there is a newer
 * version; and before the approval a newer version is a new plan.
 */
import { Refusal } from '../consent/refusal.ts';
import type { Finding } from '../mail/lint/finding.ts';
import { hasErrors, lintTemplate } from '../mail/lint/lint.ts';
import type { LintProfile } from '../mail/lint/rules.ts';
import {
  purposeOf,
  readTemplate,
  TEMPLATE_BYTES_MAX,
  TEMPLATE_FILE,
  type Template,
} from '../mail/templates.ts';
import { isDuplicate } from '../store/duplicate.ts';
import type { TemplateDocument } from '../store/templates.ts';
import type { Deps } from './deps.ts';

/** Three files a language; there are not many more languages than this. */
const FILES_MAX = 120;
const NAME_CHARACTERS_MAX = 40;
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u;
/** Two people who save at once: the second one looks again. */
const TRIES = 3;

export type TemplateDeps = Pick<Deps, 'database' | 'templates'>;

export interface TemplateToAdd {
  readonly workspace: string;
  /** Slack user id, or the name given on the command line. */
  readonly by: string;
  readonly name: string;
  /** By name: `en.subject.txt`, `en.txt`, `en.html`. */
  readonly files: ReadonlyMap<string, string>;
  readonly profile: LintProfile;
  /** True: files of the latest version that are not among these stay. */
  readonly keepOthers: boolean;
}

export type AddedTemplate =
  /** Errors were found, so nothing was kept. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'added' | 'unchanged';
      readonly version: number;
      readonly hash: string;
      readonly locales: readonly string[];
      /** Warnings only. */
      readonly findings: readonly Finding[];
    };

/**
 * Lints the files and keeps them as a new version, unless the latest one is the same.
 * @throws Refusal `template_name_wrong`, `template_name_taken`, `template_too_large`
 */
export async function addTemplate(
  deps: TemplateDeps & Pick<Deps, 'now'>,
  adding: TemplateToAdd,
): Promise<AddedTemplate> {
  checkTemplateName(deps, adding.name);
  checkSize(adding.files);
  for (let tries = 1; ; tries += 1) {
    try {
      return await keep(deps, adding);
    } catch (error) {
      if (!isDuplicate(error) || tries === TRIES) throw error;
    }
  }
}

async function keep(
  { database, now }: TemplateDeps & Pick<Deps, 'now'>,
  { workspace, by, name, files: given, profile, keepOthers }: TemplateToAdd,
): Promise<AddedTemplate> {
  const store = database.of(workspace);
  const latest = await store.templates.latest(name);
  const files = new Map([...(keepOthers && latest !== null ? filesOf(latest) : []), ...given]);
  const findings = lintTemplate(files, profile);
  if (hasErrors(findings)) return { kind: 'refused', findings };
  const { hash, locales } = readTemplate(name, files);
  if (latest?.hash === hash && latest.lint.profile === profile) {
    return { kind: 'unchanged', version: latest.version, hash, locales, findings };
  }
  const version = (latest?.version ?? 0) + 1;
  const at = now();
  await database.inTransaction(async (tx) => {
    const id = await store.templates.insert(
      {
        name,
        version,
        hash,
        files: [...files].map(([file, text]) => ({ name: file, text })),
        locales: [...locales],
        by,
        at,
        lint: { profile, warnings: findings.length },
      },
      tx,
    );
    const entry = {
      _id: `${id}.add`,
      act: 'add-template' as const,
      cause: { kind: 'template' as const, id },
      who: by,
      facts: { name, version, templateHash: hash, profile, locales: locales.join(' ') },
      at,
      addresses: [],
    };
    await store.ledger.append([entry], tx);
  });
  return { kind: 'added', version, hash, locales, findings };
}

/** The templates that a request of this workspace may choose: ours, then its own. */
export async function templateNames(
  { templates, database }: TemplateDeps,
  workspace: string,
): Promise<readonly string[]> {
  const own = await database.of(workspace).templates.list();
  return [...templates.names(), ...own.map(({ name }) => name)];
}

/** The hash of what the template says now. @throws Refusal `template_not_found` */
export async function templateHash(
  { templates, database }: TemplateDeps,
  workspace: string,
  name: string,
): Promise<string> {
  if (templates.names().includes(name)) return templates.hash(name);
  const latest = await database.of(workspace).templates.latest(name);
  if (latest === null) throw new Refusal('template_not_found');
  return latest.hash;
}

/**
 * The template that a request or a send names: one of ours as it is now, or that very version of a
 * custom one; undefined if there is none.
 */
export async function findTemplate(
  { mail, database }: Pick<Deps, 'mail' | 'database'>,
  { workspace, template: name, templateHash: hash }: NamedTemplate,
): Promise<Template | undefined> {
  const ours = mail?.templates.get(name);
  if (ours !== undefined) return ours;
  const key = `${workspace}\0${name}\0${hash}`;
  const known = READ.get(key);
  if (known !== undefined) return known;
  const document = await database.of(workspace).templates.version(name, hash);
  if (document === null) return undefined;
  const template = readTemplate(name, filesOf(document));
  if (READ.size >= READ_MAX) READ.clear();
  READ.set(key, template);
  return template;
}

export interface NamedTemplate {
  readonly workspace: string;
  readonly template: string;
  readonly templateHash: string;
}

/** Templates that were read: a version never changes, so neither does what was read of it. */
const READ = new Map<string, Template>();
const READ_MAX = 100;

/**
 * Lints a custom template once more, with today's rules: before its request is approved.
 * @throws Refusal `template_fails_lint` with the first error, `template_not_found`
 */
export async function checkTemplate(
  { templates, database }: TemplateDeps,
  { workspace, template: name, templateHash: hash }: NamedTemplate,
): Promise<void> {
  if (templates.names().includes(name)) return;
  const document = await database.of(workspace).templates.version(name, hash);
  if (document === null) throw new Refusal('template_not_found');
  const [first] = lintTemplate(filesOf(document), document.lint.profile);
  if (first?.severity !== 'error') return;
  const { file, line, why, fix } = first;
  throw new Refusal('template_fails_lint', `${file}, line ${line}: ${why} ${fix}`);
}

const filesOf = ({ files }: Pick<TemplateDocument, 'files'>): Map<string, string> =>
  new Map(files.map(({ name, text }) => [name, text]));

/**
 * Whether a template of a workspace may be called so.
 * @throws Refusal `template_name_wrong`, `template_name_taken`
 */
export function checkTemplateName({ templates }: Pick<Deps, 'templates'>, name: string): void {
  if (!NAME.test(name) || name.length > NAME_CHARACTERS_MAX)
    throw new Refusal('template_name_wrong');
  if (templates.names().includes(name) || purposeOf(name) !== 'request') {
    throw new Refusal('template_name_taken');
  }
}

/** What is no file of a template is for the lint to say; here only what is too much to look at. */
function checkSize(files: ReadonlyMap<string, string>): void {
  const sizes = [...files].map(([name, text]) => (TEMPLATE_FILE.test(name) ? text.length : 0));
  if (files.size > FILES_MAX || sizes.some((size) => size > TEMPLATE_BYTES_MAX)) {
    throw new Refusal('template_too_large');
  }
}

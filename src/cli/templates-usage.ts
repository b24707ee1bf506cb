/** Templates usage: what was asked of `assent templates`. */
import { parseArgs } from 'node:util';
import { LINT_PROFILES, type LintProfile } from '../mail/lint/rules.ts';

const VERBS = ['lint', 'preview', 'add', 'list'] as const;
type Verb = (typeof VERBS)[number];

export interface TemplatesUsage {
  readonly verb: Verb | 'help';
  /** FILE or FOLDER; empty where none was named. */
  readonly path: string;
  readonly profile: LintProfile;
  readonly json: boolean;
  readonly out: string;
  readonly workspace: string | undefined;
  readonly by: string | undefined;
  readonly name: string | undefined;
}

const OPTIONS = {
  profile: { type: 'string', default: 'neutral' },
  json: { type: 'boolean', default: false },
  out: { type: 'string', default: 'templates-preview.html' },
  workspace: { type: 'string' },
  by: { type: 'string' },
  name: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** What was asked for, or a sentence on what is wrong with it. */
export function readTemplatesUsage(argv: readonly string[]): TemplatesUsage | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: OPTIONS,
    });
    const [typed = 'help', path = '', ...more] = positionals;
    if (values.help || typed === 'help') return usage('help', '', values);
    const verb = VERBS.find((one) => one === typed);
    if (verb === undefined) return `There is no "assent templates ${typed}".`;
    if (more.length > 0 || (verb === 'list' && path !== '')) return 'Name one file or folder.';
    if (path === '' && (verb === 'lint' || verb === 'add')) return 'Name a file or folder.';
    return usage(verb, path, values);
  } catch (error) {
    // parseArgs says which option it does not know, in a sentence of its own.
    return error instanceof TypeError ? error.message : String(error);
  }
}

interface Options {
  readonly profile: string;
  readonly json: boolean;
  readonly out: string;
  readonly workspace?: string | undefined;
  readonly by?: string | undefined;
  readonly name?: string | undefined;
}

function usage(verb: TemplatesUsage['verb'], path: string, options: Options) {
  const profile = LINT_PROFILES.find((one) => one === options.profile);
  if (profile === undefined) return `A profile is ${LINT_PROFILES.join(' or ')}.`;
  const { json, out, workspace, by, name } = options;
  return { verb, path, profile, json, out, workspace, by, name };
}

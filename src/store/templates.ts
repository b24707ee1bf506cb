/**
 * Templates: custom mail templates of a workspace; one document is one version, kept for ever, since
 * requests and proofs name its hash.
 */
import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { scoped, type Tx } from './scoped.ts';

export const TEMPLATES = 'templates';
/** Names that one list of templates holds. */
const NAMES_MAX = 100;
const ID_CHARACTERS = 24;

export const TemplateDocument = z.strictObject({
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  name: z.string(),
  /** From 1, one more with each change. */
  version: z.int().min(1),
  /** sha256 over the files, hex; as in plans. */
  hash: z.string().length(64),
  files: z.array(z.strictObject({ name: z.string(), text: z.string() })),
  locales: z.array(z.string()),
  /** Slack user id, or the name given on the command line. */
  by: z.string(),
  at: z.date(),
  /** With which profile it was linted, and what was let pass. */
  lint: z.strictObject({
    profile: z.enum(['neutral', 'strict']),
    warnings: z.int().min(0),
  }),
});
export type TemplateDocument = z.infer<typeof TemplateDocument>;
export type NewTemplate = Omit<TemplateDocument, '_id' | 'workspace' | 'v'>;
export type ListedTemplate = Pick<
  TemplateDocument,
  'name' | 'version' | 'hash' | 'locales' | 'by' | 'at' | 'lint'
>;

export function templateStore(db: Db, workspace: string) {
  const templates = scoped(db.collection<TemplateDocument>(TEMPLATES), workspace);
  return {
    /** The latest version of a template. */
    async latest(name: string): Promise<TemplateDocument | null> {
      return templates.findOne({ name }, { sort: { version: -1 } });
    },
    /** The version with this hash, however old. */
    async version(name: string, hash: string): Promise<TemplateDocument | null> {
      return templates.findOne({ name, hash });
    },
    /** The latest version of each, by name, without its files. */
    async list(): Promise<ListedTemplate[]> {
      return templates
        .aggregate<ListedTemplate>({}, [
          { $sort: { name: 1, version: -1 } },
          { $group: { _id: '$name', latest: { $first: '$$ROOT' } } },
          { $replaceRoot: { newRoot: '$latest' } },
          { $project: { files: 0 } },
          { $sort: { name: 1 } },
          { $limit: NAMES_MAX },
        ])
        .toArray();
    },
    /** @throws the driver's error if this version was made a moment ago (`isDuplicate`) */
    async insert(template: NewTemplate, tx: Tx): Promise<string> {
      const { name, version } = template;
      const _id = templateId(workspace, name, version);
      await templates.insertOne({ ...template, _id, v: 1 }, tx);
      return _id;
    },
  };
}

/** The same version has the same id, so that two people cannot both make it. */
function templateId(workspace: string, name: string, version: number): string {
  const hash = createHash('sha256').update(`template\0${workspace}\0${name}\0${version}`);
  return `t_${hash.digest('hex').slice(0, ID_CHARACTERS)}`;
}

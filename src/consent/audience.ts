/**
 * Audience: one or more import batches and tags, matched any or all, in chosen e-mail fields, as
 * they stood at a cut-off time.
 *
 * An address is in a batch or tag if any contact that holds it in a chosen field is; "all" is
 * judged per address. Memberships are stored on the address as keys like `batch:<id>#email2`.
 */
import { Refusal } from './refusal.ts';

export const EMAIL_FIELDS = ['email', 'email2', 'email3'] as const;
export type EmailField = (typeof EMAIL_FIELDS)[number];

/** Batches and tags that fit in one audience (also Slack's limit for our select). */
export const AUDIENCE_SOURCES_MAX = 10;

export interface AudienceSource {
  readonly kind: 'batch' | 'tag';
  readonly id: string;
}

export interface AudienceChoice {
  readonly sources: readonly AudienceSource[];
  readonly match: 'any' | 'all';
  readonly fields: readonly EmailField[];
}

export interface Audience extends AudienceChoice {
  /** Memberships that came later are not part of it. */
  readonly cutoff: Date;
}

/** `batch:b_12#email2`: what stands in an address's memberships. */
export function membershipKey({ kind, id }: AudienceSource, field: EmailField): string {
  return `${kind}:${id}#${field}`;
}

/** `batch:b_12` or `tag:vip`: how a source is named in commands, option values and logs. */
export function sourceKey({ kind, id }: AudienceSource): string {
  return `${kind}:${id}`;
}

/** The reverse of sourceKey; undefined if the text names neither a batch nor a tag. */
export function readSourceKey(text: string): AudienceSource | undefined {
  const match = /^(batch|tag):(.+)$/su.exec(text);
  if (match === null) return undefined;
  return { kind: match[1] as 'batch' | 'tag', id: match[2] as string };
}

/**
 * The keys an address must carry: one list per batch or tag; "any" needs one of all, "all" one of
 * each list.
 */
export function membershipGroups(audience: AudienceChoice): string[][] {
  const lists = audience.sources.map((source) =>
    audience.fields.map((field) => membershipKey(source, field)),
  );
  return audience.match === 'all' ? lists : [lists.flat()];
}

/** @throws Refusal `audience_empty`, `audience_too_many`, `fields_empty` */
export function checkAudience(choice: AudienceChoice): void {
  if (choice.sources.length === 0) throw new Refusal('audience_empty');
  if (choice.sources.length > AUDIENCE_SOURCES_MAX) throw new Refusal('audience_too_many');
  if (choice.fields.length === 0) throw new Refusal('fields_empty');
}

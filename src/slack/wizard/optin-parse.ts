/**
 * Optin parse: what may stand behind `/optin`, `/optout` and `/reconfirm`: `tag:vip`,
 * `batch:"Spring fair"`. Pure and total: every text means something, if only a polite note.
 */
import { AUDIENCE_SOURCES_MAX, type AudienceSource } from '../../consent/audience.ts';

/** A name as somebody typed it; whether there is such a batch or tag is for others to look up. */
export interface NamedAudience {
  readonly kind: AudienceSource['kind'];
  readonly name: string;
}

export interface ParsedCommand {
  readonly help: boolean;
  readonly named: readonly NamedAudience[];
  /** What could not be understood, as typed. */
  readonly unclear: readonly string[];
}

/** Longer than any name that helps to find anything (characters). */
const NAME_CHARS_MAX = 200;
/** Slack's clients turn straight quotes into these while people type. */
const SMART_QUOTES = /[\u201C\u201D\u201E\u201F\u00AB\u00BB\uFF02]/gu;
const SMART_APOSTROPHES = /[\u2018\u2019\u201A\u201B]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
/** A word, or `kind:"several words"`; a quote that is never closed reaches to the end. */
const PART = /(?:[^\s"]+:)?"[^"]*(?:"|$)|[^\s"]+/gu;
const NAMED = /^(?<kind>tag|batch):\s*(?<name>.+)$/isu;
const HELP = new Set(['help', '?', '-h', '--help']);

/** Reads the text of a command, as Slack delivers it. */
export function parseOptin(text: string): ParsedCommand {
  const typed = text
    .replace(/&(?:amp|lt|gt);/gu, (entity) => ENTITIES[entity] ?? entity)
    .normalize('NFKC')
    .replace(SMART_QUOTES, '"')
    .replace(SMART_APOSTROPHES, "'")
    // `tag: vip` means `tag:vip`.
    .replace(/\b(tag|batch)\s*:\s+(?=\S)/giu, '$1:');
  const parts = typed.match(PART) ?? [];
  if (parts.length === 1 && HELP.has(parts[0].toLowerCase())) {
    return { help: true, named: [], unclear: [] };
  }
  const named: NamedAudience[] = [];
  const unclear: string[] = [];
  for (const part of parts) {
    const found = readNamed(part);
    if (found === undefined) unclear.push(part.slice(0, NAME_CHARS_MAX));
    else if (!named.some((one) => one.kind === found.kind && one.name === found.name)) {
      named.push(found);
    }
  }
  return {
    help: false,
    named: named.slice(0, AUDIENCE_SOURCES_MAX),
    unclear: [
      ...unclear,
      ...named.slice(AUDIENCE_SOURCES_MAX).map(({ kind, name }) => `${kind}:${name}`),
    ],
  };
}

function readNamed(part: string): NamedAudience | undefined {
  const groups = NAMED.exec(part)?.groups;
  const name = groups?.['name']?.replaceAll('"', '').trim().slice(0, NAME_CHARS_MAX);
  if (name === undefined || name === '') return undefined;
  return { kind: groups?.['kind']?.toLowerCase() === 'tag' ? 'tag' : 'batch', name };
}

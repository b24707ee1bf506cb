/** Config faults: names and files that are wrong before any value is looked at. */

/** Only names that begin so are ours for certain; of others we cannot say that they are wrong. */
const OUR_PREFIX = 'ASSENT_';
/** A typing error in a name adds, drops or changes so many letters at most. */
const TYPING_ERRORS_MAX = 4;

/** If one of `given` is set, each of `needed` must be; `A or B`: one of the two. */
export interface Group {
  readonly given: readonly string[];
  readonly needed: readonly string[];
  /** If this is set, nothing of it is needed. */
  readonly unless?: string;
}

interface TextSources {
  readonly environment: NodeJS.ProcessEnv;
  readonly names: readonly string[];
  /** May also come as NAME_FILE. */
  readonly secrets: readonly string[];
  readonly readFile: (path: string) => string;
}

interface Texts {
  readonly texts: Record<string, string>;
  readonly faults: string[];
}

/** The text of each variable that is set, from the environment or from the file that is named there. */
export function readTexts({ environment, names, secrets, readFile }: TextSources): Texts {
  const texts: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const text = textOf(environment, name);
    if (text !== '') texts[name] = text;
  }
  for (const name of secrets) {
    const path = textOf(environment, `${name}_FILE`);
    if (path === '') continue;
    if (name in texts) faults.push(`${name} and ${name}_FILE are both set; keep one.`);
    const text = readSecretFile(path, readFile);
    if ('fault' in text) faults.push(`${name}_FILE ${text.fault}`);
    else texts[name] = text.value;
  }
  return { texts, faults };
}

/** The text of a file that holds one secret; or what is wrong, as a sentence after the name. */
export function readSecretFile(
  path: string,
  readFile: TextSources['readFile'],
): { readonly value: string } | { readonly fault: string } {
  try {
    const value = readFile(path).trim();
    if (value === '') return { fault: 'names an empty file; put the value into it.' };
    return { value };
  } catch (error) {
    // Not the path: somebody may have put the secret itself there.
    const hasCode = typeof error === 'object' && error !== null && 'code' in error;
    const code = hasCode ? ` (${String(error.code)})` : '';
    return { fault: `names a file that cannot be read${code}; correct the path.` };
  }
}

/** Names like ours that are none of ours: most often a typing error, whose effect would be a default. */
export function unknownNames(environment: NodeJS.ProcessEnv, known: readonly string[]): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(OUR_PREFIX) && !known.includes(name))
    .filter((name) => textOf(environment, name) !== '')
    .map((name) => {
      const meant = nearest(name, known);
      const hint = meant === undefined ? 'Remove it.' : `Did you mean ${meant}?`;
      return `${name} is not a variable of Assent. ${hint}`;
    });
}

export function missingPartners(
  environment: NodeJS.ProcessEnv,
  groups: readonly Group[],
): string[] {
  const isSet = (name: string) =>
    textOf(environment, name) !== '' || textOf(environment, `${name}_FILE`) !== '';
  return groups.flatMap(({ given, needed, unless }) => {
    const cause = given.find(isSet);
    if (cause === undefined || (unless !== undefined && isSet(unless))) return [];
    return needed
      .filter((names) => !names.split(' or ').some(isSet))
      .map((names) => `${names} is missing; it is needed because ${cause} is set.`);
  });
}

function textOf(environment: NodeJS.ProcessEnv, name: string): string {
  return environment[name]?.trim() ?? '';
}

function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: editDistance(name, candidate) }))
    .filter(({ distance }) => distance <= TYPING_ERRORS_MAX)
    .toSorted((a, b) => a.distance - b.distance);
  return best?.candidate;
}

/** Levenshtein: the least number of letters to add, drop or change. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of from.split('').entries()) {
    const next = [index + 1];
    for (const [column, other] of to.split('').entries()) {
      const changed = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

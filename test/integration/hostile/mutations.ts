/** Mutations: what is done to a good payload before it is sent: parts missing, extra, of wrong types. */
import fc from 'fast-check';

/** A person's own data: it must not come back from anywhere, least of all from the log. */
export const PRIVATE_ADDRESS = 'leak.me@example.net';
export const PRIVATE_NAME = 'Zaphod Beeblebrox';

const LONG_CHARACTERS = 60_000;
const DEPTH = 200;

const nested = (): unknown => {
  let inner: unknown = [];
  for (let depth = 0; depth < DEPTH; depth += 1) inner = [inner];
  return inner;
};
/** An own key of that name, as JSON.parse makes it. */
const withKey = (key: string, value: unknown): object => Object.fromEntries([[key, value]]);

const HOSTILE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  'NaN',
  '',
  ' ',
  '\u0000',
  '\ud800',
  'a\udc00b',
  '\u202Eevil',
  'x'.repeat(LONG_CHARACTERS),
  '🦊'.repeat(500),
  [],
  {},
  nested(),
  [null, [null], { id: null }],
  Array.from({ length: 500 }, (_, index) => ({ id: `F${index}`, value: 'x' })),
  { $ne: '' },
  { $where: 'sleep(1000)' },
  withKey('__proto__', { id: 'U0ADMIN', value: 'approve' }),
  withKey('constructor', { prototype: { id: 'x' } }),
  '__proto__',
  'constructor',
  'toString',
  'T0OTHER',
  'E0ORG',
  'U0STRANGER',
  'C0ELSEWHERE',
  'q_000000000000000000000000',
  'batch:b_of_another_workspace',
  'tag:__proto__',
  '<!channel> *_~`',
  '{"d":{"$ne":""},"s":"review","r":0}',
  '{"request":"__proto__","planHash":1}',
  '../../etc/passwd',
  PRIVATE_ADDRESS,
  PRIVATE_NAME,
  `{"request":"${PRIVATE_ADDRESS}`,
];

const mutation = fc.record({
  /** Which part of the payload, counted over all of them. */
  at: fc.nat(100_000),
  how: fc.constantFrom('drop', 'replace', 'replace', 'extra'),
  key: fc.constantFrom('__proto__', 'constructor', 'id', 'value', '$where', 'user', 'team', ''),
  value: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.json().map((text): unknown => JSON.parse(text)) },
  ),
});
export type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

const FEW = 4;

/** Always the same ones for the same seed. */
export function mutationsOf(seed: number, count: number): Mutation[][] {
  return fc.sample(fc.array(mutation, { minLength: 1, maxLength: FEW }), { seed, numRuns: count });
}

interface Part {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every field of every object and array, the outermost first. */
function partsOf(holder: Record<string, unknown>): Part[] {
  return Object.keys(holder).flatMap((key) => {
    const inner = holder[key];
    const below = isHolder(inner) ? partsOf(inner) : [];
    return [{ holder, key }, ...below];
  });
}

const isHolder = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** A copy with the mutations done to it. Who acts stays who it is: Slack signs for that. */
export function mutated<T extends object>(good: T, mutations: readonly Mutation[]): T {
  const copy = structuredClone(good);
  if (!isHolder(copy)) return copy;
  for (const { at, how, key, value } of mutations) {
    const parts = partsOf(copy);
    const part = parts[at % Math.max(1, parts.length)];
    if (part === undefined) break;
    // Where the app may answer is Slack's word, and it was signed; it may be missing.
    if (how === 'replace' && part.key === 'response_url') continue;
    if (how === 'drop') delete part.holder[part.key];
    else set(part.holder, how === 'replace' ? part.key : key, structuredClone(value));
  }
  return copy;
}

function set(holder: Record<string, unknown>, key: string, value: unknown): void {
  // Assigning to `__proto__` would make no field of that name.
  Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

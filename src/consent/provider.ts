/**
 * Provider: who runs the mailbox behind an address, as far as its domain tells.
 *
 * The big ones judge senders as a whole, whatever the domain: mail to `hotmail.de` counts where mail
 * to `outlook.com` counts. Everybody else is known by their domain. Whatever slows down or refuses
 * does so for one provider, and mail to the others goes on.
 */

const BIG_PROVIDERS = ['gmail', 'outlook', 'yahoo'] as const;
export type BigProvider = (typeof BIG_PROVIDERS)[number];
/** A big provider's name, or a domain in lower case. */
export type Provider = string;

/** Rows that were written before providers were known, and addresses without a domain. */
export const NO_PROVIDER = 'none';

/** Second-level names that a provider uses under many countries: `hotmail.co.uk`, `yahoo.com.br`. */
const NAMES: ReadonlyMap<string, BigProvider> = new Map([
  ['gmail', 'gmail'],
  ['googlemail', 'gmail'],
  ['outlook', 'outlook'],
  ['hotmail', 'outlook'],
  ['live', 'outlook'],
  ['msn', 'outlook'],
  ['windowslive', 'outlook'],
  ['yahoo', 'yahoo'],
  ['ymail', 'yahoo'],
  ['rocketmail', 'yahoo'],
  ['aol', 'yahoo'],
]);
/** Names that exist under `.com` alone; `gmail.de` was never Google's. */
const COM_ONLY = new Set(['gmail', 'googlemail', 'msn', 'windowslive', 'ymail', 'rocketmail']);
/** `.com`, `.de`, `.co.uk`, `.com.br`: a name before anything longer is somebody else's domain. */
const COUNTRY_ENDING = /^(?:com|[a-z]{2}|(?:com?|net)\.[a-z]{2})$/;

/** The provider group of an address or a domain. */
export function providerOf(address: string): Provider {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (domain === '') return NO_PROVIDER;
  const dot = domain.indexOf('.');
  const name = domain.slice(0, dot);
  const big = dot < 0 ? undefined : NAMES.get(name);
  if (big === undefined) return domain;
  const ending = domain.slice(dot + 1);
  const fits = COM_ONLY.has(name) ? ending === 'com' : COUNTRY_ENDING.test(ending);
  return fits ? big : domain;
}

/** A provider whose name says nothing about a person; a small domain can be somebody's own. */
export function isBigProvider(provider: Provider): provider is BigProvider {
  return BIG_PROVIDERS.some((name) => name === provider);
}

/**
 * Sample data: the CSV export of an old system with 5,000 made-up contacts of all kinds, always the
 * same: people with one, two and three addresses, unsubscribed and bounced ones, old consent dates,
 * languages, tags, and the rows that every real export has and nobody can read.
 */

const FIRST = ['Ada', 'Ben', 'Chloé', 'Deniz', 'Emil', 'Farah', 'Greta', 'Hugo', 'Inés', 'Jonas'];
const LAST = ['Álvarez', 'Brandt', 'Conti', 'Dubois', 'Evers', 'Fischer', 'García', 'Haas', 'Ito'];
const LANGUAGES = ['en', 'de', 'en', 'fr', 'de'];
const ZONES = ['Europe/Berlin', 'Europe/London', 'America/New_York', ''];
const HEADER =
  'E-mail;E-mail 2;E-mail 3;First name;Last name;Language;Time zone;Tags;Status;Consent date';

/** Every so many rows something is special; the numbers are prime, so that all mixtures occur. */
const EVERY = {
  secondAddress: 5,
  thirdAddress: 23,
  unsubscribed: 29,
  bounced: 37,
  complained: 211,
  oldConsent: 31,
  unreadable: 499,
} as const;

export const SAMPLE_CONTACTS = 5_000;
/** The tag that the story's audience is made of. */
export const SAMPLE_TAG = 'spring-fair';

/** CSV text (UTF-8, semicolons) with a header and `count` rows. */
export function sampleCsv(count = SAMPLE_CONTACTS): string {
  const rows = Array.from({ length: count }, (_, n) => row(n + 1));
  return `${[HEADER, ...rows].join('\r\n')}\r\n`;
}

function row(n: number): string {
  const first = FIRST[n % FIRST.length] ?? '';
  const last = LAST[n % LAST.length] ?? '';
  return [
    is(n, 'unreadable') ? `${first} at example` : address(first, n, 'example.com'),
    is(n, 'secondAddress') ? address(last, n, 'example.org') : '',
    is(n, 'thirdAddress') ? address(`${first}.${last}`, n, 'example.net') : '',
    first,
    last,
    LANGUAGES[n % LANGUAGES.length],
    ZONES[n % ZONES.length],
    n % 2 === 0 ? 'customers' : SAMPLE_TAG,
    status(n),
    is(n, 'oldConsent') ? '2023-05-04' : '2026-09-15',
  ].join(';');
}

function status(n: number): string {
  if (is(n, 'unsubscribed')) return 'unsubscribed';
  if (is(n, 'complained')) return 'complained';
  return is(n, 'bounced') ? 'bounced' : 'active';
}

const is = (n: number, what: keyof typeof EVERY): boolean => n % EVERY[what] === 0;

function address(name: string, n: number, domain: string): string {
  const ascii = name.normalize('NFD').replaceAll(/[^A-Za-z.]/g, '');
  return `${ascii.toLowerCase()}.${n}@${domain}`;
}

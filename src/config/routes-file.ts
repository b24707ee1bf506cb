/**
 * Config routes file: several mail servers, each with its own pace, signature and login.
 *
 *   [{ "name": "relay", "url": "smtp://user:password@mail.example.com:587", "weight": 3,
 *      "perSecond": 20, "connections": 10, "warmUpFrom": "2026-11-01",
 *      "dkim": { "domain": "example.com", "selector": "s1", "privateKeyFile": "/run/dkim.pem" } },
 *    { "name": "second", "url": "smtp://news@mail.example.net:587",
 *      "oauth2": { "clientId": "assent", "clientSecretFile": "/run/client",
 *                  "refreshTokenFile": "/run/token", "tokenUrl": "https://login.example.net/token" } }]
 *
 * All but name and url may be left out. Faults name the route's place and field, never a value.
 */
import { z } from 'zod';
import { type OAuth2Config, RouteOAuth2, readGrant } from './oauth2.ts';
import { domain, matching, rsaKey, urlOf } from './values.ts';

const ROUTES_MAX = 20;
const WEIGHT_MAX = 100;
export const PER_SECOND_MAX = 500;
export const CONNECTIONS_MAX = 100;

export const smtpUrl = urlOf(
  ['smtp:', 'smtps:'],
  'must be like smtp://user:password@mail.example.com:587; encode / ? # @ in a password',
);
export const day = z.string('must be a day like 2026-11-23').refine((text) => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // A day that does not exist is another one, or none.
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}, 'must be a day like 2026-11-23');

const number = (fault: string, max: number) => z.number(fault).min(1, fault).max(max, fault);
const Route = z.strictObject(
  {
    name: z
      .string('must be a text')
      .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 small letters, digits and -'),
    url: smtpUrl,
    weight: number(`must be a number from 1 to ${WEIGHT_MAX}`, WEIGHT_MAX).default(1),
    perSecond: z
      .number('must be a number')
      .min(0.1, 'must be 0.1 or more (mails a second)')
      .max(PER_SECOND_MAX, `must be at most ${PER_SECOND_MAX} (mails a second)`)
      .default(10),
    connections: number(`must be a whole number from 1 to ${CONNECTIONS_MAX}`, CONNECTIONS_MAX)
      .int('must be a whole number')
      .default(5),
    warmUpFrom: day.optional(),
    dkim: z
      .strictObject(
        {
          domain,
          selector: matching(/^[\w.-]{1,63}$/, 'must be letters, digits, - and .'),
          privateKeyFile: z.string('must be the path of a PEM file'),
        },
        'must be { domain, selector, privateKeyFile } and nothing else',
      )
      .optional(),
    oauth2: RouteOAuth2.optional(),
  },
  'must be { name, url } and, if you like, weight, perSecond, connections, warmUpFrom, dkim, oauth2, and nothing else',
);
const Routes = z
  .array(Route, 'must hold a list of routes: [{ "name": …, "url": … }]')
  .min(1, 'must hold a route')
  .max(ROUTES_MAX, `must hold at most ${ROUTES_MAX} routes`)
  .refine(
    (routes) => new Set(routes.map(({ name }) => name)).size === routes.length,
    'has a name twice; each route needs its own',
  );

interface Dkim {
  readonly domain: string;
  readonly selector: string;
  readonly privateKeyPem: string;
}

export interface RouteConfig {
  readonly name: string;
  readonly url: string;
  readonly weight: number;
  readonly perSecond: number;
  readonly connections: number;
  /** A day, `2026-11-23`. */
  readonly warmUpFrom: string | undefined;
  /** Its own signature; undefined: the one that all share. */
  readonly dkim: Dkim | undefined;
  /** How it is logged in to with tokens; undefined: by the URL's password, or not at all. */
  readonly oauth2: OAuth2Config | undefined;
}

export interface RoutesRead {
  readonly routes: readonly RouteConfig[];
  readonly faults: readonly string[];
}

/** The routes that a file lists, with what is wrong with it. */
export function readRoutesFile(path: string, readFile: (path: string) => string): RoutesRead {
  let json: unknown;
  try {
    json = JSON.parse(readFile(path));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is no JSON' : 'cannot be read; correct the path';
    return { routes: [], faults: [`MAIL_ROUTES_FILE names a file that ${why}.`] };
  }
  const result = Routes.safeParse(json);
  if (!result.success) {
    const faults = result.error.issues.map(
      ({ path: place, message }) => `MAIL_ROUTES_FILE${placeWords(place)} ${message}.`,
    );
    return { routes: [], faults };
  }
  const faults: string[] = [];
  const routes = result.data.map((given, index): RouteConfig => {
    const place = `MAIL_ROUTES_FILE, route ${index + 1}, `;
    const dkim = readDkim(given, readFile);
    if (dkim === 'unusable') {
      faults.push(`${place}dkim.privateKeyFile names no RSA private key in PEM; correct the path.`);
    }
    const oauth2 = given.oauth2 && readGrant(given.oauth2, readFile);
    faults.push(...(oauth2?.faults ?? []).map((fault) => `${place}oauth2.${fault}`));
    const { warmUpFrom } = given;
    const signed = dkim === 'unusable' ? undefined : dkim;
    const route = { ...given, warmUpFrom, dkim: signed, oauth2: oauth2?.grant };
    faults.push(...loginFaults(route, `${place}url`));
    return route;
  });
  return { routes, faults };
}

/** @param where the URL stands: `SMTP_URL` */
export function loginFaults(
  { url, oauth2 }: Pick<RouteConfig, 'url' | 'oauth2'>,
  where: string,
): string[] {
  if (oauth2 === undefined || new URL(url).username !== '') return [];
  return [
    `${where} names no user, and OAuth 2.0 logs in as one; write smtp://user@mail.example.com:587.`,
  ];
}

function readDkim({ dkim }: z.infer<typeof Route>, readFile: (path: string) => string) {
  if (dkim === undefined) return undefined;
  const { domain: name, selector, privateKeyFile } = dkim;
  const privateKeyPem = keyOf(privateKeyFile, readFile);
  return privateKeyPem === undefined
    ? ('unusable' as const)
    : { domain: name, selector, privateKeyPem };
}

function keyOf(path: string, readFile: (path: string) => string): string | undefined {
  try {
    return rsaKey.safeParse(readFile(path)).data;
  } catch {
    return undefined;
  }
}

function placeWords([index, ...field]: readonly PropertyKey[]): string {
  if (typeof index !== 'number') return '';
  const name = field.map(String).join('.');
  return `, route ${index + 1}${name === '' ? '' : `, ${name}`}`;
}

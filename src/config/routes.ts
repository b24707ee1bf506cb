/**
 * Config routes: the mail servers that mail leaves by: one from SMTP_URL, or several from a file.
 *
 *   [{ "name": "relay", "url": "smtp://user:password@mail.example.com:587", "weight": 3,
 *      "perSecond": 20, "connections": 10, "warmUpFrom": "2026-11-01",
 *      "dkim": { "domain": "example.com", "selector": "s1", "privateKeyFile": "/run/dkim.pem" } }]
 *
 * All but name and url may be left out. Faults name the route's place and field, never a value.
 */
import { z } from 'zod';
import { ALLOW_ENTRY, EVERYBODY } from '../consent/allow-list.ts';
import { domain, listOf, matching, rsaKey, urlOf, whole } from './values.ts';

const ROUTES_MAX = 20;
const PER_SECOND_MAX = 500;
const CONNECTIONS_MAX = 100;
const WEIGHT_MAX = 100;
const DAY_MINUTES = 24 * 60;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

const smtpUrl = urlOf(
  ['smtp:', 'smtps:'],
  'must be like smtp://user:password@mail.example.com:587; encode / ? # @ in a password',
);
const day = z.string('must be a day like 2026-11-23').refine((text) => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // A day that does not exist is another one, or none.
  return at !== undefined && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}, 'must be a day like 2026-11-23');

export const routesShape = {
  SMTP_URL: smtpUrl.optional(),
  MAIL_ROUTES_FILE: z.string().optional(),
  MAIL_PER_SECOND: whole('mails a second', { min: 1, max: PER_SECOND_MAX, fallback: 10 }),
  MAIL_CONNECTIONS: whole('connections', { min: 1, max: CONNECTIONS_MAX, fallback: 5 }),
  MAIL_WARM_UP_FROM: day.optional(),
  MAIL_CANARY_MINUTES: whole('minutes', { min: 0, max: DAY_MINUTES, fallback: 10 }),
  MAIL_ALLOW: listOf(
    ALLOW_ENTRY,
    'must be addresses, domains like @example.com, with commas; or * alone',
  ).optional(),
};
const Values = z.object(routesShape);

const number = (fault: string, max: number) => z.number(fault).min(1, fault).max(max, fault);
const Route = z.strictObject({
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
    .strictObject({
      domain,
      selector: matching(/^[\w.-]{1,63}$/, 'must be letters, digits, - and .'),
      privateKeyFile: z.string('must be the path of a PEM file'),
    })
    .optional(),
});
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
}

interface RoutesRead {
  readonly routes: readonly RouteConfig[];
  readonly faults: readonly string[];
}

/** The routes of an environment; none where mail is not set up. */
export function readRoutes(
  values: z.infer<typeof Values>,
  production: boolean,
  readFile: (path: string) => string,
): RoutesRead {
  const { SMTP_URL: url, MAIL_ROUTES_FILE: path } = values;
  if (url !== undefined && path !== undefined) {
    return { routes: [], faults: ['SMTP_URL and MAIL_ROUTES_FILE are both set; keep one.'] };
  }
  const read = path === undefined ? singleRoute(values) : readRoutesFile(path, readFile);
  const faults = [...read.faults, ...allowFaults(values.MAIL_ALLOW, read.routes, production)];
  return { routes: read.routes, faults };
}

function singleRoute(values: z.infer<typeof Values>): RoutesRead {
  if (values.SMTP_URL === undefined) return { routes: [], faults: [] };
  const route = {
    name: 'default',
    url: values.SMTP_URL,
    weight: 1,
    perSecond: values.MAIL_PER_SECOND,
    connections: values.MAIL_CONNECTIONS,
    warmUpFrom: values.MAIL_WARM_UP_FROM,
    dkim: undefined,
  };
  return { routes: [route], faults: [] };
}

function readRoutesFile(path: string, readFile: (path: string) => string): RoutesRead {
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
  const routes = result.data.map(({ dkim, warmUpFrom, ...route }, index): RouteConfig => {
    const key = dkim === undefined ? undefined : keyOf(dkim.privateKeyFile, readFile);
    if (dkim !== undefined && key === undefined) {
      faults.push(
        `MAIL_ROUTES_FILE, route ${index + 1}, dkim.privateKeyFile names no RSA private key in PEM; correct the path.`,
      );
    }
    const signed =
      dkim === undefined || key === undefined
        ? undefined
        : { domain: dkim.domain, selector: dkim.selector, privateKeyPem: key };
    return { ...route, warmUpFrom, dkim: signed };
  });
  return { routes, faults };
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

/** Outside production real mail servers need a list of who may be mailed, and "all" is none. */
function allowFaults(
  allow: readonly string[] | undefined,
  routes: readonly RouteConfig[],
  production: boolean,
): string[] {
  const isAll = allow?.includes(EVERYBODY) === true;
  if (isAll && allow.length > 1) return ['MAIL_ALLOW names others beside *; keep one.'];
  const leavesMachine = routes.some(({ url }) => !LOOPBACK.test(new URL(url).hostname));
  if (production || !leavesMachine || (allow !== undefined && !isAll)) return [];
  const remedy =
    'name who may be mailed, such as MAIL_ALLOW=@example.com,ann@example.org, or set NODE_ENV=production';
  return [
    isAll
      ? `MAIL_ALLOW may be * only with NODE_ENV=production or a mail server on this machine; ${remedy}.`
      : `MAIL_ALLOW is missing: outside production no stranger may be mailed; ${remedy}.`,
  ];
}

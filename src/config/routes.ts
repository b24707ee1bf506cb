/**
 * Config routes: the mail servers that mail leaves by, one from SMTP_URL or several from a file,
 * and who may be mailed by them outside production.
 */
import { z } from 'zod';
import { ALLOW_ENTRY, EVERYBODY } from '../consent/allow-list.ts';
import { oauth2Of, oauth2Shape } from './oauth2.ts';
import {
  CONNECTIONS_MAX,
  day,
  loginFaults,
  PER_SECOND_MAX,
  type RouteConfig,
  type RoutesRead,
  readRoutesFile,
  smtpUrl,
} from './routes-file.ts';
import { listOf, whole } from './values.ts';

const DAY_MINUTES = 24 * 60;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

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
  ...oauth2Shape,
};
const Values = z.object(routesShape);

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
    oauth2: oauth2Of(values),
  };
  return { routes: [route], faults: loginFaults(route, 'SMTP_URL') };
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

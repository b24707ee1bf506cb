/**
 * Config OAuth 2.0: the standing permission to fetch access tokens with which a mail server is
 * opened, from the variables beside SMTP_URL or from a route of MAIL_ROUTES_FILE.
 */
import { z } from 'zod';
import { type Group, readSecretFile } from './faults.ts';
import { line, opaque, webUrl } from './values.ts';

export const oauth2Shape = {
  SMTP_OAUTH2_CLIENT_ID: line.optional(),
  SMTP_OAUTH2_CLIENT_SECRET: opaque.optional(),
  SMTP_OAUTH2_REFRESH_TOKEN: opaque.optional(),
  SMTP_OAUTH2_TOKEN_URL: webUrl.optional(),
};
const Values = z.object(oauth2Shape);

export const OAUTH2_SECRETS = ['SMTP_OAUTH2_CLIENT_SECRET', 'SMTP_OAUTH2_REFRESH_TOKEN'] as const;

const OAUTH2 = Object.keys(oauth2Shape);
export const OAUTH2_GROUPS: readonly Group[] = [{ given: OAUTH2, needed: [...OAUTH2, 'SMTP_URL'] }];

/** Fits mail/smtp/login.ts, which says how it is used. */
export interface OAuth2Config {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly tokenUrl: string;
}

/** Undefined where a password, or nothing, opens the server of SMTP_URL. */
export function oauth2Of(values: z.infer<typeof Values>): OAuth2Config | undefined {
  const { SMTP_OAUTH2_CLIENT_ID: clientId, SMTP_OAUTH2_CLIENT_SECRET: clientSecret } = values;
  const { SMTP_OAUTH2_REFRESH_TOKEN: refreshToken, SMTP_OAUTH2_TOKEN_URL: tokenUrl } = values;
  if (!clientId || !clientSecret || !refreshToken || !tokenUrl) return undefined;
  return { clientId, clientSecret, refreshToken, tokenUrl };
}

const NO_TEXT = 'must be a text';
const clientId = z.string(NO_TEXT).min(1, 'must not be empty').pipe(line);
const secret = z.string(NO_TEXT).min(1, 'must not be empty').pipe(opaque);
const path = z.string('must be the path of a file');
const isOne = (value: unknown, file: unknown) => (value === undefined) !== (file === undefined);
const oneOfTwo = (field: SecretField) => `must have ${field} or ${field}File, one of the two`;

type SecretField = 'clientSecret' | 'refreshToken';

/** The `oauth2` of a route; each secret stands in it, or in a file that it names. */
export const RouteOAuth2 = z
  .strictObject(
    {
      clientId,
      clientSecret: secret.optional(),
      clientSecretFile: path.optional(),
      refreshToken: secret.optional(),
      refreshTokenFile: path.optional(),
      tokenUrl: z.string('must be an https:// address').pipe(webUrl),
    },
    'must be { clientId, clientSecret or clientSecretFile, refreshToken or refreshTokenFile, tokenUrl } and nothing else',
  )
  .refine((given) => isOne(given.clientSecret, given.clientSecretFile), oneOfTwo('clientSecret'))
  .refine((given) => isOne(given.refreshToken, given.refreshTokenFile), oneOfTwo('refreshToken'));

interface GrantRead {
  readonly grant: OAuth2Config;
  /** Each names the field and the remedy: `clientSecretFile names an empty file; …`. */
  readonly faults: readonly string[];
}

/** The grant of a route, with the secrets that its files hold; of use only without faults. */
export function readGrant(
  given: z.infer<typeof RouteOAuth2>,
  readFile: (path: string) => string,
): GrantRead {
  const clientSecret = readSecret(given, 'clientSecret', readFile);
  const refreshToken = readSecret(given, 'refreshToken', readFile);
  const { clientId: id, tokenUrl } = given;
  return {
    grant: {
      clientId: id,
      clientSecret: clientSecret.value ?? '',
      refreshToken: refreshToken.value ?? '',
      tokenUrl,
    },
    faults: [clientSecret, refreshToken].flatMap(({ fault }) => fault ?? []),
  };
}

function readSecret(
  given: z.infer<typeof RouteOAuth2>,
  field: SecretField,
  readFile: (path: string) => string,
): { readonly value?: string | undefined; readonly fault?: string } {
  const file = given[`${field}File`];
  if (file === undefined) return { value: given[field] };
  const read = readSecretFile(file, readFile);
  if ('fault' in read) return { fault: `${field}File ${read.fault}` };
  const checked = opaque.safeParse(read.value);
  const [issue] = checked.error?.issues ?? [];
  if (issue === undefined) return { value: checked.data };
  return { fault: `${field}File names a file whose text ${issue.message}.` };
}

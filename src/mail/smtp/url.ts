/**
 * SMTP URL: a route as an operator writes it.
 *
 *   smtp://user:password@mail.example.com:587       STARTTLS, demanded as soon as there is a password
 *   smtps://user:password@mail.example.com          TLS from the first byte, port 465
 *   smtp://127.0.0.1:1025                           a local server
 *
 * Query: requireTLS, ignoreTLS, rejectUnauthorized (true or false), name (what we say in EHLO).
 */

export interface SmtpRoute {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly ignoreTls: boolean;
  readonly rejectUnauthorized: boolean;
  readonly helloName: string | undefined;
  readonly login: { readonly user: string; readonly pass: string } | undefined;
}

const PORTS: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 };
const FLAGS = ['requireTLS', 'ignoreTLS', 'rejectUnauthorized'] as const;
const KNOWN: readonly string[] = [...FLAGS, 'name'];
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;
const HELLO_NAME = /^[A-Za-z0-9[\]:.-]{1,255}$/;

/** Reads a route. @throws Error saying what is wrong with it; it never repeats the URL or the password. */
export function readSmtpUrl(text: string): SmtpRoute {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const defaultPort = PORTS[url?.protocol ?? ''];
  if (url === undefined || defaultPort === undefined || url.hostname === '') {
    throw new Error('an SMTP URL is like smtp://user:password@mail.example.com:587');
  }
  if (!/^\/?$/.test(url.pathname) || url.hash !== '') {
    throw new Error('an SMTP URL has no path and no #; encode / ? # in a password as %2F %3F %23');
  }
  const unknown = [...url.searchParams.keys()].find((key) => !KNOWN.includes(key));
  if (unknown !== undefined) {
    throw new Error(`an SMTP URL knows ${KNOWN.join(', ')}; it does not know ${unknown}`);
  }
  const flags = Object.fromEntries(FLAGS.map((flag) => [flag, readFlag(url, flag)]));
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const login = readLogin(url);
  const secure = url.protocol === 'smtps:';
  const ignoreTls = flags['ignoreTLS'] ?? false;
  // A password must not travel in clear text because somebody on the way removed a line of EHLO.
  const mustHide = login !== undefined && !secure && !ignoreTls && !LOOPBACK.test(host);
  return {
    host,
    port: url.port === '' ? defaultPort : Number(url.port),
    secure,
    requireTls: flags['requireTLS'] ?? mustHide,
    ignoreTls,
    rejectUnauthorized: flags['rejectUnauthorized'] ?? true,
    helloName: readName(url),
    login,
  };
}

function readFlag(url: URL, flag: string): boolean | undefined {
  const value = url.searchParams.get(flag);
  if (value === null) return undefined;
  if (value !== 'true' && value !== 'false')
    throw new Error(`${flag} in an SMTP URL is true or false`);
  return value === 'true';
}

function readName(url: URL): string | undefined {
  const name = url.searchParams.get('name') ?? undefined;
  if (name !== undefined && !HELLO_NAME.test(name))
    throw new Error('name in an SMTP URL is a host name');
  return name;
}

function readLogin(url: URL): SmtpRoute['login'] {
  if (url.username === '' && url.password === '') return undefined;
  try {
    return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  } catch (cause) {
    throw new Error('user or password of the SMTP URL has a % that encodes nothing; write %25', {
      cause,
    });
  }
}

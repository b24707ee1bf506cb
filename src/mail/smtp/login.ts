/** SMTP login: by password, or by an access token that is fetched and renewed (OAuth 2.0, XOAUTH2). */
import type { SMTPConnectionAuth } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { SmtpRoute } from './url.ts';

export type SmtpLogin = SMTPConnectionAuth;

/** A standing permission to fetch access tokens (RFC 6749, section 6). The user is in the SMTP URL. */
export interface OAuth2Grant {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Where tokens are fetched; https. */
  readonly tokenUrl: string;
}

/** How long the token server may take, in ms. */
const TOKEN_MS = 30_000;

/**
 * How to log in on a route; undefined: not at all. Tokens are kept for all sessions of the route and
 * renewed when they run out, or when the server does not take one.
 * @throws Error if there is a grant but the SMTP URL names no user
 */
export function smtpLogin({ login }: SmtpRoute, grant?: OAuth2Grant): SmtpLogin | undefined {
  if (grant === undefined) return login;
  if (login === undefined || login.user === '') {
    throw new Error('with OAuth 2.0 the SMTP URL names the user: smtp://user@mail.example.com:587');
  }
  const { user } = login;
  const { clientId, clientSecret, refreshToken, tokenUrl } = grant;
  const oauth2 = new XOAuth2(
    { user, clientId, clientSecret, refreshToken, accessUrl: tokenUrl, requestTimeout: TOKEN_MS },
    false,
  );
  // Each fault comes with the login that met it, too; an 'error' that nobody hears ends the process.
  oauth2.on('error', () => undefined);
  return { type: 'OAUTH2', method: 'XOAUTH2', user, oauth2 };
}

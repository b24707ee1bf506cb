/** Check SMTP: connects to a mail server as a sender would, logs in, sees what it offers, leaves. */
import { type Check, type Finding, fail, ok, warn } from '../consent/finding.ts';
import { MAIL_BYTES_MAX } from './ask-mail.ts';
import { judgeRoute, type RouteDown } from './delivery.ts';
import type { SmtpLogin } from './smtp/login.ts';
import { closeSession, openSession, type Session } from './smtp/session.ts';
import type { SmtpRoute } from './smtp/url.ts';

const ANSWER_MS = 10_000;
const TIMEOUTS = { connectMs: ANSWER_MS, greetingMs: ANSWER_MS, silenceMs: ANSWER_MS };

const REMEDIES = {
  auth: 'Check user and password in the URL of the route.',
  token: 'Check the user in the URL of the route, and get a new refresh token from the provider.',
  tls: 'Check the certificate and name of the server, and whether it offers STARTTLS.',
  connect: 'Check host and port in the URL of the route, and that this machine may reach them.',
} as const;

/** @param name of the route, for people */
export function smtpCheck(name: string, route: SmtpRoute, login: SmtpLogin | undefined): Check {
  const what = `Mail server ${route.host}:${route.port} (route ${name})`;
  return {
    what,
    async run() {
      const opening = await openSession({ route, login, timeouts: TIMEOUTS });
      if (!opening.ok) {
        const { fault, reason } = judgeRoute(opening.error);
        return [fail(what, `It cannot be used: ${reason}.`, remedyOf(fault, login))];
      }
      const { session } = opening;
      closeSession(session);
      return [ok(what, connected(route, login)), ...offers(what, session)];
    },
  };
}

function remedyOf(fault: RouteDown['fault'], login: SmtpLogin | undefined): string {
  if (fault === 'auth' && login?.type === 'OAUTH2') return REMEDIES.token;
  return REMEDIES[fault === 'auth' || fault === 'tls' ? fault : 'connect'];
}

function connected({ secure, requireTls }: SmtpRoute, login: SmtpLogin | undefined): string {
  const hidden = secure ? ', TLS' : requireTls ? ', STARTTLS' : '';
  return `It answers${hidden}${login === undefined ? '' : ', the login works'}.`;
}

function offers(what: string, { pipelining, size, sizeMax }: Session): Finding[] {
  const findings: Finding[] = [];
  if (size && sizeMax > 0 && sizeMax < MAIL_BYTES_MAX) {
    findings.push(
      fail(
        what,
        `It takes mails of ${sizeMax} bytes at most; ours may have ${MAIL_BYTES_MAX}.`,
        'Have its limit raised.',
      ),
    );
  }
  if (!pipelining) {
    findings.push(
      warn(what, 'It offers no PIPELINING, so each mail takes longer.', 'Nothing must be done.'),
    );
  }
  return findings;
}

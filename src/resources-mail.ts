/** Mail resources: the routes to recipients, each with its own pace, signature and login. */
import type { RouteConfig } from './config/routes-file.ts';
import type { Config } from './config.ts';
import { allowList } from './consent/allow-list.ts';
import { dkimSigner } from './mail/dkim/dkim.ts';
import { pooledTransport } from './mail/pool-transport.ts';
import { providerMark } from './mail/provider-mark.ts';
import { smtpTransport } from './mail/transport.ts';
import type { AskMailer, MailRoute } from './workflow/deps.ts';

export interface MailOptions extends Pick<AskMailer, 'templates' | 'words'> {
  /** Gets what closes each route. */
  readonly closers: (() => Promise<unknown>)[];
}

/**
 * The routes to recipients; undefined where no SMTP server is configured. Nothing is connected yet.
 * @throws Error if a URL cannot be right, or a key does not sign
 */
export async function openMail(
  { mail }: Pick<Config, 'mail'>,
  { templates, words, closers }: MailOptions,
): Promise<AskMailer | undefined> {
  if (mail === undefined) return undefined;
  const openRoute = async (route: RouteConfig): Promise<MailRoute> => {
    const { name, weight, perSecond, url, connections, oauth2 } = route;
    const warmUpFrom = route.warmUpFrom === undefined ? undefined : new Date(route.warmUpFrom);
    const keys = route.dkim ?? mail.dkim;
    const dkim = keys === undefined ? undefined : dkimSigner(keys);
    // A key that does not sign is found here, not by the recipients' servers.
    await dkim?.selfTest();
    const make = mail.transport === 'pool' ? pooledTransport : smtpTransport;
    const transport = make({ url, connections, dkim, oauth2 });
    closers.push(() => transport.close());
    const mark = providerMark(url);
    const send: MailRoute['send'] = (composed, ...how) => transport.send(mark(composed), ...how);
    const prepare: MailRoute['prepare'] = (composed) => transport.prepare(mark(composed));
    return { name, weight, perSecond, warmUpFrom, prepare, send };
  };
  const [first, ...others] = mail.routes;
  return {
    templates,
    words,
    connections: mail.routes.reduce((sum, { connections }) => sum + connections, 0),
    routes: [await openRoute(first), ...(await Promise.all(others.map(openRoute)))],
    mayMail: allowList(mail.allow),
  };
}

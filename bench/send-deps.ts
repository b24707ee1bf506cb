/** Send deps: what a sending process needs, with a route to the sink: signed or not. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dkimSigner } from '../src/mail/dkim/dkim.ts';
import { loadTemplates } from '../src/mail/templates.ts';
import { smtpTransport, type Transport } from '../src/mail/transport.ts';
import { askWordsOf, loadPageWords } from '../src/web/page-words.ts';
import type { AskMailer, Deps } from '../src/workflow/deps.ts';
import { benchDeps } from './deps.ts';

const TEMPLATES = fileURLToPath(new URL('../templates/', import.meta.url));
export const TEMPLATE = 'double-opt-in';
/** No limit: the machine is measured, not the pace. */
const MAILS_PER_SECOND = 1_000_000;
/** Connections of a recording sender; the engine alone has as many as smtp-source. */
const CONNECTIONS = 10;

export interface SendDeps {
  readonly deps: Deps & { readonly mail: AskMailer };
  readonly transport: Transport;
  close(): Promise<void>;
}

/**
 * @param keyFile of the RSA key in PEM; unsigned without
 * @param isWatched each command of the driver can be counted; telling them costs time of its own
 */
export async function sendDeps(
  uri: string,
  smtpUrl: string,
  {
    keyFile,
    connections = CONNECTIONS,
    isWatched = false,
  }: { keyFile?: string | undefined; connections?: number; isWatched?: boolean },
): Promise<SendDeps> {
  const base = await benchDeps(isWatched ? watched(uri) : uri, 'assent-bench');
  const templates = await loadTemplates(`${TEMPLATES}mail`);
  const words = askWordsOf(await loadPageWords(`${TEMPLATES}pages`));
  const dkim = keyFile === undefined ? undefined : signerOf(readFileSync(keyFile, 'utf8'));
  const transport = smtpTransport({ url: smtpUrl, connections, dkim });
  const send: AskMailer['routes'][0]['send'] = (...mail) => transport.send(...mail);
  const { prepare } = transport;
  const route = { name: 'sink', weight: 1, perSecond: MAILS_PER_SECOND, prepare, send };
  const hash = (name: string) => templates.get(name)?.hash ?? '';
  const deps = {
    ...base,
    templates: { names: () => [TEMPLATE], hash },
    mail: { templates, words, connections, routes: [route] as const },
  };
  return {
    deps,
    transport,
    async close() {
      await transport.close();
      await base.database.close();
    },
  };
}

export function signerOf(privateKeyPem: string) {
  return dkimSigner({ domain: 'example.com', selector: 'bench', privateKeyPem });
}

/** The driver tells each command, so that they can be counted. */
function watched(uri: string): string {
  return `${uri}${uri.includes('?') ? '&' : '?'}monitorCommands=true`;
}

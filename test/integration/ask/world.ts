/**
 * World: everything between an approved request and its recipients, real: the database, an SMTP
 * server, the web server, and people who were opted in by a request that asks them.
 */
import { fileURLToPath } from 'node:url';
import { type Inbox, startInbox } from '../../../demo/inbox/inbox.ts';
import type { AskTerms } from '../../../src/consent/plan.ts';
import type { Request } from '../../../src/consent/request.ts';
import { loadTemplates, type Templates } from '../../../src/mail/templates.ts';
import { smtpTransport, type Transport } from '../../../src/mail/transport.ts';
import { ADDRESSES, type AddressDocument } from '../../../src/store/address-document.ts';
import type { Store } from '../../../src/store/database.ts';
import { SEND_CLAIMS } from '../../../src/store/send-claims.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { askWordsOf, loadPageWords } from '../../../src/web/page-words.ts';
import { startWebServer, type WebServer, type WebServerOptions } from '../../../src/web/server.ts';
import type { AskMailer, Deps, MailRoute } from '../../../src/workflow/deps.ts';
import { type SendSummary, sendConfirmations } from '../../../src/workflow/send-confirmations.ts';
import { TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../../support/deps.ts';
import { addAudiences, addPeople, idOf, type Person } from '../../support/people.ts';
import { approved, worked } from '../../support/requests.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/', import.meta.url));

const PAGES = `${FOLDER}pages`;
/** A busy machine may take its time; tests of silence ask for less. */
const SILENCE_MS = 10_000;
export const DAY_MS = 24 * 60 * 60 * 1000;
export const CONNECTIONS = 5;
const MAILS_PER_SECOND = 500;

export interface World {
  readonly deps: TestDeps & { readonly mail: AskMailer };
  readonly inbox: Inbox;
  readonly transport: Transport;
  readonly templates: Templates;
  close(): Promise<void>;
}

export async function openWorld(
  over: Partial<Deps> = {},
  { silenceMs = SILENCE_MS } = {},
): Promise<World> {
  const [templates, pages, inbox] = await Promise.all([
    loadTemplates(`${FOLDER}mail`),
    loadPageWords(PAGES),
    startInbox(),
  ]);
  const transport = smtpTransport({
    url: inbox.smtpUrl,
    connections: CONNECTIONS,
    timeouts: { connectMs: SILENCE_MS, greetingMs: SILENCE_MS, silenceMs },
  });
  const mail: AskMailer = {
    templates,
    words: askWordsOf(pages),
    connections: CONNECTIONS,
    routes: [
      {
        name: 'default',
        weight: 1,
        perSecond: MAILS_PER_SECOND,
        send: (...composed) => transport.send(...composed),
      },
    ],
  };
  const hash = (name: string) => templates.get(name)?.hash ?? '';
  const catalogue = { names: () => [TEMPLATE], hash };
  const deps = await testDeps({ mail, templates: catalogue, ...over });
  await addAudiences(deps);
  return {
    deps: Object.assign(deps, { mail: deps.mail ?? mail }),
    inbox,
    transport,
    templates,
    async close() {
      await transport.close(0);
      await inbox.stop();
      await deps.close();
    },
  };
}

/** The web server on a free port; from then on links lead to it. */
export async function serve(
  { deps }: Pick<World, 'deps'>,
  over: Partial<WebServerOptions> = {},
): Promise<WebServer> {
  const pages = await loadPageWords(PAGES);
  const host = '127.0.0.1';
  const web = await startWebServer({ deps, pages, host, port: 0, trustedProxies: 0, ...over });
  Object.assign(deps, { publicUrl: web.url });
  return web;
}

type AskChoice = Partial<Pick<AskTerms, 'silence' | 'who' | 'reminderDays' | 'unknown'>>;

/** Opts people in by a request that asks them; their sends are queued, nothing has left. */
export async function askPeople(
  { deps }: Pick<World, 'deps'>,
  people: readonly (string | Person)[],
  choice: AskChoice = {},
): Promise<Request> {
  await addPeople(
    deps,
    people.map((person) => (typeof person === 'string' ? { address: person } : person)),
  );
  return askAudience({ deps }, choice);
}

/** The same for people who are there already. */
export async function askAudience(
  { deps }: Pick<World, 'deps'>,
  { silence = 'keep', who = 'changed', ...more }: AskChoice = {},
): Promise<Request> {
  const ask = { who, template: TEMPLATE, silence, ...more };
  const request = await approved(deps, { ask });
  return worked(deps, request.id);
}

/** The same mailer, whose only route is changed. */
export function rerouted(mail: AskMailer, over: Partial<MailRoute>): AskMailer {
  return { ...mail, routes: [{ ...mail.routes[0], ...over }] };
}

export function sendAll(deps: Deps, signal = new AbortController().signal): Promise<SendSummary> {
  return sendConfirmations(deps, WORKSPACE, { signal });
}

export async function sendTo(deps: TestDeps, address: string): Promise<SendDocument> {
  const sends = await deps.database.of(WORKSPACE).sends.ofAddress(idOf(deps, address));
  const latest = sends.at(-1);
  if (latest === undefined) throw new Error('this address has no send');
  return latest;
}

export async function personAt(deps: TestDeps, address: string): Promise<AddressDocument> {
  const found = await deps.database.of(WORKSPACE).addresses.find(idOf(deps, address));
  if (found === null) throw new Error('this address is not on file');
  return found;
}

/** The same deps, but for what `change` does to the store: to look into a moment between two writes. */
export function interpose<D extends Deps>(deps: D, change: (store: Store) => Partial<Store>): D {
  const { database } = deps;
  const of = (workspace: string) => {
    const store = database.of(workspace);
    return { ...store, ...change(store) };
  };
  return { ...deps, database: { ...database, of } };
}

/** Everything in the database, so that two moments can be compared. */
export async function everything({ database: { db } }: Pick<Deps, 'database'>) {
  const collections = (await db.listCollections().toArray()).map(({ name }) => name).toSorted();
  return Promise.all(
    collections.map(async (name) => [name, await db.collection(name).find().sort('_id').toArray()]),
  );
}

/** Where people, their mail and all that was asked about them stand. */
export const ABOUT_PEOPLE = [
  ADDRESSES,
  SENDS,
  SEND_CLAIMS,
  'ledger',
  'unsealed',
  'requests',
  'ranges',
  'paces',
  'canaries',
  'budgets',
];

/** Forgets all people, sends and asks, so that a test starts with nobody. */
export async function forgetEverybody({ deps, inbox }: World): Promise<void> {
  const { db } = deps.database;
  await Promise.all(ABOUT_PEOPLE.map((name) => db.collection(name).deleteMany({})));
  Reflect.set(inbox.mails, 'length', 0);
}

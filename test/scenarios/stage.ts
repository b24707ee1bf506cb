/**
 * Stage: where scenarios are played: a real MongoDB, a real SMTP server that plays the mailboxes,
 * and a clock that stands still unless an act takes time.
 */
import { fileURLToPath } from 'node:url';
import { type Inbox, startInbox } from '../../demo/inbox/inbox.ts';
import { type AudienceSource, readSourceKey } from '../../src/consent/audience.ts';
import { loadTemplates } from '../../src/mail/templates.ts';
import { smtpTransport } from '../../src/mail/transport.ts';
import { tagId } from '../../src/store/audiences.ts';
import { askWordsOf, loadPageWords } from '../../src/web/page-words.ts';
import type { AskMailer } from '../../src/workflow/deps.ts';
import { TEMPLATE, type TestDeps, testDeps, WORKSPACE } from '../support/deps.ts';
import { addBatch, addPeople } from '../support/people.ts';
import type { Given, OnFile } from './given.ts';

const TEMPLATES = fileURLToPath(new URL('../../templates/', import.meta.url));
const CONNECTIONS = 2;
const TIMEOUTS = { connectMs: 5_000, greetingMs: 5_000, silenceMs: 5_000 };
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Stage {
  readonly deps: TestDeps;
  readonly inbox: Inbox;
  /** Empties the stage and puts on it what is given. The result takes the dead mailboxes away. */
  set(given: Given): Promise<() => void>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const [templates, pages, inbox] = await Promise.all([
    loadTemplates(`${TEMPLATES}mail`),
    loadPageWords(`${TEMPLATES}pages`),
    startInbox(),
  ]);
  const url = inbox.smtpUrl;
  const transport = smtpTransport({ url, connections: CONNECTIONS, timeouts: TIMEOUTS });
  const mail: AskMailer = {
    templates,
    words: askWordsOf(pages),
    connections: CONNECTIONS,
    routes: [
      {
        name: 'default',
        weight: 1,
        perSecond: 500,
        send: (composed, signal) => transport.send(composed, signal),
      },
    ],
  };
  const hash = (name: string) => templates.get(name)?.hash ?? '';
  const deps = await testDeps({ mail, templates: { names: () => [TEMPLATE], hash } });
  return {
    deps,
    inbox,
    async set({ today, onFile, deadMailboxes = [] }) {
      await deps.reset();
      deps.setNow(new Date(`${today}T09:00:00Z`));
      await putOnFile(deps, onFile);
      const heal = deadMailboxes.map((to) =>
        inbox.reject({ to, answer: '550 5.1.1 No such user' }),
      );
      return () => {
        for (const each of heal) each();
      };
    },
    async close() {
      await transport.close(0);
      await inbox.stop();
      await deps.close();
    },
  };
}

/** They are on file since yesterday, so that a request of today finds them. */
async function putOnFile(deps: TestDeps, onFile: readonly OnFile[]): Promise<void> {
  const since = new Date(deps.now().getTime() - DAY_MS);
  const named = new Set(onFile.flatMap((person) => person.in));
  for (const name of named) await makeKnown(deps, name, since);
  await addPeople(
    deps,
    onFile.map(({ address, permission, suppressions, consentOn, field, askedOn, ...person }) => ({
      address,
      permission,
      since,
      in: person.in.map(givenSource),
      ...(suppressions === undefined ? {} : { suppressions }),
      ...(consentOn === undefined ? {} : { consentAt: new Date(consentOn) }),
      ...(field === undefined ? {} : { field }),
      asks: (askedOn ?? []).map((day, index) => ({
        cause: `q_before${index}`,
        kind: 'ask' as const,
        at: new Date(day),
      })),
    })),
  );
}

/** A batch that is given has its name for its id; a tag has the id that an import would give it. */
function givenSource(text: string): AudienceSource {
  const source = readSourceKey(text);
  if (source === undefined) throw new Error(`${text} names neither a batch nor a tag`);
  return source.kind === 'tag' ? { kind: 'tag', id: tagId(WORKSPACE, source.id) } : source;
}

async function makeKnown(deps: TestDeps, name: string, at: Date): Promise<void> {
  const { kind, id } = readSourceKey(name) ?? givenSource(name);
  if (kind === 'batch') await addBatch(deps, id);
  else await deps.database.of(WORKSPACE).audiences.touchTags([id], at);
}

/**
 * World: people who were mailed, the listener their servers answer to, and an SMTP client like
 * theirs. Everything but the people is real.
 */
import type { Document } from 'mongodb';
import { createTransport } from 'nodemailer';
import {
  type Listener,
  type ListenerOptions,
  startListener,
} from '../../../src/inbound/listener.ts';
import { bounceAddress, unsubscribeAddress } from '../../../src/mail/bounces/verp.ts';
import { ADDRESSES } from '../../../src/store/address-document.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import { mailOf } from '../../unit/bounces/corpus.ts';
import { ABOUT_PEOPLE, askPeople, openWorld, sendTo, type World } from '../ask/world.ts';

export const BOUNCE_DOMAIN = 'bounce.lindenhof.example';

export interface Returns extends World {
  /** Asks a person, as if the mail had left and stood so. @returns the send */
  mailed(address: string, set?: Partial<SendDocument>): Promise<SendDocument>;
  listen(over?: Partial<ListenerOptions>): Promise<Listener>;
}

export async function openReturns(): Promise<Returns> {
  const world = await openWorld();
  const { deps } = world;
  const asked = asker(world);
  return {
    ...world,
    async mailed(address, set = {}) {
      await asked(address);
      const send = await sendTo(deps, address);
      const sentAt = deps.now();
      const left: Partial<SendDocument> = {
        state: 'sent',
        attempts: 1,
        triedAt: sentAt,
        sentAt,
        messageId: `<${send._id}@example.com>`,
        nextAt: new Date(sentAt.getTime() + 14 * 24 * 60 * 60 * 1000),
      };
      const sends = deps.database.db.collection<SendDocument>(SENDS);
      await sends.updateOne({ _id: send._id }, { $set: { ...left, ...set } });
      return sendTo(deps, address);
    },
    async listen(over = {}) {
      return startListener({ deps, host: '127.0.0.1', port: 0, domain: BOUNCE_DOMAIN, ...over });
    },
  };
}

/**
 * Asks a person. Where nobody is on file, as at the beginning of a test, what the same asking wrote
 * the first time is put back: all of it is the work of real steps, done once.
 */
function asker(world: World): (address: string) => Promise<void> {
  const { db } = world.deps.database;
  const kept = new Map<string, [name: string, documents: Document[]][]>();
  const read = (name: string) => db.collection(name).find().toArray();
  return async (address) => {
    const isFirst = (await db.collection(ADDRESSES).findOne()) === null;
    const before = isFirst ? kept.get(address) : undefined;
    if (before !== undefined) {
      await Promise.all(before.map(([name, all]) => db.collection(name).insertMany(all)));
      return;
    }
    await askPeople(world, [address]);
    if (!isFirst) return;
    const now = ABOUT_PEOPLE.map(
      async (name): Promise<[string, Document[]]> => [name, await read(name)],
    );
    kept.set(
      address,
      (await Promise.all(now)).filter(([, documents]) => documents.length > 0),
    );
  };
}

export const bounceTo = ({ deps }: Pick<World, 'deps'>, { _id }: SendDocument): string =>
  bounceAddress(_id, BOUNCE_DOMAIN, deps.tokenKeys);
export const stopTo = ({ deps }: Pick<World, 'deps'>, { _id }: SendDocument): string =>
  unsubscribeAddress(_id, BOUNCE_DOMAIN, deps.tokenKeys);

export interface Posted {
  readonly to: string | string[];
  /** Empty for the null sender. */
  readonly from?: string;
  /** Name of a mail of the corpus, or the mail itself. */
  readonly mail: string | Buffer;
  readonly tls?: boolean;
}

/** @returns the server's last words, or its refusal: `550 5.1.1 …` */
export async function post(
  { port }: Pick<Listener, 'port'>,
  { to, from = '', mail, tls }: Posted,
): Promise<string> {
  const transport = createTransport({
    host: '127.0.0.1',
    port,
    ignoreTLS: tls !== true,
    requireTLS: tls === true,
    tls: { rejectUnauthorized: false },
  });
  const raw = typeof mail === 'string' ? mailOf(mail) : mail;
  try {
    const { response } = await transport.sendMail({ envelope: { from, to }, raw });
    return response;
  } catch (error) {
    return (error as { response?: string }).response ?? String(error);
  } finally {
    transport.close();
  }
}

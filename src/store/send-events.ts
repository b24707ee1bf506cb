/**
 * Send events: what a report changes of the record of a mail, long after its sender let go of it.
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import type { SendState } from '../consent/mail-event.ts';
import type { SendNote } from '../consent/note.ts';
import { scoped, type Tx } from './scoped.ts';
import { SENDS, type SendDocument } from './send-document.ts';

/** What a report makes of a send. */
export interface SendReport {
  readonly state: Extract<SendState, 'sent' | 'bounced' | 'blocked'>;
  /** When its silence is judged, for a send that nobody had settled. */
  readonly nextAt?: Date;
  readonly reply?: string;
  readonly note?: SendNote;
}

export function sendEventStore(db: Db, workspace: string) {
  const sends = scoped(db.collection<SendDocument>(SENDS), workspace);
  return {
    /**
     * Settles a send that stands as it was judged. A sender that still holds it finds its lease
     * gone. @returns false if it stands otherwise by now
     */
    async settle(id: string, from: SendState, report: SendReport, tx: Tx): Promise<boolean> {
      const filter = { _id: id, state: from } as Filter<SendDocument>;
      const update = { $set: report, $unset: { lease: '' } } as UpdateFilter<SendDocument>;
      const { modifiedCount } = await sends.updateOne(filter, update, tx);
      return modifiedCount === 1;
    },

    /** When a mail to this address arrived last, other than this one; undefined if none did. */
    async lastArrival(address: string, except: string, tx: Tx): Promise<Date | undefined> {
      const found = await sends.findOne(
        { address, _id: { $ne: except }, state: 'sent', sentAt: { $exists: true } },
        { projection: { sentAt: 1 }, sort: { sentAt: -1 } },
        tx,
      );
      return found?.sentAt;
    },
  };
}

/** Looks across workspaces: a report names a send only. Its id is a hash over its workspace. */
export function sendFinder(db: Db) {
  const sends = db.collection<SendDocument>(SENDS);
  return {
    async workspaceOfSend(id: string): Promise<string | undefined> {
      const found = await sends.findOne({ _id: id }, { projection: { workspace: 1 } });
      return found?.workspace;
    },
  };
}

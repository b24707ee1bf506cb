/**
 * Install states: who began to install the app, in which browser. Each is used once and lives for
 * minutes; only hashes are stored, so that whoever reads the database cannot finish for somebody.
 */
import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { z } from 'zod';

export const INSTALL_STATES = 'install_states';

export const InstallStateDocument = z.strictObject({
  _id: z.string().length(64),
  /** No workspace is known yet: it is what Slack will answer. */
  workspace: z.literal(''),
  v: z.literal(1),
  browser: z.string().length(64),
  expiresAt: z.date(),
});
type InstallStateDocument = z.infer<typeof InstallStateDocument>;

export interface InstallState {
  /** What Slack is given and gives back. */
  readonly state: string;
  /** What only that browser knows (a cookie). */
  readonly browser: string;
}

export type InstallStates = ReturnType<typeof installStates>;

export function installStates(db: Db) {
  const states = db.collection<InstallStateDocument>(INSTALL_STATES);
  return {
    async begin({ state, browser }: InstallState, expiresAt: Date): Promise<void> {
      const document = { _id: hash(state), browser: hash(browser), expiresAt };
      await states.insertOne({ ...document, workspace: '', v: 1 });
    },

    /** True exactly once, in the browser that began, in time. Another browser uses nothing up. */
    async use({ state, browser }: InstallState, now: Date): Promise<boolean> {
      const used = await states.findOneAndDelete({
        _id: hash(state),
        browser: hash(browser),
        expiresAt: { $gt: now },
      });
      return used !== null;
    },
  };
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

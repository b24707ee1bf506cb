/**
 * Settings: what the admins of a workspace decided, one document a workspace. Its version counts the
 * changes: whoever changes it names the one that was seen, so that two at once cannot undo each other.
 */
import type { Db } from 'mongodb';
import { z } from 'zod';
import { Refusal } from '../consent/refusal.ts';
import type { DecidedSettings } from '../consent/settings.ts';
import { isDuplicate } from './duplicate.ts';
import { scoped, type Tx } from './scoped.ts';

export const SETTINGS = 'settings';

export const SettingsDocument = z.strictObject({
  /** The workspace again. */
  _id: z.string(),
  workspace: z.string(),
  v: z.literal(1),
  version: z.int().min(1),
  /** Checked by consent/settings.ts before it is written. */
  decided: z.looseObject({}),
  changedBy: z.string(),
  changedAt: z.date(),
});
type SettingsDocument = z.infer<typeof SettingsDocument>;

export interface StoredSettings {
  /** 0 where nothing was ever decided. */
  readonly version: number;
  readonly decided: DecidedSettings;
}

export interface NewSettings {
  readonly decided: DecidedSettings;
  readonly by: string;
  readonly at: Date;
}

export function settingsStore(db: Db, workspace: string) {
  const settings = scoped(db.collection<SettingsDocument>(SETTINGS), workspace);
  return {
    async read(tx?: Tx): Promise<StoredSettings> {
      const found = await settings.findOne({ _id: workspace }, {}, tx);
      return { version: found?.version ?? 0, decided: found?.decided ?? {} };
    },

    /**
     * Replaces what was decided if it still is the version that was seen.
     * @returns the new version
     * @throws Refusal `settings_changed` if it is not
     */
    async replace(seen: number, { decided, by, at }: NewSettings, tx: Tx): Promise<number> {
      const version = seen + 1;
      const set = { version, decided, changedBy: by, changedAt: at };
      if (seen === 0) {
        await insert({ _id: workspace, v: 1, ...set }, tx);
        return version;
      }
      const changed = await settings.findOneAndUpdate(
        { _id: workspace, version: seen },
        { $set: set },
        tx,
      );
      if (changed === null) throw new Refusal('settings_changed');
      return version;
    },
  };

  async function insert(document: Omit<SettingsDocument, 'workspace'>, tx: Tx): Promise<void> {
    try {
      await settings.insertOne(document, tx);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new Refusal('settings_changed');
    }
  }
}

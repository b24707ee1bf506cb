/**
 * Installations: where the app is installed, one document a Slack workspace (`T…`) or Enterprise Grid
 * organisation (`E…`), with its bot token encrypted.
 *
 * An organisation's installation also lists the workspaces in which somebody acted, so that what is
 * told later on finds its token.
 */
import type { Db, Filter, UpdateFilter } from 'mongodb';
import { z } from 'zod';
import type { Tx } from './scoped.ts';
import { SealedSecret, type SecretsKeys, seal, unseal } from './secrets.ts';

export const INSTALLATIONS = 'installations';

export const InstallationDocument = z.strictObject({
  _id: z.string(),
  /** The workspace, or the organisation where it is installed for all of it. */
  workspace: z.string(),
  v: z.literal(1),
  kind: z.enum(['workspace', 'org']),
  secret: SealedSecret,
  botId: z.string(),
  botUserId: z.string(),
  scopes: z.array(z.string()),
  /** Slack user id. */
  installedBy: z.string(),
  installedAt: z.date(),
  /** Of an organisation: the workspaces in which the app was used. */
  teams: z.array(z.string()),
  /** When Slack is asked next whether the token is still good. */
  checkAt: z.date(),
  /** Uninstalled or revoked; what that means for requests is being seen to. */
  gone: z.strictObject({ at: z.date(), reason: z.string() }).optional(),
});
type InstallationDocument = z.infer<typeof InstallationDocument>;

export interface Installation
  extends Omit<InstallationDocument, '_id' | 'workspace' | 'v' | 'secret' | 'checkAt'> {
  readonly id: string;
  readonly token: string;
}

export type NewInstallation = Omit<Installation, 'gone' | 'teams'>;

/** Where somebody acts. */
export interface Place {
  readonly workspace?: string | undefined;
  readonly enterprise?: string | undefined;
}

export type InstallationStore = ReturnType<typeof installationStore>;

export function installationStore(db: Db, keys: SecretsKeys) {
  const installations = db.collection<InstallationDocument>(INSTALLATIONS);
  const inTx = (tx?: Tx) => (tx === undefined ? {} : { session: tx.session });

  const opened = (document: InstallationDocument | null): Installation | undefined => {
    if (document === null) return undefined;
    const { _id: id, workspace: _w, v: _v, secret, checkAt: _c, ...rest } = document;
    return { id, token: unseal(keys, id, secret), ...rest };
  };
  const live = async (filter: Filter<InstallationDocument>): Promise<Installation | undefined> =>
    opened(await installations.findOne({ ...filter, gone: { $exists: false } }));

  return {
    /** Installs, or installs again: the new token takes the old one's place. */
    async save({ id, token, ...rest }: NewInstallation, checkAt: Date, tx: Tx): Promise<void> {
      const set = { ...rest, workspace: id, v: 1, secret: seal(keys, id, token), checkAt };
      await installations.updateOne(
        { _id: id },
        {
          $set: set,
          $setOnInsert: { teams: [] },
          $unset: { gone: '' },
        } as unknown as UpdateFilter<InstallationDocument>,
        { upsert: true, ...inTx(tx) },
      );
    },

    /**
     * The installation by which the app acts there: the workspace's own, else its organisation's,
     * which then remembers the workspace.
     */
    async at({ workspace, enterprise }: Place): Promise<Installation | undefined> {
      const own = workspace === undefined ? undefined : await live({ _id: workspace });
      if (own !== undefined || enterprise === undefined) return own;
      const org = await live({ _id: enterprise, kind: 'org' });
      if (org !== undefined && workspace !== undefined && !org.teams.includes(workspace)) {
        await installations.updateOne({ _id: enterprise }, { $addToSet: { teams: workspace } });
      }
      return org;
    },

    /** The same where only the workspace is known. */
    async ofWorkspace(workspace: string): Promise<Installation | undefined> {
      return (await live({ _id: workspace })) ?? live({ teams: workspace, kind: 'org' });
    },

    /** Takes one installation whose token is to be looked at, and puts it off until `next`. */
    async takeDue(now: Date, next: Date): Promise<Installation | undefined> {
      const due: Filter<InstallationDocument> = { checkAt: { $lte: now } };
      return opened(await installations.findOneAndUpdate(due, { $set: { checkAt: next } }));
    },

    async find(id: string): Promise<Installation | undefined> {
      return opened(await installations.findOne({ _id: id }));
    },

    /** Sets when Slack is asked next. */
    async checkNext(id: string, at: Date): Promise<void> {
      await installations.updateOne({ _id: id }, { $set: { checkAt: at } });
    },

    /**
     * Notes that the app is gone there. False if it was noted before, or installed again since
     * `installedAt`.
     */
    async markGone(
      { id, installedAt }: Pick<Installation, 'id' | 'installedAt'>,
      gone: NonNullable<InstallationDocument['gone']>,
      tx: Tx,
    ): Promise<boolean> {
      const { modifiedCount } = await installations.updateOne(
        { _id: id, installedAt, gone: { $exists: false } },
        { $set: { gone, checkAt: gone.at } },
        inTx(tx),
      );
      return modifiedCount === 1;
    },

    /** Forgets an installation that is gone, token and all. */
    async remove(id: string): Promise<void> {
      await installations.deleteOne({ _id: id, gone: { $exists: true } });
    },

    /**
     * Encrypts every token with the first key that is not yet.
     * @returns how many were, and how many there are
     * @throws Error if one cannot be decrypted; those before it are done
     */
    async rotate(): Promise<{ rotated: number; all: number }> {
      let rotated = 0;
      const all = await installations.countDocuments();
      const [{ id: first }] = keys;
      for await (const { _id, secret } of installations.find({ 'secret.key': { $ne: first } })) {
        const again = seal(keys, _id, unseal(keys, _id, secret));
        // Only if it still is the token that was read: it may be installed again at this moment.
        const { modifiedCount } = await installations.updateOne(
          { _id, 'secret.data': secret.data },
          { $set: { secret: again } },
        );
        rotated += modifiedCount;
      }
      return { rotated, all };
    },
  };
}

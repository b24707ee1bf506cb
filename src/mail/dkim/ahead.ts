/**
 * Sign ahead: signatures made before it is a mail's turn. One takes longer than all else that is
 * done for a mail, and it can be made while others are on their way.
 */
import type { DkimSigner } from './dkim.ts';

export interface AheadSigner {
  /** Signs a mail for later. Never throws: whoever asks for the mail hears of it. */
  ahead(raw: Buffer): Promise<void>;
  /**
   * The mail with its signature, made now if it was not made ahead; undefined: it leaves as it is.
   * @throws as the signer does
   */
  signed(raw: Buffer): Promise<Buffer> | undefined;
}

/** @param dkim undefined: mails stay as they are */
export function aheadSigner(dkim: DkimSigner | undefined): AheadSigner {
  if (dkim === undefined) return { ahead: async () => {}, signed: () => undefined };
  const made = new WeakMap<Buffer, Promise<Buffer>>();
  return {
    async ahead(raw) {
      const signing = dkim.sign(raw);
      made.set(raw, signing);
      await signing.catch(() => undefined);
    },
    signed: (raw) => made.get(raw) ?? dkim.sign(raw),
  };
}

/** Rotate secrets: encrypts every stored Slack token with the first of ASSENT_SECRETS_KEYS. */
import type { Deps } from '../workflow/deps.ts';

interface Io {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** @returns the exit status: 0 done, 2 nothing to do it with */
export async function rotateSecretsCommand(
  { installs }: Pick<Deps, 'installs'>,
  argv: readonly string[],
  { out, err }: Io,
): Promise<number> {
  if (argv.length > 0) {
    err('assent rotate-secrets takes no arguments. Nothing was done.');
    return 2;
  }
  if (installs === undefined) {
    err(
      'No workspace installs the app here (SLACK_CLIENT_ID is not set), so there is no token to encrypt. Nothing was done.',
    );
    return 2;
  }
  const { rotated, all } = await installs.store.rotate();
  out(
    `${rotated} of ${all} tokens were encrypted anew; all are encrypted with the first key now. Once every process runs with the new keys, the others can be removed.`,
  );
  return 0;
}

/**
 * Slack uploads: files of ours that one person asked for, in the direct messages with them.
 *
 * Slack names the place where the bytes go; a place that is not on our list gets none of them.
 */
import { WebAPIPlatformError } from '@slack/web-api';
import { allowedUrl, FileRefused, type FileSource } from './slack-files.ts';

/** 10 MB over a slow line. */
const UPLOAD_MS = 60_000;
/** Slack's words for what the app was not given leave to do. */
const NO_SCOPE: ReadonlySet<string> = new Set(['missing_scope', 'no_permission', 'access_denied']);

/** Why Slack has no file of ours; what people are told of it is in words/evidence.ts. */
export type UploadFault = 'no-scope' | 'other-host' | 'refused' | 'too-late';

/** Slack did not take a file. What was uploaded before is seen by nobody: it was not shared. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly fault: UploadFault;

  constructor(fault: UploadFault, options: ErrorOptions = {}) {
    super(`a file was not uploaded: ${fault}`, options);
    this.fault = fault;
  }
}

/**
 * Uploads a file; nobody sees it before it is shared.
 * @returns Slack's id of it
 * @throws UploadRefused
 */
export async function uploadFile(
  { client, hosts }: FileSource,
  { name: filename, content }: { readonly name: string; readonly content: Buffer },
): Promise<string> {
  const announced = await asked(() =>
    client.files.getUploadURLExternal({ filename, length: content.length }),
  );
  const { upload_url: address, file_id: id } = announced;
  if (address === undefined || id === undefined) throw new UploadRefused('refused');
  await send(uploadUrl(address, hosts), content);
  return id;
}

/**
 * Shares uploaded files with one person alone, all of them or none.
 * @throws UploadRefused
 */
export async function shareFiles(
  { client }: Pick<FileSource, 'client'>,
  {
    user,
    files: [first, ...more],
    comment,
  }: { readonly user: string; readonly files: readonly string[]; readonly comment: string },
): Promise<void> {
  if (first === undefined) return;
  const { channel } = await asked(() => client.conversations.open({ users: user }));
  const channel_id = channel?.id;
  if (channel_id === undefined) throw new UploadRefused('refused');
  const files: [{ id: string }, ...{ id: string }[]] = [
    { id: first },
    ...more.map((id) => ({ id })),
  ];
  await asked(() =>
    client.files.completeUploadExternal({ files, channel_id, initial_comment: comment }),
  );
}

async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
    throw new UploadRefused(NO_SCOPE.has(error.data.error) ? 'no-scope' : 'refused', {
      cause: error,
    });
  }
}

function uploadUrl(address: string, hosts: readonly string[]): URL {
  try {
    return allowedUrl(address, hosts);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    throw new UploadRefused('other-host', { cause: error });
  }
}

async function send(url: URL, content: Buffer): Promise<void> {
  let response: Response;
  try {
    // Without the token: the address itself is the leave to write there.
    response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: new Uint8Array(content),
      redirect: 'manual',
      signal: AbortSignal.timeout(UPLOAD_MS),
    });
    await response.body?.cancel();
  } catch (error) {
    throw new UploadRefused('too-late', { cause: error });
  }
  if (response.status !== 200) throw new UploadRefused('refused');
}

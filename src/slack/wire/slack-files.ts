/**
 * Slack files: fetches a file that somebody brought, without trusting what Slack's payload says
 * about it.
 *
 * The bot's token goes only to hosts on our list: a payload that names another one would carry it
 * there. Slack answers a missing scope with a login page and status 200, so a page is no file.
 */
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { FILE_INPUT_BYTES_MAX } from '../blocks/limits.ts';
import type { Values } from '../guard/door.ts';

/** 10 MB over a slow line; Slack itself gives up on nothing. */
const FETCH_MS = 60_000;
const UNNAMED = 'file';
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const File = z.object({
  id: z.string(),
  name: z.string().optional(),
  size: z.int().min(0).optional(),
  file_access: z.string().optional(),
  url_private_download: z.string().optional(),
  permalink: z.string().optional(),
});
export type BroughtFile = z.infer<typeof File>;

const Files = z.object({ files: z.array(File) });

/** Why a file was not taken; what people are told of it is in words/files.ts. */
export type FileFault =
  | 'gone'
  | 'no-address'
  | 'no-scope'
  | 'other-host'
  | 'cut-off'
  | 'too-late'
  | 'too-large';

/** A file that somebody brought could not be fetched. Nothing of it was read. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
  readonly fault: FileFault;

  constructor(fault: FileFault, options: ErrorOptions = {}) {
    super(`a file was not fetched: ${fault}`, options);
    this.fault = fault;
  }
}

/** The file of a file input; undefined if there is none. */
export function readFile(values: Values, id: string): BroughtFile | undefined {
  return readFiles(values, id)[0];
}

/** All files of a file input. */
export function readFiles(values: Values, id: string): readonly BroughtFile[] {
  return Files.safeParse(values[id]?.[id]).data?.files ?? [];
}

export interface FileSource {
  readonly client: WebClient;
  /** Hosts (with a port, if it is not the usual one) that may see the bot's token. */
  readonly hosts: readonly string[];
}

export interface FetchedFile {
  readonly name: string;
  /** Where it lies in Slack, for people. */
  readonly permalink: string | undefined;
  readonly bytes: Buffer;
}

/** @throws FileRefused */
export async function fetchFile(
  { client, hosts }: FileSource,
  brought: Pick<BroughtFile, 'id'>,
): Promise<FetchedFile> {
  const described = await describe(client, brought);
  const { name = UNNAMED, size, permalink, url_private_download: address } = described;
  if (address === undefined) throw new FileRefused('no-address');
  if (size !== undefined && size > FILE_INPUT_BYTES_MAX) throw new FileRefused('too-large');
  const url = allowedUrl(address, hosts);
  // A mail template is a page: that it is no login page is told by its length.
  const isPage = size !== undefined && /\.html?$/iu.test(name);
  const bytes = await download(url, client.token ?? '', isPage);
  if (size !== undefined && bytes.length !== size) {
    throw new FileRefused(isPage ? 'no-scope' : 'cut-off');
  }
  return { name, permalink: readableLink(permalink), bytes };
}

/** Asks Slack again: a payload may hold no more than the id, and an address may have changed. */
async function describe(client: WebClient, brought: Pick<BroughtFile, 'id'>): Promise<BroughtFile> {
  try {
    const { file } = await client.files.info({ file: brought.id });
    return File.parse(file);
  } catch (error) {
    // Slack is away, slow, or says what nobody understands: nobody knows whether the file is there.
    if (!(error instanceof WebAPIPlatformError))
      throw new FileRefused('too-late', { cause: error });
    throw new FileRefused(FAULTS[error.data.error] ?? 'too-late', { cause: error });
  }
}

/** Slack's words for why it does not describe a file; any other is a trouble that may pass. */
const FAULTS: Readonly<Partial<Record<string, FileFault>>> = {
  file_not_found: 'gone',
  file_deleted: 'gone',
  missing_scope: 'no-scope',
  no_permission: 'no-scope',
  access_denied: 'no-scope',
};

/** Only what leads to Slack: it is shown to an approver as a link. */
function readableLink(permalink: string | undefined): string | undefined {
  if (permalink === undefined || !URL.canParse(permalink)) return undefined;
  const { protocol, hostname, href } = new URL(permalink);
  return protocol === 'https:' && hostname.endsWith('.slack.com') ? href : undefined;
}

/** Encrypted, and to a host on the list; only this machine itself may be asked in the clear. */
export function allowedUrl(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === undefined || !isSafe || !hosts.includes(url.host)) {
    throw new FileRefused('other-host');
  }
  return url;
}

async function download(url: URL, token: string, isPage: boolean): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      // A redirect leads to a login page, or to a host that must not see the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(FETCH_MS),
    });
    return await readCapped(checkAnswer(response, isPage));
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    throw new FileRefused('too-late', { cause: error });
  }
}

function checkAnswer(response: Response, isPage: boolean): Response {
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || (type.startsWith('text/html') && !isPage)) {
    throw new FileRefused('no-scope');
  }
  if (Number(response.headers.get('content-length') ?? 0) > FILE_INPUT_BYTES_MAX) {
    throw new FileRefused('too-large');
  }
  return response;
}

/** Stops reading at the limit, whatever the answer said about its length. */
async function readCapped({ body }: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > FILE_INPUT_BYTES_MAX) throw new FileRefused('too-large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

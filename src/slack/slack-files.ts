/**
 * Slack files: fetches a file that somebody brought, without trusting what Slack's payload says
 * about it.
 *
 * The bot's token goes only to hosts on our list: a payload that names another one would carry it
 * there. Slack answers a missing scope with a login page and status 200, so a page is no file.
 */
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { z } from 'zod';
import { CsvRefused } from '../consent/csv-refused.ts';
import type { Values } from './door.ts';
import { FILE_INPUT_BYTES_MAX } from './limits.ts';

/** 10 MB over a slow line; Slack itself gives up on nothing. */
const FETCH_MS = 60_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const File = z.object({
  id: z.string(),
  name: z.string().optional(),
  size: z.int().min(0).optional(),
  file_access: z.string().optional(),
  url_private_download: z.string().optional(),
});
export type BroughtFile = z.infer<typeof File>;

const Files = z.object({ files: z.array(File) });

/** The file of a file input; undefined if there is none. */
export function readFile(values: Values, id: string): BroughtFile | undefined {
  return Files.safeParse(values[id]?.[id]).data?.files[0];
}

export interface FileSource {
  readonly client: WebClient;
  /** Hosts (with a port, if it is not the usual one) that may see the bot's token. */
  readonly hosts: readonly string[];
}

export interface FetchedFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** @throws CsvRefused `unreadable`, `too-large`, with what people can do about it */
export async function fetchFile(
  { client, hosts }: FileSource,
  brought: Pick<BroughtFile, 'id'>,
): Promise<FetchedFile> {
  const {
    name = 'contacts.csv',
    size,
    url_private_download: address,
  } = await describe(client, brought);
  if (address === undefined) throw unreadable('Slack gave no address for it.');
  if (size !== undefined && size > FILE_INPUT_BYTES_MAX) throw tooLarge();
  const url = allowedUrl(address, hosts);
  const bytes = await download(url, client.token ?? '');
  if (size !== undefined && bytes.length !== size) {
    throw unreadable('Slack gave only a part of it.');
  }
  return { name, bytes };
}

/** Asks Slack again: a payload may hold no more than the id, and an address may have changed. */
async function describe(client: WebClient, brought: Pick<BroughtFile, 'id'>): Promise<BroughtFile> {
  try {
    const { file } = await client.files.info({ file: brought.id });
    return File.parse(file);
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError)) throw error;
    if (NO_SCOPE.has(error.data.error)) throw unreadable(ASKED_FOR_LOGIN);
    throw unreadable('Slack does not know it (any more).', { cause: error });
  }
}

const NO_SCOPE = new Set(['missing_scope', 'no_permission', 'access_denied']);
const ASKED_FOR_LOGIN =
  'Slack did not let the app have it: the scope files:read may be missing. Tell an admin.';

/** Encrypted, and to a host on the list; only this machine itself may be asked in the clear. */
function allowedUrl(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isSafe =
    url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
  if (url === undefined || !isSafe || !hosts.includes(url.host)) {
    throw unreadable(
      'It lies at a place that is not on the list of allowed hosts (SLACK_FILE_HOSTS), so it was not fetched.',
    );
  }
  return url;
}

async function download(url: URL, token: string): Promise<Buffer> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      // A redirect leads to a login page, or to a host that must not see the token.
      redirect: 'manual',
      signal: AbortSignal.timeout(FETCH_MS),
    });
    return await readCapped(checkAnswer(response));
  } catch (error) {
    if (error instanceof CsvRefused) throw error;
    throw unreadable('Slack did not hand it over in time.', { cause: error });
  }
}

function checkAnswer(response: Response): Response {
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || type.startsWith('text/html')) {
    throw unreadable(ASKED_FOR_LOGIN);
  }
  if (Number(response.headers.get('content-length') ?? 0) > FILE_INPUT_BYTES_MAX) throw tooLarge();
  return response;
}

/** Stops reading at the limit, whatever the answer said about its length. */
async function readCapped({ body }: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body ?? []) {
    length += piece.length;
    if (length > FILE_INPUT_BYTES_MAX) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

const unreadable = (detail: string, options: ErrorOptions = {}) =>
  new CsvRefused('unreadable', detail, options);
const tooLarge = () =>
  new CsvRefused(
    'too-large',
    'Slack hands files of up to 10 MB to an app; import larger ones on the command line: assent import FILE.',
  );

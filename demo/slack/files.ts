/**
 * Files: uploads and downloads, with the token Slack wants and the login page it answers without
 * it.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileJson } from './file-shape.ts';
import { asObjects, asString, type Json } from './json.ts';
import { postAsApp, writableChannel } from './messages.ts';
import type { Method } from './method.ts';
import { SlackError } from './slack-error.ts';
import type { SlackFile, Workspace } from './workspace.ts';

/** An upload that was announced, and its bytes once they came. */
interface Upload {
  readonly name: string;
  readonly length: number;
  content?: Buffer;
}

const uploads = new WeakMap<Workspace, Map<string, Upload>>();

const uploadsOf = (ws: Workspace): Map<string, Upload> => {
  const known = uploads.get(ws) ?? new Map<string, Upload>();
  uploads.set(ws, known);
  return known;
};

export const FILE_METHODS: Readonly<Record<string, Method>> = {
  'files.info': (ws, args) => {
    const file = ws.files.get(asString(args['file']));
    if (file === undefined) throw new SlackError('file_not_found');
    return { file: fileJson(ws, file), comments: [] };
  },
  'files.getUploadURLExternal': (ws, args) => {
    const length = Number(args['length']);
    if (asString(args['filename']) === '' || !(length > 0))
      throw new SlackError('invalid_arguments');
    const id = ws.nextId('F');
    uploadsOf(ws).set(id, { name: asString(args['filename']), length });
    return { upload_url: `${ws.origin}/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': (ws, args) => {
    const files = asObjects(args['files']).map(({ id }) => finish(ws, asString(id)));
    if (files.length === 0) throw new SlackError('invalid_arguments');
    share(ws, files, args);
    return { files: files.map((file) => fileJson(ws, file)) };
  },
};

/** Takes the bytes of an announced upload; false if their number is not what was announced. */
export function receiveUpload(ws: Workspace, id: string, content: Buffer): boolean {
  const upload = uploadsOf(ws).get(id);
  if (upload === undefined || content.length !== upload.length) return false;
  upload.content = content;
  return true;
}

/** Keeps a file that a person brought. */
export function keepFile(ws: Workspace, file: Omit<SlackFile, 'id' | 'created'>): SlackFile {
  const kept = { ...file, id: ws.nextId('F'), created: seconds(ws) };
  ws.files.set(kept.id, kept);
  return kept;
}

/**
 * `GET /files/…`: the bytes for the bot's token; for anybody else the login page, with status 200.
 */
export function sendFile(ws: Workspace, request: IncomingMessage, response: ServerResponse): void {
  const file = ws.files.get((request.url ?? '').split('/')[2] ?? '');
  if (request.headers.authorization !== `Bearer ${ws.botToken}`) {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end('<!DOCTYPE html><title>Sign in to Slack</title>');
  } else if (file === undefined) {
    response.writeHead(404, { 'Content-Type': 'text/html; charset=utf-8' }).end();
  } else {
    response.writeHead(200, {
      'Content-Type': file.mimetype,
      'Content-Length': file.content.length,
    });
    response.end(file.content);
  }
}

const seconds = (ws: Workspace): number => Math.floor(ws.now().getTime() / 1_000);

function finish(ws: Workspace, id: string): SlackFile {
  const upload = uploadsOf(ws).get(id);
  if (upload?.content === undefined) throw new SlackError('file_not_found');
  const { name, content } = upload;
  const file: SlackFile = {
    id,
    name,
    content,
    mimetype: 'application/octet-stream',
    user: ws.botUserId,
    created: seconds(ws),
    needsInfo: false,
  };
  ws.files.set(id, file);
  uploadsOf(ws).delete(id);
  return file;
}

function share(ws: Workspace, files: SlackFile[], args: Json): void {
  if (asString(args['channel_id']) === '') return;
  // A person's id names no conversation here, as it does for messages.
  if (ws.users.has(asString(args['channel_id']))) throw new SlackError('channel_not_found');
  const channel = writableChannel(ws, asString(args['channel_id']));
  const content = { text: asString(args['initial_comment']), blocks: [] };
  const thread = asString(args['thread_ts']);
  const message = postAsApp(ws, 'files.completeUploadExternal', channel, content, thread);
  message.files = files;
}

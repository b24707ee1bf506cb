/**
 * Socket Mode: requests to the app in envelopes over a WebSocket that the app opened, instead of
 * over HTTP (docs.slack.dev/apis/events-api/using-socket-mode).
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ACK_MS_MAX } from '../../src/slack/blocks/limits.ts';
import { asObject, asString, isObject, type Json, parseJson } from './json.ts';
import type { Ack, SignedRequest } from './sign.ts';
import { acceptWebSocket, type WebSocketLine } from './web-socket.ts';

const PATH = '/link/';
/** How long an answer is waited for before it counts as none (ms). */
const PATIENCE_MS = 10_000;

export interface SocketMode {
  /** The address for one connection, which apps.connections.open answers. */
  ticket(origin: string): string;
  /** Whether an app is connected. */
  isOpen(): boolean;
  /** How many connections there were so far. */
  connections(): number;
  /** The upgrade of a request to such an address; others are hung up on. */
  upgrade(request: IncomingMessage, socket: Duplex): void;
  /** Sends a request to the connection that is open, and waits for its acknowledgement. */
  deliver(request: SignedRequest): Promise<Ack>;
  /** As Slack does every few hours: warns, and closes once the app has opened another one. */
  refresh(): void;
  /** As networks do. */
  cut(): void;
}

export function newSocketMode(): SocketMode {
  const tickets = new Set<string>();
  /** Open connections, the newest last; it gets what comes. */
  const lines: WebSocketLine[] = [];
  const waiting = new Map<string, (payload: unknown) => void>();
  let connected = 0;
  const heard = (text: string) => {
    const answer = asObject(parseJson(text));
    waiting.get(asString(answer['envelope_id']))?.(answer['payload']);
  };

  return {
    ticket(origin) {
      const id = randomBytes(12).toString('hex');
      tickets.add(id);
      return `${origin.replace('http', 'ws')}${PATH}${id}`;
    },
    isOpen: () => lines.length > 0,
    connections: () => connected,
    upgrade(request, socket) {
      if (!tickets.delete((request.url ?? '').slice(PATH.length))) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return;
      }
      const older = [...lines];
      const ended = () => void lines.splice(lines.indexOf(line), 1);
      const line = acceptWebSocket(request, socket, { heard, ended });
      lines.push(line);
      connected += 1;
      line.send(JSON.stringify({ type: 'hello', num_connections: lines.length }));
      for (const old of older) old.close();
    },
    deliver: (request) => deliver(request, lines.at(-1), waiting),
    refresh: () => lines.at(-1)?.send(JSON.stringify(REFRESH)),
    cut: () => {
      // A copy: each takes itself out of the list.
      for (const line of Array.from(lines)) line.cut();
    },
  };
}

const REFRESH = { type: 'disconnect', reason: 'refresh_requested' };

async function deliver(
  request: SignedRequest,
  line: WebSocketLine | undefined,
  waiting: Map<string, (payload: unknown) => void>,
): Promise<Ack> {
  const from = performance.now();
  const id = randomBytes(8).toString('hex');
  const answer = new Promise<unknown>((resolve, reject) => {
    waiting.set(id, resolve);
    setTimeout(() => reject(new Error('no acknowledgement came')), PATIENCE_MS).unref();
  });
  line?.send(
    JSON.stringify({ envelope_id: id, accepts_response_payload: true, ...packed(request) }),
  );
  const ack = await answer.then(
    (payload) => ({ status: 200, body: bodyOf(payload) }),
    (error: unknown) => ({ status: 0, body: String(error) }),
  );
  waiting.delete(id);
  const ms = performance.now() - from;
  return { kind: request.kind, ms, ...ack, late: ms > ACK_MS_MAX };
}

/** The request's body as the envelope carries it. */
function packed({ kind, body }: SignedRequest): Json {
  if (kind === 'event') return { type: 'events_api', payload: parseJson(body) };
  const fields = Object.fromEntries(new URLSearchParams(body));
  return kind === 'command'
    ? { type: 'slash_commands', payload: fields }
    : { type: 'interactive', payload: parseJson(fields['payload'] ?? '') };
}

/** What would have been the body of the answer over HTTP. */
function bodyOf(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  return isObject(payload) && Object.keys(payload).length > 0 ? JSON.stringify(payload) : '';
}

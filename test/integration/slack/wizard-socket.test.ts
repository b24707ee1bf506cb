/**
 * Wizard socket: the same app in Socket Mode, in front of a small WebSocket server (RFC 6455) that
 * speaks Slack's envelopes, loses connections and comes back.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSlackApp, type SlackApp } from '../../../src/slack/app.ts';
import { slackClients } from '../../../src/slack/wire/clients.ts';
import { REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 0x81;
const CLOSE = 0x88;

interface Envelope {
  readonly envelope_id: string;
  readonly payload?: Record<string, unknown>;
}

/** Slack's side of Socket Mode, and of the Web API beside it: everything else goes to the double. */
class SocketSlack {
  readonly acks: Envelope[] = [];
  connections = 0;
  /** What apps.connections.open answers instead of an address. */
  error: string | undefined;
  private socket: Duplex | undefined;
  private readonly server: Server;
  private readonly origin: string;

  constructor(origin: string) {
    this.origin = origin;
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        void this.answer(request.url ?? '', Buffer.concat(chunks), request.headers).then(
          ([status, body]) =>
            response.writeHead(status, { 'content-type': 'application/json' }).end(body),
        );
      });
    });
    this.server.on('upgrade', (request, socket) => {
      this.upgrade(String(request.headers['sec-websocket-key']), socket);
    });
  }

  get url(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  async close(): Promise<void> {
    this.socket?.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Sends an envelope and waits for its acknowledgement. */
  async deliver(type: string, payload: object): Promise<Envelope> {
    const id = randomBytes(6).toString('hex');
    this.send({ envelope_id: id, type, payload, accepts_response_payload: true });
    return until(() => this.acks.find(({ envelope_id: acked }) => acked === id));
  }

  /** As Slack does every few hours. */
  disconnect(): void {
    this.send({ type: 'disconnect', reason: 'refresh_requested' });
  }

  cut(): void {
    this.socket?.destroy();
  }

  private async answer(
    path: string,
    body: Buffer,
    headers: NodeJS.Dict<string | string[]>,
  ): Promise<[number, string]> {
    if (path.endsWith('/apps.connections.open')) {
      if (this.error === 'down') return [503, '{}'];
      if (this.error !== undefined) return [200, JSON.stringify({ ok: false, error: this.error })];
      return [200, JSON.stringify({ ok: true, url: `ws://${this.url}/link` })];
    }
    try {
      const response = await fetch(`${this.origin}${path}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': String(headers['content-type']),
          authorization: String(headers['authorization']),
        },
      });
      return [response.status, await response.text()];
    } catch {
      // The double has stopped: the test is over.
      return [502, '{}'];
    }
  }

  private upgrade(key: string, socket: Duplex): void {
    const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    this.socket = socket;
    this.connections += 1;
    socket.on('error', () => socket.destroy());
    socket.on('data', (data: Buffer) => this.receive(data, socket));
    this.send({ type: 'hello' });
  }

  /** Masked text frames of a client, several in one chunk at times. */
  private receive(data: Buffer, socket: Duplex): void {
    for (let at = 0; at < data.length; ) {
      const opcode = data[at] ?? 0;
      const short = (data[at + 1] ?? 0) & 0x7f;
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      const length =
        extended === 0
          ? short
          : extended === 2
            ? data.readUInt16BE(at + 2)
            : Number(data.readBigUInt64BE(at + 2));
      const start = at + 2 + extended + 4;
      const mask = data.subarray(start - 4, start);
      const text = Buffer.from(data.subarray(start, start + length)).map(
        (byte, index) => byte ^ (mask[index % 4] ?? 0),
      );
      if (opcode === TEXT) this.acks.push(JSON.parse(Buffer.from(text).toString('utf8')));
      if (opcode === CLOSE) socket.end(Buffer.from([CLOSE, 0]));
      at = start + length;
    }
  }

  private send(message: object): void {
    const text = Buffer.from(JSON.stringify(message));
    const head =
      text.length < 126
        ? Buffer.from([TEXT, text.length])
        : Buffer.from([TEXT, 126, text.length >> 8, text.length & 0xff]);
    this.socket?.write(Buffer.concat([head, text]));
  }
}

async function until<T>(find: () => T | undefined | false): Promise<T> {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`it did not happen: ${String(find)}`);
}

let world: SlackWorld;
let socket: SocketSlack;
let app: SlackApp | undefined;

beforeEach(async () => {
  world = await slackWorld();
  socket = new SocketSlack(world.slack.origin);
  await socket.listen();
});
afterEach(async () => {
  await app?.stop();
  app = undefined;
  await socket.close();
  await world.close();
});

function connected(): SlackApp {
  const { botToken, origin } = world.slack;
  const apiUrl = `http://${socket.url}/api/`;
  app = createSlackApp({
    deps: world.deps,
    clients: slackClients({ apiUrl, botToken }),
    config: {
      apiUrl,
      appToken: 'xapp-double',
      fileHosts: [new URL(origin).host],
    },
  });
  return app;
}

/** The command as Slack would put it into an envelope. */
function command(text = '') {
  return {
    command: '/optin',
    text,
    team_id: WORKSPACE,
    user_id: REQUESTER,
    trigger_id: 'none',
    response_url: `${world.slack.origin}/nowhere`,
  };
}

describe('in Socket Mode', () => {
  it('commands, submissions and options come in and are acknowledged with their answers', async () => {
    const { requestListener, start } = connected();
    expect(requestListener).toBeUndefined();
    await start();
    expect((await socket.deliver('slash_commands', command())).payload).toEqual({});
    const base = { team: { id: WORKSPACE }, user: { id: REQUESTER }, trigger_id: 'none' };
    const search = { type: 'block_suggestion', action_id: 'choose-audience', block_id: 'a' };
    const offered = await socket.deliver('interactive', { ...base, ...search, value: 'spr' });
    expect(JSON.stringify(offered.payload)).toContain('Spring fair');
    const submitted = await socket.deliver('interactive', {
      ...base,
      type: 'view_submission',
      view: {
        id: 'V1',
        callback_id: 'request-opt-in',
        type: 'modal',
        private_metadata: JSON.stringify({ d: `d_${'0'.repeat(24)}`, s: 'who', r: 0 }),
        state: { values: { 'choose-audience': { 'choose-audience': { selected_options: [] } } } },
      },
    });
    expect(submitted.payload).toMatchObject({ response_action: 'errors' });
    expect(new Set(socket.acks.map(({ envelope_id: id }) => id)).size).toBe(socket.acks.length);
  });

  it('garbage is acknowledged and breaks nothing', async () => {
    await connected().start();
    for (const payload of [{}, { type: 'view_submission' }, { actions: null }, { event: null }]) {
      await socket.deliver('interactive', payload);
    }
    expect((await socket.deliver('slash_commands', command('help'))).payload).toEqual({});
  });

  it.each([
    ['asks for it', () => socket.disconnect()],
    ['just cuts it', () => socket.cut()],
  ])('the connection comes back after Slack %s', async (_how, end) => {
    await connected().start();
    end();
    await until(() => socket.connections === 2);
    expect((await socket.deliver('slash_commands', command())).payload).toEqual({});
  });

  it('Slack may be away for a while', async () => {
    await connected().start();
    socket.error = 'down';
    socket.cut();
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    socket.error = undefined;
    await until(() => socket.connections === 2);
    expect((await socket.deliver('slash_commands', command())).payload).toEqual({});
  });

  it('a token that Slack does not take ends the start with what to do', async () => {
    socket.error = 'invalid_auth';
    await expect(connected().start()).rejects.toThrow('Make a new one with connections:write');
  });
});

it('without a signing secret or an app token nothing is started', () => {
  const { botToken, apiUrl } = world.slack;
  const clients = slackClients({ apiUrl, botToken });
  const config = { apiUrl, botToken, fileHosts: [] };
  expect(() => createSlackApp({ deps: world.deps, clients, config })).toThrow(
    'SLACK_SIGNING_SECRET or SLACK_APP_TOKEN',
  );
});

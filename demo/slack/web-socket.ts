/**
 * Web socket: the server's half of one WebSocket (RFC 6455), as much of it as Slack's envelopes
 * need: whole text messages, ping, and close.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const FINAL = 0x80;
const [TEXT, CLOSE, PING, PONG] = [0x1, 0x8, 0x9, 0xa];
const MASK_BYTES = 4;
/** A length of 126 or 127 says that the real one follows in 2 or 8 bytes. */
const [SHORT_MAX, IN_TWO_BYTES] = [125, 126];
const TWO_BYTES_MAX = 0xffff;

export interface WebSocketLine {
  send(text: string): void;
  /** Says goodbye first. */
  close(): void;
  /** As a cable that is pulled. */
  cut(): void;
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** What follows it in the stream. */
  readonly rest: Buffer;
}

/** Answers the upgrade, and from then on calls `heard` for each text and `ended` once. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  { heard, ended }: { heard: (text: string) => void; ended: () => void },
): WebSocketLine {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let stream: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.once('close', ended);
  socket.on('data', (chunk: Buffer) => {
    stream = Buffer.concat([stream, chunk]);
    for (let frame = readFrame(stream); frame !== undefined; frame = readFrame(stream)) {
      stream = frame.rest;
      if (frame.opcode === TEXT) heard(frame.payload.toString('utf8'));
      if (frame.opcode === PING) socket.write(frameOf(PONG, frame.payload));
      if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
    }
  });
  return {
    send: (text) => void socket.write(frameOf(TEXT, Buffer.from(text))),
    close: () => void socket.end(frameOf(CLOSE, Buffer.alloc(0))),
    cut: () => void socket.destroy(),
  };
}

/** The first frame of what came; undefined as long as it is not whole. Clients mask theirs. */
function readFrame(stream: Buffer): Frame | undefined {
  if (stream.length < 2) return undefined;
  const short = (stream[1] ?? 0) & 0x7f;
  const more = short <= SHORT_MAX ? 0 : short === IN_TWO_BYTES ? 2 : 8;
  const start = 2 + more + MASK_BYTES;
  if (stream.length < start) return undefined;
  const length =
    more === 0 ? short : more === 2 ? stream.readUInt16BE(2) : Number(stream.readBigUInt64BE(2));
  if (stream.length < start + length) return undefined;
  const mask = stream.subarray(start - MASK_BYTES, start);
  const payload = Buffer.from(stream.subarray(start, start + length));
  for (let at = 0; at < length; at += 1)
    payload[at] = (payload[at] ?? 0) ^ (mask[at % MASK_BYTES] ?? 0);
  const opcode = (stream[0] ?? 0) & 0x0f;
  return { opcode, payload, rest: stream.subarray(start + length) };
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length <= SHORT_MAX) return Buffer.concat([Buffer.from([FINAL | opcode, length]), payload]);
  const inTwo = length <= TWO_BYTES_MAX;
  const head = Buffer.alloc(inTwo ? 4 : 10);
  head.set([FINAL | opcode, inTwo ? IN_TWO_BYTES : IN_TWO_BYTES + 1]);
  if (inTwo) head.writeUInt16BE(length, 2);
  else head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

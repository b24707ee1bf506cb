/** DNS: a small name server on the loopback that answers from a table (RFC 1035), for look-ups. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

type Kind = 'A' | 'PTR' | 'MX' | 'TXT';
const KINDS: Readonly<Record<number, Kind>> = { 1: 'A', 12: 'PTR', 15: 'MX', 16: 'TXT' };
const HEADER_BYTES = 12;
const NO_SUCH_NAME = 3;

/** `example.com TXT` → records; an MX record is `10 mail.example.com`. */
export type Zone = Readonly<Record<string, readonly string[]>>;

export interface DnsServer {
  /** For Resolver.setServers. */
  readonly address: string;
  close(): void;
}

export async function startDns(zone: Zone): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    socket.send(answer(question, zone), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, close: () => void socket.close() };
}

function answer(question: Buffer, zone: Zone): Buffer {
  const { name, end } = readName(question);
  const number = question.readUInt16BE(end);
  const kind = KINDS[number];
  const records = zone[`${name} ${kind}`] ?? [];
  const isKnown = Object.keys(zone).some((key) => key.startsWith(`${name} `));
  const header = Buffer.alloc(HEADER_BYTES);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (isKnown ? 0 : NO_SUCH_NAME), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  const answers = records.map((record) => recordBytes(number, dataOf(kind, record)));
  return Buffer.concat([header, question.subarray(HEADER_BYTES, end + 4), ...answers]);
}

function readName(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** The name is a pointer to the question's; it holds for a minute. */
function recordBytes(kind: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, HEADER_BYTES, 0, kind, 0, 1, 0, 0, 0, 60, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(kind: Kind | undefined, record: string): Buffer {
  if (kind === 'A') return Buffer.from(record.split('.').map(Number));
  if (kind === 'TXT') {
    const pieces = record.match(/.{1,255}/gsu) ?? [''];
    return Buffer.concat(pieces.map((piece) => labelBytes(piece)));
  }
  if (kind === 'PTR') return nameBytes(record);
  const [priority = '0', host = ''] = record.split(' ');
  return Buffer.concat([Buffer.from([0, Number(priority)]), nameBytes(host)]);
}

const labelBytes = (label: string): Buffer =>
  Buffer.concat([Buffer.from([label.length]), Buffer.from(label, 'latin1')]);

const nameBytes = (name: string): Buffer =>
  Buffer.concat([...name.split('.').filter(Boolean).map(labelBytes), Buffer.from([0])]);

/** HTTP: requests as they stand on the wire, also such as no client library would send. */
import { connect } from 'node:net';

export interface WireAnswer {
  /** 0 if the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The text of a page, with "e-mail" as one types it. */
export async function textOf(answer: Response): Promise<string> {
  return (await answer.text()).replaceAll('\u2011', '-');
}

const SILENCE_MS = 5_000;

/** Writes bytes to the server and reads until it closes. */
export async function onTheWire(url: string, bytes: string | Buffer): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(bytes);
  // Not `once`: it would end at an error, and what was read before is the answer.
  await new Promise((resolve) => socket.on('close', resolve));
  const [head = '', ...rest] = Buffer.concat(chunks).toString('utf8').split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    head,
    body: rest.join('\r\n\r\n'),
  };
}

/** A request line and headers, of a connection that ends after it. */
export function request(
  method: string,
  target: string,
  { headers = {}, body = '' }: { headers?: Record<string, string>; body?: string } = {},
): string {
  const all = {
    Host: 'localhost',
    Connection: 'close',
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

/**
 * Listener: the simplest app there can be. It keeps what Slack sends and answers what it was told
 * to.
 */
import { createServer } from 'node:http';
import type { SlackDouble } from '../../../demo/slack/double.ts';
import { asObject, type Json, parseJson } from '../../../demo/slack/json.ts';

export interface Listener {
  /**
   * What came: the payload of an interaction, the fields of a command, the envelope of an event.
   */
  readonly got: Json[];
  /** What the next request is answered with; 200 and nothing, if not said. */
  answerNext(body: unknown, status?: number): void;
  stop(): Promise<void>;
}

/** Starts listening and connects with the double. */
export async function startListener(slack: SlackDouble): Promise<Listener> {
  const got: Json[] = [];
  const answers: { body: string; status: number }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push(contentOf(Buffer.concat(chunks).toString(), request.headers['content-type'] ?? ''));
      const { body, status } = answers.shift() ?? { body: '', status: 200 };
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  slack.connect(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  return {
    got,
    answerNext: (body, status = 200) => {
      answers.push({ body: typeof body === 'string' ? body : JSON.stringify(body), status });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function contentOf(body: string, contentType: string): Json {
  if (contentType === 'application/json') return asObject(parseJson(body));
  const fields = new URLSearchParams(body);
  const payload = fields.get('payload');
  return payload === null ? Object.fromEntries(fields) : asObject(parseJson(payload));
}

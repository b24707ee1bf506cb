/** Slack files: the token goes nowhere else, and what comes back is a whole file or a clear no. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { FILE_INPUT_BYTES_MAX } from '../../../src/slack/blocks/limits.ts';
import { fetchWords } from '../../../src/slack/import/file.ts';
import { FileRefused, fetchFile, readFile } from '../../../src/slack/wire/slack-files.ts';

/** Where Slack keeps what people upload. */
const SLACK_FILES = 'files.slack.com';
const TOKEN = 'xoxb-secret';
const BODY = 'email\r\nann@example.org\r\n';

let server: Server;
let host: string;
let seen: { url: string | undefined; token: string | undefined }[];
let answer: RequestListener;

beforeEach(async () => {
  seen = [];
  answer = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/csv' }).end(BODY);
  };
  server = createServer((request, response) => {
    seen.push({ url: request.url, token: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const clientThatSays = (info: () => Promise<object>) =>
  ({ token: TOKEN, files: { info } }) as unknown as WebClient;

function fetched(file: object = {}, hosts: readonly string[] = [host]) {
  const address = `http://${host}/files/F1/download/contacts.csv`;
  const described = { id: 'F1', name: 'a.csv', url_private_download: address, ...file };
  const client = clientThatSays(async () => ({ ok: true, file: described }));
  return fetchFile({ client, hosts }, { id: 'F1' });
}

/** What people are told, in English, and by which fault. */
async function refused(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FileRefused);
  const refusal = error as FileRefused;
  const message = fetchWords(refusal, 'en');
  expect(message).toContain('Nothing was imported.');
  expect(message + refusal.message).not.toContain(TOKEN);
  expect(fetchWords(refusal, 'de')).toContain('Es wurde nichts importiert.');
  return { code: refusal.fault, message };
}

describe('a file', () => {
  it('is fetched with the token, from a host on the list', async () => {
    const { name, bytes } = await fetched({ size: BODY.length });
    expect(name).toBe('a.csv');
    expect(bytes.toString()).toBe(BODY);
    expect(seen).toEqual([{ url: '/files/F1/download/contacts.csv', token: `Bearer ${TOKEN}` }]);
  });

  it.each([
    ['https://example.slack.com/files/U1/F1', 'https://example.slack.com/files/U1/F1'],
    ['https://evil.example/F1', undefined],
    ['http://example.slack.com/F1', undefined],
    ['javascript:alert(1)', undefined],
    [undefined, undefined],
  ])('that Slack links as %s is linked as %s', async (permalink, expected) => {
    expect((await fetched({ permalink })).permalink).toBe(expected);
  });

  it.each([
    ['another host', 'https://evil.example/x.csv'],
    ['a host that only begins alike', 'http://127.0.0.1.evil.example/x.csv'],
    ['a name in front of the host', `https://${SLACK_FILES}@evil.example/x.csv`],
    ['another port', 'http://127.0.0.1:1/x.csv'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['no address at all', 'files.slack.com/x.csv'],
    ['a host on the list, but in the clear', `http://${SLACK_FILES}/x.csv`],
  ])('is not fetched, and the token not shown, where the address names %s', async (_what, url) => {
    const error = await refused(fetched({ url_private_download: url }, [host, 'files.slack.com']));
    expect(error.code).toBe('other-host');
    expect(error.message).toContain('list of allowed hosts');
    expect(seen).toEqual([]);
  });

  it('is not fetched by a redirect, which may lead to a host that must not see the token', async () => {
    answer = (_request, response) => {
      response.writeHead(302, { Location: `http://${host}/elsewhere` }).end();
    };
    expect((await refused(fetched())).message).toContain('files:read');
    expect(seen).toHaveLength(1);
  });

  it('is no login page', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<title>Sign in');
    };
    expect((await refused(fetched())).message).toContain('files:read');
  });

  it('is no part of a file', async () => {
    const error = await refused(fetched({ size: BODY.length + 1 }));
    expect(error.message).toContain('only a part');
  });

  it('is not even fetched if it is too large', async () => {
    expect((await refused(fetched({ size: FILE_INPUT_BYTES_MAX + 1 }))).code).toBe('too-large');
    expect(seen).toEqual([]);
  });

  it('is refused by its announced length', async () => {
    answer = (_request, response) => {
      const length = { 'Content-Length': FILE_INPUT_BYTES_MAX + 1 };
      response.writeHead(200, { 'Content-Type': 'text/csv', ...length }).write('email');
    };
    expect((await refused(fetched())).code).toBe('too-large');
  });

  it('is cut off when it is longer than anybody said', async () => {
    let sent = 0;
    answer = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/csv' });
      const more = () => {
        while (!response.destroyed && sent < 10 * FILE_INPUT_BYTES_MAX) {
          sent += 1_000_000;
          if (!response.write(Buffer.alloc(1_000_000, 'x'))) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    };
    expect((await refused(fetched())).code).toBe('too-large');
    expect(sent).toBeLessThan(5 * FILE_INPUT_BYTES_MAX);
  });

  it('says so when the line breaks', async () => {
    answer = (request) => request.socket.destroy();
    expect((await refused(fetched())).message).toContain('did not hand it over');
  });

  it.each([
    ['missing_scope', 'files:read'],
    ['file_not_found', 'does not know it'],
    ['file_deleted', 'does not know it'],
  ])('says what %s means', async (error, words) => {
    const client = clientThatSays(async () => {
      throw new WebAPIPlatformError({ ok: false, error });
    });
    const refusal = await refused(fetchFile({ client, hosts: [host] }, { id: 'F1' }));
    expect(refusal.message).toContain(words);
  });
});

describe('the file of a form', () => {
  it.each([
    [{ files: [{ id: 'F1', file_access: 'check_file_info' }] }, 'F1'],
    [{ files: [{ id: 'F1', name: 'a.csv', size: 3 }, { id: 'F2' }] }, 'F1'],
    [{ files: [] }, undefined],
    [{ files: [{ name: 'no id' }] }, undefined],
    [{}, undefined],
  ])('is read from %j', (state, expected) => {
    expect(readFile({ file: { file: state } }, 'file')?.id).toBe(expected);
    expect(readFile({}, 'file')).toBeUndefined();
  });
});

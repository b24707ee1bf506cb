/**
 * Request body: reads what Slack posts before Bolt does, within limits.
 *
 * Bolt reads up to 4 MB, and a body that is JSON but no object (`null`) ends its process. Bolt takes
 * a body that was read already (`rawBody`), and checks the signature over these very bytes.
 */
import type { IncomingMessage } from 'node:http';

/** Larger than any payload of Slack's (a view has at most 250 kB, encoded three times that). */
const BODY_BYTES_MAX = 1024 * 1024;
const JSON_TYPE = 'application/json';

/** Reads the body into `rawBody`. @returns an HTTP status if it cannot be Slack's */
export async function bufferBody(
  request: IncomingMessage & { rawBody?: Buffer },
): Promise<400 | 413 | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > BODY_BYTES_MAX) return 413;
      parts.push(part);
    }
  } catch {
    // The connection broke: there is nobody to answer.
    return 400;
  }
  request.rawBody = Buffer.concat(parts);
  return holdsObject(request.rawBody.toString('utf8'), request.headers['content-type'] ?? '')
    ? undefined
    : 400;
}

/** True unless Bolt would parse it into something that has no fields. */
function holdsObject(body: string, contentType: string): boolean {
  const isForm = contentType === 'application/x-www-form-urlencoded';
  const json = isForm ? new URLSearchParams(body).get('payload') : body;
  if (json === null) return true;
  if (!isForm && !contentType.startsWith(JSON_TYPE)) return true;
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
}

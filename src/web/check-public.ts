/**
 * Check public: PUBLIC_URL as recipients reach it, from here: whether it is https, leads to this
 * product, and lets the POST of a mail client's unsubscribe button through (RFC 8058).
 */
import { lookup } from 'node:dns/promises';
import { BlockList } from 'node:net';
import { type Check, type Finding, fail, ok, warn } from '../consent/finding.ts';

const ANSWER_MS = 5_000;

/** Addresses that nobody outside can reach (RFC 1918, 6598, 3927, 4193, 4291). */
const INSIDE = new BlockList();
for (const [net, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
] as const) {
  INSIDE.addSubnet(net, bits, 'ipv4');
}
INSIDE.addSubnet('fc00::', 7, 'ipv6');
INSIDE.addSubnet('fe80::', 10, 'ipv6');
INSIDE.addAddress('::1', 'ipv6');

/** @param publicUrl without a slash at the end */
export function publicChecks(publicUrl: string): readonly Check[] {
  const check = (what: string, run: (what: string) => Promise<Finding>): Check => ({
    what,
    run: async () => [await run(what)],
  });
  return [
    check('PUBLIC_URL', (what) => reachable(what, publicUrl)),
    check('Recipients’ pages', (what) => pages(what, publicUrl)),
    check('One-click unsubscribe', (what) => oneClick(what, publicUrl)),
  ];
}

async function reachable(what: string, publicUrl: string): Promise<Finding> {
  const url = new URL(publicUrl);
  const host = url.hostname.replace(/^\[|\]$/gu, '');
  const found = await lookup(host, { all: true }).catch(() => []);
  if (found.length === 0) {
    return fail(what, `${host} leads nowhere.`, 'Publish an A or AAAA record for it.');
  }
  const isInside = found.some(({ address, family }) =>
    INSIDE.check(address, family === 6 ? 'ipv6' : 'ipv4'),
  );
  if (isInside) {
    return warn(
      what,
      `${host} leads to an address that recipients outside cannot reach.`,
      'For real recipients, use a public https address.',
    );
  }
  if (url.protocol !== 'https:') {
    return fail(what, 'It is not https.', 'Put a certificate in front; mail clients demand https.');
  }
  return ok(what, `${host} is public, and https.`);
}

async function pages(what: string, publicUrl: string): Promise<Finding> {
  const answer = await ask(`${publicUrl}/healthz`);
  if (answer === undefined) return fail(what, 'Nothing answers.', 'Is `assent start` running?');
  if (answer.status !== 200) {
    return fail(
      what,
      `/healthz answers ${answer.status}.`,
      'See that the proxy leads every path to Assent.',
    );
  }
  return ok(what, 'They are served.');
}

/** A token that is none: the answer must be ours, and must not be that POST is forbidden. */
async function oneClick(what: string, publicUrl: string): Promise<Finding> {
  const answer = await ask(`${publicUrl}/u/doctor`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  if (answer === undefined) return fail(what, 'Nothing answers.', 'Is `assent start` running?');
  if (answer.status === 404 && isOurs(answer)) {
    return ok(what, 'POST reaches Assent, which knows no such link.');
  }
  if (answer.status === 404) {
    return fail(
      what,
      'POST /u/… is answered 404, and not by Assent.',
      'See that the proxy leads every path to Assent and leaves its headers as they are.',
    );
  }
  return fail(
    what,
    `POST /u/… answers ${answer.status}; 404 was expected for a link that is none.`,
    'See that the proxy lets POST through to Assent, without a login or a redirect.',
  );
}

/** Every server answers 404; the policy of our pages stands on ours alone. */
function isOurs({ headers }: Response): boolean {
  const policy = headers.get('content-security-policy') ?? '';
  return policy.startsWith("default-src 'none'; style-src 'sha256-");
}

async function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  return fetch(url, { ...init, redirect: 'manual', signal }).catch(() => undefined);
}

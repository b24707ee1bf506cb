/**
 * Check DNS: what is published about the sender's domain, judged as receivers judge it: SPF
 * (RFC 7208), DMARC (RFC 7489), the DKIM key (RFC 6376), MX and PTR. Large receivers refuse bulk
 * mail without SPF, DKIM and DMARC since 2024.
 */
import { isIP } from 'node:net';
import { type Check, type Finding, fail, ok, warn } from '../consent/finding.ts';
import type { DkimSigner } from './dkim/dkim.ts';
import type { Dns } from './dns.ts';

/** RFC 7208, 4.6.4: terms that ask the DNS; more are an error to receivers. */
const SPF_LOOKUPS_MAX = 10;
const SPF_LOOKUP_TERM = /^[+~?-]?(?:include:|a(?:[:/]|$)|mx(?:[:/]|$)|ptr|exists:)|^redirect=/iu;

export interface SenderDomains {
  /** Of the From address. */
  readonly from: string;
  /** Of the envelope sender, if bounces go somewhere else. */
  readonly bounces: string | undefined;
}

/** The checks of the domains in our mail. */
export function domainChecks(dns: Dns, { from, bounces }: SenderDomains): readonly Check[] {
  const envelope = bounces ?? from;
  const check = (what: string, run: (what: string) => Promise<Finding>): Check => ({
    what,
    run: async () => [await run(what)],
  });
  return [
    check(`SPF of ${envelope}`, async (what) => judgeSpf(what, await dns.txt(envelope))),
    check(`DMARC of ${from}`, async (what) => judgeDmarc(what, from, await dmarcOf(dns, from))),
    check(`MX of ${envelope}`, async (what) =>
      judgeMx(what, await dns.mx(envelope), bounces !== undefined),
    ),
  ];
}

/** The public halves of the DKIM keys as they are published, and whether they verify what we sign. */
export function dkimChecks(dns: Dns, signer: DkimSigner): readonly Check[] {
  return signer.records.map((record) => {
    const what = `DKIM key ${record.name}`;
    return { what, run: async () => [await judgeKey(what, dns, signer, record)] };
  });
}

async function judgeKey(
  what: string,
  dns: Dns,
  signer: DkimSigner,
  { name, value }: DkimSigner['record'],
): Promise<Finding> {
  const publish = `Publish a TXT record at ${name}: ${value}`;
  const [published, ...others] = (await dns.txt(name)).filter((text) => /\bp=/u.test(text));
  if (published === undefined) return fail(what, 'No key is published.', publish);
  if (others.length > 0) {
    return fail(what, 'Several keys are published there.', `Keep one. ${publish}`);
  }
  const isFirst = name === signer.record.name;
  if (!isFirst && keyIn(published) !== keyIn(value)) {
    return fail(what, 'Another key is published than the one that signs.', publish);
  }
  try {
    await signer.selfTest(isFirst ? published : undefined);
    return ok(what, 'The published key verifies what we sign.');
  } catch (error) {
    return fail(what, error instanceof Error ? `${error.message}.` : String(error), publish);
  }
}

/** RFC 6376, 3.6.1: white space within the key means nothing. */
const keyIn = (record: string): string | undefined =>
  /(?:^|;)\s*p=([^;]+)/u.exec(record)?.[1]?.replaceAll(/\s/gu, '');

/** Whether the addresses of a mail server have names that lead back to them. */
export function ptrCheck(dns: Dns, host: string): Check {
  const what = `PTR of ${host}`;
  return {
    what,
    async run() {
      const addresses = isIP(host) === 0 ? await dns.addresses(host) : [host];
      if (addresses.length === 0) {
        return [fail(what, 'The name of the mail server leads nowhere.', 'Check SMTP_URL.')];
      }
      const nameless: string[] = [];
      for (const address of addresses) {
        if ((await dns.names(address)).length === 0) nameless.push(address);
      }
      if (nameless.length === 0) return [ok(what, 'Each address of the mail server has a name.')];
      return [
        warn(
          what,
          `${nameless.join(', ')} ${nameless.length === 1 ? 'has' : 'have'} no name.`,
          'If this server speaks to receivers itself, ask its provider for a PTR record.',
        ),
      ];
    },
  };
}

/** @param records the TXT records of the envelope's domain */
export function judgeSpf(what: string, records: readonly string[]): Finding {
  const found = records.filter((text) => /^v=spf1(?:\s|$)/iu.test(text));
  const [record] = found;
  if (record === undefined) {
    return fail(
      what,
      'No SPF record is published, so large receivers refuse the mail.',
      'Publish the one your mail provider gives you, such as "v=spf1 include:… -all".',
    );
  }
  if (found.length > 1) {
    return fail(what, 'Several SPF records are published, which is an error.', 'Join them in one.');
  }
  const terms = record.trim().split(/\s+/u).slice(1);
  const lookups = terms.filter((term) => SPF_LOOKUP_TERM.test(term)).length;
  if (lookups > SPF_LOOKUPS_MAX) {
    return fail(what, `It asks the DNS ${lookups} times; 10 are allowed.`, 'Take terms out of it.');
  }
  const end = terms.find((term) => /^[+~?-]?all$/iu.test(term))?.toLowerCase();
  if (end === '+all' || end === 'all') {
    return fail(what, 'It allows everybody to send (+all).', 'End it with -all or ~all.');
  }
  const isRedirected = terms.some((term) => /^redirect=/iu.test(term));
  if ((end === undefined && !isRedirected) || end === '?all') {
    return warn(what, 'It says nothing about other senders.', 'End it with -all or ~all.');
  }
  return ok(what, 'One record, and it keeps others out.');
}

/** The DMARC records of a domain, or of the domain above it that it inherits from. */
async function dmarcOf(dns: Dns, domain: string): Promise<string[]> {
  const labels = domain.split('.');
  for (let first = 0; labels.length - first >= 2; first += 1) {
    const records = await dns.txt(`_dmarc.${labels.slice(first).join('.')}`);
    const found = records.filter((text) => /^v=DMARC1\s*(?:;|$)/iu.test(text));
    if (found.length > 0) return found;
  }
  return [];
}

/** @param records those that begin with v=DMARC1 */
export function judgeDmarc(what: string, domain: string, records: readonly string[]): Finding {
  const [record] = records;
  if (record === undefined) {
    return fail(
      what,
      'No DMARC record is published, so large receivers refuse mass mail.',
      `Publish a TXT record at _dmarc.${domain}: v=DMARC1; p=none; rua=mailto:…`,
    );
  }
  if (records.length > 1) {
    return fail(what, 'Several DMARC records are published; receivers use none.', 'Keep one.');
  }
  const policy = /;\s*p\s*=\s*(\w+)/iu.exec(record)?.[1]?.toLowerCase();
  if (policy === 'reject' || policy === 'quarantine') return ok(what, `Its policy is ${policy}.`);
  if (policy === 'none') {
    return ok(what, 'Its policy is none: enough for receivers, no help against forgers.');
  }
  return fail(what, 'It names no policy.', 'Add p=none, p=quarantine or p=reject.');
}

/** @param needed true if bounces are to arrive there */
export function judgeMx(what: string, servers: readonly string[], needed: boolean): Finding {
  const isNull = servers.length === 1 && servers[0] === '';
  if (servers.length > 0 && !isNull) return ok(what, `Mail to it goes to ${servers.join(', ')}.`);
  const says = isNull ? 'It takes no mail (null MX).' : 'No mail server is named.';
  return needed
    ? fail(what, `${says} Bounces would be lost.`, 'Publish an MX record that leads to Assent.')
    : warn(what, says, 'Receivers distrust senders that cannot be answered: publish an MX record.');
}

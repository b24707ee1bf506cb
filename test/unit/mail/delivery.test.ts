/** Delivery: the whole table of what SMTP can say and when, and what we make of it. */
import { describe, expect, it } from '@jest/globals';
import { accepted, type Delivery, judgeFailure, stopped } from '../../../src/mail/delivery.ts';

const recipient = 'zaphod.bee@example.net';

/** `kind [enhanced] [+minutes]`, so that a case fits into a line. */
function inWords(delivery: Delivery): string {
  if (delivery.kind === 'route-down') return `route-down: ${delivery.fault}`;
  const enhanced = 'enhanced' in delivery ? ` ${delivery.enhanced}` : '';
  const minutes = 'retryAfterMs' in delivery ? ` +${(delivery.retryAfterMs ?? 0) / 60_000}` : '';
  return delivery.kind + enhanced + minutes;
}

describe('a reply', () => {
  it.each<[string, string, string]>([
    // Enhanced codes: the mailbox
    ['RCPT TO', '550 5.1.1 No such user', 'bounced 5.1.1'],
    [
      'RCPT TO',
      '550-5.1.1 The account does not exist.\n550 5.1.1 Try double-checking',
      'bounced 5.1.1',
    ],
    ['RCPT TO', '550 5.1.2 Bad destination host', 'bounced 5.1.2'],
    ['RCPT TO', '501 5.1.3 Bad address syntax', 'bounced 5.1.3'],
    ['RCPT TO', '551 5.1.6 Moved', 'bounced 5.1.6'],
    ['RCPT TO', '556 5.1.10 Null MX', 'bounced 5.1.10'],
    ['RCPT TO', '550 5.4.4 Host unknown', 'bounced 5.4.4'],
    ['DATA', '550 5.1.1 User unknown', 'bounced 5.1.1'],
    ['RCPT TO', '550 #5.1.1 Unknown', 'bounced 5.1.1'],
    // … full or resting
    ['RCPT TO', '552 5.2.2 Mailbox full', 'deferred 5.2.2'],
    ['DATA', '552 5.2.2 Over quota', 'deferred 5.2.2'],
    ['RCPT TO', '550 5.2.1 Mailbox disabled', 'deferred 5.2.1'],
    ['RCPT TO', '550 5.3.1 System full', 'deferred 5.3.1'],
    ['RCPT TO', '550 5.4.7 Delivery time expired', 'deferred 5.4.7'],
    // … ours
    ['DATA', '552 5.2.3 Message too long', 'blocked 5.2.3'],
    ['DATA', '552 5.3.4 Message too big', 'blocked 5.3.4'],
    ['DATA', '550 5.6.0 Bad content', 'blocked 5.6.0'],
    ['DATA', '554 5.6.7 Not supported', 'blocked 5.6.7'],
    ['RCPT TO', '550 5.4.6 Routing loop', 'blocked 5.4.6'],
    ['RCPT TO', '501 5.5.4 Bad argument', 'blocked 5.5.4'],
    ['RCPT TO', '550 5.1.8 Sender domain does not exist', 'blocked 5.1.8'],
    ['RCPT TO', '553 5.1.7 Bad sender', 'blocked 5.1.7'],
    ['RCPT TO', '550 5.4.14 Hop count exceeded', 'blocked 5.4.14'],
    // … policy
    ['DATA', '550 5.7.1 Message rejected', 'blocked 5.7.1'],
    ['DATA', '554 5.7.0 Rejected', 'blocked 5.7.0'],
    ['DATA', '550 5.7.26 Unauthenticated mail', 'blocked 5.7.26'],
    [
      'MAIL FROM',
      '550 5.7.515 Access denied, sender does not meet the requirements',
      'blocked 5.7.515',
    ],
    ['RCPT TO', '554 5.7.1 Relay access denied', 'blocked 5.7.1'],
    ['RCPT TO', '550 5.7.1 User unknown', 'blocked 5.7.1'],
    // "Other" codes say as little as none: the words decide
    ['RCPT TO', '550 5.1.0 Address rejected', 'bounced 5.1.0'],
    ['RCPT TO', '550 5.5.0 Requested action not taken: mailbox unavailable', 'bounced 5.5.0'],
    ['RCPT TO', '550 5.4.1 Recipient address rejected: Access denied', 'bounced 5.4.1'],
    ['RCPT TO', '550 5.0.0 Blocked by policy', 'blocked 5.0.0'],
    ['RCPT TO', '550 5.2.0 Mailbox quota exceeded', 'deferred 5.2.0'],
    // A permanent code with a temporary enhanced one is not permanent, nor the other way round
    ['RCPT TO', '550 4.2.1 Later', 'deferred 4.2.1'],
    ['RCPT TO', '450 5.1.1 Later', 'deferred 5.1.1'],
    // No enhanced code: words
    ['RCPT TO', '550 No such user here', 'bounced'],
    [
      'RCPT TO',
      '550 <zaphod.bee@example.net>: Recipient address rejected: User unknown in table',
      'bounced',
    ],
    ['DATA', "554 delivery error: dd This user doesn't have a yahoo.com account", 'bounced'],
    ['RCPT TO', '554 mailbox does not exist', 'bounced'],
    ['RCPT TO', '550 Account no longer available', 'bounced'],
    ['RCPT TO', '550 Unknown user, or blocked by policy', 'blocked'],
    ['RCPT TO', '550 Rejected: listed at Spamhaus', 'blocked'],
    ['RCPT TO', '550 relay not permitted', 'blocked'],
    ['RCPT TO', '550 No such user, see https://mail.example/policy/spam', 'bounced'],
    ['RCPT TO', '550 mailbox is full', 'deferred'],
    ['RCPT TO', '554 user is over quota', 'deferred'],
    ['RCPT TO', '550 account temporarily suspended', 'deferred'],
    // Nothing but the code
    ['RCPT TO', '550', 'bounced'],
    ['RCPT TO', '550 Sorry', 'bounced'],
    ['RCPT TO', '551 Sorry', 'bounced'],
    ['RCPT TO', '553 Sorry', 'bounced'],
    ['RCPT TO', '521 Sorry', 'bounced'],
    ['RCPT TO', '556 Sorry', 'bounced'],
    ['RCPT TO', '552 Sorry', 'deferred'],
    ['RCPT TO', '554 Sorry', 'blocked'],
    ['RCPT TO', '571 Sorry', 'blocked'],
    ['RCPT TO', '500 Sorry', 'blocked'],
    ['DATA', '550 Sorry', 'blocked'],
    ['DATA', '552 Sorry', 'blocked'],
    ['DATA', '554 Sorry', 'blocked'],
    ['MAIL FROM', '550 Sorry', 'blocked'],
    ['MAIL FROM', '550 5.1.1 No such user', 'blocked 5.1.1'],
    ['MAIL FROM', '553 Sender address rejected: no such user', 'blocked'],
    ['MAIL FROM', '552 5.2.2 Over quota', 'deferred 5.2.2'],
    // Not now
    ['RCPT TO', '450 4.2.0 Greylisted', 'deferred 4.2.0 +5'],
    [
      'RCPT TO',
      '451 4.7.1 Greylisting in action, please come back in 10 minutes',
      'deferred 4.7.1 +10',
    ],
    ['RCPT TO', '450 4.7.1 try again in 300 seconds', 'deferred 4.7.1 +5'],
    ['RCPT TO', '450 wait 1 hour', 'deferred +60'],
    ['RCPT TO', '450 try again after 3 secs', 'deferred +1'],
    ['RCPT TO', '450 try again in 99999 hours', 'deferred +1440'],
    ['RCPT TO', '451 Local error', 'deferred'],
    ['DATA', '451 4.3.0 Later', 'deferred 4.3.0'],
    ['MAIL FROM', '454 Throttling failure: Maximum sending rate exceeded.', 'deferred'],
    ['MAIL FROM', '421 4.7.0 Too many connections', 'deferred 4.7.0'],
    ['RCPT TO', '421 Closing', 'deferred'],
    ['DATA', '421 4.3.2 Shutting down', 'deferred 4.3.2'],
    ['MAIL FROM', '503 5.5.1 Nested MAIL', 'deferred 5.5.1'],
    ['DATA', '503 5.5.1 Bad sequence', 'deferred 5.5.1'],
    // We are not let in
    ['MAIL FROM', '530 5.7.0 Authentication required', 'route-down: auth'],
    ['MAIL FROM', '530 5.7.0 Must issue a STARTTLS command first', 'route-down: tls'],
    ['MAIL FROM', '535 5.7.8 Bad credentials', 'route-down: auth'],
    ['RCPT TO', '530 Authentication required', 'route-down: auth'],
  ])('to %s: %s → %s', (command, response, expected) => {
    const code = command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE';
    const delivery = judgeFailure({ phase: 'envelope', code, command, response, recipient });
    expect(inWords(delivery)).toBe(expected);
    expect(JSON.stringify(delivery)).not.toMatch(/zaphod|@/i);
  });

  it('counts even if the mail had begun: then the server has judged it', () => {
    const said = (response: string) =>
      inWords(
        judgeFailure({ phase: 'data', code: 'EMESSAGE', command: 'DATA', response, recipient }),
      );
    expect(said('550 5.7.1 Spam')).toBe('blocked 5.7.1');
    expect(said('451 Later')).toBe('deferred');
    expect(said('421 Closing')).toBe('deferred');
    expect(said('535 Odd')).toBe('blocked');
  });

  it('that is no refusal, in the place of one, leaves it open', () => {
    const odd = { code: 'EMESSAGE', command: 'DATA', response: '354 Go on', recipient };
    expect(inWords(judgeFailure({ ...odd, phase: 'data' }))).toBe('unknown');
  });
});

describe('no reply', () => {
  const codes = [
    'ECONNECTION',
    'ESOCKET',
    'ETIMEDOUT',
    'EPROTOCOL',
    'ESTREAM',
    'EABORT',
    undefined,
  ];

  it.each(codes)('with %s is unknown once the mail has begun', (code) => {
    expect(inWords(judgeFailure({ phase: 'data', code, recipient }))).toBe('unknown');
  });
  it.each(codes)('with %s is safe to try again before that', (code) => {
    expect(inWords(judgeFailure({ phase: 'envelope', code, recipient }))).toBe('deferred');
  });
  it.each(['EMESSAGE', 'EENVELOPE'])('with %s: our own library refused it', (code) => {
    expect(inWords(judgeFailure({ phase: 'envelope', code, recipient }))).toBe('blocked');
  });
});

describe('a route', () => {
  it.each<[string, string | undefined, string]>([
    ['ESOCKET', undefined, 'connect'],
    ['ETIMEDOUT', undefined, 'connect'],
    ['ECONNECTION', '421 Busy', 'connect'],
    ['EPROTOCOL', '554 5.7.1 Your address is blocked', 'connect'],
    ['EDNS', undefined, 'connect'],
    ['ETLS', undefined, 'tls'],
    ['EREQUIRETLS', undefined, 'tls'],
    ['EAUTH', '535 5.7.8 Bad credentials', 'auth'],
    ['EAUTH', '454 4.7.0 Try later', 'auth'],
    ['EAUTH', undefined, 'auth'],
    ['ENOAUTH', undefined, 'auth'],
    ['EOAUTH2', undefined, 'auth'],
    ['ECONFIG', undefined, 'config'],
    ['EPROXY', undefined, 'config'],
  ])('that fails to open with %s, %s, is down: %s', (code, response, fault) => {
    const delivery = judgeFailure({ phase: 'connect', code, response, recipient });
    expect(inWords(delivery)).toBe(`route-down: ${fault}`);
  });

  it('says what Node said, and the reply without addresses', () => {
    const down = judgeFailure({
      phase: 'connect',
      code: 'EAUTH',
      response: '535 5.7.8 Bad credentials for relay@example.com',
      recipient,
    });
    expect(down).toEqual({
      kind: 'route-down',
      fault: 'auth',
      reason: 'EAUTH: 535 5.7.8 Bad credentials for <address>',
    });
    expect(
      judgeFailure({ phase: 'connect', code: 'ESOCKET', originalCode: 'ECONNREFUSED', recipient }),
    ).toMatchObject({ reason: 'ECONNREFUSED' });
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['ECONNRESET', 'connect'],
  ])('that fails with %s is down: %s', (originalCode, fault) => {
    const failure = { phase: 'connect' as const, code: 'ESOCKET', originalCode, recipient };
    expect(judgeFailure(failure)).toMatchObject({ kind: 'route-down', fault });
  });

  it('that we stopped ourselves says so', () => {
    expect(stopped()).toMatchObject({ kind: 'route-down', fault: 'stopped' });
  });
});

it('an accepted mail keeps the reply, without addresses, and the id of the server', () => {
  expect(accepted('250 2.0.0 Ok: queued as 4XyZ for zaphod.bee@example.net', recipient)).toEqual({
    kind: 'accepted',
    reply: '250 2.0.0 Ok: queued as 4XyZ for <address>',
  });
  expect(accepted('250 Ok', recipient, '<id@ses.example>')).toHaveProperty(
    'serverMessageId',
    '<id@ses.example>',
  );
});

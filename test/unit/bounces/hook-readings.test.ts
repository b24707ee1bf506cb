/** Hook readings: what each provider's events mean, one table for each. */
import { describe, expect, it } from '@jest/globals';
import { mailgunHook } from '../../../src/web/webhook-mailgun.ts';
import { postmarkHook } from '../../../src/web/webhook-postmark.ts';
import { HOOK_EVENTS_MAX, type Hook, type HookReading } from '../../../src/web/webhook-reading.ts';
import { sendgridHook } from '../../../src/web/webhook-sendgrid.ts';
import { sesHook } from '../../../src/web/webhook-ses.ts';
import {
  amazon,
  type HookRequest,
  mailgunEvent,
  mailgunPost,
  POSTMARK_SECRET,
  postmarkPost,
  postmarkRecord,
  SETTINGS,
  sendgridEvent,
  sendgridPost,
  sesEvent,
  snsPost,
  TOPIC,
} from '../../integration/inbound/providers.ts';
import { SEND } from './corpus.ts';

const MESSAGE_ID = `<${SEND}@example.com>`;
const hooks = {
  ses: sesHook([TOPIC], amazon().fetch),
  sendgrid: sendgridHook(SETTINGS.sendgridPublicKey ?? ''),
  mailgun: mailgunHook(SETTINGS.mailgunSigningKey ?? ''),
  postmark: postmarkHook(POSTMARK_SECRET),
};

const read = async (hook: Hook, { body, headers }: HookRequest): Promise<HookReading> =>
  hook.read({
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: Buffer.from(body),
    now: new Date(),
  });

/** `hard-bounce 5.1.1`, `nothing`, `refused 403`. */
function inWords(reading: HookReading): string {
  if (reading.kind === 'refused') return `refused ${reading.status}`;
  if (reading.kind === 'done') return 'done';
  return (
    reading.events.map(({ kind, status = '' }) => `${kind} ${status}`.trim()).join(', ') ||
    'nothing'
  );
}

type Row = readonly [what: string, event: Record<string, unknown>, reading: string];

describe('SES', () => {
  const bounce = (bounceType: string, bounceSubType: string, ...bouncedRecipients: object[]) => ({
    eventType: 'Bounce',
    bounce: { bounceType, bounceSubType, bouncedRecipients },
  });
  const complaint = (complaintFeedbackType?: string) => ({
    notificationType: 'Complaint',
    complaint: { complaintFeedbackType, complainedRecipients: [] },
  });
  const table: readonly Row[] = [
    ['no mailbox', bounce('Permanent', 'NoEmail', { status: '5.1.1' }), 'hard-bounce 5.1.1'],
    ['permanent', bounce('Permanent', 'General', {}), 'hard-bounce'],
    ['permanent, without recipients', bounce('Permanent', 'General'), 'hard-bounce'],
    ['on a list of SES', bounce('Permanent', 'OnAccountSuppressionList', {}), 'hard-bounce'],
    [
      'permanent, but policy',
      bounce('Permanent', 'General', { status: '5.7.1', diagnosticCode: 'smtp; 550 5.7.1 spam' }),
      'blocked 5.7.1',
    ],
    [
      'a full mailbox',
      bounce('Transient', 'MailboxFull', { status: '5.2.2' }),
      'soft-bounce 5.2.2',
    ],
    ['temporary', bounce('Transient', 'General', {}), 'soft-bounce'],
    [
      'temporary, unknown user',
      bounce('Transient', 'General', { status: '5.1.1' }),
      'soft-bounce 5.1.1',
    ],
    ['undetermined', bounce('Undetermined', 'Undetermined', {}), 'soft-bounce'],
    ['too large', bounce('Transient', 'MessageTooLarge', {}), 'blocked'],
    ['content', bounce('Transient', 'ContentRejected', {}), 'blocked'],
    ['unsubscribed', bounce('Permanent', 'UnsubscribedRecipient', {}), 'unsubscribe'],
    [
      'two recipients, the mildest counts',
      bounce('Permanent', 'General', { status: '5.1.1' }, { status: '5.2.2' }),
      'soft-bounce 5.2.2',
    ],
    ['spam button', complaint('abuse'), 'complaint'],
    ['complaint without a type', complaint(), 'complaint'],
    ['not spam', complaint('not-spam'), 'nothing'],
    ['authentication', complaint('auth-failure'), 'nothing'],
    ['delivered', { eventType: 'Delivery', delivery: {} }, 'delivered'],
    ['delayed', { eventType: 'DeliveryDelay' }, 'delayed'],
    ['virus', { eventType: 'Reject' }, 'blocked'],
    ['opened', { eventType: 'Open' }, 'nothing'],
    ['sent', { eventType: 'Send' }, 'nothing'],
  ];
  it.each(table)('%s', async (_, event, reading) => {
    const post = snsPost({ Message: sesEvent(MESSAGE_ID, event) });
    expect(inWords(await read(hooks.ses, post))).toBe(reading);
  });

  it('finds the mail by the header that we wrote, not by the id that SES gave', async () => {
    const reading = await read(
      hooks.ses,
      snsPost({ Message: sesEvent(MESSAGE_ID, { eventType: 'Delivery' }) }),
    );
    expect(reading).toMatchObject({ events: [{ send: SEND, provider: 'ses' }] });
    const other = sesEvent('<CAO1234@mail.example>', { eventType: 'Delivery' });
    expect(inWords(await read(hooks.ses, snsPost({ Message: other })))).toBe('nothing');
  });

  it('a hello of SNS and a text that is no event are heard', async () => {
    expect(
      inWords(await read(hooks.ses, snsPost({ Message: 'Successfully validated SNS topic' }))),
    ).toBe('done');
  });
});

describe('SendGrid', () => {
  const table: readonly Row[] = [
    ['no mailbox', { event: 'bounce', type: 'bounce', status: '5.1.1' }, 'hard-bounce 5.1.1'],
    ['bounce without a code', { event: 'bounce', type: 'bounce' }, 'hard-bounce'],
    ['full', { event: 'bounce', type: 'bounce', status: '5.2.2' }, 'soft-bounce 5.2.2'],
    ['policy', { event: 'bounce', type: 'bounce', reason: '550 5.7.1 spam' }, 'blocked'],
    ['blocked', { event: 'bounce', type: 'blocked', status: '5.1.1' }, 'blocked 5.1.1'],
    ['dropped, bounced before', { event: 'dropped', reason: 'Bounced Address' }, 'hard-bounce'],
    ['dropped, invalid', { event: 'dropped', reason: 'Invalid' }, 'hard-bounce'],
    ['dropped, complained', { event: 'dropped', reason: 'Spam Reporting Address' }, 'complaint'],
    ['dropped, unsubscribed', { event: 'dropped', reason: 'Unsubscribed Address' }, 'unsubscribe'],
    ['dropped, else', { event: 'dropped', reason: 'Spam Content' }, 'blocked'],
    ['delivered', { event: 'delivered', response: '250 OK' }, 'delivered'],
    ['deferred', { event: 'deferred', response: '421' }, 'delayed'],
    ['spam button', { event: 'spamreport' }, 'complaint'],
    ['unsubscribed', { event: 'unsubscribe' }, 'unsubscribe'],
    ['unsubscribed from a group', { event: 'group_unsubscribe' }, 'unsubscribe'],
    ['back to a group', { event: 'group_resubscribe' }, 'nothing'],
    ['processed', { event: 'processed' }, 'nothing'],
    ['opened', { event: 'open' }, 'nothing'],
  ];
  it.each(table)('%s', async (_, event, reading) => {
    const post = sendgridPost([sendgridEvent(MESSAGE_ID, event)]);
    expect(inWords(await read(hooks.sendgrid, post))).toBe(reading);
  });

  it('reads each event of a batch by itself', async () => {
    const good = sendgridEvent(MESSAGE_ID, { event: 'spamreport' });
    const batch = [good, null, 'x', { event: 'bounce' }, { ...good, sg_event_id: 7 }, good];
    expect(inWords(await read(hooks.sendgrid, sendgridPost(batch)))).toBe('complaint, complaint');
  });

  it('refuses what is no batch, or one too large', async () => {
    expect(inWords(await read(hooks.sendgrid, sendgridPost({})))).toBe('refused 400');
    const huge = Array.from({ length: HOOK_EVENTS_MAX + 1 }, () => 0);
    expect(inWords(await read(hooks.sendgrid, sendgridPost(huge)))).toBe('refused 400');
  });
});

describe('Mailgun', () => {
  const failed = (severity: string, reason: string, status: object = {}) => ({
    event: 'failed',
    severity,
    reason,
    'delivery-status': status,
  });
  const table: readonly Row[] = [
    [
      'no mailbox',
      failed('permanent', 'bounce', { 'enhanced-code': '5.1.1' }),
      'hard-bounce 5.1.1',
    ],
    ['bounce without a code', failed('permanent', 'bounce'), 'hard-bounce'],
    ['generic', failed('permanent', 'generic'), 'soft-bounce'],
    ['full', failed('permanent', 'bounce', { message: '552 mailbox full' }), 'soft-bounce'],
    ['policy', failed('permanent', 'generic', { message: '554 spam' }), 'blocked'],
    ['blocked by the provider', failed('permanent', 'espblock'), 'blocked'],
    ['given up', failed('permanent', 'old'), 'soft-bounce'],
    ['bounced before', failed('permanent', 'suppress-bounce'), 'hard-bounce'],
    ['complained before', failed('permanent', 'suppress-complaint'), 'complaint'],
    ['unsubscribed before', failed('permanent', 'suppress-unsubscribe'), 'unsubscribe'],
    ['tried again', failed('temporary', 'generic', { 'enhanced-code': '5.1.1' }), 'delayed 5.1.1'],
    ['delivered', { event: 'delivered' }, 'delivered'],
    ['rejected', { event: 'rejected' }, 'blocked'],
    ['spam button', { event: 'complained' }, 'complaint'],
    ['unsubscribed', { event: 'unsubscribed' }, 'unsubscribe'],
    ['opened', { event: 'opened' }, 'nothing'],
  ];
  it.each(table)('%s', async (_, event, reading) => {
    const post = mailgunPost(mailgunEvent(MESSAGE_ID, event));
    expect(inWords(await read(hooks.mailgun, post))).toBe(reading);
  });
});

describe('Postmark', () => {
  const bounce = (Type: string, Details = '') => ({ RecordType: 'Bounce', Type, Details });
  const change = (SuppressSending: boolean, SuppressionReason: string | null) => ({
    RecordType: 'SubscriptionChange',
    SuppressSending,
    SuppressionReason,
  });
  const table: readonly Row[] = [
    ['no mailbox', bounce('HardBounce', 'smtp;550 5.1.1 unknown'), 'hard-bounce'],
    ['hard', bounce('HardBounce'), 'hard-bounce'],
    ['hard, but policy', bounce('HardBounce', 'smtp;550 5.7.1 blocked'), 'blocked'],
    ['no address', bounce('BadEmailAddress'), 'hard-bounce'],
    ['soft', bounce('SoftBounce'), 'soft-bounce'],
    ['DNS', bounce('DnsError'), 'soft-bounce'],
    ['tried again', bounce('Transient'), 'delayed'],
    ['blocked', bounce('Blocked'), 'blocked'],
    ['spam', bounce('SpamNotification'), 'blocked'],
    ['DMARC', bounce('DMARCPolicy'), 'blocked'],
    ['unknown, with words', bounce('Unknown', '550 user unknown'), 'hard-bounce'],
    ['unknown', bounce('Unknown'), 'nothing'],
    ['out of office', bounce('AutoResponder'), 'nothing'],
    ['unsubscribed', bounce('Unsubscribe'), 'unsubscribe'],
    ['spam button', { RecordType: 'SpamComplaint', Type: 'SpamComplaint' }, 'complaint'],
    ['delivered', { RecordType: 'Delivery' }, 'delivered'],
    ['stopped by hand', change(true, 'ManualSuppression'), 'unsubscribe'],
    ['stopped by a complaint', change(true, 'SpamComplaint'), 'complaint'],
    ['stopped by a bounce', change(true, 'HardBounce'), 'nothing'],
    ['let in again', change(false, null), 'nothing'],
    ['opened', { RecordType: 'Open' }, 'nothing'],
  ];
  it.each(table)('%s', async (_, record, reading) => {
    const post = postmarkPost(postmarkRecord(SEND, record));
    expect(inWords(await read(hooks.postmark, post))).toBe(reading);
  });

  it('finds the mail in what it returns, where the mail had no metadata', async () => {
    const record = { ...postmarkRecord(SEND, bounce('HardBounce')), Metadata: {} };
    const Content = `Message-ID: <other@x.example>\r\n\r\nFrom: a\r\nMessage-ID:\r\n ${MESSAGE_ID}\r\n`;
    expect(inWords(await read(hooks.postmark, postmarkPost({ ...record, Content })))).toBe(
      'hard-bounce',
    );
    expect(inWords(await read(hooks.postmark, postmarkPost(record)))).toBe('nothing');
  });

  it('takes its secret as a password or in a header', async () => {
    const record = postmarkRecord(SEND, bounce('HardBounce'));
    const by = 'header';
    expect(inWords(await read(hooks.postmark, postmarkPost(record, { by })))).toBe('hard-bounce');
    const secret = 'a secret of others';
    expect(inWords(await read(hooks.postmark, postmarkPost(record, { by, secret })))).toBe(
      'refused 403',
    );
    const { body } = postmarkPost(record);
    expect(inWords(await read(hooks.postmark, { body, headers: {} }))).toBe('refused 401');
  });
});

describe('an event of any of them', () => {
  it('is not of the future, nor of no time, and its words are cut', async () => {
    const early = sendgridEvent(MESSAGE_ID, {
      event: 'bounce',
      timestamp: Date.now(),
      reason: 'x'.repeat(5_000),
    });
    const reading = await read(hooks.sendgrid, sendgridPost([early]));
    const event = reading.kind === 'events' ? reading.events[0] : undefined;
    expect(event?.at.getTime()).toBeLessThanOrEqual(Date.now());
    expect(event?.reply).toHaveLength(1_000);
  });
});

/** Hook proofs: what is not signed, or signed by somebody else, is refused; and who is asked why. */
import { describe, expect, it } from '@jest/globals';
import { sendgridHook } from '../../../src/web/webhook-sendgrid.ts';
import { sesHook } from '../../../src/web/webhook-ses.ts';
import { snsUrl } from '../../../src/web/webhook-sns.ts';
import {
  amazon,
  type HookRequest,
  OTHER_TOPIC,
  SETTINGS,
  sendgridEvent,
  sendgridPost,
  sesEvent,
  snsPost,
  TOPIC,
} from '../../integration/inbound/providers.ts';
import { SEND } from './corpus.ts';

const HOUR_MS = 60 * 60 * 1000;
const Message = sesEvent(`<${SEND}@example.com>`, { eventType: 'Delivery' });

function sns(post: HookRequest, now = new Date()) {
  const { asked, fetch } = amazon();
  const hook = sesHook([TOPIC], fetch);
  const reading = hook.read({ headers: {}, body: Buffer.from(post.body), now });
  return { reading, asked };
}

describe('a message of SNS', () => {
  it.each(['1', '2'] as const)('of signature version %s is believed', async (version) => {
    const { reading, asked } = sns(snsPost({ Message }, { version }));
    expect(await reading).toMatchObject({ kind: 'events', events: [{ kind: 'delivered' }] });
    expect(asked).toHaveLength(1);
  });

  it('with a subject is believed', async () => {
    expect(await sns(snsPost({ Message, Subject: 'Amazon SES' })).reading).toMatchObject({
      kind: 'events',
    });
  });

  it.each([
    ['Message', '{"eventType":"Bounce"}'],
    ['MessageId', 'another'],
    ['Timestamp', new Date(Date.now() - HOUR_MS).toISOString()],
    ['Type', 'UnsubscribeConfirmation'],
    ['Subject', 'added'],
    ['Signature', Buffer.from('none').toString('base64')],
    ['SignatureVersion', '1'],
  ])('whose %s was changed is refused', async (name, value) => {
    const { reading } = sns(snsPost({ Message }, { after: { [name]: value } }));
    expect(await reading).toMatchObject({ kind: 'refused', status: 403 });
  });

  it.each([
    ['Message', undefined],
    ['Signature', undefined],
    ['SignatureVersion', '3'],
    ['Type', 'Notice'],
    ['MessageId', ''],
  ])('without a %s is refused (%s), and nobody is asked', async (name, value) => {
    const { reading, asked } = sns(snsPost({ Message }, { after: { [name]: value } }));
    expect(await reading).toMatchObject({ kind: 'refused', status: 400 });
    expect(asked).toEqual([]);
  });

  it('of a topic that nobody named is refused, and nobody is asked', async () => {
    const { reading, asked } = sns(snsPost({ Message, TopicArn: OTHER_TOPIC }));
    expect(await reading).toMatchObject({ status: 403, why: 'unknown topic' });
    expect(asked).toEqual([]);
  });

  const file = 'SimpleNotificationService-0123456789abcdef.pem';
  it.each([
    `http://sns.eu-west-1.amazonaws.com/${file}`,
    `https://sns.eu-west-1.amazonaws.com.attacker.example/${file}`,
    `https://attacker.example/${file}`,
    `https://sns.us-east-1.amazonaws.com/${file}`,
    `https://sns.eu-west-1.amazonaws.com:8443/${file}`,
    `https://user@sns.eu-west-1.amazonaws.com/${file}`,
    `https://attacker.example#sns.eu-west-1.amazonaws.com/${file}`,
    `https://sns.eu-west-1.amazonaws.com/${file}?a=b`,
    'https://sns.eu-west-1.amazonaws.com/?Action=Publish',
    'https://sns.eu-west-1.amazonaws.com/other/../evil.pem',
    'https://s3.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem',
    'file:///etc/passwd',
    'no url',
  ])('whose certificate is at %s is refused, and nobody is asked', async (SigningCertURL) => {
    const { reading, asked } = sns(snsPost({ Message, SigningCertURL }));
    expect(await reading).toMatchObject({ status: 403, why: 'wrong signature' });
    expect(asked).toEqual([]);
  });

  it('asks for a certificate once a day', async () => {
    const { asked, fetch } = amazon();
    const hook = sesHook([TOPIC], fetch);
    const at = (hours: number) => new Date(Date.now() + hours * HOUR_MS);
    for (const now of [at(0), at(1), at(23), at(25)]) {
      const { body } = snsPost({ Message }, { now });
      expect((await hook.read({ headers: {}, body: Buffer.from(body), now })).kind).toBe('events');
    }
    expect(asked).toHaveLength(2);
  });

  it('is a fault, not a refusal, while the certificate cannot be had: SNS comes again', async () => {
    const hook = sesHook([TOPIC], async () => {
      throw new Error('Amazon does not answer');
    });
    const body = Buffer.from(snsPost({ Message }).body);
    await expect(hook.read({ headers: {}, body, now: new Date() })).rejects.toThrow('Amazon');
  });

  it('is not believed with a certificate whose time is over', async () => {
    const now = new Date('2200-01-01T00:00:00Z');
    const { reading } = sns(snsPost({ Message }, { now }), now);
    await expect(reading).rejects.toThrow('not valid now');
  });
});

describe('a subscription', () => {
  const confirmation = (SubscribeURL: string) =>
    snsPost({
      Type: 'SubscriptionConfirmation',
      Message: 'You have chosen to subscribe',
      Token: 'abc',
      SubscribeURL,
    });
  const good = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`;

  it('to a topic that the operator named is confirmed by a visit', async () => {
    const { reading, asked } = sns(confirmation(good));
    expect(await reading).toEqual({ kind: 'done' });
    expect(asked.at(-1)).toBe(good);
  });

  it.each([
    'https://attacker.example/?Action=ConfirmSubscription',
    'http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://169.254.169.254/latest/meta-data',
    '',
  ])('to be confirmed at %p is refused, and that is not visited', async (url) => {
    const { reading, asked } = sns(confirmation(url));
    expect(await reading).toMatchObject({ status: 403, why: 'wrong SubscribeURL' });
    expect(asked.filter((each) => !each.endsWith('.pem'))).toEqual([]);
  });

  it('that nobody signed is refused, and nothing is visited but the certificate', async () => {
    const post = confirmation(good);
    const forged = { ...post, body: post.body.replace('"Token":"abc"', '"Token":"abd"') };
    const { reading, asked } = sns(forged);
    expect(await reading).toMatchObject({ status: 403 });
    expect(asked).toHaveLength(1);
  });

  it('in China is confirmed in China', () => {
    const topic = 'arn:aws-cn:sns:cn-north-1:123456789012:x';
    expect(snsUrl('https://sns.cn-north-1.amazonaws.com.cn/a', topic)?.pathname).toBe('/a');
    expect(snsUrl('https://sns.cn-north-1.amazonaws.com/a', topic)).toBeUndefined();
  });
});

describe('a batch of SendGrid', () => {
  const hook = sendgridHook(SETTINGS.sendgridPublicKey ?? '');
  const read = async ({ body, headers }: HookRequest) =>
    hook.read({
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
      ),
      body: Buffer.from(body),
      now: new Date(),
    });
  const batch = [sendgridEvent(`<${SEND}@example.com>`, { event: 'spamreport' })];

  it('is proven over its bytes: the same JSON with another space is not the same', async () => {
    const post = sendgridPost(batch);
    expect((await read(post)).kind).toBe('events');
    const spaced = { ...post, body: post.body.replace(',', ', ') };
    expect(await read(spaced)).toMatchObject({ kind: 'refused', status: 403 });
  });

  it.each(['X-Twilio-Email-Event-Webhook-Timestamp', 'X-Twilio-Email-Event-Webhook-Signature'])(
    'without %s is refused',
    async (name) => {
      const post = sendgridPost(batch);
      const { [name]: _, ...headers } = post.headers;
      expect(await read({ ...post, headers })).toMatchObject({ kind: 'refused', status: 401 });
    },
  );

  it('with another time than was signed is refused', async () => {
    const post = sendgridPost(batch);
    const name = 'X-Twilio-Email-Event-Webhook-Timestamp';
    const later = String(Number(post.headers[name]) + 1);
    const headers = { ...post.headers, [name]: later };
    expect(await read({ ...post, headers })).toMatchObject({ kind: 'refused', status: 403 });
  });
});

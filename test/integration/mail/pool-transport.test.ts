/** Pool transport: a transport that is no SMTP at all, with a plugin, behind the same interface. */
import { describe, expect, it } from '@jest/globals';
import { createTransport, type Transport as NodemailerTransport } from 'nodemailer';
import { composeAsk } from '../../../src/mail/ask-mail.ts';
import { poolTransport } from '../../../src/mail/pool-transport.ts';
import { askMail } from '../../unit/mail/an-ask.ts';

const mail = await composeAsk(askMail());
type Sent = { envelope: { from: string; to: string[] }; messageId: string };

/** A company's own way: it reads each mail, or fails before or after having read it. */
function openWay(fails?: 'before' | 'after') {
  const taken: { raw: string; to: string[] }[] = [];
  const way: NodemailerTransport<Sent> = {
    name: 'own-way',
    version: '1',
    send(one, done) {
      const envelope = one.message.getEnvelope();
      const to = [envelope.to ?? []].flat();
      const messageId = one.message.messageId();
      if (fails === 'before') return done(new Error('no way'), undefined as never);
      let raw = '';
      const body = one.message.createReadStream();
      body.on('data', (piece: Buffer) => {
        raw += piece.toString('latin1');
      });
      body.on('end', () => {
        if (fails === 'after') return done(new Error('the way broke off'), undefined as never);
        taken.push({ raw, to });
        return done(null, { envelope: { from: String(envelope.from), to }, messageId });
      });
    },
  };
  const transporter = createTransport(way);
  const steps: string[] = [];
  transporter.use('compile', (_, done) => {
    steps.push('compile');
    done();
  });
  return { transport: poolTransport({ transporter }), taken, steps };
}

describe('a transport of one’s own', () => {
  it('gets the mail as it was composed, for its recipient, through its plugins', async () => {
    const { transport, taken, steps } = openWay();
    expect(await transport.send(mail)).toEqual({ kind: 'accepted', reply: '250 taken' });
    expect(taken).toEqual([{ raw: mail.raw.toString('latin1'), to: [mail.envelope.to] }]);
    expect(steps).toEqual(['compile']);
  });

  it('that fails before it asked for the mail, leaves it to be sent again', async () => {
    const { transport, taken } = openWay('before');
    expect(await transport.send(mail)).toMatchObject({ kind: 'route-down' });
    expect(taken).toEqual([]);
  });

  it('that fails after it read the mail, leaves its fate unknown', async () => {
    const { transport } = openWay('after');
    expect(await transport.send(mail)).toMatchObject({ kind: 'unknown' });
  });

  it('takes nothing more once it is closed', async () => {
    const { transport, taken } = openWay();
    await transport.close(0);
    expect(await transport.send(mail)).toMatchObject({ kind: 'route-down', fault: 'stopped' });
    expect(taken).toEqual([]);
  });
});

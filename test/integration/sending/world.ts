/** World of sending: a mail server that answers as told, without SMTP: what is tried here is who is sent to, when and by which route. */
import type { ComposedMail } from '../../../src/mail/ask-mail.ts';
import type { Delivery } from '../../../src/mail/delivery.ts';
import { SENDS, type SendDocument } from '../../../src/store/send-document.ts';
import type { AskMailer, MailRoute } from '../../../src/workflow/deps.ts';
import type { World } from '../ask/world.ts';

export const MINUTE_MS = 60_000;
export const ACCEPTED: Delivery = { kind: 'accepted', reply: '250 OK' };
export const REFUSED: Delivery = {
  kind: 'route-down',
  fault: 'connect',
  reason: 'ECONNREFUSED',
};
export const POLICY: Delivery = { kind: 'blocked', reply: '554 5.7.1 No', enhanced: '5.7.1' };
export const TOO_FAST: Delivery = {
  kind: 'deferred',
  reply: '421 4.7.28 Too fast',
  enhanced: '4.7.28',
};
export const GONE: Delivery = { kind: 'bounced', reply: '550 5.1.1 No', enhanced: '5.1.1' };

type Answer = (to: string, mail: ComposedMail) => Delivery | Promise<Delivery>;

/** A route whose server answers as told, and that remembers to whom it was asked to send. */
export function route(name: string, answer: Answer, over: Partial<MailRoute> = {}) {
  const offered: string[] = [];
  return {
    offered,
    name,
    weight: 1,
    perSecond: 500,
    ...over,
    async send(mail: ComposedMail): Promise<Delivery> {
      offered.push(mail.envelope.to);
      return answer(mail.envelope.to, mail);
    },
  };
}

/** The same world with other routes. */
export function through(
  { deps }: Pick<World, 'deps'>,
  routes: AskMailer['routes'],
  over: Partial<AskMailer> = {},
) {
  return { ...deps, mail: { ...deps.mail, ...over, routes } };
}

export const sendsOf = ({ deps }: Pick<World, 'deps'>) =>
  deps.database.db.collection<SendDocument>(SENDS);

export const crowd = (count: number, domain = 'example.org') =>
  Array.from({ length: count }, (_, index) => `p${index}@${domain}`);

/** Moves the clock on. */
export function later({ deps }: Pick<World, 'deps'>, ms: number): void {
  deps.setNow(new Date(deps.now().getTime() + ms));
}

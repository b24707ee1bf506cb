/**
 * Given: how a scenario begins and what people then do, as `given.json` says it. What is not written
 * here may not stand there, so that a slip of the pen fails instead of being passed over.
 */
import { z } from 'zod';
import { SILENCE_MEANINGS } from '../../src/consent/ask.ts';
import { EMAIL_FIELDS } from '../../src/consent/audience.ts';
import { SOURCES } from '../../src/consent/interview.ts';
import { PERMISSIONS } from '../../src/consent/permission.ts';
import { SUPPRESSIONS } from '../../src/consent/suppression.ts';
import { ADMIN, APPROVER, OTHER_APPROVER, REQUESTER } from '../support/deps.ts';

const WHO = ['requester', 'approver', 'other approver', 'admin', 'stranger', 'operator'] as const;
export type Who = (typeof WHO)[number];

/** Who acts, and by which id we know them. */
export const PEOPLE: Readonly<Record<Who, string>> = {
  requester: REQUESTER,
  approver: APPROVER,
  'other approver': OTHER_APPROVER,
  admin: ADMIN,
  stranger: 'U0STRANGER',
  operator: 'operator',
};

export const Address = z.email();
const Day = z.iso.date();
/** `batch:spring-fair` or `tag:vip`: by the name of the batch or tag. */
const BatchOrTag = z.templateLiteral([z.enum(['batch', 'tag']), ':', z.string().min(1)]);
const Sentence = z.string().regex(/^[A-Z“].{20,}\.$/u, 'a sentence');

const OnFile = z.strictObject({
  address: Address,
  permission: z.enum(PERMISSIONS),
  suppressions: z.array(z.enum(SUPPRESSIONS)).optional(),
  /** The day on which this very person agreed. */
  consentOn: Day.optional(),
  in: z.array(BatchOrTag),
  field: z.enum(EMAIL_FIELDS).optional(),
  /** The days on which they were asked before, the oldest first. */
  askedOn: z.array(Day).optional(),
});

const HowObtained = z.strictObject({
  source: z.enum(SOURCES),
  answers: z.record(z.string(), z.union([z.string(), z.boolean()])),
  attested: z.boolean(),
});

const Audience = z.strictObject({
  of: z.array(BatchOrTag).min(1),
  match: z.enum(['any', 'all']),
  fields: z.array(z.enum(EMAIL_FIELDS)).min(1),
});

/** For the reader only. */
const note = z.string().optional();
/** Which of the mails that the address got; the latest, if not said. */
const mail = z.int().min(1).optional();

const ActSchema = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('import'),
    by: z.enum(WHO),
    file: z.string().endsWith('.csv'),
    lines: z.array(z.string()).min(2),
    permission: z.enum(['yes', 'no']),
    howObtained: HowObtained.optional(),
    tags: z.array(z.string()).optional(),
    note,
  }),
  z.strictObject({
    act: z.literal('request'),
    by: z.enum(WHO),
    kind: z.enum(['opt-in', 'opt-out', 'reconfirm']),
    audience: Audience,
    howObtained: HowObtained.optional(),
    reason: z.string().optional(),
    ask: z
      .strictObject({
        who: z.enum(['changed', 'single-opt-in']),
        silence: z.enum(SILENCE_MEANINGS),
      })
      .optional(),
    note,
  }),
  z.strictObject({ act: z.literal('approve'), by: z.enum(WHO), note }),
  z.strictObject({ act: z.literal('reject'), by: z.enum(WHO), reason: z.string(), note }),
  z.strictObject({ act: z.literal('cancel'), by: z.enum(WHO), note }),
  z.strictObject({ act: z.literal('process'), note }),
  z.strictObject({ act: z.literal('send'), note }),
  z.strictObject({ act: z.literal('confirm'), address: Address, mail, note }),
  z.strictObject({
    act: z.literal('stop'),
    address: Address,
    how: z.enum(['page', 'one-click']),
    mail,
    note,
  }),
  z
    .strictObject({
      act: z.literal('wait'),
      days: z.int().min(1).optional(),
      hours: z.int().min(1).optional(),
      note,
    })
    .refine(({ days, hours }) => days !== undefined || hours !== undefined, 'how long?'),
  z.strictObject({ act: z.literal('clock'), note }),
]);
export type Act = z.infer<typeof ActSchema>;

export const Given = z.strictObject({
  story: Sentence,
  today: Day,
  onFile: z.array(OnFile),
  /** Mailboxes that do not exist (any more): their server refuses all mail. */
  deadMailboxes: z.array(Address).optional(),
  acts: z.array(ActSchema).min(1),
});
export type Given = z.infer<typeof Given>;
export type OnFile = Given['onFile'][number];

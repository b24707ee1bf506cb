/** Follow-ups: the terms of what may follow an ask: a reminder, a second try of an unknown mail. */
import type { AskTerms, UnknownPolicy } from '../consent/plan.ts';
import { Refusal } from '../consent/refusal.ts';
import { REMINDER_TEMPLATE } from '../mail/templates.ts';
import type { Deps } from './deps.ts';

export interface FollowUpChoice {
  /** Days after which whoever has not answered is reminded once; undefined: nobody is. */
  readonly reminderDays?: number | undefined;
  /** Undefined: `hold`. */
  readonly unknown?: UnknownPolicy | undefined;
}

/** What of an ask's terms speaks of what follows it, each only where it was chosen. */
export type FollowUpTerms = Pick<AskTerms, 'reminderDays' | 'reminderHash' | 'unknown'>;

/**
 * Checks the choice, and freezes a reminder's words with it.
 * @param linkDays days for which a link confirms: a reminder goes out before
 * @throws Refusal `reminder_days_wrong`
 */
export function followUpTerms(
  { templates }: Pick<Deps, 'templates'>,
  { reminderDays, unknown = 'hold' }: FollowUpChoice,
  linkDays: number,
): FollowUpTerms {
  const isDay = reminderDays === undefined || Number.isInteger(reminderDays);
  if (!isDay || (reminderDays !== undefined && (reminderDays < 1 || reminderDays >= linkDays))) {
    throw new Refusal('reminder_days_wrong');
  }
  return {
    ...(reminderDays === undefined
      ? {}
      : { reminderDays, reminderHash: templates.hash(REMINDER_TEMPLATE) }),
    ...(unknown === 'hold' ? {} : { unknown }),
  };
}

/** The same as part of an ask: it says too that something may follow. */
export function withFollowUps({
  reminderDays,
  reminderHash,
  unknown,
}: FollowUpTerms): FollowUpTerms & Pick<AskTerms, 'followsUp'> {
  if (reminderDays === undefined && unknown === undefined) return {};
  return {
    ...(reminderDays === undefined ? {} : { reminderDays }),
    ...(reminderHash === undefined ? {} : { reminderHash }),
    ...(unknown === undefined ? {} : { unknown }),
    followsUp: true,
  };
}

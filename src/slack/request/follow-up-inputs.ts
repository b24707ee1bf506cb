/** Follow-up inputs: whether those who do not answer are reminded, and what becomes of unknown mails. */
import type { AnyBlock } from '@slack/types';
import { UNKNOWN_POLICIES, type UnknownPolicy } from '../../consent/plan.ts';
import { LINK_DAYS_MAX } from '../../consent/settings.ts';
import { input, option, radios, select } from '../blocks/inputs.ts';
import type { Values } from '../guard/door.ts';
import { readOneOf } from '../guard/values.ts';
import type { SlackLocale } from '../words/language.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';

export const CHOOSE_REMINDER = 'choose-reminder';
const CHOOSE_UNKNOWN = 'choose-unknown';
/** The value of the choice that nobody is reminded. */
const NO_REMINDER = 'none';
const REMINDERS = [NO_REMINDER, ...reminderChoices(LINK_DAYS_MAX).map(String)];

export interface FollowUps {
  /** Undefined: nobody is reminded. */
  readonly reminderDays?: number | undefined;
  readonly unknown?: UnknownPolicy | undefined;
}

/**
 * Days after which somebody may be reminded: while their link still confirms.
 * @param linkDays days for which a link confirms
 */
export function reminderChoices(linkDays: number): readonly number[] {
  return Array.from({ length: Math.max(0, linkDays - 1) }, (_, index) => index + 1);
}

export function followUpInputs(
  { reminderDays, unknown = 'hold' }: FollowUps,
  linkDays: number,
  locale: SlackLocale,
): AnyBlock[] {
  const words = WIZARD_WORDS[locale].review;
  const after = reminderChoices(linkDays).map((days) =>
    option(String(days), words.reminderAfter(days)),
  );
  return [
    input({
      id: CHOOSE_REMINDER,
      label: words.reminder,
      hint: words.reminderHint,
      element: select([option(NO_REMINDER, words.reminderNone), ...after], {
        initial: reminderDays === undefined ? NO_REMINDER : String(reminderDays),
      }),
    }),
    input({
      id: CHOOSE_UNKNOWN,
      label: words.unknown,
      hint: words.unknownHint,
      element: radios(
        UNKNOWN_POLICIES.map((policy) => option(policy, words.unknowns[policy])),
        { initial: unknown },
      ),
    }),
  ];
}

/** The answers stay as they are where the questions were not shown. */
export function readFollowUps(values: Values, known: FollowUps): FollowUps {
  const chosen = readOneOf(values, CHOOSE_REMINDER, REMINDERS);
  const none = chosen === NO_REMINDER ? undefined : Number(chosen);
  return {
    reminderDays: chosen === undefined ? known.reminderDays : none,
    unknown: readOneOf(values, CHOOSE_UNKNOWN, UNKNOWN_POLICIES) ?? known.unknown,
  };
}

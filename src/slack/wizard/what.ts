/** Wizard, step What: which e-mail fields of the contacts, and what happens to their addresses. */
import type { ModalView } from '@slack/types';
import { EMAIL_FIELDS } from '../../consent/audience.ts';
import { alert } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import { checkboxes, input, option, radios } from '../blocks/inputs.ts';
import { InputErrors, type Values } from '../guard/door.ts';
import { readOneOf, readOptions } from '../guard/values.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { refusalSentence } from '../words/refusals.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { WIZARD_WORDS } from '../words/wizard.ts';
import { type Answers, type Draft, WIZARD_KINDS } from './drafts.ts';
import { frame } from './frame.ts';

const CHOOSE_FIELDS = 'choose-fields';
const CHOOSE_DIRECTION = 'choose-direction';

export function whatView({ draft }: { readonly draft: Draft }, locale: SlackLocale): ModalView {
  const { fields, kind } = draft.answers;
  const words = WIZARD_WORDS[locale].what;
  const { fields: names, kinds } = REQUEST_WORDS[locale];
  const blocks = [
    input({
      id: CHOOSE_FIELDS,
      label: words.fields,
      hint: words.fieldsHint,
      element: checkboxes(
        EMAIL_FIELDS.map((field) => option(field, names[field])),
        { initial: fields },
      ),
    }),
    input({
      id: CHOOSE_DIRECTION,
      label: words.direction,
      element: radios(
        WIZARD_KINDS.map((one) => option(one, kinds[one], words.hints[one])),
        { initial: kind },
      ),
    }),
    alert('info', md`${words.stays}`),
  ];
  return frame(draft, blocks, { submit: NOTICE_WORDS[locale].next, locale });
}

export function readWhat(values: Values, answers: Answers): Answers {
  const ticked = readOptions(values, CHOOSE_FIELDS);
  return {
    ...answers,
    fields: EMAIL_FIELDS.filter((field) => ticked.includes(field)),
    kind: readOneOf(values, CHOOSE_DIRECTION, WIZARD_KINDS) ?? answers.kind,
  };
}

/** @throws InputErrors if no field was ticked */
export function checkWhat({ fields }: Answers, locale: SlackLocale): void {
  if (fields.length > 0) return;
  throw new InputErrors({ [CHOOSE_FIELDS]: refusalSentence('fields_empty', locale) });
}

/** Wizard, step What: which e-mail fields of the contacts, and what happens to their addresses. */
import type { ModalView } from '@slack/types';
import { EMAIL_FIELDS } from '../consent/audience.ts';
import { REFUSALS } from '../consent/refusal.ts';
import { alert } from './blocks.ts';
import { InputErrors, type Values } from './door.ts';
import { type Answers, type Draft, WIZARD_KINDS } from './drafts.ts';
import { md } from './escape.ts';
import { checkboxes, input, option, radios } from './inputs.ts';
import { FIELD_NAMES, KIND_NAMES } from './texts.ts';
import { readOneOf, readOptions } from './values.ts';
import { frame } from './wizard-frame.ts';

const CHOOSE_FIELDS = 'choose-fields';
const CHOOSE_DIRECTION = 'choose-direction';

const KIND_HINTS = {
  'opt-in': 'Non-marketable addresses may be mailed afterwards.',
  'opt-out': 'These addresses are not mailed any more.',
  reconfirm: 'Opted-in addresses get a mail that asks them to confirm.',
} as const;

export function whatView({ draft }: { readonly draft: Draft }): ModalView {
  const { fields, kind } = draft.answers;
  const blocks = [
    input({
      id: CHOOSE_FIELDS,
      label: 'E-mail fields',
      hint: 'A contact holds up to three addresses.',
      element: checkboxes(
        EMAIL_FIELDS.map((field) => option(field, FIELD_NAMES[field])),
        { initial: fields },
      ),
    }),
    input({
      id: CHOOSE_DIRECTION,
      label: 'What shall happen?',
      element: radios(
        WIZARD_KINDS.map((one) => option(one, KIND_NAMES[one], KIND_HINTS[one])),
        { initial: kind },
      ),
    }),
    alert(
      'info',
      md`Whoever opted out stays opted out: no request of yours can bring them back. Nothing changes before another person approves.`,
    ),
  ];
  return frame(draft, blocks, { submit: 'Next' });
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
export function checkWhat({ fields }: Answers): void {
  if (fields.length === 0) throw new InputErrors({ [CHOOSE_FIELDS]: REFUSALS.fields_empty });
}

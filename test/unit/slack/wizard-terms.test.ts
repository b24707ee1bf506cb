/** Wizard terms: what the answers of the last step come to, as the workspace offers it. */
import { describe, expect, it } from '@jest/globals';
import { OldView } from '../../../src/slack/guard/metadata.ts';
import { type Answers, newDraft } from '../../../src/slack/wizard/drafts.ts';
import { readReview } from '../../../src/slack/wizard/review.ts';
import { type AskOffer, askOf, formOf } from '../../../src/slack/wizard/terms.ts';

const OFFER: AskOffer = {
  mustAsk: false,
  templates: ['double-opt-in'],
  linkDays: 30,
  silence: 'keep',
};

describe('how is asked', () => {
  const answersOf = (over: Partial<Answers> = {}) => ({
    ...newDraft('reconfirm').answers,
    ...over,
  });
  const asked = (over: Partial<Answers>, offer: Partial<AskOffer> = {}) =>
    askOf(answersOf(over), { ...OFFER, ...offer });
  const chosen = (id: string, value: string) => ({
    [id]: { [id]: { type: 'static_select', selected_option: { value } } },
  });

  it('is as the workspace says where nobody chose, if that is offered', () => {
    expect(asked({}, { silence: 'revert' })?.silence).toBe('revert');
    expect(asked({}, { silence: 'keep' })?.silence).toBe('keep');
    expect(asked({ silence: 'keep' }, { silence: 'revert' })?.silence).toBe('keep');
    expect(asked({ silence: 'keep' }, { mustAsk: true })?.silence).toBe('revert');
    expect(asked({})).toMatchObject({ reminderDays: undefined, unknown: 'hold' });
  });

  it('keeps a reminder only while the link still confirms then', () => {
    expect(asked({ reminderDays: 7 }, { linkDays: 8 })?.reminderDays).toBe(7);
    for (const days of [0, -1, 8, 1.5]) {
      expect(asked({ reminderDays: days }, { linkDays: 8 })?.reminderDays).toBeUndefined();
    }
  });

  it('is read from the step, and stays where the questions were not shown', () => {
    const read = { ...chosen('choose-reminder', '5'), ...chosen('choose-unknown', 'resend-once') };
    const answers = readReview(read, answersOf());
    expect(answers).toMatchObject({ reminderDays: 5, unknown: 'resend-once' });
    expect(readReview({}, answers)).toMatchObject({ reminderDays: 5, unknown: 'resend-once' });
    const none = readReview(chosen('choose-reminder', 'none'), answers);
    expect(none.reminderDays).toBeUndefined();
    expect(formOf(answers, OFFER).ask).toMatchObject({ reminderDays: 5, unknown: 'resend-once' });
  });

  it.each(['', '-1', '0', '1e3', '30', '999', '5; drop', '١'])('is not read from %j', (hostile) => {
    expect(() => readReview(chosen('choose-reminder', hostile), answersOf())).toThrow(OldView);
    expect(() => readReview(chosen('choose-unknown', hostile), answersOf())).toThrow(OldView);
  });
});

/** Wizard ends: the views before the first step and after the last: resume, hard stop, sent. */
import type { ModalView } from '@slack/types';
import { type AudienceSource, readSourceKey, sourceKey } from '../consent/audience.ts';
import type { Request } from '../consent/request.ts';
import type { Suggestion } from '../store/audiences.ts';
import { actions, alert, button, confirmation, context, modal, section } from './blocks.ts';
import { type Draft, WIZARD_KINDS, type WizardKind, writePlace } from './drafts.ts';
import { joinMrkdwn, md, moment } from './escape.ts';
import { audienceWords, requestDoes } from './request-words.ts';
import { KIND_NAMES } from './texts.ts';
import { stepLine, titleOf } from './wizard-frame.ts';

export const RESUME_DRAFT = 'resume-draft';
export const START_ANEW = 'start-anew';
export const DISCARD_DRAFT = 'discard-draft';
export const REOPEN_STEP = 'reopen-step';

/** What a new wizard begins with; it travels in a button's value: ids only. */
export interface Beginning {
  readonly kind: WizardKind;
  readonly sources: readonly AudienceSource[];
}

function writeBeginning({ kind, sources }: Beginning): string {
  return [kind, ...sources.map(sourceKey)].join(' ');
}

/** The reverse; what is not ours in it is left out. */
export function readBeginning(value: string): Beginning {
  const [first, ...keys] = value.split(' ');
  return {
    kind: WIZARD_KINDS.find((kind) => kind === first) ?? 'opt-in',
    sources: keys.map(readSourceKey).filter((source) => source !== undefined),
  };
}

export function resumeView({
  draft,
  audience,
  beginning,
  notes,
}: {
  readonly draft: Draft;
  readonly audience: readonly Suggestion[];
  readonly beginning: Beginning;
  readonly notes: readonly string[];
}): ModalView {
  const { kind, sources, match, fields } = draft.answers;
  const who =
    sources.length === 0
      ? md`nobody chosen yet`
      : audienceWords({ sources, match, fields, cutoff: new Date(0) }, audience);
  const anew = writeBeginning(beginning);
  return modal({
    callbackId: 'resume-draft',
    title: titleOf(beginning.kind),
    close: 'Close',
    blocks: [
      ...(notes.length === 0 ? [] : [section(joinMrkdwn(notes))]),
      section(
        md`You have an unfinished request: *${KIND_NAMES[kind]}*, ${who}. ${stepLine(draft)}.`,
      ),
      actions(
        'draft-ways',
        button({ id: RESUME_DRAFT, text: 'Resume draft', value: draft.id, style: 'primary' }),
        button({ id: START_ANEW, text: 'Start anew', value: anew }),
        button({
          id: DISCARD_DRAFT,
          text: 'Discard draft',
          value: `${draft.id} ${anew}`,
          style: 'danger',
          confirm: confirmation({
            title: 'Discard this draft?',
            text: md`What you answered so far is forgotten. Nothing was sent.`,
            yes: 'Discard',
            no: 'Keep',
            style: 'danger',
          }),
        }),
      ),
      context(md`A draft is kept for 7 days and is yours alone.`),
    ],
  });
}

/** The product says no to how the addresses were obtained. Answers given by mistake can be mended. */
export function hardStopView({
  draft,
  why,
  mend,
}: {
  readonly draft: Draft;
  readonly why: string;
  readonly mend: string;
}): ModalView {
  return modal({
    callbackId: 'read-hard-stop',
    title: 'Cannot be opted in',
    close: 'Close',
    metadata: writePlace(draft),
    blocks: [
      alert('error', md`${why}`),
      section(
        md`*Nothing was changed, and nothing was sent for approval.* The refusal is on record.`,
      ),
      section(md`*What would mend it:* ${mend}`),
      actions('hard-stop-ways', button({ id: REOPEN_STEP, text: 'Change my answers' })),
    ],
  });
}

export function sentView(request: Request, channel: string): ModalView {
  const { id, expiresAt, runAt } = request;
  const starts =
    runAt === undefined
      ? md`It starts as soon as it is approved.`
      : md`It starts ${moment(runAt)}, if it is approved by then.`;
  return modal({
    callbackId: 'read-sent',
    title: 'Sent ✔',
    close: 'Close',
    blocks: [
      section(md`*Sent for approval: ${requestDoes(request)}.*`),
      section(
        joinMrkdwn([
          md`1. A card stands in ${{ mrkdwn: `<#${channel}>` }}; another person has to approve it.`,
          md`2. You are told of the decision in a direct message.`,
          md`3. ${starts}`,
        ]),
      ),
      context(
        md`Request ${id} · Nothing has changed yet · Expires ${moment(expiresAt)} if nobody decides`,
      ),
    ],
  });
}

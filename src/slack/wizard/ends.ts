/** Wizard ends: the views before the first step and after the last: resume, hard stop, sent. */
import type { ModalView } from '@slack/types';
import { type AudienceSource, readSourceKey, sourceKey } from '../../consent/audience.ts';
import type { Request } from '../../consent/request.ts';
import type { Suggestion } from '../../store/audiences.ts';
import { actions, alert, button, confirmation, context, modal, section } from '../blocks/blocks.ts';
import { joinMrkdwn, md, moment } from '../blocks/escape.ts';
import { audienceWords, requestDoes } from '../request/words.ts';
import type { SlackLocale } from '../words/language.ts';
import { NOTICE_WORDS } from '../words/notices.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { END_WORDS } from '../words/wizard-ends.ts';
import { type Draft, WIZARD_KINDS, type WizardKind, writePlace } from './drafts.ts';
import { stepLine, titleOf } from './frame.ts';

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

export function resumeView(
  {
    draft,
    audience,
    beginning,
    notes,
  }: {
    readonly draft: Draft;
    readonly audience: readonly Suggestion[];
    readonly beginning: Beginning;
    readonly notes: readonly string[];
  },
  locale: SlackLocale,
): ModalView {
  const { kind, sources, match, fields } = draft.answers;
  const words = END_WORDS[locale];
  const who =
    sources.length === 0
      ? md`${words.nobodyYet}`
      : audienceWords({ sources, match, fields, cutoff: new Date(0) }, audience, locale);
  const what = REQUEST_WORDS[locale].kinds[kind];
  const anew = writeBeginning(beginning);
  return modal({
    callbackId: 'resume-draft',
    title: titleOf(beginning.kind, locale),
    close: NOTICE_WORDS[locale].close,
    blocks: [
      ...(notes.length === 0 ? [] : [section(joinMrkdwn(notes))]),
      section(md`${words.unfinished} *${what}*, ${who}. ${stepLine(draft, locale)}.`),
      actions(
        'draft-ways',
        button({ id: RESUME_DRAFT, text: words.resume, value: draft.id, style: 'primary' }),
        button({ id: START_ANEW, text: words.anew, value: anew }),
        button({
          id: DISCARD_DRAFT,
          text: words.discard,
          value: `${draft.id} ${anew}`,
          style: 'danger',
          confirm: confirmation({
            title: words.discardTitle,
            text: md`${words.discardText}`,
            yes: words.discardYes,
            no: words.discardNo,
            style: 'danger',
          }),
        }),
      ),
      context(md`${words.kept}`),
    ],
  });
}

/** The product says no to how the addresses were obtained. Answers given by mistake can be mended. */
export function hardStopView(
  {
    draft,
    why,
    mend,
  }: {
    readonly draft: Draft;
    readonly why: string;
    readonly mend: string;
  },
  locale: SlackLocale,
): ModalView {
  const words = END_WORDS[locale];
  return modal({
    callbackId: 'read-hard-stop',
    title: words.stopTitle,
    close: NOTICE_WORDS[locale].close,
    metadata: writePlace(draft),
    blocks: [
      alert('error', md`${why}`),
      section(md`*${words.stopNothing}* ${words.stopRecorded}`),
      section(md`*${words.stopMend}* ${mend}`),
      actions('hard-stop-ways', button({ id: REOPEN_STEP, text: words.reopen })),
    ],
  });
}

export function sentView(request: Request, channel: string, locale: SlackLocale): ModalView {
  const { id, expiresAt, runAt } = request;
  const words = END_WORDS[locale];
  const starts =
    runAt === undefined
      ? md`${words.startsAtOnce}`
      : md`${words.starts[0]} ${moment(runAt, locale)}${words.starts[1]}`;
  const place = { mrkdwn: `<#${channel}>` };
  const expires = md`${words.expires[0]} ${moment(expiresAt, locale)}${words.expires[1]}`;
  return modal({
    callbackId: 'read-sent',
    title: words.sentTitle,
    close: NOTICE_WORDS[locale].close,
    blocks: [
      section(md`*${words.sent} ${requestDoes(request, locale)}.*`),
      section(
        joinMrkdwn([
          md`1. ${words.card[0]} ${place}${words.card[1]}`,
          md`2. ${words.told}`,
          md`3. ${starts}`,
        ]),
      ),
      context(md`${REQUEST_WORDS[locale].request} ${id} · ${words.nothingYet} · ${expires}`),
    ],
  });
}

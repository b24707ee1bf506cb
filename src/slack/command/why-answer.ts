/**
 * Why answer: a proof as it is told in Slack, to the one who asked and nobody else. The address
 * itself is masked: the asker knows it, and an ephemeral message passes through Slack.
 */
import { maskAddress } from '../../consent/address.ts';
import {
  type Chapter,
  explainProof,
  type Phrase,
  type Sentence,
} from '../../workflow/explain-proof.ts';
import type { Proof } from '../../workflow/read-proof.ts';
import { context, header, section } from '../blocks/blocks.ts';
import {
  joinMrkdwn,
  type Mrkdwn,
  md,
  moment,
  shortenMrkdwn,
  userMention,
} from '../blocks/escape.ts';
import type { Reply } from '../guard/door.ts';
import { withoutAddresses } from '../request/words.ts';
import type { SlackLocale } from '../words/language.ts';
import { ANSWER_WORDS, PROOF_WORDS } from '../words/proof.ts';

/** The latest sentences of a chapter; an old address may have hundreds of acts. */
const SENTENCES_MAX = 10;
/** Of one chapter, so that all of them fit one message (code points). */
const CHAPTER_CHARS_MAX = 1_500;

export function whyAnswer(proof: Proof, locale: SlackLocale): Reply {
  const words = ANSWER_WORDS[locale];
  const title = words.title(maskAddress(proof.address));
  const chapters = explainProof(proof, PROOF_WORDS[locale]);
  return {
    text: md`${title}`.mrkdwn,
    blocks: [
      header(title),
      ...chapters.map((chapter) => section(told(chapter, locale))),
      context(md`${words.more}`),
    ],
  };
}

function told({ title, sentences }: Chapter, locale: SlackLocale): Mrkdwn {
  const shown = sentences.slice(-SENTENCES_MAX);
  const left = sentences.length - shown.length;
  const earlier = left === 0 ? [] : [md`_${ANSWER_WORDS[locale].earlier(left)}_`];
  const lines = shown.map((sentence) => md`• ${sentenceWords(sentence, locale)}`);
  return shortenMrkdwn(joinMrkdwn([md`*${title}*`, ...earlier, ...lines]), CHAPTER_CHARS_MAX);
}

function sentenceWords(sentence: Sentence, locale: SlackLocale): Mrkdwn {
  const phrases = sentence.map((phrase) => phraseWords(phrase, locale));
  return joinMrkdwn(phrases, '');
}

function phraseWords(phrase: Phrase, locale: SlackLocale): Mrkdwn {
  // Batches and tags are named, and may be called after other people.
  if (typeof phrase === 'string') return md`${withoutAddresses(phrase, locale)}`;
  return 'person' in phrase ? userMention(phrase.person) : moment(phrase.at, locale);
}

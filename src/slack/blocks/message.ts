/** Message: what is posted: the blocks, and the text that notifications and screen readers read. */
import type { AnyBlock } from '@slack/types';
import type { Mrkdwn } from './escape.ts';
import { shortenMrkdwn } from './escape.ts';
import { MESSAGE_TEXT_CHARS_MAX } from './limits.ts';

export interface Message {
  readonly text: string;
  readonly blocks: AnyBlock[];
}

export function message(text: Mrkdwn, blocks: readonly AnyBlock[]): Message {
  return { text: shortenMrkdwn(text, MESSAGE_TEXT_CHARS_MAX).mrkdwn, blocks: [...blocks] };
}

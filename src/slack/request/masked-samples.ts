/** Masked samples: a few addresses of an audience, so that a mix-up is seen before it is approved. */
import type { AnyBlock } from '@slack/types';
import { maskAddress } from '../../consent/address.ts';
import type { Audience } from '../../consent/audience.ts';
import type { Deps } from '../../workflow/deps.ts';
import { context, plain } from '../blocks/blocks.ts';
import { md } from '../blocks/escape.ts';
import { EVIDENCE_WORDS } from '../words/evidence.ts';
import type { SlackLocale } from '../words/language.ts';

const SAMPLES_MAX = 5;

/** At most five addresses of an audience, each masked so far that nobody can be written to. */
export async function samplesOf(
  { database }: Pick<Deps, 'database'>,
  workspace: string,
  audience: Audience,
): Promise<readonly string[]> {
  const found = await database.of(workspace).addresses.sample(audience, SAMPLES_MAX);
  return found.map(maskAddress);
}

/** As plain text, in which the asterisks of a mask are no markup. */
export function sampleLines(samples: readonly string[], locale: SlackLocale): AnyBlock[] {
  if (samples.length === 0) return [];
  const words = EVIDENCE_WORDS[locale];
  return [
    context(md`*${words.samples}.* ${words.samplesHint}`),
    { type: 'section', text: plain(samples.join('\n')) },
  ];
}

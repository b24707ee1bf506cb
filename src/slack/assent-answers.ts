/** Assent answers: what `/assent` says back, to the one who asked and nobody else. */
import type { KnownBlock } from '@slack/types';
import type { Request } from '../consent/request.ts';
import type { Suggestion } from '../store/audiences.ts';
import type { RequestStatus } from '../workflow/read-status.ts';
import { type Asked, SUBCOMMANDS } from './assent-parse.ts';
import { context, section } from './blocks.ts';
import type { Reply } from './door.ts';
import { joinMrkdwn, type Mrkdwn, md, userMention } from './escape.ts';
import { percentDone, STATE_WORDS } from './progress-message.ts';
import { audienceWords, planMark, requestTitle, shownName, stepWords } from './request-words.ts';
import { formatNumber } from './texts.ts';

/** The latest steps of a request that are told. */
const STEPS_MAX = 10;

function say(text: Mrkdwn, ...blocks: readonly KnownBlock[]): Reply {
  return blocks.length === 0 ? { text: text.mrkdwn } : { text: text.mrkdwn, blocks };
}

export function helpAnswer(): Reply {
  const lines = Object.entries(SUBCOMMANDS).map(([name, { takes, does }]) => {
    const usage = takes === '' ? name : `${name} ${takes}`;
    return md`• \`/assent ${usage}\`: ${does}`;
  });
  const others = md`• \`/optin\`, \`/optout\`, \`/reconfirm\`: ask for a change; \`/optin tag:vip\` or \`/optin batch:Spring fair\` chooses whom`;
  const text = joinMrkdwn([md`*What Assent understands*`, ...lines, others]);
  return say(text, section(text));
}

/** What was typed is not clear: what it may have meant, and where the help is. */
export function unclearAnswer(asked: Extract<Asked, { kind: 'unknown' | 'incomplete' }>): Reply {
  if (asked.kind === 'incomplete') {
    const { takes } = SUBCOMMANDS[asked.subcommand];
    return say(
      md`Nothing was done: \`/assent ${asked.subcommand}\` needs the ${takes}. For example: \`/assent ${asked.subcommand} ${EXAMPLES[takes] ?? ''}\`.`,
    );
  }
  const meant = asked.meant === undefined ? md`` : md` Did you mean \`/assent ${asked.meant}\`?`;
  return say(
    md`Nothing was done: Assent does not know “${asked.typed.slice(0, TYPED_CHARS_MAX)}”.${meant} \`/assent help\` lists what it knows.`,
  );
}

const TYPED_CHARS_MAX = 40;
const EXAMPLES: Readonly<Record<string, string>> = {
  request: 'q_1a2b3c4d5e6f',
  address: 'ann@example.org',
};

export function recentAnswer(requests: readonly Request[]): Reply {
  if (requests.length === 0) return say(md`Nobody has asked for anything yet.`);
  const lines = requests.map((request) => {
    const who = userMention(request.requestedBy);
    return md`• \`${request.id}\` ${requestTitle(request)}: *${STATE_WORDS[request.state]}*, asked by ${who}`;
  });
  const text = joinMrkdwn([md`*The latest requests*`, ...lines]);
  return say(text, section(text));
}

/** @param triedAgain true if the messages that its channel did not take are posted once more */
export function statusAnswer(status: RequestStatus, triedAgain: boolean): Reply {
  const { request, audience, counts, outcomes } = status;
  const { plan } = request;
  const title = md`*${requestTitle(request)}*: ${STATE_WORDS[request.state]}`;
  const done = md`${formatNumber(counts.changed)} of ${formatNumber(plan.counts.change)} planned are changed (${percentDone(status)} %).`;
  const asked =
    plan.terms.ask === undefined
      ? md``
      : md` Of ${formatNumber(counts.asks)} asked, ${formatNumber(outcomes['confirmed'] ?? 0)} confirmed and ${formatNumber(outcomes['stopped'] ?? 0)} stopped.`;
  const again = md`:warning: A message about it could not be posted in the channel; Assent tries once more now.`;
  return say(
    title,
    section(joinMrkdwn([title, audienceWords(plan.terms.audience, audience)])),
    section(md`${done}${asked}`),
    section(joinMrkdwn(request.history.slice(-STEPS_MAX).map(stepWords))),
    ...(triedAgain ? [section(again)] : []),
    context(md`Request ${request.id} · plan ${planMark(plan)}`),
  );
}

/** Batches or tags, with what `/optin` takes to choose them. */
export function audiencesAnswer(kind: Suggestion['kind'], found: readonly Suggestion[]): Reply {
  const plural = kind === 'batch' ? 'import batches' : 'tags';
  if (found.length === 0) {
    return say(md`There are no ${plural} yet. \`/assent import\` brings a CSV file in.`);
  }
  const lines = found.map(({ id, name, size }) => {
    const shown = shownName(name);
    return md`• ${shown}: ${formatNumber(size)} contacts, \`${kind}:${id}\``;
  });
  const text = joinMrkdwn([md`*The latest ${plural}*`, ...lines]);
  return say(text, section(text));
}

export function steeredAnswer(kind: 'pause' | 'resume' | 'cancel', request: Request): Reply {
  const words = { pause: 'Paused', resume: 'Resumed', cancel: 'Cancelled' }[kind];
  return say(md`${words}: ${requestTitle(request)} (request ${request.id}).`);
}

/** Assent answers: what `/assent` says back, to the one who asked and nobody else. */
import type { AnyBlock } from '@slack/types';
import type { Request } from '../../consent/request.ts';
import type { Suggestion } from '../../store/audiences.ts';
import type { RequestStatus } from '../../workflow/read-status.ts';
import { button, context, section } from '../blocks/blocks.ts';
import { joinMrkdwn, type Mrkdwn, md, userMention } from '../blocks/escape.ts';
import type { Reply } from '../guard/door.ts';
import { howItStands } from '../request/how-it-stands.ts';
import { percentDone } from '../request/progress-message.ts';
import {
  audienceWords,
  referenceWords,
  requestTitle,
  shownName,
  stepWords,
} from '../request/words.ts';
import { COMMAND_WORDS } from '../words/commands.ts';
import type { SlackLocale } from '../words/language.ts';
import { formatNumber } from '../words/numbers.ts';
import { REQUEST_WORDS } from '../words/requests.ts';
import { type Asked, SUBCOMMANDS, type Subcommand } from './assent-parse.ts';

export const SHOW_REQUEST = 'show-request';

/** The latest steps of a request that are told. */
const STEPS_MAX = 10;

function say(text: Mrkdwn, ...blocks: readonly AnyBlock[]): Reply {
  return blocks.length === 0 ? { text: text.mrkdwn } : { text: text.mrkdwn, blocks };
}

export function helpAnswer(locale: SlackLocale): Reply {
  const words = COMMAND_WORDS[locale];
  const lines = Object.entries(SUBCOMMANDS).map(([name, takes]) => {
    const does = words.does[name as Subcommand];
    return md`• \`/assent ${name}${taken(takes, locale)}\`: ${does}`;
  });
  const title = md`*${words.helpTitle}*`;
  const text = joinMrkdwn([title, ...lines, md`• ${words.otherCommands}`]);
  return say(text, section(text));
}

function taken(takes: (typeof SUBCOMMANDS)[Subcommand], locale: SlackLocale): string {
  const { request, address } = COMMAND_WORDS[locale].takes;
  const shown = {
    nothing: '',
    request: ` ${request}`,
    'maybe-request': ` [${request}]`,
    address: ` ${address}`,
  };
  return shown[takes];
}

/** What was typed is not clear: what it may have meant, and where the help is. */
export function unclearAnswer(
  asked: Extract<Asked, { kind: 'unknown' | 'incomplete' }>,
  locale: SlackLocale,
): Reply {
  const words = COMMAND_WORDS[locale];
  if (asked.kind === 'incomplete') {
    const { subcommand, needs } = asked;
    return say(words.incomplete(subcommand, words.needs[needs], EXAMPLES[needs]));
  }
  const meant = asked.meant === undefined ? [] : [words.meant(asked.meant)];
  const unknown = words.unknown(asked.typed.slice(0, TYPED_CHARS_MAX));
  return say(joinMrkdwn([unknown, ...meant, words.helpLists], ' '));
}

const TYPED_CHARS_MAX = 40;
const EXAMPLES = { request: 'q_1a2b3c4d5e6f', address: 'ann@example.org' } as const;

/** The latest requests, each with the button that shows its details. */
export function recentAnswer(requests: readonly Request[], locale: SlackLocale): Reply {
  const words = COMMAND_WORDS[locale];
  if (requests.length === 0) return say(md`${words.noRequests}`);
  const title = md`*${words.latestRequests}*`;
  return say(title, section(title), ...requests.map((request) => recentLine(request, locale)));
}

function recentLine(request: Request, locale: SlackLocale): AnyBlock {
  const { id, state, requestedBy } = request;
  const words = COMMAND_WORDS[locale];
  const stands = REQUEST_WORDS[locale].states[state];
  const who = md`${words.askedBy} ${userMention(requestedBy)}`;
  const details = button({
    id: SHOW_REQUEST,
    text: words.details,
    value: id,
    label: words.detailsOf(id),
  });
  const line = md`*${requestTitle(request, locale)}*: ${stands}\n\`${id}\`, ${who}`;
  return section(line, { accessory: details });
}

/** @param triedAgain true if the messages that its channel did not take are posted once more */
export function statusAnswer(
  status: RequestStatus,
  triedAgain: boolean,
  locale: SlackLocale,
): Reply {
  const { request } = status;
  const again = md`:warning: ${COMMAND_WORDS[locale].triedAgain}`;
  return say(
    md`*${requestTitle(request, locale)}*: ${REQUEST_WORDS[locale].states[request.state]}`,
    ...statusBlocks(status, locale),
    ...(triedAgain ? [section(again)] : []),
    context(referenceWords(request, locale)),
  );
}

/** How a request stands: whom it is about, how far it came, what happened. */
export function statusBlocks(status: RequestStatus, locale: SlackLocale): AnyBlock[] {
  const { request, audience, counts, asks, outcomes } = status;
  const { plan } = request;
  const words = COMMAND_WORDS[locale];
  const number = (count: number | undefined) => formatNumber(count ?? 0, locale);
  const stands = REQUEST_WORDS[locale].states[request.state];
  const changed = number(counts.changed);
  const done = words.changedOf(changed, number(plan.counts.change), percentDone(status));
  const { confirmed, stopped } = outcomes;
  const answered =
    plan.terms.ask === undefined
      ? ''
      : ` ${words.answered(number(asks.sent), number(confirmed), number(stopped))}`;
  return [
    section(
      joinMrkdwn([
        md`*${requestTitle(request, locale)}*: ${stands}`,
        audienceWords(plan.terms.audience, audience, locale),
      ]),
    ),
    section(md`${done}${answered}`),
    section(joinMrkdwn(request.history.slice(-STEPS_MAX).map((step) => stepWords(step, locale)))),
  ];
}

/** Batches or tags, with what `/optin` takes to choose them. */
export function audiencesAnswer(
  kind: Suggestion['kind'],
  found: readonly Suggestion[],
  locale: SlackLocale,
): Reply {
  const words = COMMAND_WORDS[locale];
  if (found.length === 0) return say(words.none[kind]);
  const lines = found.map(({ id, name, size }) => {
    const contacts = words.contacts(formatNumber(size, locale), size === 1);
    return md`• ${shownName(name, locale)}: ${contacts}, \`${kind}:${id}\``;
  });
  const text = joinMrkdwn([md`*${words.latest[kind]}*`, ...lines]);
  return say(text, section(text));
}

/** What was asked for does not fit the state that the request is in. */
export function notSteeredAnswer(request: Request, locale: SlackLocale): Reply {
  return say(howItStands(request, locale));
}

export function steeredAnswer(
  kind: 'pause' | 'resume' | 'cancel',
  request: Request,
  locale: SlackLocale,
): Reply {
  const done = COMMAND_WORDS[locale].steered[kind];
  const which = REQUEST_WORDS[locale].inParentheses(request.id);
  return say(md`${done}: ${requestTitle(request, locale)} ${which}.`);
}

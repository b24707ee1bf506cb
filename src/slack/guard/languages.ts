/**
 * Languages: which language somebody reads, as Slack said it last.
 *
 * People change their language once in a lifetime, so an old answer is better than none: where a
 * view must open before Slack is asked, the remembered language is taken, else the workspace's.
 */
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { Deps } from '../../workflow/deps.ts';
import { type SlackLocale, slackLocale } from '../words/language.ts';

/** People remembered at once; the one who was noted first is forgotten first. */
const PEOPLE_MAX = 10_000;

const known = new Map<string, SlackLocale>();
const keyOf = (workspace: string, user: string): string => `${workspace}:${user}`;

const Person = z.object({ locale: z.string() });

/** Notes the language that Slack's users.info names, if it names one (`include_locale`). */
export function noteLanguage(workspace: string, user: string, person: unknown): void {
  const said = Person.safeParse(person);
  if (!said.success) return;
  const key = keyOf(workspace, user);
  known.delete(key);
  const [oldest] = known.keys();
  if (known.size >= PEOPLE_MAX && oldest !== undefined) known.delete(oldest);
  known.set(key, slackLocale(said.data.locale));
}

/** The language of what many people read: cards, progress, results. */
export async function workspaceLanguage(
  { settings }: Pick<Deps, 'settings'>,
  workspace: string,
): Promise<SlackLocale> {
  return slackLocale((await settings(workspace)).locale);
}

/** A person's language as far as it is known here, else their workspace's. Never asks Slack. */
export async function languageOf(
  deps: Pick<Deps, 'settings'>,
  workspace: string,
  user: string,
): Promise<SlackLocale> {
  return known.get(keyOf(workspace, user)) ?? workspaceLanguage(deps, workspace);
}

/** The same for a direct message, which can wait until Slack was asked. */
export async function askedLanguageOf(
  deps: Pick<Deps, 'settings'>,
  client: WebClient,
  workspace: string,
  user: string,
): Promise<SlackLocale> {
  if (!known.has(keyOf(workspace, user))) {
    const asked = await client.users.info({ user, include_locale: true }).catch(() => undefined);
    noteLanguage(workspace, user, asked?.user);
  }
  return languageOf(deps, workspace, user);
}

/**
 * Rejects: the rows of an import that were not taken, given back to the one who imported them, in
 * their direct messages. The file holds people, so it goes to nobody else, and stays nowhere with us.
 */
import { extname } from 'node:path';
import { openPassingRejects, type PassingRejects } from '../../store/reject-file.ts';
import type { Deps } from '../../workflow/deps.ts';
import type { Message } from '../blocks/message.ts';
import type { Call, Door } from '../guard/door.ts';
import { withoutPeople } from '../guard/refusals.ts';
import { shareFiles, type UploadFault, UploadRefused, uploadFile } from '../wire/slack-uploads.ts';
import type { SlackLocale } from '../words/language.ts';
import { reasonWords } from '../words/row-reasons.ts';
import { rejectsComment, rejectsMessage } from './message.ts';

export type Importer = Pick<Call, 'workspace' | 'user' | 'client' | 'locale'>;

export interface ToldRejects extends PassingRejects {
  /** How often each reason was given, in the reader's language. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** Gathers the rows of a file that are not taken, with reasons that its importer can read. */
export function gatherRejects(headers: readonly string[], locale: SlackLocale): ToldRejects {
  const reasons = new Map<string, number>();
  const rejects = openPassingRejects(headers, (reason) => {
    const says = reasonWords(reason, locale);
    reasons.set(says, (reasons.get(says) ?? 0) + 1);
    return says;
  });
  return { ...rejects, reasons };
}

/**
 * Sends the rejects of a file, once they are closed; nothing if there are none. Where Slack takes no
 * file, the reasons are told without it, and how to get it. Never rejects.
 */
export async function sendRejects(
  { deps, fileHosts, background }: Door,
  to: Importer,
  name: string,
  { reasons, content }: ToldRejects,
): Promise<void> {
  if (content().length === 0) return;
  try {
    const source = { client: await background(to.workspace), hosts: fileHosts };
    const file = { name: rejectsName(name), content: content() };
    const id = await uploadFile(source, file);
    const comment = rejectsComment(name, reasons, to.locale);
    await shareFiles(source, { user: to.user, files: [id], comment });
  } catch (error) {
    deps.log.warn({ fault: withoutPeople(error) }, 'Slack did not take the rejects of an import');
    await tellImporter(
      deps,
      to,
      rejectsMessage(name, { reasons, fault: faultOf(error) }, to.locale),
    );
  }
}

const faultOf = (error: unknown): UploadFault =>
  error instanceof UploadRefused ? error.fault : 'refused';

/** `fair.rejects.csv` of `fair.csv`, as the command line names it. */
function rejectsName(name: string): string {
  return `${name.slice(0, name.length - extname(name).length)}.rejects.csv`;
}

/** What is not on record anywhere is told at once; if Slack does not take it, the log has it. */
export async function tellImporter(
  { log }: Pick<Deps, 'log'>,
  { client, user }: Importer,
  { text, blocks }: Message,
): Promise<void> {
  const post = { channel: user, text, blocks, unfurl_links: false, unfurl_media: false };
  try {
    await client.chat.postMessage(post);
  } catch (error) {
    log.warn({ fault: withoutPeople(error) }, 'a message about an import was not posted');
  }
}

/** Interview file: reads the answers on how addresses were obtained from JSON. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Interview, questionsOf, SOURCES } from '../consent/interview.ts';

/** An interview is a page of text at most. */
const BYTES_MAX = 100_000;

/** What a file must be before its answers can be judged; what is missing is for the rules to say. */
const InterviewFile = z.strictObject({
  source: z.enum(SOURCES),
  answers: z.record(z.string(), z.union([z.string(), z.boolean()])).default({}),
  attested: z.boolean().default(false),
  $schema: z.string().optional(),
});

/** The file holds no interview; the message says what is wrong and quotes nothing of it. */
export class InterviewFault extends Error {
  override readonly name = 'InterviewFault';
}

/** @throws InterviewFault */
export async function readInterview(path: string): Promise<Interview> {
  const parsed = InterviewFile.safeParse(await readJson(path));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path: place, message }) => {
      return `${place.join('.') || 'the file'}: ${message}.`;
    });
    throw fault(`It is not an interview. ${places.join(' ')}`);
  }
  const { source, answers, attested } = parsed.data;
  const known = questionsOf(source).map(({ id }) => id);
  const unknown = Object.keys(answers).filter((id) => !known.includes(id));
  if (known.length > 0 && unknown.length > 0) {
    throw fault(`It answers what is not asked of “${source}”: ${unknown.join(', ')}.`);
  }
  return { source, answers, attested };
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw fault('It cannot be opened.', cause);
  });
  if (text.length > BYTES_MAX) throw fault('It is too long for an interview.');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('It is not JSON.', cause);
  }
}

function fault(what: string, cause?: unknown): InterviewFault {
  const sentence =
    `The interview file cannot be used. ${what} Nothing was imported. ` +
    'assent import --interview-schema shows what it holds.';
  return new InterviewFault(sentence, { cause });
}

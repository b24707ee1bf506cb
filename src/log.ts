/**
 * Log: lines of JSON about what the program does. Errors are told by name, code and place: their
 * messages may quote a person, and MongoDB's hold whole documents.
 */
import { type DestinationStream, type Logger, pino } from 'pino';
import { faultFacts } from './workflow/fault-facts.ts';

/** @param to where lines go; a start writes to standard output, at once */
export function openLog(
  { level, role }: { readonly level: string; readonly role: string },
  to: DestinationStream = pino.destination({ sync: true }),
): Logger {
  return pino({ level, base: { role }, serializers: { err: faultFacts } }, to);
}

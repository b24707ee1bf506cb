/**
 * Auto-reply: out of office, "we got your mail", tickets: sent by a machine to whoever wrote, and
 * no news about the mailbox.
 */

/** Lower-case names, unfolded values. */
export type HeaderFields = ReadonlyMap<string, string>;

/** Headers that only machines write which answer (RFC 3834, and what came before it). */
const ANSWERING = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-autoresponse',
  'x-auto-reply-from',
  'x-mail-autoreply',
  'x-vacation',
];

/** How mail clients of seven languages, and some others, begin such a subject. */
const SUBJECT = new RegExp(
  `^\\s*(?:${[
    'auto(?:matic|mated)?[ -]?(?:reply|response|answer)',
    'out of (?:the )?office',
    'away from (?:the|my) (?:office|mail|desk)',
    "(?:on|i am on|i'm on) (?:vacation|holiday|leave)",
    'vacation (?:reply|response|message)',
    'automatische (?:antwort|r[ée]ponse)',
    'abwesenheit',
    'abwesend',
    'nicht im (?:büro|haus)',
    'r[ée]ponse automatique',
    'absen(?:t|ce) (?:du|de|jusqu|:)',
    'respuesta autom[áa]tica',
    'fuera de (?:la )?oficina',
    'resposta autom[áa]tica',
    'fora do escrit[óo]rio',
    'automatisch antwoord',
    'afwezig',
    'niet aanwezig',
    'risposta automatica',
    'fuori (?:sede|ufficio)',
    'autosvar',
    'automaattinen vastaus',
    'odpowied[źz] automatyczna',
  ].join('|')})`,
  'iu',
);

/** True for what a machine writes. Ask for reports and bounces first: those are machines too. */
export function isAutoReply(headers: HeaderFields, subject: string): boolean {
  return !/^no\b/.test(submittedOf(headers)) || isAnswer(headers, subject);
}

/**
 * True for what a machine answers. A machine may also say what its user wants: the unsubscribe
 * button of a mail client writes a mail by itself, and that is no answer.
 */
export function isAnswer(headers: HeaderFields, subject: string): boolean {
  if (submittedOf(headers).startsWith('auto-replied')) return true;
  if (ANSWERING.some((name) => headers.has(name))) return true;
  const precedence = headers.get('precedence')?.trim().toLowerCase();
  if (precedence === 'auto_reply' || precedence === 'auto-reply') return true;
  return SUBJECT.test(subject);
}

const submittedOf = (headers: HeaderFields): string =>
  headers.get('auto-submitted')?.trim().toLowerCase() ?? 'no';

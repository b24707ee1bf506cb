/**
 * Reply meaning: what a permanent refusal (5yz) says: is it the mailbox, is it us, is it only now?
 *
 * The enhanced code (RFC 3463, IANA registry) decides where it is exact, then the words, then the
 * bare code. When in doubt it is us: a mailbox wrongly called dead is a person silently lost.
 */

export type Refused = 'bounced' | 'blocked' | 'deferred';

/** Exact codes, then the first two numbers of one. Classes that are not here tell too little. */
const ENHANCED: Readonly<Record<string, Refused>> = {
  '5.1.1': 'bounced', // no such mailbox
  '5.1.2': 'bounced', // no such host
  '5.1.3': 'bounced', // not a valid address there
  '5.1.6': 'bounced', // moved away
  '5.1.10': 'bounced', // the domain takes no mail (RFC 7505)
  '5.4.4': 'bounced', // no route to the host
  '5.1.7': 'blocked', // our sender address is malformed
  '5.1.8': 'blocked', // our sender domain does not exist
  '5.2.1': 'deferred', // disabled, often for a while only; twice in a row may be called a bounce
  '5.2.2': 'deferred', // full
  '5.2.3': 'blocked', // too long for this mailbox
  '5.3.1': 'deferred', // the server's disk is full
  '5.4.7': 'deferred', // gave up waiting
  '5.3': 'blocked',
  '5.4': 'blocked',
  '5.5': 'blocked',
  '5.6': 'blocked',
  '5.7': 'blocked',
};

/** Policy before mailbox: "user unknown or blocked by policy" must not suppress a person. */
const WORDS: readonly (readonly [Refused, RegExp])[] = [
  [
    'blocked',
    /\b(?:spam|black ?list|block(?:ed|list)?|reputation|polic(?:y|ies)|banned|suspicious)/i,
  ],
  ['blocked', /\b(?:dmarc|dkim|spf|dnsbl|rbl|relay(?:ing)?|not permitted|too (?:big|large))\b/i],
  ['deferred', /\b(?:mailbox|inbox|storage|quota)\b.{0,30}\b(?:full|exceed|over)/i],
  [
    'deferred',
    /\bover ?quota|\btemporar|\btry (?:again )?later|\b(?:disabled|suspended|inactive)\b/i,
  ],
  ['bounced', /\b(?:unknown|no such|invalid|bad) (?:user|recipient|mailbox|address|account)\b/i],
  [
    'bounced',
    /\b(?:user|recipient|mailbox|address|account)\b.{0,40}\b(?:unknown|not found|no longer|unavailable|invalid|rejected)\b/i,
  ],
  ['bounced', /(?:\bnot|n't) (?:exist|have an? \S+ account)/i],
];
const LINKS = /https?:\/\/\S+/gi;

/** Codes with which RCPT TO speaks of the mailbox. The same codes later speak of the message. */
const MAILBOX_CODES = new Set([511, 521, 550, 551, 553, 556]);
const STORAGE_CODE = 552;

/** "Other" of each class, and what Exchange says of a mailbox it does not have. */
const VAGUE = /^5\.(?:[0-6]\.0|4\.1)$/;

/** The verdict of an enhanced code, if it has one. A vague one leaves it to the words. */
export function byEnhanced(enhanced: string | undefined): Refused | undefined {
  if (enhanced === undefined || VAGUE.test(enhanced)) return undefined;
  return ENHANCED[enhanced] ?? ENHANCED[enhanced.slice(0, enhanced.lastIndexOf('.'))];
}

/** The verdict of the words. Links are left out: they often hold words like "policy". */
export function byWords(said: string): Refused | undefined {
  const words = said.replace(LINKS, ' ');
  return WORDS.find(([, pattern]) => pattern.test(words))?.[0];
}

/** The verdict of the bare code, given the command it answers. */
export function byCode(code: number, command: string | undefined): Refused {
  if (command !== 'RCPT TO') return 'blocked';
  if (code === STORAGE_CODE) return 'deferred';
  return MAILBOX_CODES.has(code) ? 'bounced' : 'blocked';
}

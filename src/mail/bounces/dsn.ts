/**
 * DSN: the machine's part of a delivery status notification (RFC 3464): blocks of fields, first
 * one about the mail, then one about each recipient.
 *
 * Read leniently, since servers are: a missing Action is taken from the Status, and blocks without
 * either are left out.
 */

/** A status has few fields; what stands behind so many characters is not read. */
const STATUS_CHARACTERS_MAX = 20_000;
/** One mail of ours has one recipient; a forwarder may make some of it. */
const RECIPIENTS_MAX = 20;

const DSN_ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
export type DsnAction = (typeof DSN_ACTIONS)[number];

export interface DsnRecipient {
  readonly action: DsnAction;
  /** RFC 3463: `5.1.1`; undefined if it is missing or malformed. */
  readonly status: string | undefined;
  /** Without its type: what the server said. */
  readonly diagnostic: string | undefined;
}

export type FieldBlock = ReadonlyMap<string, string>;

/** The recipients of a status, in order; empty if this is none. */
export function readDsn(text: string): readonly DsnRecipient[] {
  return readBlocks(text).flatMap(recipientOf).slice(0, RECIPIENTS_MAX);
}

/** Blocks of `Name: value` fields: unfolded, names in lower case, of a repeated field the first. */
export function readBlocks(text: string): readonly FieldBlock[] {
  return text
    .slice(0, STATUS_CHARACTERS_MAX)
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map(readFields)
    .filter((fields) => fields.size > 0);
}

function readFields(block: string): FieldBlock {
  const fields = new Map<string, string>();
  for (const line of block.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name = '', value = ''] = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*:[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== '' && !fields.has(name.toLowerCase()))
      fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}

function recipientOf(fields: FieldBlock): DsnRecipient[] {
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(fields.get('status') ?? '')?.[1];
  const action = actionOf(fields.get('action'), status);
  if (action === undefined) return [];
  // A comment in parentheses may stand behind the type; some servers leave the type out.
  const diagnostic = fields.get('diagnostic-code')?.replace(/^[\w-]+\s*(?:\([^)]*\)\s*)?;\s*/, '');
  return [{ action, status, diagnostic }];
}

function actionOf(field: string | undefined, status: string | undefined): DsnAction | undefined {
  const word = /^[a-z]+/i.exec(field ?? '')?.[0].toLowerCase();
  const known = DSN_ACTIONS.find((action) => action === word);
  if (known !== undefined || status === undefined) return known;
  if (status.startsWith('5')) return 'failed';
  return status.startsWith('4') ? 'delayed' : 'delivered';
}

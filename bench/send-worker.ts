/**
 * Send worker: one of several sending processes of a measurement. It says "ready", waits for the
 * start, sends until nothing is due, and tells how many mails were its own.
 *
 *   node --import ./bench/without-types.mjs bench/send-worker.ts <mongodb uri> <smtp url> [key file]
 */
import { sendConfirmations } from '../src/workflow/send-confirmations.ts';
import { WORKSPACE } from './people.ts';
import { sendDeps } from './send-deps.ts';

const [uri = '', smtpUrl = '', keyFile] = process.argv.slice(2);
const { deps, close } = await sendDeps(uri, smtpUrl, { keyFile });
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
let sent = 0;
const { signal } = new AbortController();
const due = { state: { $in: ['queued', 'sending'] } };
while ((await deps.database.db.collection('sends').countDocuments(due, { limit: 1 })) > 0) {
  sent += (await sendConfirmations(deps, WORKSPACE, { signal })).sent;
}
process.send?.({ sent });
await close();
process.disconnect();

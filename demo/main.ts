/**
 * Demo: the product with nothing but itself: a Slack double, a real SMTP inbox, a local MongoDB.
 *
 * First it plays the main story and prints it; then it stays open as a small Slack in the browser.
 * `--play` leaves the story out and only brings the sample contacts in; `--once` ends after it.
 */
import { parseArgs } from 'node:util';
import { type Browser, USUAL_PORT } from './browser/server.ts';
import { openBrowsers } from './browsers.ts';
import { importSample } from './import-sample.ts';
import { SAMPLE_TAG } from './sample-data.ts';
import { buildStage, type Stage } from './stage.ts';
import { type Narrator, playStory } from './story.ts';

const HOME = '.assent';
const INDENT = '    ';

const { values } = parseArgs({
  options: {
    once: { type: 'boolean', default: false },
    play: { type: 'boolean', default: false },
  },
});

const narrator: Narrator = {
  chapter: (title) => console.log(`\n${title}\n${'─'.repeat(title.length)}`),
  tell: (line) => console.log(`\n${line}`),
  show: (text) => console.log(`\n${text.replaceAll(/^/gm, INDENT).replaceAll(/[ \t]+$/gm, '')}`),
};

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});

console.log('Assent, the whole story: no account, no cloud, nothing faked but Slack.');
const stage = await buildStage(HOME, (line) => console.log(line));
const browser = values.once ? undefined : await openBrowser(stage);
let status = 0;
try {
  if (values.play) await importSample(stage);
  else await playStory(stage, narrator);
  console.log(`\n${values.play ? 'The sample contacts are in.' : 'Everything went as it should.'}`);
  if (browser !== undefined) {
    invite(browser);
    await interrupted;
  }
} catch (error) {
  console.error('\nThe demo did not go on as it should:');
  console.error(error);
  status = 1;
}
await browser?.stop();
await stage.close();
process.exit(status);

async function openBrowser(from: Stage): Promise<Browser> {
  const opened = await openBrowsers(from, USUAL_PORT);
  console.log(`\nWatch it, and play it yourself, in your browser: ${opened.url}`);
  return opened;
}

function invite({ url }: Browser): void {
  console.log(`
Now it is your turn: ${url}
${INDENT}Be Rita and type /optin tag:${SAMPLE_TAG} in the channel; be Adam and review the request;
${INDENT}open a mail in the inbox and answer it; be Gus, the guest, and be refused.
Ctrl-C ends everything.`);
}

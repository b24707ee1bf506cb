/**
 * Demo: the product with nothing but itself: a Slack double, a real SMTP inbox, a local MongoDB.
 * First it plays the main story and prints it; then it stays open, unless `--once` is given.
 */
import { parseArgs } from 'node:util';
import { reviewLinkOf } from './inbox/links.ts';
import { buildStage } from './stage.ts';
import { type Narrator, playStory } from './story.ts';

const HOME = '.assent';
const INDENT = '    ';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });

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
let status = 0;
try {
  await playStory(stage, narrator);
  console.log('\nEverything went as it should.');
  if (!values.once) {
    const open = stage.inbox.mails.slice(2, 5).map(reviewLinkOf);
    console.log('\nThe pages stay open. Answer for three more recipients in your browser:');
    for (const link of open) console.log(`${INDENT}${link}`);
    console.log('Ctrl-C ends everything.');
    await interrupted;
  }
} catch (error) {
  console.error('\nThe story did not end as it should:');
  console.error(error);
  status = 1;
}
await stage.close();
process.exit(status);

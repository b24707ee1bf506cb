/** Shortcut: "Import this file" on a message brings its CSV file in, or says why it cannot. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CHANNEL, REQUESTER, WORKSPACE } from '../../support/deps.ts';
import { idOf } from '../../support/people.ts';
import { NOBODY, type SlackWorld, slackWorld } from './world.ts';

const SHORTCUT = 'import-message-file';
const CSV = 'email,first name\nann@example.org,Ann\nben@example.org,Ben\n';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
});
afterEach(async () => {
  await world.close();
});

const say = (name: string, content = CSV) =>
  world
    .person(REQUESTER)
    .say(CHANNEL, 'here they are', [{ name, content: Buffer.from(content), mimetype: 'text/csv' }]);

describe('the shortcut', () => {
  it('imports the file of the message, over a choice that draws the modal anew', async () => {
    const person = world.person(REQUESTER);
    await person.messageShortcut(SHORTCUT, say('spring.csv'));
    await world.sees(REQUESTER, 'The CSV file that you chose');
    expect(JSON.stringify(world.slack.modal(REQUESTER))).not.toContain('file_input');
    await person.choose('Did these people give permission to be mailed?', 'yes');
    await world.sees(REQUESTER, 'choose-source');
    await person.choose('Did these people give permission to be mailed?', 'no');
    await world.slack.until(
      () => !JSON.stringify(world.slack.modal(REQUESTER)).includes('choose-source'),
    );
    const { outcome } = await person.submit();
    expect(outcome).toBe('updated');
    await world.sees(REQUESTER, 'Imported: 2 contacts');
    const { addresses } = world.deps.database.of(WORKSPACE);
    expect(await addresses.find(idOf(world.deps, 'ann@example.org'))).toMatchObject({
      permission: 'non-marketable',
    });
  });

  it('asks what the columns hold, and goes on with the same file', async () => {
    const person = world.person(REQUESTER);
    await person.messageShortcut(
      SHORTCUT,
      say('odd.csv', 'a,b\nann@example.org,ben@example.org\n'),
    );
    await world.sees(REQUESTER, 'The CSV file that you chose');
    await person.choose('Did these people give permission to be mailed?', 'no');
    await person.submit();
    await world.sees(REQUESTER, 'Column “a”');
    await person.choose('Column “a”', 'email');
    await person.choose('Column “b”', 'ignore');
    await person.submit();
    await world.sees(REQUESTER, 'Imported: 1 contact');
  });

  it('says why a file cannot be read, and keeps what was entered', async () => {
    const person = world.person(REQUESTER);
    const message = say('spring.csv');
    await person.messageShortcut(SHORTCUT, message);
    await world.sees(REQUESTER, 'The CSV file that you chose');
    await person.choose('Did these people give permission to be mailed?', 'no');
    world.slack.failNext('files.info', { error: 'file_not_found' });
    expect((await person.submit()).outcome).toBe('pushed');
    await person.close();
    await world.sees(REQUESTER, 'The CSV file that you chose');
    expect((await person.submit()).outcome).toBe('updated');
    await world.sees(REQUESTER, 'Imported: 2 contacts');
  });

  it('on a message without a CSV file says so', async () => {
    await world.person(REQUESTER).messageShortcut(SHORTCUT, say('photo.png'));
    await world.sees(REQUESTER, 'This message has no CSV file');
    const bare = world.person(REQUESTER).say(CHANNEL, 'no file here');
    await world.person(REQUESTER).messageShortcut(SHORTCUT, bare);
    await world.sees(REQUESTER, 'This message has no CSV file');
  });

  it('opens nothing for somebody without a role', async () => {
    await world.person(NOBODY).messageShortcut(SHORTCUT, say('spring.csv'));
    await world.sees(NOBODY, 'do not hold the requester role');
  });
});

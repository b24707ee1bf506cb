/** German: whoever reads German in Slack is spoken to in German, the channel in its own language. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APPROVER, CHANNEL, REQUESTER } from '../../support/deps.ts';
import { addPeople } from '../../support/people.ts';
import { answerWebForm, daysAgo, screen } from './wizard-steps.ts';
import { type SlackWorld, slackWorld } from './world.ts';

let world: SlackWorld;

beforeEach(async () => {
  world = await slackWorld();
  await addPeople(world.deps, [{ address: 'ann@example.org' }, { address: 'bob@example.org' }]);
  world.slack.addUser({ id: REQUESTER, name: 'asks', locale: 'de-DE' });
});
afterEach(async () => {
  await world.close();
});

describe('somebody who reads German', () => {
  it('reads in German why rows of a file were not taken', async () => {
    const person = world.person(REQUESTER);
    await person.command('/assent import', { channel: CHANNEL });
    await world.sees(REQUESTER, 'Kontakte importieren');
    const rows = ['cat@example.org,de', 'no address,de', 'dan@example.org,zz-nowhere', 'a,b,c,d'];
    const content = Buffer.from(`email,language\n${rows.join('\n')}\n`);
    await person.attachFile('CSV-Datei', { name: 'a.csv', content, mimetype: 'text/csv' });
    await person.choose('Haben diese Personen in den Erhalt von E-Mails eingewilligt?', 'no');
    expect((await person.submit()).outcome).toBe('updated');
    const dms = () => JSON.stringify(person.dms());
    await world.slack.until(() => dms().includes('nicht oder nicht ganz übernommen'));
    expect(dms()).toContain('1 Zeile: Es steht kein @ darin.');
    expect(dms()).toContain(
      '1 Zeile: Das ist keine bekannte Sprache; die Zeile wurde ohne diese Angabe importiert.',
    );
    expect(dms()).toContain('1 Zeile: Die Zeile hat 4 Zellen, die Kopfzeile hat 2.');
    expect(dms()).not.toContain('There is');
  });

  it('goes through the wizard in German; the card is in the language of the workspace', async () => {
    const person = world.person(REQUESTER);
    await person.command('/optin batch:b_test');
    await world.sees(REQUESTER, 'Schritt 1 von 4 · Wer');
    await world.sees(REQUESTER, 'Von 2 Adressen');
    await person.submit();
    await world.sees(REQUESTER, 'Schritt 2 von 4 · Was');
    await person.submit();
    await world.sees(REQUESTER, 'Woher stammen diese Adressen?');
    await person.choose('choose-source', 'purchased');
    await world.sees(REQUESTER, 'Gekaufte Liste: Das ist keine Einwilligung');
    await person.choose('choose-source', 'web-form');
    await answerGermanForm();
    await person.choose('answer-collectedUntil', daysAgo(60));
    const wrong = await person.submit();
    expect(wrong.errors['answer-collectedUntil']).toMatch(/letzte Tag/u);
    await person.choose('answer-collectedUntil', daysAgo(30));
    await person.submit();
    await world.sees(REQUESTER, 'Schritt 4 von 4 · Prüfen');
    expect(screen(world)).toContain('Zur Freigabe senden');
    await person.submit();
    await world.sees(REQUESTER, 'Gesendet ✔');
    await world.announce();
    expect(world.card('Approval needed').text).toContain('opt in 2 addresses');

    await world.person(APPROVER).click(world.card('Approval needed'), 'Review');
    await world.sees(APPROVER, 'Your decision');
    await person.click(world.card('Approval needed'), 'Review');
    await world.sees(REQUESTER, 'Über die eigene Anfrage können Sie nicht entscheiden');
  });

  it('is answered in German by commands, also where nothing was done', async () => {
    const person = world.person(REQUESTER);
    await person.command('/assent staus');
    await world.reads(REQUESTER, 'Meinten Sie `/assent status`?');
    await person.command('/assent pause q_000000000000');
    await world.reads(REQUESTER, 'Diese Anfrage gibt es nicht');
    await person.command('/assent requests');
    await world.reads(REQUESTER, 'Bisher hat niemand etwas angefragt.');
    await person.command('/assent import');
    await world.sees(REQUESTER, 'Haben diese Personen in den Erhalt von E-Mails eingewilligt?');
    expect(world.slack.messages(CHANNEL)).toEqual([]);
  });
});

async function answerGermanForm(): Promise<void> {
  const person = world.person(REQUESTER);
  await world.sees(REQUESTER, 'Genauer Wortlaut der Einwilligung');
  await answerWebForm(world, person, { alreadyChosen: true });
}

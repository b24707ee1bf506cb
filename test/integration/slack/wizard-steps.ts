/** Wizard steps: a person at the wizard, for tests that need it filled in up to somewhere. */
import type { Person } from '../../../demo/slack/person.ts';
import type { OpenView } from '../../../demo/slack/workspace.ts';
import { REQUESTER } from '../../support/deps.ts';
import type { SlackWorld } from './world.ts';

export const WORDING = 'Yes, send me the newsletter of Example GmbH once a month.';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A calendar day so many days ago. */
export const daysAgo = (days: number): string =>
  new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

/** The words of what a person has on the screen. */
export const screen = (world: SlackWorld, user = REQUESTER): string =>
  JSON.stringify(world.slack.modal(user) ?? '');

export const stepOf = (view: OpenView | undefined): string =>
  /Step \d of \d · [\w ]+/u.exec(JSON.stringify(view ?? ''))?.[0] ?? 'no step';

/** Runs the command and waits for the wizard. */
export async function open(world: SlackWorld, command: string, user = REQUESTER): Promise<Person> {
  const person = world.person(user);
  await person.command(command);
  await world.sees(user, 'Step 1 of');
  return person;
}

/** Chooses the batch “Spring fair” and waits for its count. */
export async function chooseBatch(world: SlackWorld, person: Person): Promise<void> {
  await person.search('choose-audience', 'spr');
  await person.choose('choose-audience', ['batch:b_test']);
  await world.sees(person.id, 'Of ');
}

export interface WebForm {
  readonly days?: number;
  readonly ticked?: 'yes' | 'no';
  /** The source is chosen, and its questions are there. */
  readonly alreadyChosen?: boolean;
}

/** Answers the interview of a web form, all of it. */
export async function answerWebForm(
  world: SlackWorld,
  person: Person,
  { days = 30, ticked = 'no', alreadyChosen = false }: WebForm = {},
): Promise<void> {
  if (!alreadyChosen) {
    await person.choose('choose-source', 'web-form');
    await world.sees(person.id, 'Exact wording shown');
  }
  await person.type('answer-url', 'https://example.com/newsletter');
  await person.type('answer-wording', WORDING);
  await person.choose('answer-tickedByDefault', ticked);
  await person.choose('answer-collectedFrom', daysAgo(days));
  await person.choose('answer-collectedUntil', daysAgo(days));
  await person.choose('attest-permission', ['attested']);
}

/** From the command to the review of an opt-in. */
export async function toReview(world: SlackWorld, form: WebForm = {}): Promise<Person> {
  const person = await open(world, '/optin');
  await chooseBatch(world, person);
  await person.submit();
  await person.submit();
  await answerWebForm(world, person, form);
  await person.submit();
  await world.sees(person.id, 'Step 4 of 4');
  return person;
}

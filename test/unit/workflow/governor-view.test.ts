/** Governor, view: what one sender knows of what is held back is what it read last. */
import { expect, it } from '@jest/globals';
import type { Store } from '../../../src/store/database.ts';
import type { Pace } from '../../../src/store/paces.ts';
import { paceView } from '../../../src/workflow/sending/governor-view.ts';

const KEY = { route: 'main', provider: 'gmail' };
const slowedTo = (perSecond: number) => [{ ...KEY, slowed: { perSecond } }] as unknown as Pace[];

/** A store whose reads end when the test says so, in its order. */
function slowStore() {
  const answers: ((paces: Pace[]) => void)[] = [];
  const all = () => new Promise<Pace[]>((resolve) => answers.push(resolve));
  return { store: { paces: { all } } as unknown as Store, answers };
}

it('does not go back to what an older read saw, however late that ends', async () => {
  const { store, answers } = slowStore();
  const view = paceView(store, () => new Date());
  const older = view.refresh();
  view.forget();
  const newer = view.refresh();
  answers[1]?.(slowedTo(1));
  await newer;
  expect(view.find(KEY)).toMatchObject({ slowed: { perSecond: 1 } });
  answers[0]?.(slowedTo(50));
  await older;
  expect(view.find(KEY)).toMatchObject({ slowed: { perSecond: 1 } });
});

it('is believed for a moment, and read anew when something was learned', async () => {
  const { store, answers } = slowStore();
  const view = paceView(store, () => new Date());
  const first = view.refresh();
  answers[0]?.([]);
  await first;
  await view.refresh();
  expect(answers).toHaveLength(1);
  view.forget();
  const second = view.refresh();
  answers[1]?.(slowedTo(7));
  await second;
  expect(view.find(KEY)).toMatchObject({ slowed: { perSecond: 7 } });
});

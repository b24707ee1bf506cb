/**
 * Ahead gate: keeps what a crash can leave uncertain within its limit, however many lanes there are:
 * so many mails may be written ahead and not yet settled, and a group that would be more waits.
 */

export interface AheadGate {
  /**
   * Waits until so many mails may be written ahead, oldest asker first.
   * @param count at most the limit, else it waits for ever
   */
  enter(count: number): Promise<void>;
  /** So many are settled, or were not written ahead after all. */
  leave(count: number): void;
  /** Lets all in: nobody is going to leave any more, and who enters must look whether to go on. */
  breakDown(): void;
}

/** @param limit mails written ahead at a time */
export function aheadGate(limit: number): AheadGate {
  const waiting: { readonly count: number; readonly enter: () => void }[] = [];
  let inside = 0;
  let isDown = false;

  const letIn = () => {
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      if (!isDown && inside + next.count > limit) return;
      waiting.shift();
      inside += next.count;
      next.enter();
    }
  };

  return {
    enter(count) {
      return new Promise((enter) => {
        waiting.push({ count, enter });
        letIn();
      });
    },
    leave(count) {
      inside -= count;
      letIn();
    },
    breakDown() {
      isDown = true;
      letIn();
    },
  };
}

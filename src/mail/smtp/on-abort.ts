/**
 * On abort: many hearers of one signal behind one listener. All mails of a sender share a signal,
 * and each would otherwise add and remove listeners of its own, several times a mail.
 */

const hearers = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `act` when the signal is given. @returns takes that back; to be called in any case */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const acts = hearers.get(signal) ?? listenTo(signal);
  acts.add(act);
  return () => acts.delete(act);
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const acts = new Set<() => void>();
  hearers.set(signal, acts);
  const callAll = () => {
    for (const act of acts) act();
  };
  signal.addEventListener('abort', callAll, { once: true });
  return acts;
}

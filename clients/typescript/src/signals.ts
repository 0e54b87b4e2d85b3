/** Signals that end what waits. */

/** Do something once one of these is given, at once where one was. What comes back ends the listening. */
export function whenAborted(signals: readonly (AbortSignal | undefined)[], act: (reason: unknown) => void): () => void {
  const given = signals.find((each) => each?.aborted);
  if (given !== undefined) {
    act(given.reason);
    return () => undefined;
  }
  const listening = new AbortController();
  for (const each of signals) {
    each?.addEventListener("abort", () => act(each.reason), { once: true, signal: listening.signal });
  }
  return () => listening.abort();
}

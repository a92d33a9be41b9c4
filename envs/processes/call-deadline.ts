/** How long one call may take. */
export interface CallDeadline {
  /** Without a word of the server's. */
  readonly callDeadlineMilliseconds: number;
  /** In all, where its progress messages ask for longer. */
  readonly callCeilingMilliseconds: number;
}

export interface Wait<T> {
  readonly answer: Promise<T>;
  /** The server is still at work: the deadline begins anew, up to the ceiling. */
  readonly extend: () => void;
}

/** Waits for a reply; when time is up `giveUp` has to make it settle. The timer also keeps this process running. */
export function waitFor<T>(work: Promise<T>, deadline: CallDeadline, giveUp: (milliseconds: number) => void): Wait<T> {
  const { callDeadlineMilliseconds: usual, callCeilingMilliseconds: most } = deadline;
  const after = (milliseconds: number) =>
    setTimeout(() => {
      stop();
      giveUp(milliseconds);
    }, milliseconds);
  const inAll = after(most);
  const sinceLastWord = after(usual);
  const stop = () => {
    clearTimeout(inAll);
    clearTimeout(sinceLastWord);
  };
  return {
    answer: work.finally(stop),
    extend: () => void sinceLastWord.refresh(),
  };
}

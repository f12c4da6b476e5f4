// Whether the server is there, and when to ask it once more.
import type { StreamState } from "../api/events";
import { asProblem, isPassing, type Problem } from "../api/problem";
import { backoffDelay } from "../model/backoff";
import { Store } from "./store";

export const streamState = new Store<StreamState>("idle");

// Calls `again` once: after a pause that grows with `attempt`, or at once when the browser is online again or the event
// stream stands again. Answers a function that calls it off.
export function afterPause(attempt: number, again: () => void): () => void {
  const wake = () => {
    callOff();
    again();
  };
  const timer = setTimeout(wake, backoffDelay(attempt, Math.random()));
  const unsubscribe = streamState.subscribe(() => {
    if (streamState.get() === "live") wake();
  });
  const callOff = () => {
    clearTimeout(timer);
    unsubscribe();
    window.removeEventListener("online", wake);
  };
  window.addEventListener("online", wake);
  return callOff;
}

// Does `work` until it succeeds or is refused for good; `onProblem` hears of every failure. Answers a function that
// ends the attempts.
export function keepTrying(work: () => Promise<void>, onProblem: (problem: Problem) => void): () => void {
  let ended = false;
  let callOff = () => {};
  const attempt = (number: number) => {
    work().catch((error: unknown) => {
      if (ended) return;
      const problem = asProblem(error);
      if (isPassing(problem.status)) callOff = afterPause(number, () => attempt(number + 1));
      onProblem(problem);
    });
  };
  attempt(0);
  return () => {
    ended = true;
    callOff();
  };
}

import { asProblem } from "../api/problem";
import { endSession, readSession } from "../api/session";
import type { Session } from "../api/types";
import { afterPause } from "./connection";
import { Store } from "./store";

export type SessionState =
  | { kind: "unknown" }
  | { kind: "out" }
  | { kind: "in"; session: Session }
  | { kind: "unreachable"; message: string };

export const session = new Store<SessionState>({ kind: "unknown" });

const hintKey = "penstock.signed-in";

// The session's cookie is not readable here. This remembers that there was one, so that pages which need none can
// leave the question out for those who only watch.
function setHint(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(hintKey, "1");
    else localStorage.removeItem(hintKey);
  } catch {
    // No storage: such pages show themselves as to a guest.
  }
}

export function hasHint(): boolean {
  try {
    return localStorage.getItem(hintKey) !== null;
  } catch {
    return false;
  }
}

let attempts = 0;
let callOff = () => {};

// Asks who is signed in; while the server does not answer, again and again.
export async function loadSession(): Promise<void> {
  callOff();
  try {
    session.set({ kind: "in", session: await readSession() });
    setHint(true);
    attempts = 0;
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401 || problem.status === 403) {
      session.set({ kind: "out" });
      setHint(false);
    } else {
      session.set({ kind: "unreachable", message: problem.message });
      callOff = afterPause(attempts++, () => void loadSession());
    }
  }
}

export async function signOut(): Promise<void> {
  await endSession();
  session.set({ kind: "out" });
  setHint(false);
}

import { asProblem } from "../api/problem";
import { endSession, readSession } from "../api/session";
import type { Session } from "../api/types";
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

export async function loadSession(): Promise<void> {
  try {
    session.set({ kind: "in", session: await readSession() });
    setHint(true);
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401 || problem.status === 403) {
      session.set({ kind: "out" });
      setHint(false);
    } else {
      session.set({ kind: "unreachable", message: problem.message });
    }
  }
}

export async function signOut(): Promise<void> {
  await endSession();
  session.set({ kind: "out" });
  setHint(false);
}

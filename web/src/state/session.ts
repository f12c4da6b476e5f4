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

export async function loadSession(): Promise<void> {
  try {
    session.set({ kind: "in", session: await readSession() });
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status === 401 || problem.status === 403) session.set({ kind: "out" });
    else session.set({ kind: "unreachable", message: problem.message });
  }
}

export async function signOut(): Promise<void> {
  await endSession();
  session.set({ kind: "out" });
}

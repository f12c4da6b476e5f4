import type { ProblemBody } from "./types";

// A refusal of the server, or "network" when no answer came at all.
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field: string | null = null,
    readonly rule: string | null = null,
  ) {
    super(message);
    this.name = "Problem";
  }
}

const plain: Record<number, string> = {
  401: "You are not signed in.",
  403: "Your account may not do this.",
  404: "This does not exist, or is not yours.",
  413: "This is too large for the server.",
  429: "That was too quick. Wait a moment and try again.",
  507: "The server's disk is full.",
};

// Reads an answer that is not a success; `text` may be problem+json or anything else.
export function problemFrom(status: number, text: string): Problem {
  let body: ProblemBody = {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null) body = parsed as ProblemBody;
  } catch {
    // Not JSON: a proxy's page, or nothing. The status says enough.
  }
  const message =
    body.detail || body.title || plain[status] || `The server answered with an error (${status}).`;
  return new Problem(status, body.code ?? `http_${status}`, message, body.field ?? null, body.rule ?? null);
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, "network", "The server cannot be reached. Check the connection and try again.");
}

// Whether the same request may succeed later by itself: nothing answered (0), or the server was not up to it just then.
export const isPassing = (status: number) => [0, 408, 429, 500, 502, 503, 504].includes(status);

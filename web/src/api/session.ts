import { request } from "./client";
import type { Session } from "./types";

export const readSession = () => request<Session>("/v1/session");
export const endSession = () => request<void>("/v1/session", { method: "DELETE" });

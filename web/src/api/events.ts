import { address } from "./client";
import { backoffDelay } from "../model/backoff";
import type { StreamEvent } from "./types";

export type StreamState = "idle" | "connecting" | "live" | "waiting";

export interface StreamHandlers {
  onEvent: (event: StreamEvent) => void;
  onState: (state: StreamState) => void;
}

// The event log over a WebSocket. Reconnects by itself, after the last event that was seen, so that
// a lost connection loses nothing. One per page; start() and stop() may be called any number of times.
export class EventStream {
  private socket: WebSocket | null = null;
  private cursor: string | null = null;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private wanted = false;

  constructor(private readonly handlers: StreamHandlers) {
    window.addEventListener("online", () => {
      if (this.wanted && this.socket === null) this.connect();
    });
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    this.cursor = null;
    this.attempt = 0;
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.socket?.close();
    this.socket = null;
    this.handlers.onState("idle");
  }

  private connect(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.handlers.onState("connecting");
    const url = new URL(address("/v1/events/stream", { after: this.cursor }), location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      this.handlers.onState("live");
    };
    socket.onmessage = (message) => {
      if (this.socket === socket && typeof message.data === "string") this.receive(message.data);
    };
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      if (this.wanted) this.retryLater();
    };
  }

  private receive(text: string): void {
    let event: StreamEvent;
    try {
      event = JSON.parse(text) as StreamEvent;
    } catch {
      return;
    }
    if (event.cursor !== undefined && event.cursor !== null) this.cursor = String(event.cursor);
    if (typeof event.name === "string") this.handlers.onEvent(event);
  }

  private retryLater(): void {
    this.handlers.onState("waiting");
    this.timer = setTimeout(() => this.connect(), backoffDelay(this.attempt++, Math.random()));
  }
}

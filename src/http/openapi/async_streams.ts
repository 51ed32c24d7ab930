/** The streams of the AsyncAPI document. @module */

import { EVENTS, RESUME, SEVERAL_SOCKET_EVENTS, SOCKET_EVENTS, SUBSCRIBE } from "./events.ts";
import { id, ofSeveral, ofSeveralSocket, ofStream, ofUpgrade } from "./parameters.ts";
import { PUSH_EVENTS, PUSHED } from "./push_paths.ts";
import type { Schema } from "./schema.ts";

/** What a stream is. */
export interface Stream {
  readonly title: string;
  readonly address: string;
  readonly parameters: readonly Schema[];
  /** What the service says, and what it takes; nothing over Server-Sent Events. */
  readonly says: Schema;
  readonly takes: Schema;
  /** Fields that each message has besides those of its event. */
  readonly with: readonly string[];
}

/** By the name of their channel. */
export const STREAMS: Readonly<Record<string, Stream>> = {
  sessionSocket: {
    title: "A session over WebSocket",
    address: "/sessions/{id}/ws",
    parameters: [...ofStream(500), ofUpgrade],
    says: SOCKET_EVENTS,
    takes: RESUME,
    with: ["type"],
  },
  severalSocket: {
    title: "Several sessions over one WebSocket, which follows what it is told to",
    address: "/ws",
    parameters: [...ofSeveralSocket, ofUpgrade],
    says: SEVERAL_SOCKET_EVENTS,
    takes: SUBSCRIBE,
    with: ["type", "session"],
  },
  linesSocket: {
    title: "Lines for a session whose source is `push`",
    address: "/sessions/{id}/lines/ws",
    parameters: [id, ofUpgrade],
    says: PUSH_EVENTS,
    takes: PUSHED,
    with: ["type"],
  },
  sessionEvents: {
    title: "A session by Server-Sent Events",
    address: "/sessions/{id}/sse",
    parameters: ofStream(500),
    says: EVENTS,
    takes: {},
    with: [],
  },
  severalEvents: {
    title: "Several sessions by Server-Sent Events",
    address: "/sse",
    parameters: ofSeveral,
    says: EVENTS,
    takes: {},
    with: ["session"],
  },
};

/** What a client says, as it may say it. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  lines: "spark streaming\nspark\n",
  resume: { type: "resume", after: "k3v9x0ab:2" },
  subscribe: { type: "subscribe", session: "s_8f3c2a", since: "earliest" },
  unsubscribe: { type: "unsubscribe", session: "s_8f3c2a" },
};

/** By what a message of a client is answered. */
export const REPLIES: Readonly<Record<string, readonly string[]>> = {
  lines: ["ack", "error"],
  resume: ["hello", "error"],
  subscribe: ["hello", "error"],
  unsubscribe: ["unsubscribed", "error"],
};

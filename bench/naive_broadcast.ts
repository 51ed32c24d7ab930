/**
 * What one would write first to send batches to many, to be measured beside the service: `ws` and a loop, or Hono's `streamSSE`, each
 * batch made text for each client. `node bench/naive_broadcast.ts ws|sse INTERVAL_MS BYTES`: says "port N" on standard output. @module
 */

import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { WebSocketServer } from "ws";

const [transport = "ws", interval = "1000", bytes = "900"] = process.argv.slice(2);
const intervalMs = Number(interval);

interface Message {
  readonly type: "batch";
  readonly seq: number;
  readonly time: string;
  readonly rest: string;
}

const listeners = new Set<(message: Message) => void>();
let seq = 0;

function broadcast(time: number): void {
  const head: Message = { type: "batch", seq: ++seq, time: new Date(time).toISOString(), rest: "" };
  const message = { ...head, rest: "x".repeat(Math.max(0, Number(bytes) - JSON.stringify(head).length)) };
  for (const listener of listeners) listener(message);
  next();
}

/** At each multiple of the interval, so that a time says when it began. */
function next(): void {
  const time = (Math.floor(Date.now() / intervalMs) + 1) * intervalMs;
  const wake = (): void => {
    if (Date.now() < time - 1) setTimeout(wake, time - 1 - Date.now());
    else {
      while (Date.now() < time);
      broadcast(time);
    }
  };
  wake();
}

function listening(port: number): void {
  console.log(`port ${port}`);
  next();
}

if (transport === "ws") {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, backlog: 4096 });
  server.on("listening", () => listening((server.address() as AddressInfo).port));
  server.on("connection", (socket) => {
    const send = (message: Message): void => socket.send(JSON.stringify(message));
    listeners.add(send);
    socket.on("error", () => {});
    socket.on("close", () => listeners.delete(send));
  });
} else {
  const app = new Hono();
  app.get("/", (c) =>
    streamSSE(c, async (stream) => {
      const send = (message: Message): void => {
        void stream.writeSSE({ event: "batch", id: String(message.seq), data: JSON.stringify(message) });
      };
      listeners.add(send);
      await new Promise<void>((resolve) => {
        stream.onAbort(resolve);
      });
      listeners.delete(send);
    }),
  );
  serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => listening(port));
}

/** An honest service over real HTTP whose log grows when the test says so, on both transports. @module */

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { BatchEvent, ServiceEvent } from "../../src/client/events.ts";
import { end, hello, RUNNING } from "./history.ts";

/** A running feed. */
export interface Feed extends AsyncDisposable {
  readonly url: string;
  /** Connections that are open. */
  readonly open: number;
  /** Says this on every connection; batches are in the log from then on. */
  say(...events: readonly ServiceEvent[]): void;
  /** Resets every connection. */
  drop(): void;
}

interface Follower {
  say(event: ServiceEvent): void;
  end(): void;
  drop(): void;
}

/** Starts one that has these batches. */
export async function startFeed(batches: readonly BatchEvent[]): Promise<Feed> {
  const log = [...batches];
  const followers = new Set<Follower>();
  let isOver = false;
  const join = (follower: Follower, url: string): void => {
    const next = nextOf(new URL(url, "http://localhost").searchParams, log);
    const rest = log.slice(next - 1);
    const over = isOver ? [end(log)] : [];
    for (const event of [hello(log, next), RUNNING, ...rest, ...over]) follower.say(event);
    followers.add(follower);
    if (isOver) follower.end();
  };
  const server = createServer(({ url = "" }, response) => {
    if (url === "/tickets") {
      response.writeHead(201, { "content-type": "application/json" }).end('{"ticket":"t"}');
      return;
    }
    if (isOver && new URL(url, "http://localhost").searchParams.get("after") === log.at(-1)?.cursor) {
      response.writeHead(204).end();
      return;
    }
    const follower = streamTo(response);
    response.on("close", () => followers.delete(follower));
    join(follower, url);
  });
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", (socket, { url = "" }) => {
    const follower: Follower = {
      say: (event) => socket.send(JSON.stringify(event)),
      end: () => socket.close(1000),
      drop: () => socket.terminate(),
    };
    socket.on("close", () => followers.delete(follower));
    join(follower, url);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sessions/s_test`,
    get open() {
      return followers.size;
    },
    say(...events) {
      for (const event of events) {
        if (event.type === "batch") log.push(event);
        if (event.type === "end") isOver = true;
        for (const follower of followers) follower.say(event);
      }
    },
    drop() {
      for (const follower of followers) follower.drop();
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function nextOf(query: URLSearchParams, log: readonly BatchEvent[]): number {
  const after = query.get("after");
  if (after !== null) return Number(after.split(":")[1]) + 1;
  return query.get("since") === "now" ? log.length + 1 : 1;
}

function streamTo(response: ServerResponse): Follower {
  response.writeHead(200, { "content-type": "text/event-stream" });
  return {
    say: (event) => void response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
    end: () => void response.end(),
    drop: () => void response.destroy(),
  };
}

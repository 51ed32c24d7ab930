/** Followers that note how late each batch comes. @module */

import { get } from "node:http";
import { WebSocket } from "ws";

/** One follower, and how long after its batch time it had each batch. */
export interface Followed {
  readonly transport: "sse" | "ws";
  readonly latenciesMs: number[];
  leave(): void;
}

/** Takes all words of a session over both transports, and looks at none; what is returned ends it. */
export function takeAll(url: string, id: string): () => void {
  const query = "since=now&top=1000000";
  const request = get(`${url}/sessions/${id}/sse?${query}`, (response) => {
    response.on("error", () => {});
    response.resume();
  });
  const socket = new WebSocket(`${url.replace("http", "ws")}/sessions/${id}/ws?${query}`);
  request.on("error", () => {});
  socket.on("error", () => {});
  return () => {
    request.destroy();
    socket.terminate();
  };
}

/** Follows a session of a service. */
export function follow(url: string, id: string, transport: "sse" | "ws"): Followed {
  const path = `/sessions/${id}/${transport}?since=now`;
  const latenciesMs: number[] = [];
  const take = (batch: string): void => {
    const at = performance.timeOrigin + performance.now();
    const { time } = JSON.parse(batch) as { time?: string };
    if (time !== undefined) latenciesMs.push(at - Date.parse(time));
  };
  if (transport === "ws") {
    const socket = new WebSocket(url.replace("http", "ws") + path);
    socket.on("message", (data: Buffer) => take(data.toString()));
    socket.on("error", () => {});
    return { transport, latenciesMs, leave: () => socket.terminate() };
  }
  const request = get(url + path, (response) => {
    let left = "";
    response.setEncoding("utf8");
    response.on("error", () => {});
    response.on("data", (chunk: string) => {
      const events = (left + chunk).split("\n\n");
      left = events.pop() ?? "";
      for (const event of events) if (event.includes("event: batch")) take(/data: (.*)/.exec(event)?.[1] ?? "{}");
    });
  });
  request.on("error", () => {});
  return { transport, latenciesMs, leave: () => request.destroy() };
}

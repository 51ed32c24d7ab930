/** A service over real HTTP that says what the test wants, on both transports. @module */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { WebSocketServer, type WebSocket } from "ws";
import type { BatchEvent, ServiceEvent } from "../../src/client/events.ts";
import { end, hello, RUNNING } from "./history.ts";

/** The service's kinds of stream. */
export const TRANSPORTS: readonly ["sse", "ws"] = ["sse", "ws"];

/** What is said on one connection, and how it ends; without an end it stays open and silent. */
export interface Script {
  readonly events?: readonly (ServiceEvent | { readonly type: string })[];
  /** Text of the event stream before all else, such as `retry: 10`. */
  readonly before?: string;
  /** Close code of a WebSocket; the event stream just ends. */
  readonly close?: number;
  /** The connection is reset. */
  readonly reset?: boolean;
  /** Answered instead, with these headers. */
  readonly refuse?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One request, as it came. */
interface Asked {
  /** From 0. */
  readonly number: number;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

/** Answers a stream's request. */
export type Answer = (asked: Asked) => Script;

/** A listening service. */
export interface Liar extends AsyncDisposable {
  /** Of its one session. */
  readonly url: string;
  /** Requests for streams so far. */
  readonly asked: Asked[];
  /** Requests for tickets so far: what came with each. Tickets are `t0`, `t1` and so on. */
  readonly tickets: { readonly authorization: string | undefined; readonly body: string }[];
  /** Statuses of refusals of the first requests for tickets. */
  readonly refuseTickets: number[];
  /** Connections that are open. */
  readonly open: Set<object>;
}

/** Starts one. `whole` are the batches at their own URLs. */
export async function startLiar(answer: Answer, whole: readonly BatchEvent[] = []): Promise<Liar> {
  const asked: Asked[] = [];
  const open = new Set<object>();
  const ask = ({ url = "", headers }: IncomingMessage): Script => {
    const next = { number: asked.length, query: new URL(url, "http://localhost").searchParams, headers };
    asked.push(next);
    return answer(next);
  };
  const tickets: Liar["tickets"] = [];
  const refuseTickets: number[] = [];
  const giveTicket = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { authorization } = request.headers;
    const number = tickets.push({ authorization, body: await text(request) }) - 1;
    response.writeHead(refuseTickets.shift() ?? 201, { "content-type": "application/json" });
    response.end(JSON.stringify({ ticket: `t${number}`, detail: "No ticket" }));
  };
  const server = createServer((request, response) => {
    if (request.url === "/tickets") {
      void giveTicket(request, response);
      return;
    }
    const seq = /\/batches\/\w+:(\d+)/.exec(request.url ?? "")?.[1];
    if (seq === undefined) stream(ask(request), response, open);
    else sendBatch(whole[Number(seq) - 1], response);
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, rest) => {
    const script = ask(request);
    if (script.refuse !== undefined) {
      // A handshake that failed is asked about again by a plain request.
      asked.pop();
      socket.end(`HTTP/1.1 ${script.refuse} No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, rest, (client) => talk(script, client, open));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sessions/s_test`,
    asked,
    tickets,
    refuseTickets,
    open,
    [Symbol.asyncDispose]: () => stop(server, sockets),
  };
}

function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.terminate();
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function stream(script: Script, response: ServerResponse, open: Set<object>): void {
  const { refuse, headers = {}, body = "", events = [] } = script;
  if (refuse !== undefined) {
    response.writeHead(refuse, headers).end(body);
    return;
  }
  open.add(response);
  response.on("close", () => open.delete(response));
  response.writeHead(200, { "content-type": "text/event-stream", ...headers });
  const frames = events.map((event) => {
    const id = event.type === "batch" ? `id: ${(event as BatchEvent).cursor}\n` : "";
    return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
  });
  response.write(`${script.before ?? ""}${frames.join("")}: all\n\n`, () => {
    if (script.reset === true) response.destroy();
    else if (script.close !== undefined) response.end();
  });
}

function talk(script: Script, client: WebSocket, open: Set<object>): void {
  open.add(client);
  client.on("close", () => open.delete(client));
  for (const event of script.events ?? []) client.send(JSON.stringify(event));
  if (script.reset === true) client.send("", () => client.terminate());
  else if (script.close !== undefined) client.close(script.close, "so it is");
}

function sendBatch(batch: BatchEvent | undefined, response: ServerResponse): void {
  response.writeHead(batch === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(batch ?? {}));
}

/** An honest stream of these batches, to its end: it goes on after the cursor it is asked for. */
export function honest(batches: readonly BatchEvent[]): Answer {
  return ({ query }) => {
    const after = Number(query.get("after")?.split(":")[1] ?? 0);
    const rest = batches.filter(({ seq }) => seq > after);
    return { events: [hello(batches, after + 1), RUNNING, ...rest, end(batches)], close: 1000 };
  };
}

/** A client of the service's plain HTTP. @module */

import { request, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import type { BatchJson, ProblemJson, SessionJson } from "./json.ts";
import type { Server } from "./server.ts";
import { follow } from "./sse.ts";

/** What the tests' sessions are to be. */
export interface Spec {
  readonly source: { readonly type: "emitter"; readonly lines: readonly string[]; readonly intervalMs: number };
  readonly batchIntervalMs: number;
}

/** Lines of two words: three bytes and the line's end. */
export const QUICK: Spec = { source: { type: "emitter", lines: ["a b"], intervalMs: 10 }, batchIntervalMs: 100 };

/** Multiples of the two since the epoch are 100 s apart, or the same once in 291 days: one of them is not near. */
const LONG_MS = [3_600_000, 3_500_000].find((ms) => ms - (Date.now() % ms) > 90_000);

/** The same with batches so long, and their next time so far off, that none comes before the stop. */
export const QUIET: Spec = { ...QUICK, batchIntervalMs: LONG_MS ?? 3_600_000 };

/** For what nothing announces: how often to look, and how long, in ms, on a machine that has much else to do. */
export const PATIENCE: { readonly interval: number; readonly timeout: number } = { interval: 10, timeout: 5000 };

/** A session that is deleted when the test is over. */
export type OwnSession = SessionJson & { readonly url: string } & AsyncDisposable;

/** Sends JSON. */
export function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** The body of an answer that must have a status. */
export async function read<T>(response: Response | Promise<Response>, status: number = 200): Promise<T> {
  const answer = await response;
  const body = await answer.text();
  expect({ status: answer.status, body }).toEqual({ status, body: expect.any(String) });
  return JSON.parse(body) as T;
}

/** The problem of an answer, whose status, media type and kind are checked. */
export async function problem(
  response: Response | Promise<Response>,
  status: number,
  slug: string,
): Promise<ProblemJson> {
  const answer = await response;
  const document = await read<ProblemJson>(answer, status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(document).toMatchObject({ type: `/problems/${slug}`, status });
  expect(document.detail).toMatch(/^Cannot /);
  return document;
}

/** Starts a session. */
export async function startSession({ url }: Pick<Server, "url">, spec: object = QUICK): Promise<OwnSession> {
  const session = await read<SessionJson>(post(`${url}/sessions`, spec), 201);
  const own = `${url}/sessions/${session.id}`;
  return {
    ...session,
    url: own,
    async [Symbol.asyncDispose]() {
      await (await fetch(own, { method: "DELETE" })).body?.cancel();
    },
  };
}

/** Starts a session and waits for its first batches. */
export async function startWithBatches(server: Pick<Server, "url">, count: number): Promise<OwnSession> {
  const session = await startSession(server);
  await using stream = await follow(`${session.url}/sse?since=earliest`);
  for (let i = 0; i < count; i++) await stream.next<BatchJson>("batch");
  return session;
}

/** Stops a session gracefully. */
export function stop(session: { readonly url: string }): Promise<SessionJson> {
  return read<SessionJson>(fetch(`${session.url}/stop`, { method: "POST" }));
}

/** An answer of {@link rawRequest}. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with headers that `fetch` keeps to itself, such as Host and Upgrade. An upgrade that succeeds is let go of. */
export function rawRequest(
  url: string,
  headers: Readonly<Record<string, string>>,
  { method = "GET", body = "" }: { method?: string; body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers, agent: false });
    asking.on("error", reject);
    asking.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: "" });
    });
    asking.on("response", (answer) => {
      const { statusCode = 0 } = answer;
      text(answer).then((all) => resolve({ status: statusCode, headers: answer.headers, body: all }), reject);
    });
    asking.end(body);
  });
}

/** Asks for a WebSocket, with other headers, or without one that is undefined. */
export function handshake(url: string, headers: Readonly<Record<string, string | undefined>> = {}): Promise<RawAnswer> {
  const asked = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  return rawRequest(
    url,
    Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  );
}

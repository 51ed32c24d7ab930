import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOfMessage } from "../support/async_api.ts";
import { streamsDocument } from "../support/openapi.ts";
import { startSession, startWithBatches, stop } from "../runtime/client.ts";
import { startServer, type Server } from "../runtime/server.ts";
import { follow } from "../runtime/sse.ts";
import { connect, type Socket } from "../runtime/ws.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer("node");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** What was told, and what of it is not as the document says. */
class Told {
  readonly names = new Set<string>();
  readonly faults: string[] = [];
  readonly #channel: string;

  constructor(channel: string) {
    this.#channel = channel;
  }

  take(name: string, payload: unknown): void {
    this.names.add(name);
    this.faults.push(...faultsOfMessage(this.#channel, name, payload));
  }

  /** All that an event stream tells until it ends. */
  async readEvents(url: string): Promise<void> {
    await using stream = await follow(url);
    for (let event = await stream.take(); event !== undefined; event = await stream.take()) {
      this.take(event.event, event.data);
    }
  }

  /** All that a WebSocket tells up to a message of a type. */
  async readUntil(socket: Socket, type: string): Promise<void> {
    for (let message = await socket.take(); message !== undefined; message = await socket.take()) {
      this.take(message.type, message);
      if (message.type === type) return;
    }
    throw new Error(`The WebSocket was closed before a message ${type}`);
  }

  /** A client's message: it is to be as the document says as well. */
  say(socket: Socket, message: { readonly type: string }): void {
    this.take(message.type, message);
    socket.send(JSON.stringify(message));
  }
}

describe("what a live service tells is as the AsyncAPI document says:", () => {
  test("of a session by Server-Sent Events", async () => {
    await using session = await startWithBatches(server, 2);
    const told = new Told("sessionEvents");
    const reading = [
      told.readEvents(`${session.url}/sse?since=earliest`),
      told.readEvents(`${session.url}/sse?after=other:1&policy=latest`),
    ];
    await stop(session);
    await Promise.all(reading);
    expect(told.faults).toEqual([]);
    expect([...told.names].toSorted()).toEqual(["batch", "end", "hello", "reset", "state"]);
  });

  test("of several by Server-Sent Events", async () => {
    await using one = await startWithBatches(server, 2);
    await using two = await startWithBatches(server, 1);
    const told = new Told("severalEvents");
    const after = encodeURIComponent(`${one.id}=other:1`);
    const reading = told.readEvents(`${server.url}/sse?session=${one.id}&session=${two.id}&after=${after}`);
    await Promise.all([stop(one), stop(two)]);
    await reading;
    expect(told.faults).toEqual([]);
    expect([...told.names].toSorted()).toEqual(["batch", "end", "hello", "reset", "state"]);
  });

  test("of a session by WebSocket, both ways", async () => {
    await using session = await startWithBatches(server, 2);
    const told = new Told("sessionSocket");
    using socket = await connect(`${session.url}/ws?after=other:1`);
    await told.readUntil(socket, "batch");
    told.say(socket, { type: "resume", after: `${session.epoch}:1` } as { type: string });
    await told.readUntil(socket, "hello");
    await told.readUntil(socket, "batch");
    using other = await connect(`${session.url}/ws`);
    other.send('{"type":"rewind"}');
    await told.readUntil(other, "error");
    await stop(session);
    await told.readUntil(socket, "end");
    expect(told.faults).toEqual([]);
    expect([...told.names].toSorted()).toEqual(["batch", "end", "error", "hello", "reset", "resume", "state"]);
  });

  test("of several by WebSocket, both ways", async () => {
    await using one = await startWithBatches(server, 1);
    await using two = await startSession(server);
    const told = new Told("severalSocket");
    using socket = await connect(`${server.url}/ws`);
    told.say(socket, { type: "subscribe", session: one.id, after: "other:1" } as { type: string });
    await told.readUntil(socket, "batch");
    told.say(socket, { type: "subscribe", session: "s_none" } as { type: string });
    await told.readUntil(socket, "error");
    told.say(socket, { type: "unsubscribe", session: one.id } as { type: string });
    await told.readUntil(socket, "unsubscribed");
    told.say(socket, { type: "subscribe", session: two.id, since: "now" } as { type: string });
    await told.readUntil(socket, "batch");
    await stop(two);
    await told.readUntil(socket, "end");
    socket.send("nothing of this protocol");
    await told.readUntil(socket, "error");
    expect(told.faults).toEqual([]);
    const said = ["subscribe", "unsubscribe"];
    const heard = ["batch", "end", "error", "hello", "reset", "state", "unsubscribed"];
    expect([...told.names].toSorted()).toEqual([...heard, ...said].toSorted());
  });
});

test("what brings lines over WebSocket is told what the AsyncAPI document says", async () => {
  await using session = await startSession(server, { source: { type: "push" }, batchIntervalMs: 100 });
  const told = new Told("linesSocket");
  using socket = await connect(`${session.url}/lines/ws`);
  socket.send("a b\nc\n");
  await told.readUntil(socket, "ack");
  socket.send(new Uint8Array([1]));
  await told.readUntil(socket, "error");
  expect([told.faults, [...told.names].toSorted()]).toEqual([[], ["ack", "error"]]);
});

test("the examples of the document are of their schemas, and a message that is not is seen", () => {
  const examples = Object.entries(streamsDocument.channels).flatMap(([channel, { messages }]) =>
    Object.entries(messages).flatMap(([name, message]) =>
      ((message["examples"] ?? []) as { payload: object }[]).map(({ payload }) => ({ channel, name, payload })),
    ),
  );
  const faults = examples.flatMap(({ channel, name, payload }) => faultsOfMessage(channel, name, payload));
  expect([examples.length, faults]).toEqual([4, []]);
  for (const { channel, name, payload } of examples) {
    expect(faultsOfMessage(channel, name, { ...payload, more: 1 })).not.toEqual([]);
    expect(faultsOfMessage(channel, name, { type: name })).not.toEqual([]);
  }
  expect(faultsOfMessage("sessionEvents", "state", { state: "running", connected: true })).not.toEqual([]);
  expect(faultsOfMessage("sessionEvents", "hello", { type: "hello" })).not.toEqual([]);
});

import { once, type EventEmitter } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import type { Connection, FetchHandler } from "../../src/runtime.ts";
import { nodeRuntime } from "../../src/runtimes/node.ts";

const bytes = (said: string): Uint8Array => new TextEncoder().encode(said);

/** What a client that says this is answered, to the end. */
async function answered(fetch: FetchHandler, said: string): Promise<string> {
  const listener = await nodeRuntime.listen({ host: "127.0.0.1", port: 0, fetch });
  try {
    const socket = connect(listener.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(said);
    return await text(socket);
  } finally {
    await listener.close(1000);
  }
}

function streaming(use: (connection: Connection) => void): FetchHandler {
  return (request, native) =>
    nodeRuntime.stream({ request, native }, { "content-type": "text/plain" }, (connection) => {
      use(connection);
      return { drained: () => {}, closed: () => {}, message: () => {}, pong: () => {} };
    });
}

const bodyOf = (answer: string): string => answer.slice(answer.indexOf("\r\n\r\n") + 4);
const HEADERS = "Host: localhost\r\nConnection: close\r\n\r\n";

describe("a stream of Node", () => {
  test("is in chunks for HTTP/1.1, each whole, of whatever size, and ends", async () => {
    const long = "x".repeat(100_000);
    const answer = await answered(
      streaming((connection) => {
        for (const part of ["one", "", long, "end"]) connection.write(bytes(part));
        connection.end();
        connection.write(bytes("too late"));
      }),
      `GET / HTTP/1.1\r\n${HEADERS}`,
    );
    expect(bodyOf(answer)).toBe(`3\r\none\r\n186a0\r\n${long}\r\n3\r\nend\r\n0\r\n\r\n`);
  });

  test("is as it is for HTTP/1.0, which knows no chunks", async () => {
    const answer = await answered(
      streaming((connection) => {
        connection.write(bytes("one"));
        connection.write(bytes("two"));
        connection.end();
      }),
      `GET / HTTP/1.0\r\n${HEADERS}`,
    );
    expect(bodyOf(answer)).toBe("onetwo");
  });

  test("waits for the answer before it on the same connection", async () => {
    const done: string[] = [];
    const stream = streaming((connection) => {
      done.push("asked");
      connection.write(bytes("one"));
      connection.end();
    });
    const first = async (): Promise<Response> => {
      await new Promise(setImmediate);
      done.push("first");
      return new Response("first");
    };
    const answer = await answered(
      (request, native) => (request.url.endsWith("/first") ? first() : stream(request, native)),
      `GET /first HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\n${HEADERS}`,
    );
    expect(answer.indexOf("first")).toBeGreaterThan(0);
    expect(bodyOf(answer.slice(answer.indexOf("first")))).toBe("3\r\none\r\n0\r\n\r\n");
    // It is not even worked on before.
    expect(done).toEqual(["first", "asked"]);
  });

  test("is closed at once where its client has gone before it began", async () => {
    const told = Promise.withResolvers<string>();
    const asked = Promise.withResolvers<void>();
    const fetch: FetchHandler = async (request, native) => {
      asked.resolve();
      await once((native as { outgoing: EventEmitter }).outgoing, "close");
      return nodeRuntime.stream({ request, native }, {}, (connection) => {
        connection.write(bytes("to nobody"));
        return { drained: () => {}, closed: () => told.resolve("closed"), message: () => {}, pong: () => {} };
      });
    };
    const listener = await nodeRuntime.listen({ host: "127.0.0.1", port: 0, fetch });
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(`GET / HTTP/1.1\r\n${HEADERS}`);
    await asked.promise;
    socket.destroy();
    expect(await told.promise).toBe("closed");
    await listener.close(1000);
  });
});

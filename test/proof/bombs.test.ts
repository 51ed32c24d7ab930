import { deepEqual } from "node:assert/strict";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { read, startSession, stop } from "../runtime/client.ts";
import type { BatchJson, SessionJson } from "../runtime/json.ts";
import { RUNTIMES, startServer, type Server } from "../runtime/server.ts";
import { connect } from "../runtime/ws.ts";
import { sized } from "../support/size.ts";
import { TcpServer } from "../support/tcp.ts";
import { bigBody, bigMessage, neverReads, pour, type Target } from "./bombs.ts";
import { hasProc, memoryOf } from "./process.ts";

vi.setConfig({ hookTimeout: 60_000 });

const MIB = 2 ** 20;
/** Memory may grow by so much while it goes on, in MiB. */
const MOST_GROWTH = 64;
/** A million words are counted, sorted, written down and read in full: they may take what they take, and no more. */
const MOST_OF_MILLION = 1024;
/** Batches that are cut by the stop alone. */
const batchIntervalMs = 3_600_000;

/** How much more memory the process had at the most while something was done, in MiB. */
async function growthOf(server: Server, work: () => Promise<unknown>): Promise<number> {
  const before = await memoryOf(server.pid);
  let most = before;
  const over = new AbortController();
  const watching = (async () => {
    while (!over.signal.aborted) {
      most = Math.max(most, await memoryOf(server.pid));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  try {
    await work();
  } finally {
    over.abort();
    await watching;
  }
  return most - before;
}

/** Says bytes to a session that reads from a server of the test's; gives its one batch, with all its words. */
async function counted(
  server: Server,
  say: (write: (chunk: Buffer, bytes?: number) => Promise<unknown>) => Promise<void>,
): Promise<BatchJson> {
  const tcp = await TcpServer.listen();
  try {
    const source = { type: "socket", host: "127.0.0.1", port: tcp.port };
    const starting = startSession(server, { source, batchIntervalMs });
    const socket = await tcp.accept();
    await using session = await starting;
    await say((chunk, bytes = chunk.length) => pour(socket, bytes, chunk));
    socket.end();
    const isConnected = async (): Promise<boolean> => (await read<SessionJson>(fetch(session.url))).source.connected;
    await expect.poll(isConnected, { interval: 20, timeout: 60_000 }).toBe(false);
    await stop(session);
    const top = "?top=1000000";
    return await read<BatchJson>(fetch(`${session.url}/batches/1${top}`));
  } finally {
    await tcp.close();
  }
}

describe.skipIf(!hasProc).each(RUNTIMES)("bombs on %s", (runtime) => {
  let server: Server;
  let target: Target;

  beforeAll(async () => {
    // A million words want more than the others.
    server = await startServer(runtime, { env: { NODE_OPTIONS: "--max-semi-space-size=4" } });
    const { id, epoch } = await read<SessionJson>(fetch(`${server.url}/sessions`, { method: "POST" }), 201);
    target = { port: server.port, session: id, epoch };
    // Its code and its first buffers are there before anything is measured.
    await Promise.all([bigMessage(target, MIB, "fragments"), neverReads(target, MIB, "ping")]);
    for (const isChunked of [true, false]) await bigBody(target, 100 * MIB, isChunked);
  });

  afterAll(async () => {
    await using ending = server;
    ending.terminate();
    const { code, stderr } = await ending.exit;
    deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  /** How much it grew meanwhile; it must go on answering. */
  const survived = async (work: () => Promise<unknown>): Promise<number> => {
    const growth = await growthOf(server, work);
    await read(fetch(`${server.url}/readyz`));
    return growth;
  };

  test.each([false, true])("a body of 200 MB, in chunks: %s", async (isChunked) => {
    // Bun may cut the connection before its answer is read.
    const answers = runtime === "bun" ? ["413", "cut"] : ["413"];
    const work = async (): Promise<void> => expect(answers).toContain(await bigBody(target, 200e6, isChunked));
    // Node's adapter reads 64 MiB of a body that was refused, so that its answer is not lost: that is garbage until it is collected.
    expect(await survived(work)).toBeLessThan(runtime === "node" ? 2 * MOST_GROWTH : MOST_GROWTH);
  });

  test.each(["frame", "fragments", "empty"] as const)("8 messages of 50 MB in %s over WebSocket", async (manner) => {
    // Deno itself keeps messages of up to 64 MiB.
    const most = runtime === "deno" && manner !== "empty" ? 8 * 64 : MOST_GROWTH;
    const size = sized(10e6, 50e6);
    const work = (): Promise<unknown> => Promise.all(Array.from({ length: 8 }, () => bigMessage(target, size, manner)));
    expect(await survived(work)).toBeLessThan(most);
  });

  test.each(["resume", "subscribe", "ping", "pipeline"] as const)(
    "4 clients that ask without end by %s and read nothing",
    async (manner) => {
      const work = (): Promise<unknown> =>
        Promise.all(Array.from({ length: 4 }, () => neverReads(target, 50e6, manner)));
      expect(await survived(work)).toBeLessThan(MOST_GROWTH);
    },
  );

  test("a line of 600 MB, whose end is cut and said", async () => {
    const size = sized(100e6, 600e6);
    let batch: BatchJson | undefined;
    const work = async (): Promise<void> => {
      batch = await counted(server, async (write) => {
        await write(Buffer.alloc(64 * 1024, "x"), size);
        await write(Buffer.from("\nshort\n"));
      });
    };
    expect(await survived(work)).toBeLessThan(MOST_GROWTH);
    const bytes = Math.ceil(size / 65_536) * 65_536 + "\nshort\n".length;
    // Its first MiB is its one word.
    expect(batch).toMatchObject({
      lines: 2,
      words: 2,
      bytes,
      dropped: { lines: 1, bytes: bytes - MIB - "\nshort\n".length },
    });
    expect(batch?.counts).toContainEqual(["short", 1]);
  });

  test.each([
    ["an array 200 000 deep", "[".repeat(200_000) + "]".repeat(200_000), [413]],
    ["an array 32 000 deep", "[".repeat(32_000) + "]".repeat(32_000), [422]],
    ["an object of a million keys", `{${Array.from({ length: 1e6 }, (_, i) => `"${i}":0`).join()}}`, [413]],
    ["an object of 7000 keys", `{${Array.from({ length: 7000 }, (_, i) => `"${i}":0`).join()}}`, [422]],
    ["a name of 64 KB", JSON.stringify({ name: "x".repeat(65_000) }), [422]],
  ])("%s as JSON", async (_name, body, statuses) => {
    const work = async (): Promise<void> => {
      const headers = { "content-type": "application/json" };
      const { status } = await fetch(`${server.url}/sessions`, { method: "POST", headers, body });
      expect(statuses).toContain(status);
    };
    expect(await survived(work)).toBeLessThan(MOST_GROWTH);
  });

  test("an array 32 000 deep as a message", async () => {
    using socket = await connect(`${server.url}/ws`);
    socket.send("[".repeat(32_000) + "]".repeat(32_000));
    expect((await socket.closed).code).toBe(1008);
  });

  test("words that are the names of what objects have, and numbers", async () => {
    const words = "__proto__ constructor toString hasOwnProperty valueOf prototype then 10 9 2 -0 NaN null".split(" ");
    const batch = await counted(server, async (write) => void (await write(Buffer.from(`${words.join(" ")}\n`))));
    expect(batch.counts).toEqual(words.toSorted().map((word) => [word, 1]));
  });

  test("words of which each comes in a block of its own do not keep the blocks", async () => {
    const blocks = sized(1000, 4000);
    const filler = Buffer.from("all the same over and over\n".repeat(2400));
    let batch: BatchJson | undefined;
    const work = async (): Promise<void> => {
      batch = await counted(server, async (write) => {
        for (let i = 0; i < blocks; i++)
          await write(Buffer.concat([Buffer.from(`${"w".repeat(13)}${1e6 + i}\n`), filler]));
      });
    };
    expect(await survived(work)).toBeLessThan(MOST_GROWTH);
    expect(batch?.distinct).toBe(blocks + 5);
  });

  const isTried = runtime === "node" || sized(0, 1) === 1;
  test.runIf(isTried)(
    "more distinct words than are counted are said to be others, and all add up",
    { timeout: 180_000 },
    async () => {
      const [kept, all] = [1_000_000, sized(1_200_000, 2_000_000)];
      let batch: BatchJson | undefined;
      const work = async (): Promise<void> => {
        batch = await counted(server, async (write) => {
          for (let from = 0; from < all; from += 5000) {
            await write(Buffer.from(`${Array.from({ length: 5000 }, (_, i) => (from + i).toString(36)).join(" ")}\n`));
          }
        });
      };
      expect(await survived(work)).toBeLessThan(MOST_OF_MILLION);
      expect(batch).toMatchObject({ words: all, distinct: kept, otherWords: all - kept });
      expect(batch?.counts.length).toBe(kept);
    },
  );
});

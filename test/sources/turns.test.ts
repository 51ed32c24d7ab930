import { describe, expect, onTestFinished, test } from "vitest";
import type { Clock } from "../../src/clock.ts";
import type { ByteSink } from "../../src/engine/mod.ts";
import { Backpressure } from "../../src/sources/backpressure.ts";
import { SocketReader } from "../../src/sources/mod.ts";
import { ReadingTurns } from "../../src/sources/turns.ts";
import { settle } from "../support/manual_clock.ts";
import { TcpServer } from "../support/tcp.ts";

const BYTES = 16 * 2 ** 20;

/** Readers of servers that send all they can, where each read takes 3 ms; gives the reads of each turn of the loop. */
async function readAll(readers: number): Promise<number[][]> {
  let elapsed = 0;
  const clock: Clock = { now: () => 0, elapsed: () => elapsed, after: () => () => {}, at: () => () => {} };
  const server = await TcpServer.listen();
  onTestFinished(() => server.close());
  const reads = Array.from({ length: readers }, () => 0);
  const total = { read: 0 };
  for (let i = 0; i < readers; i++) {
    const reader = new SocketReader({ clock, host: "127.0.0.1", port: server.port });
    onTestFinished(() => reader.stop());
    const quiet = (): void => {};
    const sink: ByteSink = {
      ...{ end: quiet, abandon: quiet, gap: quiet, started: quiet, stopped: quiet, error: quiet },
      write(chunk) {
        reads[i]!++;
        elapsed += 3;
        total.read += chunk.length;
      },
    };
    void reader.start(sink);
    (await server.accept()).write(Buffer.alloc(BYTES));
  }
  const turns: number[][] = [];
  while (total.read < readers * BYTES) {
    await settle();
    turns.push(reads.splice(0, readers, ...reads.map(() => 0)));
  }
  return turns;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

describe("reading", () => {
  test("of a socket that brings more than can be counted ends after 6 ms of a turn, and goes on in the next", async () => {
    const turns = await readAll(1);
    expect(Math.max(...turns.flat())).toBe(2);
  });

  test("of several of them shares the turn", async () => {
    const turns = await readAll(4);
    // In its first turn each reads as if it were alone.
    const shared = turns.filter((reads) => reads.filter((count) => count > 0).length > 1 && Math.max(...reads) < 2);
    expect(shared.length).toBeGreaterThan(10);
    expect(Math.max(...shared.map(sum))).toBeLessThanOrEqual(8);
    expect(turns.filter((reads) => sum(reads) > 8).length).toBeLessThanOrEqual(4);
  });
});

describe("ReadingTurns", () => {
  test("lets eight read in a turn, and the others in the order they came", async () => {
    const turns = new ReadingTurns();
    const resumed: number[] = [];
    for (let i = 0; i < 20; i++) expect(turns.mayReadOn(8, () => resumed.push(i))).toBe(false);
    await settle();
    expect(resumed).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(turns.mayReadOn(0.7, () => {})).toBe(true);
    expect(turns.mayReadOn(0.75, () => resumed.push(0))).toBe(false);
    await settle();
    await settle();
    expect(resumed).toEqual([...Array(20).keys(), 0]);
  });
});

describe("Backpressure", () => {
  test("lasts from a read that left bytes waiting to one that took all", () => {
    const backpressure = new Backpressure(1000);
    backpressure.read(2000, true);
    backpressure.read(2500, true);
    expect(backpressure.status(3000)).toEqual({ behindMs: 1000, share: 0.5 });
    backpressure.read(4000, false);
    expect(backpressure.status(5000)).toEqual({ behindMs: 2000, share: 0.5 });
  });

  test("tells its share of the last 5 to 10 s", () => {
    const backpressure = new Backpressure(0);
    backpressure.read(0, true);
    backpressure.read(10_000, false);
    expect(backpressure.status(15_000)).toEqual({ behindMs: 10_000, share: 0 });
    backpressure.read(15_000, true);
    expect(backpressure.status(20_000)).toEqual({ behindMs: 15_000, share: 1 });
    backpressure.read(20_000, false);
    expect(backpressure.status(22_000).share).toBe(0.71);
  });
});

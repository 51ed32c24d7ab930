/** The promise of the whole service: who comes and goes as they like, and resumes, has every batch exactly once. @module */

import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import { seededRandom } from "../support/seeded_random.ts";
import { PATIENCE, read, startSession, stop } from "./client.ts";
import type { BatchJson, HelloJson, PageJson, SessionJson, TotalJson } from "./json.ts";
import { RUNTIMES, startServer } from "./server.ts";
import { follow } from "./sse.ts";
import { connect } from "./ws.ts";

const BATCHES = 100;
const FOLLOWERS_OF_A_FACE = 20;
/** A follower leaves after fewer batches than this. */
const LONGEST_STAY = 12;
const SPEC = {
  source: {
    type: "emitter",
    lines: ["spark streaming dstream", "big data", "a", "é – 語 🙂"],
    intervalMs: 5,
    seed: 42,
  },
  batchIntervalMs: 100,
};
const NOTHING: TotalJson = { batches: 0, lines: 0, words: 0, bytes: 0, sourceGaps: 0 };

/** What a follower was told: hello, a batch, or the end. */
type Told = { hello: HelloJson } | { batch: BatchJson } | "end" | "other";

/** One connection of a follower. */
interface Visit {
  take(): Promise<Told>;
  /** Asks to go on after a cursor without a new connection; absent where a face cannot. */
  resume?(cursor: string): void;
  leave(): void;
}

/** Comes with a cursor; undefined when there is nothing left to come for. */
type Come = (cursor: string) => Promise<Visit | undefined>;

test.concurrent.for(RUNTIMES)(
  "followers that leave and resume at random have every batch exactly once on %s",
  { timeout: 60_000 },
  async (runtime) => {
    await using server = await startServer(runtime);
    const session = await startSession(server, SPEC);
    const start = `${session.epoch}:0`;
    const histories = Array.from({ length: FOLLOWERS_OF_A_FACE }, (_, i) => [
      collect(start, comeBySse(session.url), seededRandom(2 * i)),
      collect(start, comeByWebSocket(session.url), seededRandom(2 * i + 1)),
    ]).flat();
    await using steady = await follow(`${session.url}/sse?since=earliest`);
    while ((await steady.next<BatchJson>("batch")).seq < BATCHES);
    const stopped = await stop(session);

    const { items } = await read<PageJson>(fetch(`${session.url}/batches?limit=1000`));
    expect(items.length).toBeGreaterThanOrEqual(BATCHES);
    mustAddUp(items);
    const { batches, lines, bytes } = stopped.total;
    expect({ batches, lines, bytes }).toEqual({ batches: items.length, ...stopped.source.sent });
    expect(items.at(-1)).toMatchObject({ final: true, total: stopped.total });
    // As one comparison for each: they are the same to the last byte, in the same order, none twice, none missing.
    for (const history of await Promise.all(histories)) expect(history).toEqual(items);

    const followers = async (): Promise<number> => (await read<SessionJson>(fetch(session.url))).followers;
    await vi.waitFor(async () => expect(await followers()).toBe(0), PATIENCE);
    server.terminate();
    const { code, stderr } = await server.exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  },
);

/** Numbers from 1 without holes, each chained to the one before, with totals that are the sums. */
function mustAddUp(batches: readonly BatchJson[]): void {
  let total = NOTHING;
  let prev: string | null = null;
  for (const [i, batch] of batches.entries()) {
    total = {
      batches: total.batches + 1,
      lines: total.lines + batch.lines,
      words: total.words + batch.words,
      bytes: total.bytes + batch.bytes,
      sourceGaps: 0,
    };
    expect(batch).toMatchObject({ seq: i + 1, prev, total });
    expect(batch.counts.reduce((sum, [, count]) => sum + count, 0)).toBe(batch.words);
    expect({ counts: sha256(batch.counts), batch: sha256(signed(batch)) }).toEqual({
      counts: batch.countsHash,
      batch: batch.hash,
    });
    prev = batch.hash;
  }
}

/** What a batch's hash is taken of, in this order. */
function signed(batch: BatchJson): object {
  const { epoch, seq, inc, time, intervalMs, partial, final, late, missedTicks, lines, words, bytes } = batch;
  const { distinct, otherWords, dropped, total, sourceGap, countsHash, prev } = batch;
  const head = { epoch, seq, inc, time, intervalMs, partial, final, late, missedTicks, lines, words, bytes };
  return { ...head, distinct, otherWords, dropped, total, sourceGap, countsHash, prev };
}

function sha256(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

/** Everything one follower gets, from its first visit to the end of the session. */
async function collect(start: string, come: Come, random: () => number): Promise<BatchJson[]> {
  const batches: BatchJson[] = [];
  const cursor = (): string => batches.at(-1)?.cursor ?? start;
  for (let visit = await come(cursor()); visit !== undefined; visit = await come(cursor())) {
    let stay = Math.floor(random() * LONGEST_STAY);
    let welcome = await isWelcome(visit, cursor());
    while (welcome && stay > 0) {
      const told = await visit.take();
      if (told === "end") return batches;
      if (typeof told !== "object" || !("batch" in told)) continue;
      batches.push(told.batch);
      stay--;
      if (stay === 0 && visit.resume !== undefined && random() < 0.3) {
        visit.resume(cursor());
        welcome = await isWelcome(visit, cursor());
        stay = Math.floor(random() * LONGEST_STAY);
      }
    }
    visit.leave();
  }
  return batches;
}

/**
 * Waits for the hello to a cursor; batches that were under way before it are not taken. False when the end was under way,
 * too: then it is to come again.
 */
async function isWelcome(visit: Visit, cursor: string): Promise<boolean> {
  for (let told = await visit.take(); told !== "end"; told = await visit.take()) {
    if (typeof told !== "object" || !("hello" in told)) continue;
    expect(told.hello).toMatchObject({ asked: cursor, status: "continuous" });
    return true;
  }
  return false;
}

function comeBySse(url: string): Come {
  return async (cursor) => {
    const headers = { "last-event-id": cursor };
    // 204: there is nothing left to come for.
    const stream = await follow(`${url}/sse`, headers).catch((failure: unknown) => {
      if (!String(failure).includes("answered 204")) throw failure;
    });
    if (stream === undefined) return undefined;
    return {
      async take() {
        const event = await stream.take();
        if (event === undefined) throw new Error("The stream broke");
        return toldBy(event.event, event.data);
      },
      leave: () => stream.close(),
    };
  };
}

function comeByWebSocket(url: string): Come {
  return async (cursor) => {
    const socket = await connect(`${url}/ws?after=${cursor}`);
    return {
      async take() {
        const message = await socket.take();
        if (message === undefined) throw new Error(`The WebSocket was closed with ${(await socket.closed).code}`);
        const { type, ...data } = message;
        return toldBy(type, data);
      },
      resume: (after) => socket.send(JSON.stringify({ type: "resume", after })),
      leave: () => socket.terminate(),
    };
  };
}

function toldBy(name: string, data: unknown): Told {
  if (name === "batch") return { batch: data as BatchJson };
  if (name === "hello") return { hello: data as HelloJson };
  return name === "end" ? "end" : "other";
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  begin,
  entryAt,
  isGap,
  parseCursor,
  WordCounts,
  type Asked,
  type BatchLog,
  type Cut,
} from "../../src/sessions/mod.ts";
import { MemoryLog } from "../../src/storage/mod.ts";
import { hashing } from "../support/sessions.ts";

const CUT: Cut = {
  ...{ time: 0, intervalMs: 1000, partial: false, final: false, late: false, missedTicks: 0 },
  ...{ lines: 1, words: 1, bytes: 2, otherWords: 0, dropped: { lines: 0, bytes: 0 }, sourceGap: null },
  counts: new WordCounts([["a", 1]]),
  delays: { schedulingMs: 0, processingMs: 0, totalMs: 0 },
};

async function logOf(appended: number, kept: number = 1000): Promise<MemoryLog> {
  const log = new MemoryLog({ maxBatches: kept, maxHistoryBytes: Infinity, maxHistoryMs: Infinity }, hashing);
  for (let i = 0; i < appended; i++) await log.append(CUT);
  return log;
}

/** What a follower gets until it has all there is, as numbers and `from-to` for gaps. */
function readAll(log: BatchLog, asked?: Asked): (number | string)[] {
  const got: (number | string)[] = [];
  let { next } = begin(log, asked);
  for (let entry = entryAt(log, next); entry !== undefined; entry = entryAt(log, next)) {
    got.push(isGap(entry) ? `${entry.from}-${entry.to}` : entry.seq);
    next = isGap(entry) ? entry.to + 1 : entry.seq + 1;
  }
  return got;
}

describe("begin", () => {
  test("begins with the newest batch when nothing is asked", async () => {
    expect(readAll(await logOf(5))).toEqual([5]);
    expect(begin(await logOf(0))).toEqual({ status: "continuous", reason: null, next: 1 });
  });

  test.each([
    ["now", []],
    ["earliest", [3, 4, 5, 6, 7]],
    [2, [6, 7]],
    [100, [3, 4, 5, 6, 7]],
    [0, []],
  ] as const)("begins since %s", async (since, got) => {
    expect(readAll(await logOf(7, 5), { since })).toEqual(got);
  });

  test("goes on after a cursor", async () => {
    const log = await logOf(7, 5);
    const after = (seq: number): Asked => ({ after: { epoch: log.epoch, seq } });
    expect(begin(log, after(4))).toEqual({ status: "continuous", reason: null, next: 5 });
    expect(begin(log, after(2)).status).toBe("continuous");
    expect(begin(log, after(7)).status).toBe("continuous");
    expect(readAll(log, after(7))).toEqual([]);
    expect(begin(log, after(1)).status).toBe("gap");
    expect(readAll(log, after(1))).toEqual(["2-2", 3, 4, 5, 6, 7]);
    expect(readAll(log, after(0))).toEqual(["1-2", 3, 4, 5, 6, 7]);
  });

  test("resets for another epoch and for a cursor ahead of the log", async () => {
    const log = await logOf(7, 5);
    expect(begin(log, { after: { epoch: "other", seq: 5 } })).toEqual({ status: "reset", reason: "epoch", next: 3 });
    expect(begin(log, { after: { epoch: log.epoch, seq: 8 } })).toEqual({
      status: "reset",
      reason: "ahead_of_log",
      next: 3,
    });
    expect(begin(log, { after: { epoch: null, seq: 5 } }).status).toBe("continuous");
  });
});

test("a follower that leaves and resumes anywhere gets every batch once, or is told of the gap", async () => {
  const step = fc.record({ appended: fc.nat(6), taken: fc.nat(4), leaves: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 6 }),
      async (steps, kept) => {
        const log = await logOf(0, kept);
        let seen = 0;
        let next = begin(log).next;
        for (const { appended, taken, leaves } of steps) {
          for (let i = 0; i < appended; i++) await log.append(CUT);
          if (leaves) next = begin(log, { after: { epoch: log.epoch, seq: seen } }).next;
          for (let i = 0; i < taken; i++) {
            const entry = entryAt(log, next);
            if (entry === undefined) break;
            expect(isGap(entry) ? entry.from : entry.seq).toBe(seen + 1);
            seen = isGap(entry) ? entry.to : entry.seq;
            next = seen + 1;
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

describe("MemoryLog", () => {
  test("keeps maxBatches and says where its tail is", async () => {
    const log = await logOf(7, 5);
    expect([log.tail, log.head, log.read(2), log.read(3)?.seq, log.read(8)]).toEqual([3, 7, undefined, 3, undefined]);
    expect(log.total.batches).toBe(7);
  });

  test("keeps fewer when they are large, but always the newest", async () => {
    const log = new MemoryLog({ maxBatches: 100, maxHistoryBytes: 10_000, maxHistoryMs: Infinity }, hashing);
    const counts = new WordCounts(Array.from({ length: 200 }, (_, i) => [`w${i}`, 1] as const));
    for (let i = 0; i < 3; i++) await log.append({ ...CUT, counts });
    expect([log.tail, log.head]).toEqual([3, 3]);
  });

  test("tells listeners after the append, until they are cancelled", async () => {
    const log = await logOf(0);
    const heads: number[] = [];
    const cancel = log.onAppend(() => heads.push(log.head));
    await log.append(CUT);
    cancel();
    await log.append(CUT);
    expect(heads).toEqual([1]);
  });

  test("names each life of a log anew", async () => {
    const [one, two] = [await logOf(0), await logOf(0)];
    expect(one.epoch).toMatch(/^[a-z0-9]{8}$/);
    expect(one.epoch).not.toBe(two.epoch);
  });
});

describe("parseCursor", () => {
  test("reads what was written", () => {
    expect(parseCursor("k3v9:12", "after")).toEqual({ epoch: "k3v9", seq: 12 });
    expect(parseCursor("12", "after")).toEqual({ epoch: null, seq: 12 });
  });

  test.each(["", ":", "k3v9:", "k3v9:-1", "K:1", "a:1:2", "1e3", " 1", "a:1\n", "a".repeat(33) + ":1", "9".repeat(16)])(
    "refuses %j",
    (text) => {
      expect(() => parseCursor(text, "after")).toThrow(/^Cannot resume: after is /);
    },
  );
});

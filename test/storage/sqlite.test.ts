import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test, vi } from "vitest";
import { inSlices } from "../../src/clock.ts";
import { ManyWords, type Batch, type BatchLog } from "../../src/sessions/mod.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { hashing } from "../support/sessions.ts";
import { cutOf, openStore, recordOf, temporaryFolder } from "../support/stores.ts";

/** What one log holds, in order, but for the texts that a new batch has. */
function allOf(log: BatchLog): Partial<Batch>[] {
  return Array.from({ length: log.head - log.tail + 1 }, (_, i) => ({ ...log.read(log.tail + i), texts: undefined }));
}

const HOSTILE = [
  ["__proto__", 3],
  ["", 2],
  ["\u0000", 2],
  ["<b>&", 1],
  ["\u2028", 1],
  ["语🙂", 1],
  ["\uFFFD", 1],
] as const;

describe("a store in SQLite", () => {
  test("gives back after a restart what it kept, to the last byte", async () => {
    await using folder = await temporaryFolder();
    let before: readonly unknown[];
    {
      await using store = openStore(folder.path);
      const log = await store.create({ ...recordOf("s_one"), request: "k:f" });
      await log.append(cutOf(1, HOSTILE));
      await log.append(cutOf(2, []));
      await log.append(cutOf(3));
      before = allOf(log);
      expect(log).toMatchObject({ head: 3, tail: 1 });
    }
    await using store = openStore(folder.path);
    const [kept] = store.kept;
    expect(kept?.record).toEqual({ ...recordOf("s_one"), request: "k:f" });
    expect(kept?.log.epoch).toBe((before[0] as Batch).epoch);
    expect(allOf(kept!.log)).toEqual(before);
    expect(HOSTILE.map((_, place) => (before[0] as Batch).counts.at(place))).toEqual(HOSTILE);
  });

  test("takes over a database of the first version, as it was", async () => {
    await using folder = await temporaryFolder();
    const records = ["s_one", "s_two"].map(recordOf);
    let before: readonly unknown[];
    {
      await using store = openStore(folder.path);
      const logs = await Promise.all(records.map((record) => store.create(record)));
      for (let n = 1; n <= 3; n++) for (const [i, log] of logs.entries()) await log.append(cutOf(n, [[`of ${i}`, n]]));
      before = logs.map(allOf);
    }
    const db = new DatabaseSync(join(folder.path, "sluice.db"));
    db.exec(`ALTER TABLE session DROP COLUMN request;
      CREATE TABLE byKey (key INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
        body TEXT NOT NULL, words BLOB NOT NULL, counts BLOB NOT NULL, places BLOB, PRIMARY KEY (key, seq)) STRICT, WITHOUT ROWID;
      INSERT INTO byKey SELECT key, seq, time, hash, size, body, words, counts, places FROM batch;
      DROP TABLE batch;
      ALTER TABLE byKey RENAME TO batch;
      PRAGMA user_version = 1`);
    db.close();
    await using store = openStore(folder.path);
    expect(store.kept.map(({ record }) => record)).toEqual(records);
    expect(store.kept.map(({ log }) => allOf(log))).toEqual(before);
    await store.kept[0]?.log.append(cutOf(4));
    await store.create({ ...recordOf("s_three"), request: "k:f" });
  });

  test("gives back many words in both orders", async () => {
    await using folder = await temporaryFolder();
    const bytes = new TextEncoder().encode(Array.from({ length: 5000 }, (_, i) => `w${(i * 7919) % 5000}\n`).join(""));
    const counts = await inSlices(ManyWords.of({ bytes, counts: new Float64Array(5000).fill(2), other: 0 }));
    let hash: string | undefined;
    {
      await using store = openStore(folder.path);
      const log = await store.create(recordOf("s_one"));
      await log.append({ ...cutOf(1), counts });
      await log.append(cutOf(2));
      hash = log.read(1)?.countsHash;
    }
    await using store = openStore(folder.path);
    const kept = store.kept[0]!.log.read(1)!;
    expect(kept.counts.top()).toEqual(counts.top());
    expect([kept.counts.at(4999), kept.counts.size]).toEqual([counts.at(4999), 5000]);
    expect([hash, kept.countsHash]).toEqual([kept.countsHash, hashing.digest(JSON.stringify(counts.top()))]);
  });

  test("goes on with the chain as a new writer", async () => {
    await using folder = await temporaryFolder();
    for (const inc of [1, 2, 3]) {
      await using store = openStore(folder.path);
      const log = inc === 1 ? await store.create(recordOf("s_one")) : store.kept[0]!.log;
      const previous = log.read(log.head);
      await log.append(cutOf(inc));
      expect(log.read(inc)).toMatchObject({ seq: inc, inc, prev: previous?.hash ?? null, total: { batches: inc } });
    }
  });

  test("gives a new writer a higher inc, though the one before wrote nothing", async () => {
    await using folder = await temporaryFolder();
    await using first = openStore(folder.path);
    await first.create(recordOf("s_one"));
    await first.close();
    await openStore(folder.path).close();
    await using third = openStore(folder.path);
    const { log } = third.kept[0]!;
    await log.append(cutOf(1));
    expect(log.read(1)?.inc).toBe(3);
  });

  test("tells nobody of a batch, and numbers the next, while the first is on its way to the disk", async () => {
    await using folder = await temporaryFolder();
    await using store = openStore(folder.path);
    const log = await store.create(recordOf("s_one"));
    const told = vi.fn<() => number>(() => log.head);
    log.onAppend(told);
    const first = log.append(cutOf(1));
    const second = log.append(cutOf(2));
    expect([log.head, log.read(1)]).toEqual([0, undefined]);
    await first;
    await second;
    const [one, two] = [log.read(1), log.read(2)];
    expect([one?.seq, two?.seq, two?.prev]).toEqual([1, 2, one?.hash]);
    expect(told.mock.results.map(({ value }) => value as number)).toEqual([1, 2]);
  });

  test("keeps nothing and says why while the database is locked, then keeps all, in order", async () => {
    await using folder = await temporaryFolder();
    const clock = new ManualClock();
    await using store = openStore(folder.path, { clock });
    const log = await store.create(recordOf("s_one"));
    const changed = vi.fn<() => void>();
    store.watch(changed);
    using other = new DatabaseSync(join(folder.path, "sluice.db"));
    // The writer may still be tidying up after the session's row.
    await vi.waitFor(() => other.exec("BEGIN IMMEDIATE"));
    void log.append(cutOf(1));
    void log.append(cutOf(2));
    await vi.waitFor(() => expect(store.trouble).toBe("Cannot keep batches: database is locked; next try in 0.5 s"));
    await clock.advance(500);
    expect([log.head, changed.mock.calls.length]).toEqual([0, 1]);
    expect([store.pending, store.commits.reading.count, log.bytes]).toEqual([2, 0, 0]);
    other.exec("ROLLBACK");
    const last = log.append(cutOf(3));
    await clock.advance(500);
    await last;
    expect([store.trouble, changed.mock.calls.length]).toEqual([null, 2]);
    expect(allOf(log).map((batch) => batch.time)).toEqual([1000, 2000, 3000]);
    // The first two waited for both tries, the third for the second alone.
    expect([store.pending, store.commits.reading]).toEqual([0, expect.objectContaining({ count: 3, sum: 2500 })]);
    expect(log.bytes).toBeGreaterThan(500);
  });

  test.each([
    ["number", { maxBatches: 3 }, 3],
    ["age", { maxHistoryMs: 4000 }, 5],
    ["size", { maxHistoryBytes: 3000 }, 3],
    ["size, but never the newest", { maxHistoryBytes: 1 }, 1],
  ])("lets the oldest go by %s", async (_what, limits, left) => {
    await using folder = await temporaryFolder();
    {
      await using store = openStore(folder.path, limits);
      const log = await store.create(recordOf("s_one"));
      for (let n = 1; n <= 9; n++) await log.append(cutOf(n));
      expect([log.head, log.head - log.tail + 1]).toEqual([9, left]);
      expect(log.read(log.tail - 1)).toBeUndefined();
      expect(log.read(log.tail)?.seq).toBe(log.tail);
    }
    await using store = openStore(folder.path, limits);
    const { log } = store.kept[0]!;
    expect([log.head, log.head - log.tail + 1]).toEqual([9, left]);
  });

  test("has forgotten a session, and never mixes its batches with another's", async () => {
    await using folder = await temporaryFolder();
    {
      await using store = openStore(folder.path);
      const log = await store.create(recordOf("s_one"));
      await log.append(cutOf(1));
      await store.forget("s_one");
    }
    await using store = openStore(folder.path);
    expect(store.kept).toEqual([]);
    const log = await store.create(recordOf("s_two"));
    expect([log.head, log.read(1)]).toEqual([0, undefined]);
    await log.append(cutOf(1));
    await vi.waitFor(() => {
      using db = new DatabaseSync(join(folder.path, "sluice.db"), { readOnly: true });
      expect(db.prepare("SELECT count(*) AS n FROM batch").get()).toEqual({ n: 1 });
    });
  });

  test("keeps how a session ended", async () => {
    await using folder = await temporaryFolder();
    const source = { type: "emitter", connected: false, finished: true, lastError: null } as const;
    const end = { reason: "finished", failure: null, discarded: null, source } as const;
    {
      await using store = openStore(folder.path);
      await store.create(recordOf("s_one"));
      await store.end("s_one", end);
    }
    await using store = openStore(folder.path);
    expect(store.kept[0]?.record.end).toEqual(end);
  });

  test.each([
    ["is no database", (file: string) => writeFile(file, "x".repeat(10_000)), /file is not a database; a folder/],
    [
      "is of a newer version",
      (file: string) => {
        new DatabaseSync(file).exec("PRAGMA user_version = 99");
        return Promise.resolve();
      },
      /its version is 99, and 3 is the newest known here; a newer Sluice is wanted/,
    ],
  ])("is refused a file that %s", async (_what, spoil, message) => {
    await using folder = await temporaryFolder();
    await spoil(join(folder.path, "sluice.db"));
    expect(() => openStore(folder.path)).toThrow(
      expect.objectContaining({
        code: "bad_store",
        message: expect.stringMatching(message),
      }),
    );
  });

  test("is one process's at a time", async () => {
    await using folder = await temporaryFolder();
    await using first = openStore(folder.path);
    expect(first.kept).toEqual([]);
    expect(() => openStore(folder.path)).toThrow(/another process does; a folder of its own is wanted \(--data\)/);
  });
});

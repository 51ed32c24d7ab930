import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test, vi } from "vitest";
import type { WordCount } from "../../src/sessions/mod.ts";
import type { Write } from "../../src/storage/sqlite/rows.ts";
import { sizeOf } from "../../src/storage/sqlite/size.ts";
import { Transactions } from "../../src/storage/sqlite/transactions.ts";
import { cutOf, openStore, recordOf, temporaryFolder } from "../support/stores.ts";

const MIB = 1024 * 1024;
/** Free pages that a database may keep. */
const SPARE = 4 * MIB;
/** What its write-ahead log may keep. */
const WAL_KEPT = 64 * MIB;

const bytesOf = (folder: string, name: string): number =>
  statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
/** One word, so long that its row has about as many bytes. */
const wordOf = (bytes: number): WordCount[] => [["x".repeat(bytes), 1]];

describe("the size of a batch", () => {
  test.each([0, 100, 300, 420, 600, 1500, 3000, 6000, 20_000, 300_000])(
    "is about what a row with %i bytes of words takes of the file, of one session or of many",
    async (bytes) => {
      for (const sessions of [1, 25]) {
        await using folder = await temporaryFolder();
        const file = join(folder.path, "sluice.db");
        const transactions = new Transactions(file);
        const row = { time: 1, hash: "a".repeat(64), body: "b".repeat(560), places: null, counts: new Uint8Array(8) };
        const rows = bytes > 100_000 ? 50 : 500;
        // In the order of their times, as sessions write them.
        const all = Array.from({ length: rows }, (_, i): Write => {
          const [key, seq] = [i % sessions, Math.floor(i / sessions)];
          return { type: "batch", key, seq, ...row, words: new Uint8Array(bytes) };
        });
        for (let n = 0; n < rows; n += 100) transactions.commit(all.slice(n, n + 100));
        transactions.close();
        const taken = bytesOf(folder.path, "sluice.db") / rows;
        expect(sizeOf({ ...row, words: new Uint8Array(bytes) }) / taken).toBeGreaterThan(0.8);
        expect(sizeOf({ ...row, words: new Uint8Array(bytes) }) / taken).toBeLessThan(1.25);
      }
    },
  );
});

describe("what is swept", () => {
  const batchOf = (seq: number): Write => {
    const row = { time: seq * 1000, hash: "h", body: "{}", words: new Uint8Array(0), counts: new Uint8Array(0) };
    return { type: "batch", key: 1, seq, ...row, places: null };
  };
  const session = {
    type: "session",
    key: 1,
    id: "s_one",
    epoch: "e",
    createdAt: 0,
    spec: "{}",
    request: null,
  } as const;
  const forget = { type: "forget", key: 1, times: [1000, 2000] } as const;

  test("is of sessions that are gone, and nothing of one that could not be forgotten", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "sluice.db");
    const transactions = new Transactions(file);
    const count = (): unknown => {
      using db = new DatabaseSync(file, { readOnly: true });
      return Object.values(db.prepare("SELECT count(*) FROM batch").get() ?? {})[0];
    };
    transactions.commit([session, batchOf(1), batchOf(2)]);
    const other = { ...batchOf(2), hash: "another" } as Write;
    expect(() => transactions.commit([forget, other])).toThrow("with other content");
    transactions.sweep();
    expect(count()).toBe(2);
    transactions.commit([forget]);
    while (transactions.sweep());
    expect(count()).toBe(0);
    transactions.close();
  });
});

describe("the database's file", () => {
  test("stays as large as what is kept, however much is committed, also while it is read", async () => {
    await using folder = await temporaryFolder();
    const limits = { maxHistoryBytes: 2 * MIB };
    await using store = openStore(folder.path, limits);
    const log = await store.create(recordOf("s_one"));
    let written = 0;
    for (let n = 1; n <= 2000; n += 100) {
      let last: Promise<void> | undefined;
      for (let i = n; i < n + 100; i++) {
        const bytes = (i * 7919) % 30_000;
        written += bytes;
        last = log.append(cutOf(i, wordOf(bytes)));
      }
      await last;
      for (let seq = log.tail; seq <= log.head; seq += 10) expect(log.read(seq)?.seq).toBe(seq);
    }
    expect(written).toBeGreaterThan(10 * limits.maxHistoryBytes);
    expect(bytesOf(folder.path, "sluice.db")).toBeLessThan(1.5 * limits.maxHistoryBytes + SPARE);
    expect(bytesOf(folder.path, "sluice.db-wal")).toBeLessThan(8 * MIB);
  });

  test("gives the room of a session that is forgotten back, but for a little", async () => {
    await using folder = await temporaryFolder();
    await using store = openStore(folder.path);
    const log = await store.create(recordOf("s_one"));
    for (let n = 1; n <= 30; n++) await log.append(cutOf(n, wordOf(MIB)));
    await store.create(recordOf("s_two"));
    await store.forget("s_one");
    await vi.waitFor(() => expect(bytesOf(folder.path, "sluice.db")).toBeGreaterThan(20 * MIB));
    const other = await store.create(recordOf("s_three"));
    let n = 1;
    // What was given back leaves the file when the write-ahead log is next read back into it.
    await vi.waitFor(
      async () => {
        await other.append(cutOf(n, wordOf(100)));
        n++;
        expect(bytesOf(folder.path, "sluice.db")).toBeLessThan(2 * SPARE);
      },
      { timeout: 20_000, interval: 5 },
    );
  });

  test("and its log become small again after one who read it held up their clearing", async () => {
    await using folder = await temporaryFolder();
    const limits = { maxHistoryBytes: 2 * MIB };
    await using store = openStore(folder.path, limits);
    const log = await store.create(recordOf("s_one"));
    await log.append(cutOf(1));
    let n = 2;
    {
      using reader = new DatabaseSync(join(folder.path, "sluice.db"), { readOnly: true });
      reader.exec("BEGIN");
      expect(reader.prepare("SELECT count(*) AS n FROM batch").get()).toEqual({ n: 1 });
      for (; n <= 20; n++) await log.append(cutOf(n, wordOf(4 * MIB)));
      expect(bytesOf(folder.path, "sluice.db-wal")).toBeGreaterThan(WAL_KEPT);
      // What it sees stays: nothing is read back over it.
      expect(reader.prepare("SELECT count(*) AS n FROM batch").get()).toEqual({ n: 1 });
    }
    for (; n <= 25; n++) await log.append(cutOf(n, wordOf(MIB)));
    expect(bytesOf(folder.path, "sluice.db-wal")).toBeLessThanOrEqual(WAL_KEPT);
    expect(bytesOf(folder.path, "sluice.db")).toBeLessThan(WAL_KEPT);
    expect(log.read(log.head)?.words).toBe(1);
  });
});

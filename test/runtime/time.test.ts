/** Batches while the wall clock jumps, the process is held up, and its event loop is: real processes, real time. @module */

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { sized } from "../support/size.ts";
import { startSession } from "./client.ts";
import type { BatchJson } from "./json.ts";
import { RUNTIMES, startServer } from "./server.ts";
import { follow, type EventStream } from "./sse.ts";

vi.setConfig({ testTimeout: 300_000 });

const INTERVAL_MS = 100;
const SPEC = { source: { type: "emitter", lines: ["a b"], intervalMs: 10 }, batchIntervalMs: INTERVAL_MS };
/** Where Debian and its like have libfaketime. */
const FAKETIME = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
  .find(existsSync);
if (FAKETIME === undefined) console.warn("No libfaketime: jumps of the wall clock are not tested.");

/** Reads so many batches; each must follow the one before, at a later time that is a multiple of the interval. */
async function takeBatches(stream: EventStream, count: number, before?: BatchJson): Promise<BatchJson[]> {
  const batches: BatchJson[] = before === undefined ? [] : [before];
  const wanted = batches.length + count;
  while (batches.length < wanted) batches.push(await stream.next<BatchJson>("batch"));
  const times = batches.map(({ time }) => Date.parse(time));
  expect(times.filter((time, i) => time % INTERVAL_MS !== 0 || time <= (times[i - 1] ?? 0))).toEqual([]);
  const { seq = 0 } = batches[0] ?? {};
  expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, i) => seq + i));
  return batches;
}

describe.concurrent.each(RUNTIMES)("batches on %s", (runtime) => {
  test("that was stopped for two seconds: one late batch with its true length, none made up", async () => {
    await using server = await startServer(runtime);
    await using session = await startSession(server, SPEC);
    await using stream = await follow(`${session.url}/sse`);
    for (let round = 0; round < sized(1, 5); round++) {
      const [before] = await takeBatches(stream, 1);
      process.kill(server.pid, "SIGSTOP");
      await new Promise((resolve) => {
        setTimeout(resolve, 2000);
      });
      process.kill(server.pid, "SIGCONT");
      const batches = await takeBatches(stream, 10, before);
      const late = batches.filter((batch) => batch.late);
      expect(late.length).toBeGreaterThanOrEqual(1);
      const length = Math.max(...late.map(({ intervalMs }) => intervalMs));
      expect([length >= 1500, length < 4000]).toEqual([true, true]);
      // All lengths together are the time that went by, but for what a late one's true length differs from its label.
      const all = batches.slice(1).reduce((sum, { intervalMs }) => sum + intervalMs, 0);
      const labels = Date.parse(batches.at(-1)!.time) - Date.parse(batches[0]!.time);
      expect(Math.abs(labels - all)).toBeLessThan(INTERVAL_MS * late.length);
    }
  });

  test.skipIf(FAKETIME === undefined)(
    "whose wall clock jumps by a day and back: no hole, no flood, no stop",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "sluice-time-"));
      const file = join(folder, "faketime");
      await writeFile(file, "+0\n");
      const env = {
        LD_PRELOAD: FAKETIME ?? "",
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      };
      try {
        await using server = await startServer(runtime, { env });
        await using session = await startSession(server, SPEC);
        await using stream = await follow(`${session.url}/sse`);
        let [last] = await takeBatches(stream, 1);
        for (const offset of ["+86400", "+0", "-3600", "+3600", "+0"]) {
          await writeFile(file, `${offset}\n`);
          const began = performance.now();
          const batches = await takeBatches(stream, sized(8, 100), last);
          // As many as there is time for, give or take what a busy machine does.
          const gone = performance.now() - began;
          expect(batches.length - 1).toBeLessThan(gone / INTERVAL_MS + 5);
          expect(batches.slice(1).reduce((sum, { lines }) => sum + lines, 0)).toBeGreaterThan(0);
          last = batches.at(-1)!;
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});

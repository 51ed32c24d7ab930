/** Batches of many words: made in slices, and whole for whoever wants all of them. @module */

import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { read, startSession, stop } from "../client.ts";
import type { BatchJson, PageJson } from "../json.ts";
import type { Server } from "../server.ts";
import { follow } from "../sse.ts";
import { connect } from "../ws.ts";

const WORDS = 6000;
/** One line of them all, in no order. */
const line = Array.from({ length: WORDS }, (_, i) => ((i * 7919) % WORDS).toString(36).padStart(3, "é")).join(" ");
const SPEC = { source: { type: "emitter", lines: [line], intervalMs: 50 }, batchIntervalMs: 300 };

export function largeContract(server: () => Server): void {
  test("a batch of many words is the same, and whole, wherever it is read", async () => {
    await using session = await startSession(server(), SPEC);
    const all = "top=1000000&since=earliest";
    await using sse = await follow(`${session.url}/sse?${all}`);
    using ws = await connect(`${session.url}/ws?${all}`);
    await using some = await follow(`${session.url}/sse?top=3&since=earliest`);
    let batch: BatchJson;
    do batch = await sse.next<BatchJson>("batch");
    while (batch.distinct < WORDS);
    expect([batch.distinct, batch.more, batch.counts.length]).toEqual([WORDS, 0, WORDS]);
    expect(createHash("sha256").update(JSON.stringify(batch.counts)).digest("hex")).toBe(batch.countsHash);
    const sorted = batch.counts.toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(batch.counts).toEqual(sorted);
    for (let i = 1; i < batch.seq; i++) await ws.next("batch");
    expect(await ws.next("batch")).toEqual({ type: "batch", ...batch });
    for (let i = 1; i < batch.seq; i++) await some.next("batch");
    expect(await some.next("batch")).toEqual({ ...batch, counts: batch.counts.slice(0, 3), more: WORDS - 3 });
    expect(await read(fetch(`${session.url}/batches/${batch.seq}`))).toEqual(batch);
    const { total } = await stop(session);
    const page = await read<PageJson>(fetch(`${session.url}/batches?top=1000000&limit=1000`));
    expect(page.items[batch.seq - 1]).toEqual(batch);
    expect(page.items.map(({ seq }) => seq)).toEqual(Array.from({ length: total.batches }, (_, i) => i + 1));
    const accept = { headers: { accept: "application/x-ndjson" } };
    const lines = await (await fetch(`${session.url}/batches?top=1000000&limit=1000`, accept)).text();
    expect(
      lines
        .trimEnd()
        .split("\n")
        .map((each) => JSON.parse(each) as BatchJson),
    ).toEqual(page.items);
  });
}

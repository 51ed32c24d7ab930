import { describe, expect, test } from "vitest";
import { pprint, sparkOrder } from "../../src/engine/mod.ts";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import { sseFraming, textFraming, webSocketFraming, type Framing } from "../../src/http/framing.ts";
import type { Connection } from "../../src/runtime.ts";
import { begin } from "../../src/sessions/mod.ts";
import { appByHand } from "../support/app.ts";
import { settle } from "../support/manual_clock.ts";
import { digest } from "../support/sessions.ts";

const HOST = { host: "localhost:8080" };
const WORDS = 9000;

/** Words in order of first appearance, some of them twice, and as a batch shows them. */
const words = Array.from({ length: WORDS }, (_, i) => `${(i * 7919) % WORDS}-"é😀`);
const arrived = words.map((word, i) => [word, i % 3 === 0 ? 2 : 1] as const);
const text = arrived.map(([word, count]) => `${word} `.repeat(count).trimEnd()).join(" ");
const sorted = arrived.toSorted(([a, n], [b, m]) => m - n || Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Resolves when the condition holds, with the turns of the event loop that took. */
async function until(condition: () => boolean): Promise<number> {
  let turns = 0;
  for (; !condition(); turns++) await settle();
  return turns;
}

/** An app with a session; `say` gives its batches a line each. */
async function scene() {
  const byHand = appByHand();
  const { session, source } = await byHand.start({ batchIntervalMs: 1000 });
  const get = async (path: string, headers: Record<string, string> = {}): Promise<string> => {
    const response = await byHand.app.request(`/sessions/${session.id}${path}`, { headers: { ...HOST, ...headers } });
    expect(response.status).toBe(200);
    return response.text();
  };
  /** How many turns of the loop it took until all were in the log. */
  const say = async (...lines: readonly string[]): Promise<number> => {
    for (const line of lines) {
      source.write(`${line}\n`);
      await byHand.clock.advance(1000);
    }
    return until(() => session.log.head === lines.length);
  };
  const delivery = new Delivery(session, byHand.clock, { measures: new DeliveryMeasures() });
  const follow = (framing: Framing, top: number): string[] => {
    const written: string[] = [];
    const slowness = { policy: "gap", maxLag: 1 } as const;
    const connection: Connection = {
      write: (bytes) => written.push(new TextDecoder().decode(bytes)) > 0,
      buffered: 0,
      end: () => written.push("over"),
      terminate: () => {},
    };
    delivery.join(
      connection,
      { framing, top, slowness, address: null },
      { beginning: begin(session.log, { since: "earliest" }), asked: null },
    );
    return written;
  };
  return { ...byHand, session, source, get, say, follow };
}

interface Shown {
  readonly seq: number;
  readonly counts: unknown[];
  readonly more: number;
  readonly distinct: number;
  readonly words: number;
  readonly countsHash: string;
}

describe("a batch of many words", () => {
  test("takes turns to be counted, and is in the log in its order", async () => {
    const { session, say } = await scene();
    expect(await say(text, "a b a", text)).toBeGreaterThan(1);
    const [one, two, three] = [1, 2, 3].map((seq) => session.log.read(seq)!);
    expect([one!.counts.size, two!.counts.size, three!.counts.size]).toEqual([WORDS, 2, WORDS]);
    expect([one!.words, three!.total.words]).toEqual([12_000, 24_003]);
    expect([two!.prev, three!.prev]).toEqual([one!.hash, two!.hash]);
    expect(one!.countsHash).toBe(digest(JSON.stringify(sorted)));
    expect(one!.counts.top(5)).toEqual(sorted.slice(0, 5));
  });

  test("is in the log before a stop is over", async () => {
    const { session, source, follow } = await scene();
    const written = follow(webSocketFraming, 1_000_000);
    source.write(`${text}\n`);
    await session.stop("stopped");
    expect(session.log.read(1)).toMatchObject({ final: true, words: 12_000 });
    await until(() => written.at(-1) === "over");
    const [batch, end] = written.slice(-3, -1).map((each) => JSON.parse(each) as Shown & { type: string });
    expect([batch!.type, batch!.counts, end!.type]).toEqual(["batch", sorted, "end"]);
  });

  test("is whole in the history, as JSON and a batch a line", async () => {
    const { get, say } = await scene();
    await say(text, "a b a", text);
    const one = JSON.parse(await get("/batches/1")) as Shown;
    expect(one).toMatchObject({ seq: 1, counts: sorted, more: 0, distinct: WORDS });
    expect(JSON.parse(await get("/batches/1?top=5000"))).toMatchObject({ counts: sorted.slice(0, 5000), more: 4000 });
    const page = JSON.parse(await get("/batches?top=100000")) as { items: Shown[]; hasMore: boolean };
    expect(page.items.map(({ seq, counts }) => [seq, counts.length])).toEqual([
      [1, WORDS],
      [2, 2],
      [3, WORDS],
    ]);
    expect([page.items[0], page.hasMore]).toEqual([one, false]);
    const lines = (await get("/batches?top=100000", { accept: "application/x-ndjson" })).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as Shown)).toEqual(page.items);
  });

  test("is read page by page by its links, to the last word", async () => {
    const { say, get, app } = await scene();
    await say(text);
    const all: unknown[] = [];
    let page = JSON.parse(await get("/batches/1/words?limit=4000")) as { words: unknown[]; next: string | null };
    for (;;) {
      all.push(...page.words);
      if (page.next === null) break;
      const answer = await app.request(page.next, { headers: { host: "localhost" } });
      expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, expect.stringContaining("immutable")]);
      page = (await answer.json()) as typeof page;
    }
    expect(all).toEqual(sorted);
    expect(JSON.parse(await get(`/batches/1/words?offset=${WORDS}`))).toMatchObject({ words: [], next: null });
  });

  test("is as many rows of CSV as words, in the order of the counts", async () => {
    const { say, get } = await scene();
    await say(text);
    const [, ...rows] = (await get("/batches?top=100000", { accept: "text/csv" })).trimEnd().split("\r\n");
    const found = rows.filter((row) => row.startsWith("1,")).map((row) => row.split(",").slice(2).join(","));
    expect(found).toEqual(sorted.map(([word, count]) => `"${word.replaceAll('"', '""')}",${count}`));
  });

  test("is shown by its first words at once", async () => {
    const { say, follow } = await scene();
    await say(text);
    const shown = JSON.parse(follow(webSocketFraming, 500).at(-1)!) as Shown;
    expect([shown.counts, shown.more]).toEqual([sorted.slice(0, 500), WORDS - 500]);
  });

  test("is encoded over turns for those who want all of it, and nothing comes before it", async () => {
    const { say, follow } = await scene();
    await say(text, "a b a");
    const sse = follow(sseFraming, 1_000_000);
    const [ws, again] = [follow(webSocketFraming, 1_000_000), follow(webSocketFraming, 1_000_000)];
    expect([sse.length, ws.length, again.length]).toEqual([2, 2, 2]);
    expect(await until(() => ws.length === 4 && sse.length === 4)).toBeGreaterThan(1);
    expect(again).toEqual(ws);
    expect(JSON.parse(ws[2]!)).toMatchObject({ type: "batch", seq: 1, counts: sorted, more: 0 });
    expect(JSON.parse(ws[3]!)).toMatchObject({ type: "batch", seq: 2 });
    const [id, event, data, end] = sse[2]!.split("\n");
    expect([id, event, end]).toEqual([expect.stringMatching(/^id: .*:1$/), "event: batch", ""]);
    const { type: _type, ...batch } = JSON.parse(ws[2]!) as Shown & { type: string };
    expect(JSON.parse(data!.slice("data: ".length))).toEqual(batch);
  });

  test.each([0, 10, 1000, 5000, 8999, 9000, 1_000_000])("is printed as Spark prints it, %i records", async (num) => {
    const { session, say, follow } = await scene();
    await say(text);
    const written = follow(textFraming, num);
    await until(() => written.length > 0);
    const records = sparkOrder(words)
      .slice(0, num)
      .map((place) => arrived[place]);
    expect(written).toEqual([pprint({ time: session.log.read(1)!.time, records, more: num < WORDS })]);
  });
});

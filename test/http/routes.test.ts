import { describe, expect, test } from "vitest";
import { appByHand, StreamReader } from "../support/app.ts";

const HOST = { host: "localhost:8080" };

/** An app with a session of `n` batches, of which the newest `maxBatches` are kept. */
async function scene(n: number, maxBatches: number = 1000) {
  const byHand = appByHand({ maxBatches });
  const { session, source } = await byHand.start({ batchIntervalMs: 1000 });
  for (let i = 0; i < n; i++) {
    source.write("a b\n");
    await byHand.clock.advance(1000);
  }
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
    Promise.resolve(byHand.app.request(`/sessions/${session.id}${path}`, { headers: { ...HOST, ...headers } }));
  const cursor = (seq: number): string => `${session.log.epoch}:${seq}`;
  return { ...byHand, session, source, get, cursor };
}

interface Page {
  readonly items: { seq: number }[];
  readonly next: string | null;
  readonly prev: string | null;
  readonly status: string;
  readonly hasMore: boolean;
}

const seqs = ({ items }: Page): number[] => items.map(({ seq }) => seq);

describe("GET …/batches", () => {
  test("walks the history by its links, both ways, every batch once", async () => {
    const { app, session } = await scene(10);
    for (const [order, all] of [
      ["asc", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
      ["desc", [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]],
    ] as const) {
      const walked: number[] = [];
      let path: string | null = `/sessions/${session.id}/batches?limit=3&order=${order}`;
      let last: Page | undefined;
      while (path !== null) {
        last = (await (await app.request(path, { headers: HOST })).json()) as Page;
        walked.push(...seqs(last));
        path = last.next;
      }
      expect(walked).toEqual(all);
      const back = (await (await app.request(last!.prev!, { headers: HOST })).json()) as Page;
      expect(back.items.length).toBe(3);
    }
  });

  test("keeps within after and before, and says what is not kept", async () => {
    const { get, cursor } = await scene(10, 6);
    const page = async (query: string): Promise<Page> => (await (await get(`/batches?${query}`)).json()) as Page;
    expect(seqs(await page(`after=${cursor(6)}&before=${cursor(9)}`))).toEqual([7, 8]);
    expect(await page(`after=${cursor(6)}`)).toMatchObject({ status: "continuous", hasMore: false, next: null });
    expect(await page(`after=${cursor(2)}`)).toMatchObject({ status: "gap", items: [{ seq: 5 }, {}, {}, {}, {}, {}] });
    expect(await page("after=other:2")).toMatchObject({ status: "reset", items: [{ seq: 5 }, {}, {}, {}, {}, {}] });
    expect(await page("limit=0")).toMatchObject({ items: [], hasMore: true });
    expect(await page("after=99")).toMatchObject({ status: "reset", items: [{ seq: 5 }, {}, {}, {}, {}, {}] });
    expect(await page("after=10")).toMatchObject({ status: "continuous", items: [], hasMore: false });
  });

  test("gives one batch a line to those who ask for lines", async () => {
    const { get } = await scene(3);
    const response = await get("/batches?top=1", { accept: "application/jsonl" });
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([{ seq: 1, counts: [["a", 1]], more: 1 }, { seq: 2 }, { seq: 3 }]);
  });

  test("gives rows of words to those who ask for CSV, and no spreadsheet takes one for a formula", async () => {
    const { get, session, source, clock } = await scene(1);
    source.write('=1+1 say,"so" +x -x @x \u00e9 a=b\n');
    await clock.advance(1000);
    const response = await get("/batches", { accept: "text/csv" });
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    const [one, two] = [1, 2].map((seq) => new Date(session.log.read(seq)!.time).toISOString());
    const words = [`"'+x"`, `"'-x"`, `"'=1+1"`, `"'@x"`, `"a=b"`, `"say,""so"""`, `"é"`];
    const rows = words.map((word) => `2,${two},${word},1`);
    expect(await response.text()).toBe(
      `${["seq,time,word,count", `1,${one},"a",1`, `1,${one},"b",1`, ...rows].join("\r\n")}\r\n`,
    );
  });

  test("gives Spark's text to those who ask for text", async () => {
    const { get, cursor } = await scene(3);
    const response = await get(`/batches?after=${cursor(1)}&limit=2`, { accept: "text/plain" });
    const rule = "-".repeat(43);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect((await response.text()).match(/^\(.*|^-+$/gm)).toEqual(
      [2, 3].flatMap(() => [rule, rule, "('b', 1)", "('a', 1)"]),
    );
    expect(await (await get(`/batches?limit=1&top=1`, { accept: "text/plain" })).text()).toContain("('b', 1)\n...\n");
  });

  test.each(["limit=-1", "limit=1001", "limit=x", "order=up", "top=1.5", "after=x", "limit="])(
    "refuses ?%s",
    async (query) => {
      const { get } = await scene(1);
      const response = await get(`/batches?${query}`);
      expect([response.status, response.headers.get("content-type")]).toEqual([400, "application/problem+json"]);
    },
  );
});

describe("following a session", () => {
  test("tells the gap before anything later", async () => {
    const { get, cursor } = await scene(10, 4);
    const stream = new StreamReader(await get(`/sse?after=${cursor(3)}`));
    const text = await stream.read(`id: ${cursor(10)}`);
    expect(text).toContain('"status":"gap"');
    expect(text).toContain(
      `event: gap\ndata: {"from":"${cursor(4)}","to":"${cursor(6)}","batches":3,"reason":"retention"}`,
    );
    expect([...text.matchAll(/^id: .*:(\d+)$/gm)].map(([, seq]) => seq)).toEqual(["7", "8", "9", "10"]);
    await stream.cancel();
  });

  test("lets a follower go that leaves", async () => {
    const { get, app, session } = await scene(1);
    const followers = async (): Promise<unknown> =>
      ((await (await app.request(`/sessions/${session.id}`, { headers: HOST })).json()) as { followers: number })
        .followers;
    const stream = new StreamReader(await get("/sse"));
    await stream.read("event: batch");
    expect(await followers()).toBe(1);
    await stream.cancel();
    expect(await followers()).toBe(0);
  });

  test("answers HEAD without a stream", async () => {
    const { app, session } = await scene(1);
    const response = await app.request(`/sessions/${session.id}/sse`, { method: "HEAD", headers: HOST });
    expect([response.status, response.headers.get("content-type"), response.body]).toEqual([
      200,
      "text/event-stream",
      null,
    ]);
  });
});

describe("GET /sessions", () => {
  test("walks the sessions of a state once each, also when the last one seen has left that state", async () => {
    const { app, start } = appByHand();
    const made = [await start(), await start(), await start(), await start()].map(({ session }) => session);
    const page = async (path: string): Promise<{ items: { id: string }[]; next: string | null }> =>
      (await (await app.request(path, { headers: HOST })).json()) as { items: { id: string }[]; next: string | null };
    const first = await page("/sessions?state=running&limit=2");
    await made[1]!.stop("stopped");
    const second = await page(first.next!);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.map(({ id }) => id));
    expect(second.next).toBe(null);
    expect((await app.request("/sessions?after=gone", { headers: HOST })).status).toBe(404);
    expect((await app.request("/sessions?state=tired", { headers: HOST })).status).toBe(400);
  });
});

describe("failures", () => {
  test("of our own say no more than that, and are told to the operator", async () => {
    const { app, faults, sessions } = appByHand();
    sessions.get = () => {
      throw new Error("secret detail");
    };
    const response = await app.request("/sessions/x", { headers: HOST });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(faults[0]).toContain("secret detail");
  });

  test("name a problem type that is served", async () => {
    const { app } = appByHand();
    const { type } = (await (await app.request("/sessions/none", { headers: HOST })).json()) as { type: string };
    const page = await app.request(type, { headers: HOST });
    expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(/Cause: No session has this id/)]);
  });
});

test("GET /lateness tells how late all batches were, the prompt and the held up", async () => {
  const { app, clock, source } = await scene(3);
  source.write("a\n");
  await clock.stall(1400);
  const answer = await app.request("/lateness", { headers: HOST });
  const { le, counts, ...rest } = (await answer.json()) as { le: number[]; counts: number[] };
  expect(rest).toEqual({ unit: "ms", count: 4, sum: 400 });
  expect(le.toSorted((a, b) => a - b)).toEqual(le);
  const within = (ms: number): number => counts[le.findIndex((bound) => bound >= ms)]!;
  expect([counts[0], within(300), within(450), counts.length]).toEqual([3, 3, 4, le.length]);
});

describe("GET …/batches/{seq}/lines", () => {
  test("gives what a small, recent batch was counted from", async () => {
    const { get, cursor } = await scene(9);
    expect(await (await get("/batches/9/lines")).json()).toEqual({ cursor: cursor(9), lines: ["a b"] });
    expect(await (await get("/batches/1/lines")).json()).toEqual({ cursor: cursor(1), lines: null });
    expect((await get("/batches/10/lines")).status).toBe(404);
  });
});

test("a session tells what its newest batch brought, and how long it took", async () => {
  const { get } = await scene(0);
  expect(await (await get("")).json()).toMatchObject({ latest: null });
  const after = await scene(2);
  const { time, intervalMs } = after.session.log.read(2)!;
  const delays = { schedulingMs: 0, processingMs: 0, totalMs: 0 };
  expect(await (await after.get("")).json()).toMatchObject({
    latest: { time: new Date(time).toISOString(), intervalMs, lines: 1, words: 2, delays },
  });
});

test("hello tells the server's time", async () => {
  const { get, clock } = await scene(1);
  const reader = new StreamReader(await get("/sse"));
  expect(await reader.read('"now"')).toContain(`"now":"${new Date(clock.now()).toISOString()}"`);
  await reader.cancel();
});

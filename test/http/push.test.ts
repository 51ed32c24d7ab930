import { describe, expect, test } from "vitest";
import type { Session } from "../../src/sessions/mod.ts";
import { appByHand } from "../support/app.ts";
import { utf8 } from "../support/bytes.ts";
import { settle } from "../support/manual_clock.ts";

const PLAIN = { "content-type": "text/plain" };

async function scene(source: object = { type: "push" }, limits: object = {}) {
  const byHand = appByHand(limits);
  const { session } = await byHand.start({ source, batchIntervalMs: 1000 });
  const post = (body: BodyInit | null, headers: Record<string, string> = PLAIN): Promise<Response> =>
    byHand.app.request(`/sessions/${session.id}/lines`, {
      method: "POST",
      body,
      headers: { host: "localhost", ...headers },
      // Streams are sent as they come.
      ...(body instanceof ReadableStream && ({ duplex: "half" } as object)),
    });
  return { ...byHand, session, post };
}

/** A body that a test feeds. */
function bodyByHand() {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const cancelled = Promise.withResolvers<void>();
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (given) => void (controller = given),
    cancel: () => cancelled.resolve(),
  });
  return {
    stream,
    cancelled: cancelled.promise,
    write: (text: string) => controller.enqueue(utf8(text)),
    end: () => controller.close(),
    breakOff: () => controller.error(new Error("gone")),
  };
}

const countsOf = (session: Session, seq: number): unknown => session.log.read(seq)?.counts.top(10);
const problemOf = async (response: Response): Promise<unknown> => {
  const { type, detail } = (await response.json()) as { type: string; detail: string };
  return [response.status, type, detail];
};

describe("POST …/lines", () => {
  test("takes lines, and says how many and which batch has the last of them", async () => {
    const { session, post, clock } = await scene();
    const answer = await post("a b\r\nb\n\nlast");
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { lines: 4, bytes: 12, batch: `${session.log.epoch}:1` },
    ]);
    await clock.advance(1000);
    expect(session.log.read(1)).toMatchObject({ lines: 4, bytes: 12 });
    expect(countsOf(session, 1)).toEqual([
      ["b", 2],
      ["", 1],
      ["a", 1],
      ["last", 1],
    ]);
    const second = await post("c\n");
    expect(await second.json()).toEqual({ lines: 1, bytes: 2, batch: `${session.log.epoch}:2` });
    await clock.advance(1000);
    expect(countsOf(session, 2)).toEqual([["c", 1]]);
  });

  test("names the batch in which the last line comes to be, of a body that lasts", async () => {
    const { session, post, clock } = await scene();
    const body = bodyByHand();
    const answering = post(body.stream);
    body.write("a\nb");
    await settle();
    await clock.advance(2000);
    body.write("c\n");
    body.end();
    expect(await (await answering).json()).toEqual({ lines: 2, bytes: 5, batch: `${session.log.epoch}:3` });
    await clock.advance(1000);
    expect([1, 2, 3].map((seq) => countsOf(session, seq))).toEqual([[["a", 1]], [], [["bc", 1]]]);
  });

  test("says nothing of a batch where nothing came", async () => {
    const { post } = await scene();
    expect(await (await post("")).json()).toEqual({ lines: 0, bytes: 0, batch: null });
    expect(await (await post(null, {})).json()).toEqual({ lines: 0, bytes: 0, batch: null });
  });

  test("takes JSON, one value a line", async () => {
    const { session, post, clock } = await scene();
    const json = { "content-type": "application/x-ndjson" };
    expect(await (await post('"a b"\n{"line":"b"}', json)).json()).toMatchObject({ lines: 2, bytes: 6 });
    expect(await problemOf(await post('"c"\n{"line":1}\n"d"\n', json))).toEqual([
      400,
      "/problems/bad-json",
      'Cannot take value 2: a string, or an object as {"line":"…"}, is wanted; 1 lines, 2 bytes have been taken',
    ]);
    await clock.advance(1000);
    expect(countsOf(session, 1)).toEqual([
      ["b", 2],
      ["a", 1],
      ["c", 1],
    ]);
  });

  test.each([
    ["application/json", undefined],
    ["application/x-www-form-urlencoded", undefined],
    ["text/plain; charset=utf-16", undefined],
    ["text/plain", "gzip"],
  ])("refuses a body of %s, %s", async (type, encoding) => {
    const { session, post } = await scene();
    const answer = await post("a\n", { "content-type": type, ...(encoding && { "content-encoding": encoding }) });
    expect(await problemOf(answer)).toEqual([
      415,
      "/problems/content-type",
      expect.stringContaining("wanted is text/plain, or application/x-ndjson, in UTF-8 and not compressed"),
    ]);
    expect(session.sourceStatus).toMatchObject({ accepted: 0 });
  });

  test.each(["text/plain;charset=UTF-8", 'text/plain; charset="utf-8"', "text/plain; format=flowed", "TEXT/PLAIN"])(
    "takes %s",
    async (type) => {
      const { post } = await scene();
      expect((await post("a\n", { "content-type": type })).status).toBe(200);
    },
  );

  test("refuses a page of another origin, whatever it sends", async () => {
    const { session, post } = await scene();
    for (const headers of [{ origin: "http://evil.example" }, { "sec-fetch-site": "cross-site" }, { origin: "null" }]) {
      expect((await post("a\n", { ...PLAIN, ...(headers as Record<string, string>) })).status).toBe(403);
    }
    expect(session.sourceStatus).toMatchObject({ accepted: 0 });
    expect((await post("a\n", { ...PLAIN, origin: "http://localhost" })).status).toBe(200);
  });

  test("is 409 for a session of another source, and for one that is over", async () => {
    const other = await scene({ type: "socket", host: "localhost", port: 9 });
    expect(await problemOf(await other.post("a\n"))).toEqual([
      409,
      "/problems/not-pushed",
      `Cannot take lines for session ${other.session.id}: its source is of type socket, push is wanted`,
    ]);
    const { session, post } = await scene();
    await session.stop("stopped");
    expect(await problemOf(await post("a\n"))).toEqual([
      409,
      "/problems/session-over",
      `Cannot take lines for session ${session.id}: it is over`,
    ]);
  });

  test("is 429 for one producer too many", async () => {
    const { post } = await scene({ type: "push" }, { maxProducers: 1 });
    const body = bodyByHand();
    const answering = post(body.stream);
    await settle();
    const refused = await post("a\n");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "5"]);
    body.end();
    await answering;
    expect((await post("a\n")).status).toBe(200);
  });

  test("says what was taken when the session stops in the midst of a body", async () => {
    const { session, post } = await scene();
    const body = bodyByHand();
    const answering = post(body.stream);
    body.write("a\nb");
    await settle();
    await session.stop("stopped");
    expect(await problemOf(await answering)).toEqual([
      409,
      "/problems/session-over",
      "Cannot take more lines: the session is over, or about to be; 1 lines, 3 bytes have been taken",
    ]);
    await body.cancelled;
    expect(session.log.read(1)).toMatchObject({ lines: 1, bytes: 3, final: true, dropped: { lines: 1, bytes: 1 } });
  });

  test("loses the unfinished line of a body that breaks off", async () => {
    const { session, post, clock, faults } = await scene();
    const body = bodyByHand();
    const answering = post(body.stream);
    body.write("a\nb");
    await settle();
    body.breakOff();
    expect(await problemOf(await answering)).toEqual([
      400,
      "/problems/body-incomplete",
      "Cannot read the body: gone; 1 lines, 3 bytes have been taken",
    ]);
    await clock.advance(1000);
    expect(session.log.read(1)).toMatchObject({ lines: 1, dropped: { lines: 1, bytes: 1 } });
    expect(faults).toEqual([]);
  });

  test("gives up a body of which nothing comes for too long", async () => {
    const { post, clock } = await scene({ type: "push" }, { maxSourceIdleMs: 5000 });
    const body = bodyByHand();
    const answering = post(body.stream);
    for (let i = 0; i < 3; i++) {
      body.write("a\n");
      await clock.advance(4000);
    }
    await clock.advance(1000);
    expect(await problemOf(await answering)).toEqual([
      400,
      "/problems/body-incomplete",
      "Cannot read the body: nothing came of it for 5 s; 3 lines, 6 bytes have been taken",
    ]);
    await body.cancelled;
  });
});

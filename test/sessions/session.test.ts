import { describe, expect, test } from "vitest";
import { canonical } from "../../src/sessions/batch.ts";
import { digest, sessionsByHand } from "../support/sessions.ts";

describe("Session", () => {
  test("counts every interval into its log", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    source.write("stream processing with spark\nbig data spark\n");
    await clock.advance(5000);
    const batch = session.log.read(1);
    expect(batch).toMatchObject({ seq: 1, lines: 2, words: 7, bytes: 44, partial: false, final: false, otherWords: 0 });
    expect(batch?.counts.top()).toEqual([
      ["spark", 2],
      ["big", 1],
      ["data", 1],
      ["processing", 1],
      ["stream", 1],
      ["with", 1],
    ]);
    expect(Array.from({ length: 6 }, (_, place) => batch?.counts.at(place)[0])).toEqual([
      "stream",
      "processing",
      "with",
      "spark",
      "big",
      "data",
    ]);
    expect(session.nextBatchTime).toBe((batch?.time ?? 0) + 5000);
  });

  test("sums up and chains its batches", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start({ batchIntervalMs: 1000 });
    for (const line of ["a b\n", "", "c\n"]) {
      source.write(line);
      await clock.advance(1000);
    }
    const [one, two, three] = [1, 2, 3].map((seq) => session.log.read(seq)!);
    expect(three!.total).toEqual({ batches: 3, lines: 2, words: 3, bytes: 6, sourceGaps: 0 });
    expect([one!.prev, two!.prev, three!.prev]).toEqual([null, one!.hash, two!.hash]);
    expect(three!.hash).toBe(digest(canonical(three!)));
    expect(three!.countsHash).toBe(digest('[["c",1]]'));
    expect(two!.hash).not.toBe(digest(canonical({ ...two!, words: 1 })));
  });

  test("ends gracefully with one last batch of what has arrived", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    await clock.advance(4000);
    source.write("last\n");
    await session.stop("stopped");
    expect(session.log.read(session.log.head)).toMatchObject({
      partial: true,
      final: true,
      words: 1,
      intervalMs: 1000,
    });
    expect([session.state, session.endReason, session.nextBatchTime]).toEqual(["stopped", "stopped", null]);
    const head = session.log.head;
    await session.stop("deleted");
    await clock.advance(60_000);
    expect([session.log.head, session.endReason, clock.pending]).toEqual([head, "stopped", 0]);
  });

  test("says what a stop that was not graceful threw away", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    await clock.advance(4000);
    source.write("lost\n");
    await session.stop("stopped", false);
    expect([session.log.head, session.discarded]).toMatchObject([1, { lines: 1, bytes: 5 }]);
  });

  test("stops by itself after its duration", async () => {
    const { clock, start } = sessionsByHand();
    const { session } = await start({ durationMs: 12_000 });
    await clock.advance(12_000);
    expect([session.state, session.endReason, session.log.head]).toEqual(["stopped", "duration", 3]);
  });

  test("stops by itself when its source has finished", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    source.write("all there is");
    source.end();
    source.tell({ finished: true, connected: false });
    await clock.advance(0);
    expect([session.state, session.endReason, session.log.read(1)?.words]).toEqual(["stopped", "finished", 3]);
  });

  test("is degraded while its source is in trouble, and says what it is", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    const states: string[] = [];
    session.watch(() => states.push(`${session.state}: ${session.lastError}`));
    source.tell({ connected: false, lastError: "connection refused" });
    source.tell({ lastError: "connection refused again" });
    source.tell({ connected: true, lastError: null });
    expect(states).toEqual(["degraded: connection refused", "degraded: connection refused again", "running: null"]);
    source.gap(4000);
    await clock.advance(5000);
    expect(session.log.read(1)?.sourceGap).toEqual({
      reason: "source_closed",
      count: 1,
      downMs: 4000,
      linesLost: null,
    });
    expect(session.log.total.sourceGaps).toBe(1);
  });

  test("fails, with the reason, when a batch cannot be kept", async () => {
    const { clock, start } = sessionsByHand();
    const { session } = await start();
    session.log.append = () => Promise.reject(new Error("no room on the disk"));
    await clock.advance(5000);
    expect([session.state, session.lastError, session.endReason]).toEqual(["failed", "no room on the disk", "failed"]);
    expect(clock.pending).toBe(0);
  });

  test("cuts one late batch after a stall", async () => {
    const { clock, start } = sessionsByHand();
    const { session, source } = await start();
    await clock.advance(3000);
    source.write("a\n");
    await clock.stall(17_000);
    expect([session.log.head, session.log.read(2)]).toMatchObject([
      2,
      { late: true, intervalMs: 17_000, missedTicks: 2, words: 1 },
    ]);
  });
});

describe("Sessions", () => {
  test("refuses one more than maxSessions, naming the limit, until one is over", async () => {
    const { start } = sessionsByHand({ maxSessions: 2 });
    const { session } = await start();
    await start();
    await expect(start()).rejects.toMatchObject({
      code: "too_many_sessions",
      message: expect.stringMatching(/2 are running and maxSessions is 2/),
    });
    await session.stop("stopped");
    await start();
  });

  test("forgets the oldest session that is over past maxFinishedSessions", async () => {
    const { sessions, start } = sessionsByHand({ maxFinishedSessions: 1 });
    const made = [await start(), await start()];
    for (const { session } of made) await session.stop("stopped");
    const { session: last } = await start();
    expect(sessions.all().map(({ id }) => id)).toEqual([made[1]!.session.id, last.id]);
  });

  test("forgets a deleted session", async () => {
    const { sessions, start } = sessionsByHand();
    const { session } = await start();
    await sessions.delete(session.id);
    expect([session.state, session.endReason]).toEqual(["stopped", "deleted"]);
    await expect(sessions.delete(session.id)).rejects.toMatchObject({ code: "no_such_session" });
  });

  test("ends all and starts no more when closed", async () => {
    const { sessions, start } = sessionsByHand();
    const { session } = await start();
    await sessions.close();
    expect([session.endReason, sessions.accepting]).toEqual(["shutdown", false]);
    await expect(start()).rejects.toMatchObject({ code: "stopping" });
  });
});

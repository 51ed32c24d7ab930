import { describe, expect, test } from "vitest";
import { sessionsByHand } from "../support/sessions.ts";

/** A session of 1 s, and how to end its interval. */
async function scene() {
  const { clock, start } = sessionsByHand();
  const { session, source } = await start({ batchIntervalMs: 1000 });
  /** The lines of the batch that ends now. */
  const cut = async (): Promise<readonly string[] | null> => {
    await clock.advance(1000);
    return session.linesOf(session.log.head);
  };
  return { session, source, cut };
}

describe("RecentLines", () => {
  test("has the lines of each batch, whole, in the interval of their end", async () => {
    const { source, cut } = await scene();
    source.write("big data\n\nspar");
    expect(await cut()).toEqual(["big data", ""]);
    source.write("k\nétoile 🦊\r\n");
    expect(await cut()).toEqual(["spark", "étoile 🦊"]);
    expect(await cut()).toEqual([]);
  });

  test("takes the end of a connection for the end of its line, and its breaking for the loss of it", async () => {
    const { source, cut } = await scene();
    source.write("first");
    source.end();
    source.end();
    expect(await cut()).toEqual(["first"]);
    source.write("whole\ntorn");
    source.abandon();
    source.write("next\n");
    expect(await cut()).toEqual(["whole", "next"]);
  });

  test("has no lines of a batch of much, and finds the next line again", async () => {
    const { source, cut } = await scene();
    source.write("0123456789\n".repeat(300));
    expect(await cut()).toBeNull();
    source.write("unknown beginning\nknown\n");
    expect(await cut()).toBeNull();
    source.write("known\n");
    expect(await cut()).toEqual(["known"]);
  });

  test("has none rather than others, where lines end otherwise", async () => {
    const { source, cut } = await scene();
    source.write("one\rtwo\r");
    expect(await cut()).toBeNull();
  });

  test("has those of the newest eight batches", async () => {
    const { session, source, cut } = await scene();
    for (let i = 1; i <= 9; i++) {
      source.write(`line ${i}\n`);
      await cut();
    }
    expect([1, 2, 9].map((seq) => session.linesOf(seq))).toEqual([null, ["line 2"], ["line 9"]]);
  });
});

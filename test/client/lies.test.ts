import { describe, expect, test } from "vitest";
import { ViolationError } from "../../src/client/errors.js";
import type { BatchEvent } from "../../src/client/events.ts";
import { end, forgeAt, hello, history } from "./history.ts";
import { startLiar, TRANSPORTS, type Script } from "./liar.ts";
import { LIES } from "./lies.ts";
import { Loop, portsByHand } from "./ports.ts";

const honest = history(6);
const seqsOf = (batches: readonly BatchEvent[]): number[] => batches.map(({ seq }) => seq);

describe.each(TRANSPORTS)("follow over %s", (transport) => {
  test.each(LIES)("finds $name", async ({ script, invariant, message, seqs }) => {
    await using liar = await startLiar(() => script);
    const failure = await new Loop(portsByHand(), liar.url, { transport }).over;
    expect(failure).toBeInstanceOf(ViolationError);
    const { invariant: found, message: said, batches } = failure as ViolationError;
    expect([found, said]).toEqual([invariant, expect.stringMatching(message)]);
    expect(seqsOf(batches)).toEqual(seqs);
  });
});

describe("follow with violations as events", () => {
  const found = async (script: Script): Promise<unknown[]> => {
    await using liar = await startLiar(() => script);
    const loop = new Loop(portsByHand(), liar.url, { violations: "yield" });
    expect(await loop.over).toBeUndefined();
    return loop.events.map((event) =>
      event.type === "batch" ? event.seq : event.type === "violation" ? event.invariant : event.type,
    );
  };

  test("goes on with what came, and never back", async () => {
    const [one, two, three, four] = honest as [BatchEvent, BatchEvent, BatchEvent, BatchEvent];
    const events = [hello(honest, 1), one, three, two, four, end([one, two, three, four])];
    expect(await found({ events })).toEqual(["hello", 1, "I1", 3, 4, "end"]);
  });

  test("holds what comes after a lie against the lie", async () => {
    const forged = forgeAt(honest, 3, { inc: 2 });
    expect(await found({ events: [hello(forged, 1), ...forged, end(forged)] })).toEqual([
      "hello",
      1,
      2,
      "I6",
      3,
      "I6",
      4,
      5,
      6,
      "end",
    ]);
  });

  test("takes a rise of inc with a sourceGap for what it is", async () => {
    const risen = honest.map((batch) => (batch.seq < 5 ? batch : { ...batch, inc: 2 }));
    const forged = forgeAt(risen, 0, {});
    expect(await found({ events: [hello(forged, 1), ...forged, end(forged)] })).toEqual([
      "hello",
      1,
      2,
      3,
      4,
      5,
      6,
      "end",
    ]);
  });

  test("checks a batch that was cut as far as it was sent", async () => {
    const cutTo = (batch: BatchEvent, counts: BatchEvent["counts"]): BatchEvent => ({ ...batch, counts, more: 2 });
    const cut = honest.map((batch) => cutTo(batch, batch.counts.slice(0, 1)));
    expect(await found({ events: [hello(cut, 1), ...cut, end(cut)] })).toEqual(["hello", 1, 2, 3, 4, 5, 6, "end"]);
    const less = cut.map((batch) => cutTo(batch, [["spark", batch.seq + 1]]));
    expect(await found({ events: [hello(less, 1), less[0]!, end(less.slice(0, 1))] })).toEqual([
      "hello",
      "I4",
      1,
      "end",
    ]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BatchEvent, ServiceEvent } from "../../src/client/events.ts";
import { Place } from "../../src/client/place.js";
import { isWellFormed } from "../../src/client/shape.js";
import { end, EPOCH, head, hello, history } from "./history.ts";

const COUNT = 30;
const batches = history(COUNT);

/** What was given and found of some connections, each of which ends when its events do, or when it is left. */
function take(
  place: Place,
  connection: (after: number) => readonly ServiceEvent[],
): { given: ServiceEvent[]; found: string[] } {
  const given: ServiceEvent[] = [];
  const found: string[] = [];
  for (const event of connection((place.next ?? 1) - 1)) {
    const verdict = place.take(event);
    found.push(...verdict.found.map(({ message }) => message));
    if (verdict.resume) break;
    if (verdict.give) given.push(event);
  }
  return { given, found };
}

/** One connection: how many batches are kept no more, how many come again, and how many events come before it is lost. */
const connections = fc.array(
  fc.record({ tail: fc.integer({ min: 1, max: COUNT }), again: fc.nat(3), length: fc.nat(12), withHead: fc.boolean() }),
  { minLength: 1, size: "medium" },
);

/** What an honest service says on one. Retention only goes on, so its tails do not fall. */
function honest(tail: number, after: number, again: number): ServiceEvent[] {
  const next = after + 1;
  const from = Math.max(tail, next - again);
  const isGap = next < tail;
  const gap: ServiceEvent[] = isGap
    ? [{ type: "gap", from: `${EPOCH}:${next}`, to: `${EPOCH}:${tail - 1}`, batches: tail - next, reason: "retention" }]
    : [];
  return [hello(batches, next, { status: isGap ? "gap" : "continuous" }), ...gap, ...batches.slice(from - 1)];
}

const seqsOf = (events: readonly ServiceEvent[]): number[] =>
  events.flatMap((event) => (event.type === "batch" ? [event.seq] : []));

describe("Place", () => {
  test("gives every batch once and in order, or a gap for it, over whatever connections of an honest service", () => {
    fc.assert(
      fc.property(connections, (lost) => {
        const place = new Place(undefined);
        const given: ServiceEvent[] = [];
        let kept = 1;
        for (const { tail, again, length, withHead } of [
          ...lost,
          { tail: 1, again: 0, length: Infinity, withHead: true },
        ]) {
          kept = Math.max(kept, tail);
          const taken = take(place, (after) => {
            const said = honest(kept, after, again).slice(0, length);
            // A tail is missed, and the head tells; that it is missed twice in a row with nothing between is a lie.
            const isMissed = withHead && seqsOf(said).some((seq) => seq > after);
            return isMissed ? [...said, head(batches)] : said;
          });
          expect(taken.found).toEqual([]);
          given.push(...taken.given);
        }
        // Numbers given or told as gaps are 1, 2, 3 … to the last.
        const covered = given.flatMap((event) => {
          if (event.type === "batch") return [event.seq];
          if (event.type !== "gap") return [];
          const [from = 0, to = 0] = [event.from, event.to].map((cursor) => Number(cursor.split(":")[1]));
          return Array.from({ length: to - from + 1 }, (_, i) => from + i);
        });
        expect(covered).toEqual(Array.from({ length: COUNT }, (_, i) => i + 1));
        expect(place.cursor).toBe(`${EPOCH}:${COUNT}`);
      }),
      { numRuns: 500 },
    );
  });

  test("finds whatever is left out, moved or said again otherwise", () => {
    const change = fc.record({
      kind: fc.constantFrom("drop", "swap", "double"),
      at: fc.integer({ min: 1, max: COUNT - 2 }),
    });
    fc.assert(
      fc.property(change, ({ kind, at }) => {
        const told: BatchEvent[] = [...batches];
        const [one, two] = [batches[at]!, batches[at + 1]!];
        if (kind === "drop") told.splice(at, 1);
        else if (kind === "swap") told.splice(at, 2, two, one);
        else told.splice(at, 1, one, { ...one, hash: two.hash });
        const { found, given } = take(new Place(undefined), () => [hello(batches, 1), ...told, end(batches)]);
        expect(found.length).toBeGreaterThan(0);
        const seqs = seqsOf(given);
        expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      }),
      { numRuns: 300 },
    );
  });

  test("takes whatever is well formed without a fault, however senseless", () => {
    const anywhere = fc.tuple(fc.constantFrom(EPOCH, "zzzz"), fc.integer({ min: 0, max: 40 }));
    const cursor = anywhere.map(([epoch, number]) => `${epoch}:${number}`);
    const total = fc.constantFrom(...batches).map((batch) => batch.total);
    const event = fc.oneof(
      fc.constantFrom(...batches, ...history(5, "zzzz")),
      fc.tuple(cursor, fc.constantFrom("continuous", "gap", "reset")).map(([from, status]) => {
        return { type: "hello", from, epoch: from.split(":")[0], status };
      }),
      fc.record({ type: fc.constant("gap"), from: cursor, to: cursor, batches: fc.nat() }),
      fc.record({ type: fc.constantFrom("head", "end"), head: fc.option(cursor), total, hash: fc.string() }),
    ) as fc.Arbitrary<ServiceEvent>;
    fc.assert(
      fc.property(fc.array(event, { size: "medium" }), (events) => {
        const place = new Place(undefined);
        let given: BatchEvent[] = [];
        for (const each of events) {
          expect(isWellFormed({ ...each })).toBe(true);
          const verdict = place.take(each);
          expect(place.next === null || place.next >= 0).toBe(true);
          if (verdict.found.length > 0) break;
          if (each.type === "hello" && each.status === "reset") given = [];
          if (verdict.give && each.type === "batch") given.push(each);
        }
        // Until something is found each is after the one before.
        expect(
          given.every(({ epoch, seq }, at) => at === 0 || (epoch === given[at - 1]!.epoch && seq > given[at - 1]!.seq)),
        ).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("takes what it does not know for nothing", () => {
    const place = new Place(`${EPOCH}:3`);
    const later = { type: "weather", fine: true } as unknown as ServiceEvent;
    expect([place.take(later).give, place.cursor]).toEqual([false, `${EPOCH}:3`]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  pair,
  split,
  StreamingContext,
  type MicroBatch,
  type Receiver,
  type ByteSink,
} from "../../src/engine/mod.ts";
import { LineDecoder } from "../../src/engine/lines.ts";
import { WholeLines } from "../../src/sources/whole_lines.ts";
import { utf8 } from "../support/bytes.ts";
import { ManualClock } from "../support/manual_clock.ts";

const MOST = 8;

/** A sink as the engine's, that keeps the lines; and how many bytes of them were cut. */
class Lines implements ByteSink {
  readonly heard: string[] = [];
  cutBytes = 0;
  readonly decoder = new LineDecoder(
    { line: (bytes, start, end) => void this.heard.push(new TextDecoder().decode(bytes.subarray(start, end))) },
    MOST,
  );
  write(chunk: Uint8Array): void {
    this.decoder.write(chunk);
  }
  cut(bytes: number): void {
    this.cutBytes += bytes;
  }
  end(): void {
    this.decoder.end();
  }
  abandon(): void {
    this.decoder.abandon();
  }
  get lost(): { lines: number; bytes: number } {
    const { lines, bytes } = this.decoder.dropped;
    return { lines, bytes: bytes + this.cutBytes };
  }
  gap(): void {}
  started(): void {}
  stopped(): void {}
  error(): void {}
}

/** The lines of one stream alone. */
function alone(text: string, isBroken: boolean): Lines {
  const sink = new Lines();
  sink.write(utf8(text));
  if (isBroken) sink.abandon();
  else sink.end();
  return sink;
}

describe("WholeLines", () => {
  test("does not mix the lines of two connections", () => {
    const sink = new Lines();
    const [one, other] = [new WholeLines(sink, MOST), new WholeLines(sink, MOST)];
    one.write(utf8("a b\nc "));
    other.write(utf8("x\ny"));
    one.write(utf8("d\r"));
    other.write(utf8("\n\nz"));
    one.write(utf8("\ne"));
    expect(sink.heard).toEqual(["a b", "x", "y", "", "c d"]);
    one.end();
    other.abandon();
    expect([sink.heard, sink.lost]).toEqual([["a b", "x", "y", "", "c d", "e"], { lines: 1, bytes: 1 }]);
  });

  test("takes a line feed of another connection for a line of its own", () => {
    const sink = new Lines();
    const [one, other] = [new WholeLines(sink, MOST), new WholeLines(sink, MOST)];
    one.write(utf8("a\rb"));
    other.write(utf8("\n"));
    one.end();
    expect(sink.heard).toEqual(["a", "", "b"]);
  });

  test("ends nobody's line but its own", () => {
    const sink = new Lines();
    const [one, other] = [new WholeLines(sink, MOST), new WholeLines(sink, MOST)];
    one.write(utf8("a"));
    other.end();
    other.abandon();
    one.write(utf8("b\n"));
    expect([sink.heard, sink.lost]).toEqual([["ab"], { lines: 0, bytes: 0 }]);
  });

  test("keeps of a line without end what the sink keeps of it, and counts the rest", () => {
    const sink = new Lines();
    const lines = new WholeLines(sink, MOST);
    for (let i = 0; i < 1000; i++) lines.write(utf8("0123456789"));
    expect(sink.heard).toEqual([]);
    lines.write(utf8("\nnext\n"));
    expect([sink.heard, sink.lost]).toEqual([["01234567", "next"], { lines: 1, bytes: 10_000 - MOST }]);
  });

  test("gives each connection's lines as they would be alone, wherever bytes are cut and however they are mixed", () => {
    const text = fc.array(fc.constantFrom("a", "é", " ", "\n", "\r", "\r\n", "long line "), { maxLength: 30 });
    const stream = fc.record({ text: text.map((parts) => parts.join("")), isBroken: fc.boolean() });
    fc.assert(
      fc.property(fc.array(stream, { minLength: 1, maxLength: 4 }), fc.infiniteStream(fc.nat()), (streams, randoms) => {
        const random = (below: number): number => (randoms.next().value ?? 0) % below;
        const sink = new Lines();
        const whole = streams.map(() => new WholeLines(sink, MOST));
        const left = streams.map(({ text: all }) => utf8(all));
        const come: string[][] = streams.map(() => []);
        const isOver = streams.map(() => false);
        while (isOver.includes(false)) {
          const i = random(streams.length);
          if (isOver[i] === true) continue;
          const before = sink.heard.length;
          const size = Math.min(left[i]!.length, random(6));
          if (left[i]!.length > 0) whole[i]!.write(left[i]!.subarray(0, size));
          else if (streams[i]!.isBroken) whole[i]!.abandon();
          else whole[i]!.end();
          isOver[i] = left[i]!.length === 0;
          left[i] = left[i]!.subarray(size);
          come[i]!.push(...sink.heard.slice(before));
        }
        const wanted = streams.map(({ text: all, isBroken }) => alone(all, isBroken));
        expect(come).toEqual(wanted.map(({ heard }) => heard));
        const sum = (of: "lines" | "bytes"): number => wanted.reduce((total, { lost }) => total + lost[of], 0);
        expect(sink.lost).toEqual({ lines: sum("lines"), bytes: sum("bytes") });
      }),
    );
  });

  test("has the engine count what was cut, in a kernel too", async () => {
    const clock = new ManualClock();
    const batches: MicroBatch<readonly [string, number]>[] = [];
    let sink: ByteSink | undefined;
    const receiver: Receiver = {
      start(given) {
        sink = given;
        return Promise.resolve();
      },
      stop: () => Promise.resolve(),
    };
    const context = new StreamingContext({ batchInterval: 1000, clock, maxLineLength: 100 });
    const counts = context.lines(receiver).flatMap(split(" ")).map(pair(1)).reduceByKey(add);
    counts.forEachBatch((batch) => void batches.push(batch));
    await context.start();
    const lines = new WholeLines(sink!, 100);
    const other = new WholeLines(sink!, 100);
    const much = utf8("word ".repeat(100_000));
    lines.write(utf8("x".repeat(250)));
    other.write(utf8("a\n".repeat(200_000)));
    lines.write(much);
    other.write(utf8("a\n"));
    lines.write(utf8("\nb\n"));
    await clock.advance(1000);
    expect(batches[0]?.input).toMatchObject({
      lines: 200_003,
      bytes: 250 + 400_000 + much.length + 2 + 3,
      dropped: { lines: 1, bytes: 250 + much.length - 100 },
    });
    expect(new Map(batches[0]!.rdd.collect())).toEqual(
      new Map([
        ["a", 200_001],
        ["b", 1],
        ["x".repeat(100), 1],
      ]),
    );
    await context.stop();
  });
});

import { describe, expect, test } from "vitest";
import { LineCache } from "../../src/engine/line_cache.ts";
import { utf8 } from "../support/bytes.ts";

/** What the cache says of each line, and whether it is the line. */
function look(cache: LineCache, lines: readonly string[]): { known: number; wrong: string[] } {
  let known = 0;
  const wrong: string[] = [];
  for (const line of lines) {
    const bytes = utf8(line);
    const found = cache.find(bytes, 0, bytes.length);
    if (found !== undefined) known++;
    if (found !== undefined && found !== line) wrong.push(line);
  }
  return { known, wrong };
}

const LINES = ["a line", "b line", "a lins", "a longer line", "\ufeffline", "12345", "__proto__"];
const again = (times: number): string[] => Array.from({ length: times }, () => LINES).flat();

describe("LineCache", () => {
  test("knows lines that come again, after it has been asked for many", () => {
    const { known, wrong } = look(new LineCache(), again(500));
    expect(wrong).toEqual([]);
    expect(known).toBeGreaterThan(1500);
  });

  test("takes no line for another of the same hash", () => {
    const { known, wrong } = look(new LineCache(() => 7), again(500));
    expect(wrong).toEqual([]);
    expect(known).toBeGreaterThan(100);
  });

  test("does not look at lines that do not come again, nor at long ones", () => {
    let hashes = 0;
    const cache = new LineCache((_view, start) => start - ++hashes);
    look(
      cache,
      Array.from({ length: 20_000 }, (_, i) => `line ${i}`),
    );
    expect(hashes).toBeLessThan(3000);
    expect(
      look(
        new LineCache(),
        Array.from({ length: 3000 }, () => "x".repeat(200)),
      ).known,
    ).toBe(0);
  });
});

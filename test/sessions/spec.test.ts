import { describe, expect, test } from "vitest";
import { parseSpec, parseStop } from "../../src/sessions/spec.ts";
import { SluiceError } from "../../src/errors.ts";

/** The faults found, as `pointer detail`. */
function faultsOf(asked: unknown): string[] {
  try {
    parseSpec(asked);
    return [];
  } catch (failure) {
    return failure instanceof SluiceError
      ? failure.fields.map(({ pointer, detail }) => `${pointer} ${detail}`)
      : [String(failure)];
  }
}

describe("parseSpec", () => {
  test("means the seed's lab by nothing", () => {
    expect(parseSpec({})).toEqual({
      name: null,
      source: { type: "emitter", intervalMs: 2000, port: 0 },
      batchIntervalMs: 5000,
      durationMs: null,
      pipeline: { separator: " " },
    });
  });

  test("takes all that can be asked", () => {
    const asked = {
      name: "🦊".repeat(100),
      source: { type: "emitter", lines: ["a", " "], intervalMs: 1, port: 9999, seed: 0, maxLines: 5 },
      batchIntervalMs: 100,
      durationMs: 1,
      pipeline: { separator: "🦊".repeat(16) },
    };
    expect(parseSpec(asked)).toEqual(asked);
    expect(parseSpec({ source: { type: "listen" } }).source).toEqual({ type: "listen", host: "127.0.0.1", port: 0 });
    expect(parseSpec({ source: { type: "push" } }).source).toEqual({ type: "push" });
    expect(parseSpec({ source: { type: "socket", host: "localhost", port: 9999 } }).source.type).toBe("socket");
  });

  test.each([
    [{ batchIntervalMs: 99 }, ["/batchIntervalMs must be a whole number from 100 to 3600000: it is 99"]],
    [{ batchIntervalMs: "5000" }, ['/batchIntervalMs must be a whole number from 100 to 3600000: it is "5000"']],
    [{ batchIntervalMs: 100.5 }, ["/batchIntervalMs must be a whole number from 100 to 3600000: it is 100.5"]],
    [{ interval: 5 }, ["/interval is not a known field"]],
    [JSON.parse('{"__proto__":1}'), ["/__proto__ is not a known field"]],
    [{ source: { type: "kafka" } }, ['/source/type must be "emitter", "socket", "listen" or "push": it is "kafka"']],
    [{ source: { type: "emitter", "a/b~c": 1 } }, ["/source/a~1b~0c is not a known field"]],
    [{ source: { type: "emitter", file: "a", lines: ["a"] } }, ["/source must have file or lines, not both"]],
    [{ source: { type: "emitter", lines: ["a\nb"] } }, ['/source/lines/0 must be one line: it is "a\\nb"']],
    [{ source: { type: "emitter", lines: [" "] } }, ["/source/lines must have a line that is not blank"]],
    [{ source: { type: "socket", host: "a" } }, ["/source/port is missing"]],
    [
      { source: { type: "emitter", port: 65_536 } },
      ["/source/port must be a whole number from 0 to 65535: it is 65536"],
    ],
    [{ pipeline: [] }, ["/pipeline must be an object: it is Array"]],
    [
      { pipeline: { separator: "" } },
      ['/pipeline/separator must be a text of 1 to 16 characters without line ends: it is ""'],
    ],
    [
      { name: "a\u001b[31m" },
      ['/name must be a text of 1 to 100 characters without control characters: it is "a\\u001b[31m"'],
    ],
    [
      { name: "🦊".repeat(101), pipeline: { separator: "🦊".repeat(17) } },
      [
        expect.stringContaining("/name must be a text of 1 to 100 characters"),
        expect.stringContaining("/pipeline/separator must be a text of 1 to 16 characters"),
      ],
    ],
    [[], [" must be an object: it is Array"]],
    [null, [" must be an object: it is null"]],
    [
      { name: 1, durationMs: -1 },
      expect.arrayContaining([expect.stringMatching(/^\/name /), expect.stringMatching(/^\/durationMs /)]),
    ],
  ])("refuses %j, naming field and limit", (asked, faults) => {
    expect(faultsOf(asked)).toEqual(faults);
  });
});

test("parseStop is graceful unless told otherwise", () => {
  expect([parseStop({}), parseStop({ graceful: false })]).toEqual([{ graceful: true }, { graceful: false }]);
  expect(() => parseStop({ graceful: 1 })).toThrow("/graceful must be true or false");
  expect(() => parseStop({ graceful: true, now: true })).toThrow("/now is not a known field");
});

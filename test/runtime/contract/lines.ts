/** The two faces that are lines: Spark's text, and the emitter's own port. @module */

import { connect } from "node:net";
import { createInterface } from "node:readline";
import { describe, expect, test } from "vitest";
import { QUICK, startSession, startWithBatches, stop } from "../client.ts";
import type { Server } from "../server.ts";

const RULE = "-".repeat(43);

export function linesContract(server: () => Server): void {
  describe("GET …/text", () => {
    test("is Spark's pprint, live", async () => {
      await using session = await startSession(server());
      const response = await fetch(`${session.url}/text`);
      expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
      expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
      let text = "";
      let batches: string[][] = [];
      // One cut right after a late one may be empty.
      const isFull = (batch: readonly string[]): boolean => batch.length > 4;
      for await (const part of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
        text += part;
        batches = text
          .split("\n\n")
          .slice(0, -1)
          .map((batch) => batch.split("\n"));
        if (batches.length > 1 && batches.some(isFull)) break;
      }
      expect(batches.map(([rule]) => rule)).toEqual(batches.map(() => RULE));
      expect(batches.find(isFull)).toEqual([
        RULE,
        expect.stringMatching(/^Time: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d00000)?$/),
        RULE,
        expect.stringMatching(/^\('[ab]', [1-9]\d*\)$/),
        expect.stringMatching(/^\('[ab]', [1-9]\d*\)$/),
      ]);
    });

    test("prints the first records and … for more, and ends with the session", async () => {
      await using session = await startWithBatches(server(), 2);
      await stop(session);
      const text = await (await fetch(`${session.url}/text?top=1&since=earliest`)).text();
      const batches = text.split("\n\n").map((batch) => batch.split("\n").slice(2));
      expect(batches).toContainEqual([RULE, expect.stringMatching(/^\('[ab]', \d+\)$/), "..."]);
      expect(text.endsWith("\n\n")).toBe(true);
    });
  });

  test("GET …/text says a reset before all else, as no record could be", async () => {
    await using session = await startWithBatches(server(), 1);
    await stop(session);
    const text = await (await fetch(`${session.url}/text?after=zzzz:7`)).text();
    expect(text).toMatch(
      /^# reset: this is another log: \{"epoch":"\w+","reason":"epoch","asked":"zzzz:7",[^\n]+\}\n\n-+\n/,
    );
  });

  describe("the emitter's port", () => {
    test("says the same lines to a second client", async () => {
      const source = { ...QUICK.source, lines: ["spark streaming", "big data"], intervalMs: 5 };
      await using session = await startSession(server(), { ...QUICK, source });
      const socket = connect(session.source.port, "127.0.0.1");
      const seen: string[] = [];
      for await (const line of createInterface({ input: socket })) if (seen.push(line) === 20) break;
      socket.destroy();
      expect(new Set(seen)).toEqual(new Set(source.lines));
      const { total } = await stop(session);
      expect(total.lines).toBeGreaterThanOrEqual(20);
    });
  });
}

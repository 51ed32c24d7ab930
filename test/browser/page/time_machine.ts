/** The time machine, and the explanation of a batch. @module */

import { describe, expect, test } from "vitest";
import { startSession } from "../../runtime/client.ts";
import { PATIENCE, pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

const SPEC = { source: { type: "emitter", lines: ["big data", "big"], intervalMs: 60, seed: 3 }, batchIntervalMs: 200 };

export function timeMachinePage(scene: Scene): void {
  describe("the time machine", () => {
    test("goes back, step by step and by keyboard, replays, and is live again", async () => {
      await using session = await startSession(scene(), SPEC);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.reaches(6);
      await tab.id("scrubber").focus();
      await tab.page.keyboard.press("Home");
      await tab.says("batch-title", /^Batch 1$/);
      await tab.says("machine-text", /^The past: batch 1 of \d+$/);
      expect(await tab.id("scrubber").getAttribute("aria-valuetext")).toMatch(/^Batch 1 of \d+, \d\d:\d\d:\d\d$/);
      const { counts } = (await (await fetch(`${session.url}/batches/1`)).json()) as { counts: [string, number][] };
      const label = counts.map(([word, count]) => `${word} ${count}`).join(", ");
      await expect
        .poll(() => tab.id("bars").getAttribute("aria-label"), PATIENCE)
        .toBe(counts.length === 0 ? "No words in this batch" : `Most frequent words: ${label}`);
      await tab.page.getByRole("button", { name: "One batch on" }).click();
      await tab.says("batch-title", /^Batch 2$/);
      await tab.page.getByRole("button", { name: "One batch back" }).click();
      await tab.says("batch-title", /^Batch 1$/);
      const replay = tab.page.getByRole("button", { name: "Replay ×1" });
      await replay.click();
      await expect.poll(() => replay.getAttribute("aria-pressed"), PATIENCE).toBe("true");
      await replay.click();
      await expect.poll(() => replay.getAttribute("aria-pressed"), PATIENCE).toBe("false");
      await tab.page.getByRole("button", { name: "×10" }).click();
      await tab.reaches(4);
      await tab.page.getByRole("button", { name: "Back to live" }).click();
      await tab.says("machine-text", /^Live$/);
      const { head } = (await (await fetch(session.url)).json()) as { head: string };
      await expect
        .poll(async () => Number((await tab.id("batch-title").textContent())?.replace("Batch ", "")), PATIENCE)
        .toBeGreaterThan(Number(head.split(":")[1]));
      expect(tab.faults).toEqual([]);
    });

    test("explains a batch from its lines to its counts", async () => {
      await using session = await startSession(scene(), { ...SPEC, batchIntervalMs: 1000 });
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.reaches(2);
      // As the next one comes soon, it is read while it stands still.
      await tab.id("scrubber").focus();
      await tab.page.keyboard.press("ArrowLeft");
      await tab.says("machine-text", "The past");
      const seq = Number((await tab.id("batch-title").textContent())?.replace("Batch ", ""));
      const read = async <T>(path: string): Promise<T> => (await (await fetch(session.url + path)).json()) as T;
      const { lines } = await read<{ lines: string[] }>(`/batches/${seq}/lines`);
      const { counts } = await read<{ counts: [string, number][] }>(`/batches/${seq}`);
      const words = lines.flatMap((line) => line.split(" "));
      await tab.says("explain", `result of batch ${seq}`);
      const steps = await tab.page
        .locator("#explain li")
        .evaluateAll((all) => all.map((item) => Array.from(item.querySelectorAll("bdi"), (chip) => chip.textContent)));
      expect(steps.slice(0, 3)).toEqual([
        lines.map((line) => `'${line}'`),
        words.map((word) => `'${word}'`),
        words.map((word) => `('${word}', 1)`),
      ]);
      expect(steps[4]).toEqual(counts.map(([word, count]) => `('${word}', ${count})`));
      await tab.says("explain", "all that arrives in one interval of 1 s");
      await tab.says("explain", "a sequence of RDDs");
      expect(tab.faults).toEqual([]);
    });
  });
}

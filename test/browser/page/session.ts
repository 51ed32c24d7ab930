/** What is shown of a session. @module */

import { describe, expect, test } from "vitest";
import { startSession, startWithBatches, stop } from "../../runtime/client.ts";
import { PATIENCE, pageOf, visit, type Visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

/** Of every two lines one is another, so that a batch has other words than all batches. */
const MIXED = {
  source: { type: "emitter", lines: ["a a a", "b b", "c"], intervalMs: 20, seed: 1 },
  batchIntervalMs: 200,
};

/** The texts of a table's rows. */
async function rows(tab: Visit, id: string): Promise<string[][]> {
  return tab
    .id(id)
    .evaluate((body) =>
      Array.from((body as HTMLTableSectionElement).rows, (row) =>
        Array.from(row.cells, (cell) => cell.textContent ?? ""),
      ),
    );
}

export function sessionPage(scene: Scene): void {
  describe("a session", () => {
    test("has a batch beside all so far, in one table to sort and to search", async () => {
      await using session = await startSession(scene(), MIXED);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.says("session-link", "live");
      await stop(session);
      await tab.says("session-link", "closed");
      await tab.says("words-note", "So far: since the beginning.");
      const history = (await (await fetch(`${session.url}/batches`)).json()) as {
        items: { lines: number; total: { lines: number }; counts: [string, number][] }[];
      };
      const last = history.items.at(-1)!;
      const sum = (word: string): number =>
        history.items.reduce((total, { counts }) => total + (new Map(counts).get(word) ?? 0), 0);
      const expected = ["a", "b", "c"].map((word) => [
        word,
        String(new Map(last.counts).get(word) ?? 0),
        sum(word).toLocaleString("en"),
      ]);
      expect((await rows(tab, "totals")).find(([name]) => name === "Lines")).toEqual([
        "Lines",
        String(last.lines),
        String(last.total.lines),
      ]);
      await tab.page.getByRole("button", { name: "Word" }).click();
      await expect.poll(() => rows(tab, "words"), PATIENCE).toEqual(expected);
      await tab.page.getByRole("button", { name: "Word" }).click();
      await expect.poll(() => rows(tab, "words"), PATIENCE).toEqual(expected.toReversed());
      expect(await tab.page.getByRole("columnheader", { name: "Word" }).getAttribute("aria-sort")).toBe("descending");
      await tab.page.getByRole("searchbox").fill("B");
      await expect.poll(() => rows(tab, "words"), PATIENCE).toEqual([expected[1]]);
      expect(tab.faults).toEqual([]);
    });

    test("is drawn: ring, bars, heat, four time lines, and whether it keeps up", async () => {
      await using session = await startSession(scene(), { ...MIXED, batchIntervalMs: 1000 });
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.reaches(2);
      await tab.says("countdown-text", /^1 s$/);
      await expect
        .poll(() => tab.id("countdown-hand").evaluate((hand) => getComputedStyle(hand).strokeDashoffset), PATIENCE)
        .not.toBe("1");
      await expect
        .poll(() => tab.id("bars").getAttribute("aria-label"), PATIENCE)
        .toMatch(/^Most frequent words: a \d+/);
      await expect
        .poll(() => tab.id("heat").getAttribute("aria-label"), PATIENCE)
        .toMatch(/^Words of the last \d+ batches: a \d+/);
      await tab.says("keeps-up", /^Keeps up: [\d.]+ ms of 1 s$/);
      const charts = tab.page.locator(".chart-plot");
      const labels = (): Promise<(string | null)[]> =>
        charts.evaluateAll((all) => all.map((chart) => chart.getAttribute("aria-label")));
      await expect
        .poll(labels, PATIENCE)
        .toEqual([
          expect.stringMatching(/^Input rate: [\d.]+\/s, at most/),
          expect.stringMatching(/^Scheduling delay: [\d.]+ ms, at most/),
          expect.stringMatching(/^Processing time: [\d.]+ ms, at most/),
          expect.stringMatching(/^Total delay: [\d.]+ ms, at most/),
        ]);
      await charts.first().hover();
      await tab.page
        .locator(".chart h3")
        .first()
        .filter({ hasText: /^Input rate [\d.]+\/s at \d\d:\d\d:\d\d$/ })
        .waitFor();
      /** Pixels that something was drawn on. */
      const drawn = (selector: string): Promise<boolean[]> =>
        tab.page.locator(selector).evaluateAll((all) =>
          all.map((each) => {
            const { width, height } = each as HTMLCanvasElement;
            const pixels = (each as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height).data;
            return pixels?.some((value) => value > 0) ?? false;
          }),
        );
      await expect.poll(() => drawn(".chart canvas, #heat, #ribbon"), PATIENCE).toEqual(Array(10).fill(true));
      expect(tab.faults).toEqual([]);
    });

    test("is shown without what fails: without the charts' library, all but the charts", async () => {
      await using session = await startSession(scene(), MIXED);
      await using tab = await visit(scene().browser, "about:blank");
      await tab.page.route(/uPlot/, (route) => route.abort());
      await tab.page.goto(pageOf(session));
      await tab.reaches(2);
      await tab.says("explain", "grouped by word");
      await expect.poll(() => tab.faults, PATIENCE).toContainEqual(expect.stringContaining("uPlot is not defined"));
    });

    test("is printed as Spark prints it, by the service's own text", async () => {
      await using session = await startWithBatches(scene(), 3);
      const { total } = await stop(session);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.says("batch-title", `Batch ${total.batches}`);
      const text = await (await fetch(`${session.url}/text?since=-5&top=10`)).text();
      await expect.poll(() => tab.id("pprint").textContent(), PATIENCE).toBe(text);
    });
  });
}

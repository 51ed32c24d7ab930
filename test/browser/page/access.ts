/** Nobody is shut out: by keyboard, by ear, without motion, in the dark, on a small screen. @module */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { startSession } from "../../runtime/client.ts";
import { PATIENCE, pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SPEC = { source: { type: "emitter", lines: ["big data", "spark"], intervalMs: 50 }, batchIntervalMs: 500 };

/** What axe-core calls serious or critical on the page as it is now, each with the places. */
async function seriousFindings(page: Page): Promise<string[]> {
  // Over the debugger, as the page's policy lets no script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

export function accessPage(scene: Scene): void {
  describe("nobody is shut out:", () => {
    test("axe-core has no serious finding, in the light at 360 px and in the dark at 1280 px", async () => {
      await using session = await startSession(scene(), SPEC);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.page.getByText("Other settings").click();
      await tab.says("explain", "grouped by word");
      for (const [colorScheme, width] of [
        ["light", 360],
        ["dark", 1280],
      ] as const) {
        await tab.page.emulateMedia({ colorScheme });
        await tab.page.setViewportSize({ width, height: 800 });
        expect(await seriousFindings(tab.page)).toEqual([]);
      }
    });

    test("nothing is wider than a screen of 360, 1280 or 1920 px, in the past and with long words", async () => {
      const source = { type: "emitter", lines: [`${"W".repeat(500)} short`], intervalMs: 300 };
      await using session = await startSession(scene(), { ...SPEC, source });
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.page.getByText("Other settings").click();
      await tab.reaches(2);
      await tab.says("explain", "grouped by word");
      await tab.id("scrubber").press("Home");
      await tab.says("machine-text", "The past");
      for (const width of [360, 1280, 1920]) {
        await tab.page.setViewportSize({ width, height: 800 });
        expect(await tab.page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      }
    });

    test("the keyboard reaches everything, and the first stop leads past the list", async () => {
      await using session = await startSession(scene(), SPEC);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.says("session-link", "live");
      await tab.page.keyboard.press("Tab");
      await tab.page.keyboard.press("Enter");
      const focused = (): Promise<string> => tab.page.evaluate("document.activeElement.id");
      expect(await focused()).toBe("followed");
      const reached = new Set<string>();
      for (let i = 0; i < 30; i++) {
        await tab.page.keyboard.press("Tab");
        reached.add(await focused());
      }
      const wanted = [
        "stop",
        "delete",
        "scrubber",
        "replay-1",
        "replay-10",
        "search",
        "pprint",
        "snippet-kind",
        "copy",
      ];
      expect(wanted.filter((id) => !reached.has(id))).toEqual([]);
    });

    test("a screen reader hears of what happens, and of no batch", async () => {
      await using session = await startSession(scene(), SPEC);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.page.evaluate(`heard = [];
        for (const each of document.querySelectorAll("[role=status], [role=alert], [aria-live]"))
          new MutationObserver(() => heard.push(each.textContent)).observe(each, { childList: true, subtree: true })`);
      await tab.reaches(4);
      expect(await tab.page.evaluate("heard")).toEqual([]);
      await tab.id("stop").click();
      await tab.says("session-end", "stopped on request");
      await expect.poll(() => tab.page.evaluate("heard"), PATIENCE).toContain("The session is stopped");
    });

    test("nothing moves for those who want no motion", async () => {
      await using session = await startSession(scene(), SPEC);
      await using tab = await visit(scene().browser, pageOf(session), { reducedMotion: "reduce" });
      await tab.reaches(1);
      const moving = `[...document.querySelectorAll("*")].filter((each) => parseFloat(getComputedStyle(each).transitionDuration) > 0).length`;
      expect(await tab.page.evaluate(moving)).toBe(0);
    });
  });
}

/** Words of any script, and words made to harm: all of them stay text. @module */

import { describe, expect, test } from "vitest";
import { startSession } from "../../runtime/client.ts";
import { PATIENCE, pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

/** Thirty words that a page which makes markup of them would run, load, or be broken by. */
const HOSTILE = [
  "<script>alert(1)</script>",
  "</script><script>alert(2)</script>",
  "<img src=x onerror=alert(3)>",
  "<svg/onload=alert(4)>",
  "<svg><script>alert(5)</script></svg>",
  "<iframe src=javascript:alert(6)>",
  "<iframe srcdoc='<script>alert(7)</script>'>",
  "<a href=javascript:alert(8)>x</a>",
  "javascript:alert(9)",
  '"><script>alert(10)</script>',
  "'><img src=x onerror=alert(11)>",
  "<body onload=alert(12)>",
  "<input autofocus onfocus=alert(13)>",
  "<details open ontoggle=alert(14)>",
  "<video><source onerror=alert(15)></video>",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(16)>",
  "<style>@import 'http://127.0.0.1:1/x.css'</style>",
  "<link rel=stylesheet href=http://127.0.0.1:1/y.css>",
  "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'>",
  "<base href=http://127.0.0.1:1/>",
  "<object data=javascript:alert(21)>",
  "<embed src=javascript:alert(22)>",
  "<template><script>alert(23)</script></template>",
  "{{constructor.constructor('alert(24)')()}}",
  "${alert(25)}",
  "__proto__",
  "constructor",
  "toString",
  "&lt;script&gt;alert(29)&lt;/script&gt;",
  "\u202Egnp.exe\u202C\u2066\u0000\u001B[31m",
];
const SCRIPTS = ["étoile", "שלום", "مرحبا", "水門", "ดาต้า", "डेटा", "👩‍👩‍👧‍👦", "𝒲𝑜𝓇𝒹", "e\u0301", "İ"];

export function wordsPage(scene: Scene): void {
  describe("words", () => {
    test("made to harm stay text: no dialog, no report of the policy, nothing loaded", async () => {
      const source = { type: "emitter", lines: HOSTILE, intervalMs: 4 };
      await using session = await startSession(scene(), {
        source,
        batchIntervalMs: 1000,
        pipeline: { separator: "¦" },
      });
      await using tab = await visit(scene().browser, "about:blank");
      const asked: string[] = [];
      tab.page.on("request", (request) => asked.push(request.url()));
      await tab.page.addInitScript(
        `reports = []; addEventListener("securitypolicyviolation", ({ blockedURI }) => reports.push(blockedURI))`,
      );
      await tab.page.goto(pageOf(session));
      const shown = (): Promise<string[]> =>
        tab.page.locator("#words bdi").evaluateAll((all) => all.map(({ textContent }) => textContent ?? ""));
      await expect.poll(shown, PATIENCE).toHaveLength(30);
      expect((await shown()).toSorted()).toEqual(HOSTILE.toSorted());
      await expect.poll(() => tab.id("heat").getAttribute("aria-label"), PATIENCE).toMatch(/^Words of the last/);
      await tab.says("pprint", "script");
      await tab.reaches(2);
      await tab.id("scrubber").press("Home");
      await tab.says("machine-text", "The past");
      expect(await tab.page.evaluate("reports")).toEqual([]);
      expect(tab.faults).toEqual([]);
      const origin = new URL(scene().url).host;
      expect(asked.filter((url) => new URL(url).host !== origin)).toEqual([]);
    });

    test("of any script and direction stand in their own places", async () => {
      const source = { type: "emitter", lines: [SCRIPTS.join(" ")], intervalMs: 100 };
      await using session = await startSession(scene(), { source, batchIntervalMs: 500 });
      await using tab = await visit(scene().browser, pageOf(session));
      const rows = tab.page.locator("#words tr");
      await expect.poll(() => rows.count(), PATIENCE).toBe(SCRIPTS.length);
      const texts = await rows.evaluateAll((all) => all.map((row) => row.querySelector("bdi")?.textContent ?? ""));
      expect(texts.toSorted()).toEqual(SCRIPTS.toSorted());
      // A word that runs from the right does not take the count with it.
      const sides = await rows.evaluateAll((all) =>
        all.map(
          (row) =>
            row.querySelector("bdi")!.getBoundingClientRect().left < row.lastElementChild!.getBoundingClientRect().left,
        ),
      );
      expect(new Set(sides)).toEqual(new Set([true]));
      await tab.page.getByRole("searchbox").fill("İ".toLowerCase());
      await expect.poll(() => rows.count(), PATIENCE).toBe(1);
    });
  });
}

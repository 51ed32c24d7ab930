/** Nobody is shut out: what axe-core finds. @module */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

const AXE = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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
  test.each([
    ["light", 360],
    ["dark", 1280],
  ] as const)("has no serious finding of axe-core, %s at %i px", async (colorScheme, width) => {
    const options = { colorScheme, viewport: { width, height: 800 } };
    await using tab = await visit(scene().browser, scene().url, options);
    await tab.page.getByRole("button", { name: "Start the default lab" }).click();
    await tab.page.getByRole("heading", { name: "Batch 1" }).waitFor();
    expect(await seriousFindings(tab.page)).toEqual([]);
  });
}

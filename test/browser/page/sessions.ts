/** Sessions: start, choose, stop, delete. @module */

import { expect, test } from "vitest";
import { visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

export function sessionsPage(scene: Scene): void {
  test("starts the lab with one click and shows its first batch", async () => {
    await using tab = await visit(scene().browser, scene().url);
    await tab.page.getByRole("button", { name: "Start the default lab" }).click();
    await tab.page.getByRole("heading", { name: "Batch 1" }).waitFor();
    expect(tab.faults).toEqual([]);
  });
}

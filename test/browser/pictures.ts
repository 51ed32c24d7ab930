/** Takes the README's pictures anew, of the page as it is: `npm run pictures`, in a Chromium that is there. @module */

import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { startSession } from "../runtime/client.ts";
import { startServer } from "../runtime/server.ts";
import { findChromium, openBrowser } from "./chromium.ts";
import { pageOf, visit } from "./visit.ts";

const DOCS = join(import.meta.dirname, "../../docs");
const SPEC = { name: "the laboratory", source: { type: "emitter", intervalMs: 250, seed: 7 }, batchIntervalMs: 1000 };
/** Batches that are waited for, so that there is something to see over time. */
const BATCHES = 45;
const WIDE: BrowserContextOptions = { viewport: { width: 1920, height: 1080 }, colorScheme: "light" };
const DARK: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, colorScheme: "dark" };
const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 760 },
  colorScheme: "dark",
  deviceScaleFactor: 2,
};

/** What is pictured: the whole window, scrolled to a part of the page, or that part alone. */
const PICTURES: readonly [name: string, options: BrowserContextOptions, part: string, alone: boolean][] = [
  ["page-1920", WIDE, "about", false],
  ["page-360", PHONE, "about", false],
  ["page-timings", DARK, "timings", true],
  ["page-explain", { ...DARK, colorScheme: "light" }, "explain", true],
];

const path = findChromium();
if (path === undefined) throw new Error("Cannot take pictures: there is no Chromium; SLUICE_CHROMIUM=/path is wanted");
const browser = await openBrowser(path);
await using server = await startServer("node");
await using session = await startSession(server, SPEC);
for (const [name, options, part, alone] of PICTURES) {
  await using tab = await visit(browser, pageOf(session), { ...options, reducedMotion: "reduce" });
  while (Number((await tab.id("batch-title").textContent())?.replaceAll(/\D/g, "") ?? 0) < BATCHES)
    await tab.page.waitForTimeout(500);
  await tab.id("explain").getByText("grouped by word").waitFor();
  const panel = tab.page.locator("section", { has: tab.id(part) });
  if (alone) await panel.screenshot({ path: join(DOCS, `${name}.png`) });
  else {
    if (options === PHONE) await tab.id(part).evaluate((element) => element.scrollIntoView());
    await tab.page.screenshot({ path: join(DOCS, `${name}.png`) });
  }
}
await browser.close();

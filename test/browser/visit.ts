/** A tab that looks at a service's page, and whatever went wrong in it. @module */

import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** A tab of its own, in a browser context of its own. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a page must never have: errors, console errors (violations of the policy are among them), dialogs. */
  readonly faults: readonly string[];
  /** Part of the page by its id. */
  id(name: string): Locator;
  /** Resolves when this text is within the part of this id. */
  says(id: string, text: string | RegExp): Promise<void>;
  /** Resolves when the batch of this number is shown, or a later one. */
  reaches(seq: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How often to look for what nothing announces, and how long, in ms, on a machine that has much else to do. */
export const PATIENCE: { readonly interval: number; readonly timeout: number } = { interval: 20, timeout: 15_000 };

/** A fault that is none: the browser's own word for a request that failed, as it must while no service is there. */
const EXPECTED = /Failed to load resource|WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

/** Opens `url` in a new context. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(PATIENCE.timeout);
  const faults: string[] = [];
  context.on("weberror", (error) => faults.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) faults.push(message.text());
  });
  context.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const page = await context.newPage();
  await page.goto(url);
  const id = (name: string): Locator => page.locator(`#${name}`);
  return {
    page,
    context,
    faults,
    id,
    says: (name, text) => id(name).filter({ hasText: text }).waitFor(),
    async reaches(seq) {
      const number = async (): Promise<number> =>
        Number((await id("batch-title").textContent())?.replaceAll(/\D/g, "") ?? 0);
      await expect.poll(number, PATIENCE).toBeGreaterThanOrEqual(seq);
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Address of the page that follows a session. */
export function pageOf({ url }: { readonly url: string }): string {
  return url.replace("/sessions/", "/#/sessions/");
}

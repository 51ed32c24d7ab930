/** A tab that looks at a service's page, and whatever went wrong in it. @module */

import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** A tab of its own, in a browser context of its own. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a page must never have: errors, console errors (violations of the policy are among them), dialogs. */
  readonly faults: readonly string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** A fault that is none: the browser's own word for a request that failed, as it must while no service is there. */
const EXPECTED = /Failed to load resource|WebSocket connection to .* failed|ERR_CONNECTION_REFUSED/;

/** Opens `url` in a new context. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(15_000);
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
  return { page, context, faults, [Symbol.asyncDispose]: () => context.close() };
}

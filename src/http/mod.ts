/** The wire out. @module */

import type { createApp } from "./app.ts";

export { createFront, type Asset } from "./front.ts";

/** What makes the routes of sessions. It is loaded when asked for, and all that sessions are with it. */
export async function loadRoutes(): Promise<typeof createApp> {
  return (await import("./app.ts")).createApp;
}

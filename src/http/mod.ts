/** The wire out. @module */

export { createApp } from "./app.ts";
export type { Asset } from "./assets.ts";

/** The wire out. @module */

export { createApp, type Asset } from "./app.ts";

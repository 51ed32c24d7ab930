/** The wire out. @module */

export { createApp } from "./app.ts";

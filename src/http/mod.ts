/** The wire out. @module */

export { createApp } from "./app.ts";
export { readinessOf } from "./readiness.ts";

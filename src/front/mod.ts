/** Who meets a request first: what a service needs to answer at all, and nothing more. @module */

export { Answers, FAULT } from "./answers.ts";
export type { Asset } from "./assets.ts";
export { createFront } from "./front.ts";
export { SECURITY_HEADERS } from "./guard.ts";
export { notReady, type Check, type Readiness } from "./readiness.ts";
export { problemOf, problemResponse, slugOf } from "./problem.ts";

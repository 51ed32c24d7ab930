/** Who meets a request first: what a service needs to answer at all, and nothing more. @module */

export type { Asset } from "./assets.ts";
export { createFront } from "./front.ts";
export { SECURITY_HEADERS } from "./guard.ts";
export { problemOf, problemResponse } from "./problem.ts";

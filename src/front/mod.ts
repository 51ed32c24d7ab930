/** Who meets a request first: what a service needs to answer at all, and nothing more. @module */

export { createFront, type Asset } from "./front.ts";
export { SECURITY_HEADERS } from "./guard.ts";
export { problemOf, problemResponse } from "./problem.ts";

/** Who meets a request first: what a service needs to answer at all, and nothing more. @module */

export { Answers, FAULT } from "./answers.ts";
export type { Asset } from "./assets.ts";
export { createFront } from "./front.ts";
export { Guard, SECURITY_HEADERS } from "./guard.ts";
export { isHostName } from "./hosts.ts";
export { notReady, type Check, type Readiness } from "./readiness.ts";
export { problemOf, problemResponse, slugOf } from "./problem.ts";
export { scopeOf } from "./scopes.ts";
export { randomSecret, withoutSecrets } from "./secrets.ts";
export { Tickets, type Issued } from "./tickets.ts";
export {
  formatToken,
  isName,
  NAME_WANTED,
  parseTokens,
  readScopes,
  SCOPES_WANTED,
  tokenOf,
  type Token,
} from "./tokens.ts";

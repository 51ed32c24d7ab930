/** Asks DNS for all addresses of a name. @module */

import { Resolver } from "node:dns/promises";

/** Gives every address of a name, the IPv4 ones first, as there are machines without IPv6; rejects, or gives none, where there is none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** What is used of a resolver. */
type Asked = Pick<Resolver, "resolve4" | "resolve6">;

/** How long an answer is waited for, in ms; it is asked for twice. */
const ANSWER_WITHIN_MS = 1000;

/**
 * By DNS itself, not by the system's `getaddrinfo`: that takes one of the process's few threads for as long as a slow server
 * wants, and reads numbers of any base as addresses.
 */
export function dnsResolve(own?: Asked): Resolve {
  let resolver = own;
  return async (name) => {
    resolver ??= new Resolver({ timeout: ANSWER_WITHIN_MS, tries: 2 });
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  };
}

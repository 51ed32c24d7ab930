/** What a user asks for, checked: with the first that is asked the schema library is loaded, and not before. @module */

import type { SessionSpec, StopSpec, TicketSpec } from "./spec.ts";

/** Checks what a session is to be; rejects with `bad_spec`, which names every fault. */
export async function parseSpec(asked: unknown): Promise<SessionSpec> {
  return (await import("./spec.ts")).parseSpec(asked);
}

/** The same of how to stop. */
export async function parseStop(asked: unknown): Promise<StopSpec> {
  return (await import("./spec.ts")).parseStop(asked);
}

/** The same of what a ticket is to be good for. */
export async function parseTicket(asked: unknown): Promise<TicketSpec> {
  return (await import("./spec.ts")).parseTicket(asked);
}

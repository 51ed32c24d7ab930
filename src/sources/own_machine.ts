/** This machine, as sessions may call it: its name is never looked up, so it can lead nowhere else. @module */

import { familyOf } from "../networks.ts";

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

/** The host, `localhost` as the literal that it stands for. */
export function literalOf(host: string): string {
  return host === "localhost" ? "127.0.0.1" : host;
}

/** Whether a literal is of this machine. */
export function isOwnMachine(literal: string): boolean {
  return LOOPBACK.test(literal) && familyOf(literal) !== undefined;
}

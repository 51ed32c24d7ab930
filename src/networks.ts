/** Rules of networks and ports, in their usual text form. @module */

import { parseAddress } from "./addresses.ts";

/** Addresses, and the port or all ports of them. */
export interface NetworkRule {
  readonly address: string;
  readonly family: Family;
  /** How many bits of an address are those of {@link address}. */
  readonly prefix: number;
  /** Null: any. */
  readonly port: number | null;
}

/** As `node:net` calls them. */
type Family = "ipv4" | "ipv6";

/** `10.0.0.0/8:9999`, `192.0.2.7:*`, `[2001:db8::/32]:9999`. */
const RULE = /^(\[?)([\da-f.:]+)(?:\/(\d{1,3}))?(\]?):(\d{1,5}|\*)$/i;
const BITS = { ipv4: 32, ipv6: 128 } as const;
const BRACKETS = { ipv4: "", ipv6: "[]" } as const;
const MAX_PORT = 65_535;

/** Below the ports that systems give to those who connect, so that nobody who tries a dead port again and again can reach himself. */
export const DEFAULT_PORTS = "20000-29999";

/** Reads `FIRST-LAST`, both included; undefined where it is no range of ports. */
export function parsePorts(text: string): { readonly first: number; readonly last: number } | undefined {
  const [, first = 0, last = 0] = (/^(\d{1,5})-(\d{1,5})$/.exec(text) ?? []).map(Number);
  return first >= 1 && first <= last && last <= MAX_PORT ? { first, last } : undefined;
}

/** What a text is an address of; undefined where it is none, has a zone, or is in a form that only some readers take, as `127.1`. */
export function familyOf(text: string): Family | undefined {
  if (text.includes("%") || parseAddress(text) === undefined) return undefined;
  return text.includes(":") ? "ipv6" : "ipv4";
}

/** Reads `ADDRESS/BITS:PORT`, with an IPv6 network in brackets and `*` for any port; undefined where it is none. */
export function parseRule(text: string): NetworkRule | undefined {
  const [, open, address = "", bits, close, number] = RULE.exec(text) ?? [];
  const family = familyOf(address);
  if (family === undefined || `${open}${close}` !== BRACKETS[family]) return undefined;
  const prefix = Number(bits ?? BITS[family]);
  const port = number === "*" ? null : portOf(Number(number));
  return port === undefined || prefix > BITS[family] ? undefined : { address, family, prefix, port };
}

function portOf(number: number): number | undefined {
  return number >= 1 && number <= MAX_PORT ? number : undefined;
}

/** Which TCP servers may be read from. @module */

import { BlockList } from "node:net";
import { familyOf, parseRule, type NetworkRule } from "../networks.ts";

/** What a name or an address may be made of; nothing else is ever asked of DNS. */
const SYNTAX = /^[a-z0-9.\-:_]{1,253}$/i;
/** The C library reads `127.1`, `0x7f000001` and `017700000001` as addresses; a name never ends in a number. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:0x[\da-f]*|\d+)\.?$/i;

/** Addresses that lead nowhere, to many, or to an IPv4 address that would have to be looked at instead. */
const NEVER = [
  "0.0.0.0/8", // this host
  "192.88.99.0/24", // relays of 6to4
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
  "[::/128]", // this host
  "[::ffff:0:0/96]", // IPv4 in IPv6
  "[64:ff9b::/96]", // NAT64
  "[64:ff9b:1::/48]", // NAT64 of one's own
  "[2001::/32]", // Teredo
  "[2002::/16]", // 6to4
  "[fec0::/10]", // site-local of old
  "[ff00::/8]", // multicast
].map(anyPortOf);
/** Machines that are nobody else's: a rule for a larger network does not mean them, only one within does. */
const SPECIAL = [
  "10.0.0.0/8", // private
  "100.64.0.0/10", // behind a provider's NAT
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local; what a cloud tells its machines
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocols' own
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "[::/96]", // loopback, and IPv4 in IPv6 of old
  "[fc00::/7]", // private
  "[fe80::/10]", // link-local
].map(anyPortOf);

/** A rule that can be asked. */
interface Network extends NetworkRule {
  readonly has: (address: string) => boolean;
}

/** What an operator allows. Nothing else may be read from, but for this machine where that is allowed. */
export class Targets {
  readonly #rules: readonly Network[];

  /** Each rule is `ADDRESS/BITS:PORT`. */
  constructor(rules: readonly string[] = []) {
    this.#rules = rules.map(networkOf);
  }

  /** Whether nothing may be read from at all. */
  get isEmpty(): boolean {
    return this.#rules.length === 0;
  }

  /** Whether an address may be read from; a text that is no address, in its usual form, may not. */
  allow(address: string, port: number): boolean {
    if (NEVER.some((network) => network.has(address))) return false;
    const homes = SPECIAL.filter((network) => network.has(address));
    const rules = this.#rules.filter((rule) => rule.has(address) && (rule.port ?? port) === port);
    return rules.some((rule) => homes.every((home) => isWithin(rule, home)));
  }
}

/** Whether a text can be the name or the address of a machine. */
export function isHost(text: string): boolean {
  if (familyOf(text) !== undefined) return true;
  return SYNTAX.test(text) && !text.includes(":") && !ENDS_IN_NUMBER.test(text);
}

function isWithin(rule: Network, home: Network): boolean {
  return rule.prefix >= home.prefix && home.has(rule.address);
}

function networkOf(text: string): Network {
  const rule = parseRule(text);
  if (rule === undefined) throw new TypeError(`Cannot allow ${text}: ADDRESS/BITS:PORT is wanted`);
  const { address: base, prefix, family } = rule;
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  // A list of IPv6 networks can, in Node, have IPv4 addresses as well, and the other way round.
  return { ...rule, has: (address) => familyOf(address) === family && list.check(address, family) };
}

function anyPortOf(text: string): Network {
  return networkOf(`${text}:*`);
}

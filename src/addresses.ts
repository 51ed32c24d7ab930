/** IP addresses and networks of them. @module */

/** An address as eight numbers of 16 bits; an IPv4 one is the IPv6 one it is mapped to. */
export type Address = readonly number[];

/** Addresses whose first `bits` are those of `address`. */
export interface Network {
  readonly address: Address;
  readonly bits: number;
}

const GROUPS = 8;
const GROUP_BITS = 16;
const MAPPED = [0, 0, 0, 0, 0, 0xffff] as const;
const MAPPED_BITS = 96;
/** Without zeros in front, which some readers take for octal numbers. */
const V4 = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** Reads an address; undefined when it is none. A zone, as in `fe80::1%eth0`, is left out. */
export function parseAddress(text: string): Address | undefined {
  const [bare = ""] = text.split("%", 1);
  return bare.includes(":") ? parseV6(bare) : parseV4(bare);
}

/** Reads a network such as `10.0.0.0/8` or `fd00::/8`, or an address alone; undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const [, before = "", length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(before);
  if (address === undefined) return undefined;
  const most = before.includes(":") ? GROUPS * GROUP_BITS : GROUPS * GROUP_BITS - MAPPED_BITS;
  const given = length === undefined ? most : Number(length);
  if (given > most) return undefined;
  return { address, bits: given + GROUPS * GROUP_BITS - most };
}

/** Whether an address is of a network. */
export function isWithin(address: Address, network: Network): boolean {
  return network.address.every((group, i) => {
    const counted = Math.min(Math.max(network.bits - i * GROUP_BITS, 0), GROUP_BITS);
    return group >>> (GROUP_BITS - counted) === (address[i] ?? 0) >>> (GROUP_BITS - counted);
  });
}

/** Whether it is of this machine: 127.0.0.0/8 or ::1. */
export function isLoopbackAddress(address: Address): boolean {
  if (isV4(address)) return (address[6] ?? 0) >>> 8 === 127;
  return address.every((group, i) => group === (i === GROUPS - 1 ? 1 : 0));
}

/** By what it is counted: an IPv4 address itself, of an IPv6 one its /64, which one house has. */
export function subscriberOf(address: Address): string {
  const [high = 0, low = 0] = address.slice(6);
  if (isV4(address)) return [high >>> 8, high & 255, low >>> 8, low & 255].join(".");
  const first = address.slice(0, 4).map((group) => group.toString(16));
  return `${first.join(":")}::/64`;
}

function isV4(address: Address): boolean {
  return MAPPED.every((group, i) => address[i] === group);
}

function parseV4(text: string): Address | undefined {
  const bytes = V4.test(text) ? text.split(".").map(Number) : [];
  const [a = 256, b = 256, c = 256, d = 256] = bytes;
  return Math.max(a, b, c, d) > 255 ? undefined : [...MAPPED, a * 256 + b, c * 256 + d];
}

function parseV6(text: string): Address | undefined {
  const halves = text.split("::");
  const head = groupsOf(halves[0] ?? "");
  const tail = groupsOf(halves[1] ?? "");
  if (halves.length > 2 || head === undefined || tail === undefined) return undefined;
  const missing = GROUPS - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The numbers between colons; the last two may be an IPv4 address. */
function groupsOf(text: string): number[] | undefined {
  const parts = text === "" ? [] : text.split(":");
  const v4 = parts.at(-1)?.includes(".") === true ? parseV4(parts.pop() ?? "") : [];
  if (v4 === undefined || !parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  return [...parts.map((part) => Number.parseInt(part, 16)), ...v4.slice(MAPPED.length)];
}

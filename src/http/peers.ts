/** Who asks, as far as counting goes: its address, or that of whom a trusted proxy asks for. @module */

import { isLoopbackAddress, isWithin, parseAddress, subscriberOf, type Address, type Network } from "../addresses.ts";
import type { Exchange, Runtime } from "../runtime.ts";

/** What those are counted as for whom a proxy gives no address that can be read. */
const UNKNOWN = "unknown";

/** Reads addresses of requests. */
export class Peers {
  readonly #runtime: Pick<Runtime, "peer">;
  readonly #proxies: readonly Network[];

  constructor(runtime: Pick<Runtime, "peer">, proxies: readonly Network[]) {
    this.#runtime = runtime;
    this.#proxies = proxies;
  }

  /** By what a client is counted; null: it is on this machine, and is not. */
  of(exchange: Exchange): string | null {
    const peer = parseAddress(this.#runtime.peer(exchange) ?? "");
    // Who comes over no network has no address.
    if (peer === undefined) return null;
    if (!this.#isProxy(peer)) return countedAs(peer);
    const chain = chainOf(exchange.request.headers);
    return chain === undefined ? countedAs(peer) : this.#clientOf(chain);
  }

  /** The last of the chain that is no proxy of ours: what stands before it may be made up. */
  #clientOf(chain: readonly string[]): string {
    let client = UNKNOWN;
    for (const hop of chain.toReversed()) {
      const address = parseAddress(hop);
      client = address === undefined ? UNKNOWN : subscriberOf(address);
      if (address === undefined || !this.#isProxy(address)) break;
    }
    return client;
  }

  #isProxy(address: Address): boolean {
    return this.#proxies.some((network) => isWithin(address, network));
  }
}

function countedAs(address: Address): string | null {
  return isLoopbackAddress(address) ? null : subscriberOf(address);
}

/**
 * The addresses a request has come from, the client's first: of `X-Forwarded-For`, or where that is not there of `Forwarded`
 * (RFC 7239). A proxy that sets one of them must not let the other through.
 */
function chainOf(headers: Headers): string[] | undefined {
  const simple = headers.get("x-forwarded-for");
  if (simple !== null) return simple.split(",").map(bare);
  const standard = headers.get("forwarded");
  return standard?.split(",").map((hop) => bare(/(?:^|;)\s*for\s*=\s*("[^"]*"|[^;]*)/i.exec(hop)?.[1] ?? ""));
}

/** Without quotes, brackets and port. */
function bare(hop: string): string {
  const text = hop.trim().replace(/^"(.*)"$/, "$1");
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

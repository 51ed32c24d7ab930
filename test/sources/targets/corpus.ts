/**
 * Tries hosts that are to lead nowhere, on the runtime that runs this, and one whose name is bound to another address when it has
 * been looked at. Prints what came of it. Each try is real: sources, their resolver, and servers that count who comes. @module
 */

import { Resolver } from "node:dns/promises";
import { createServer, type Socket } from "node:net";
import process from "node:process";
import { sleep, systemClock } from "../../../src/clock.ts";
import type { ByteSink } from "../../../src/engine/mod.ts";
import { DEFAULT_LIMITS, type Source } from "../../../src/sessions/mod.ts";
import { sourceOpener } from "../../../src/sources/mod.ts";
import { dnsResolve, type Resolve } from "../../../src/sources/names.ts";
import { DnsStub } from "../../support/dns.ts";
import { HOSTILE, NAMES } from "./hosts.ts";

/** A try is over after 3 s. */
const TRY_MS = 3200;
/** Another begins 2 s later. */
const TRY_AGAIN_MS = 3 * TRY_MS;

/** What came of it. */
export interface Outcome {
  /** Refused at once, dialled in vain, and connected. */
  readonly refused: number;
  readonly inVain: number;
  readonly connected: number;
  /** The connections that a server of this machine saw. */
  readonly seen: number;
  /** What was told of those that were dialled in vain, without the name. */
  readonly told: readonly string[];
  readonly rebound: {
    /** Connections to where the name led first, and where it led then. */
    readonly before: number;
    readonly after: number;
    readonly asked: number;
    readonly read: string;
  };
}

const sink = { read: "" };
const byteSink: ByteSink = {
  write: (chunk) => void (sink.read += new TextDecoder().decode(chunk)),
  end() {},
  abandon() {},
  gap() {},
  started() {},
  stopped() {},
  error() {},
};

/** Listens, and counts who comes. */
async function count(host: string, port: number, welcome: (socket: Socket) => void) {
  const seen = { connections: 0, port };
  const server = createServer((socket) => {
    seen.connections++;
    socket.on("error", () => {});
    welcome(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  seen.port = (server.address() as { port: number }).port;
  return seen;
}

function resolveBy(stub: DnsStub): Resolve {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([stub.server]);
  return dnsResolve(resolver);
}

async function open(host: string, port: number, allowSource: readonly string[], resolve: Resolve): Promise<Source> {
  const parts = { clock: systemClock, limits: DEFAULT_LIMITS, folder: "/nowhere", allowOwnMachine: false };
  const source = await sourceOpener({ ...parts, allowSource, resolve })(
    { type: "socket", host, port },
    { lines: 0, bytes: 0 },
  );
  await source.start(byteSink);
  return source;
}

const isOf = (address: string): "ipv4" | "ipv6" => (address.includes(":") ? "ipv6" : "ipv4");

/** Every host of the corpus and every name, with all addresses of the world allowed. */
async function hostile(): Promise<Omit<Outcome, "rebound">> {
  const stub = await DnsStub.listen((name, family) =>
    (NAMES[name] ?? []).filter((address) => isOf(address) === family),
  );
  const resolve = resolveBy(stub);
  const caught = (socket: Socket): void => void socket.end("caught\n");
  // On a machine without IPv6 there is less to be caught.
  const seen = await count("::", 0, caught).catch(() => count("0.0.0.0", 0, caught));
  const hosts = [...HOSTILE, ...Object.keys(NAMES)];
  const opened = await Promise.allSettled(
    hosts.map((host) => open(host, seen.port, ["0.0.0.0/0:*", "[::/0]:*"], resolve)),
  );
  await sleep(systemClock, TRY_MS);
  const sources = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const statuses = sources.map(({ status }) => status);
  await Promise.all(sources.map((source) => source.stop()));
  stub.close();
  return {
    refused: opened.length - sources.length,
    inVain: statuses.filter(({ connected, lastError }) => !connected && lastError !== null).length,
    connected: statuses.filter(({ connected }) => connected).length,
    seen: seen.connections,
    told: [...new Set(statuses.map(({ lastError }) => String(lastError).replace(/from \S+:\d+/, "from it")))],
  };
}

/** A name that leads to where it may when it is looked at first, and after that to where it may not. */
async function rebinding(): Promise<Outcome["rebound"]> {
  let asked = 0;
  const stub = await DnsStub.listen((_name, family) => {
    if (family === "ipv6") return [];
    return asked++ === 0 ? ["127.0.0.2"] : ["127.0.0.1"];
  });
  const allowed = await count("127.0.0.2", 0, (socket) => socket.end("from where it led first\n"));
  const other = await count("127.0.0.1", allowed.port, (socket) => socket.end("caught\n"));
  const source = await open("rebind.test", allowed.port, [`127.0.0.2/32:${allowed.port}`], resolveBy(stub));
  await sleep(systemClock, TRY_AGAIN_MS);
  await source.stop();
  stub.close();
  return { before: allowed.connections, after: other.connections, asked, read: sink.read };
}

const [outcome, rebound] = await Promise.all([hostile(), rebinding()]);
process.stdout.write(`${JSON.stringify({ ...outcome, rebound })}\n`);
process.exit(0);

import { expect, test, vi } from "vitest";
import { sized } from "../support/size.ts";
import type { SessionJson } from "../runtime/json.ts";
import { startServer, type RuntimeName, type Server } from "../runtime/server.ts";
import { shown, type Chance } from "./chance.ts";
import { hammer, type Tried } from "./hammer.ts";
import { say } from "./http_client.ts";
import { connectionBytes, type Subject } from "./http_requests.ts";
import { descriptorsOf, hasProc, memoryOf, TIDY } from "./process.ts";

const CLIENTS = 128;
/** A process may hold so much more memory after all requests than after a third of them, in MiB. */
const MOST_GROWTH = 48;
/** Sockets are let go of within so long, in ms. */
const GONE_WITHIN_MS = 10_000;

/** What a runtime does by itself. */
interface Own {
  readonly statuses: readonly string[];
  readonly answersAll: boolean;
  /** Descriptors it may keep. */
  readonly keeps: number;
}

/** What a runtime does before a request is ours: no answer of the service's, nor anything that it can change. */
const OWN: Readonly<Record<RuntimeName, Own>> = {
  node: { statuses: [], answersAll: true, keeps: 0 },
  // It closes after a body that nobody wanted, and leaves out what was said behind it.
  // It keeps the descriptor of a handshake that is reset before its answer.
  deno: { statuses: [], answersAll: false, keeps: sized(3, 60) },
  // Its parser says 505 where a request's line ends with no version it knows; and it takes one request after the other.
  bun: { statuses: ["505"], answersAll: false, keeps: 0 },
};

/** One thing that is wrong, with what led to it. */
function wrongs(runtime: RuntimeName, { text, statuses, missing }: Awaited<ReturnType<typeof say>>): string[] {
  const own = OWN[runtime];
  const faults = statuses.filter((status) => status >= "500" && !own.statuses.includes(status));
  const refused = text.match(/^retry-after: \d+\r$/gim)?.length ?? 0;
  const isShed = faults.every((status) => status === "503") && faults.length <= refused;
  return [
    ...(faults.length === 0 || isShed ? [] : [`answers ${faults.join(", ")}`]),
    ...(missing === 0 || !own.answersAll ? [] : [`${missing} answers missing`]),
  ];
}

/** Says what one connection says; counts its requests. */
async function tryOne({ runtime, port }: Server, subject: Subject, chance: Chance): Promise<Tried> {
  const said = connectionBytes(chance, subject);
  const found = wrongs(runtime, await say(port, said, chance));
  const wrong = found.length === 0 ? undefined : `${found.join("; ")}: ${shown(said.right)} then ${shown(said.odd)}`;
  return { count: said.requests + (said.odd.length > 0 ? 1 : 0), wrong };
}

test.skipIf(!hasProc).for([
  ["node", sized(12_000, 1_000_000)],
  ["deno", sized(4000, 100_000)],
  ["bun", sized(4000, 100_000)],
] as const)(
  "random requests are answered by no 5xx, and leave no socket and no memory behind on %s: %i",
  { timeout: sized(60_000, 1_800_000) },
  async ([runtime, requests]) => {
    await using server = await startServer(runtime, { env: TIDY });
    const ask = (path: string, method: string = "GET"): Promise<Response> =>
      fetch(server.url + path, { method, headers: { connection: "close" } });
    const { id, epoch } = (await (await ask("/sessions", "POST")).json()) as SessionJson;
    const subject = { session: id, epoch, port: server.port };
    const descriptors = await descriptorsOf(server.pid);
    const one = (chance: Chance): Promise<Tried> => tryOne(server, subject, chance);
    expect(await hammer(server, { most: requests / 3, clients: CLIENTS }, one)).toEqual([]);
    const memory = await memoryOf(server.pid);
    expect(await hammer(server, { most: (2 * requests) / 3, clients: CLIENTS }, one)).toEqual([]);
    expect((await memoryOf(server.pid)) - memory).toBeLessThan(MOST_GROWTH);
    // Some asked for sessions.
    const { items } = (await (await ask("/sessions?limit=1000")).json()) as { items: SessionJson[] };
    for (const other of items) if (other.id !== id) await ask(`/sessions/${other.id}`, "DELETE");
    await vi.waitFor(
      async () => expect(await descriptorsOf(server.pid)).toBeLessThanOrEqual(descriptors + OWN[runtime].keeps),
      {
        timeout: GONE_WITHIN_MS,
        interval: 100,
      },
    );
    server.terminate();
    const { code, stderr } = await server.exit;
    // Nothing was a fault of the service's.
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  },
);

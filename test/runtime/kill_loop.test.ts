/** A service that is killed again and again, under load, and clients that come back: what safety.md calls the kill loop. @module */

import { expect, test } from "vitest";
import { seededRandom } from "../support/seeded_random.ts";
import { CheckingClient, type Frame, type Seen } from "../support/checking_client.ts";
import { sized } from "../support/size.ts";
import { temporaryFolder } from "../support/stores.ts";
import { read, startSession, stop } from "./client.ts";
import type { PageJson, SessionJson } from "./json.ts";
import { RUNTIMES, startServer, type Server } from "./server.ts";
import { follow } from "./sse.ts";
import { connect } from "./ws.ts";

const SPEC = {
  source: { type: "emitter", lines: ["spark streaming", "big data", "a a", "é – 語 🙂"], intervalMs: 2, seed: 42 },
  batchIntervalMs: 100,
};

/** Comes with the cursor it has, and reads until the other side is gone. */
type Visit = (url: string, client: CheckingClient, seen: () => void) => Promise<void>;

test.for(RUNTIMES)(
  "clients that resume lose nothing, and see nothing change, when the service on %s is killed",
  { timeout: 900_000 },
  async (runtime) => {
    await using folder = await temporaryFolder();
    const data = { folder: folder.path };
    const random = seededRandom(1);
    const seen: Seen = new Map();
    const clients = [new CheckingClient(seen), new CheckingClient(seen), new CheckingClient(seen)];
    const visits: readonly Visit[] = [bySse, byWebSocket];
    const come = (url: string, isEnough: () => void): Promise<unknown> =>
      Promise.all(clients.map((client, i) => visits[i % 2]!(url, client, isEnough)));
    let path = "";
    const kills = sized(3, runtime === "node" ? 100 : 25);
    for (let kill = 0; kill <= kills; kill++) {
      await using server = await startServer(runtime, data);
      if (kill === 0) path = new URL((await startSession(server, SPEC)).url).pathname;
      let left = 1 + Math.floor(random() * 8);
      const enough = Promise.withResolvers<void>();
      const visited = come(`${server.url}${path}`, () => {
        if (--left === 0) enough.resolve();
      });
      // What a client finds wrong ends the test; so does a server that gives no batch.
      await Promise.race([
        enough.promise,
        visited.then(() => Promise.reject(new Error("the streams ended by themselves"))),
      ]);
      if (kill < kills) server.kill();
      else await stop({ url: `${server.url}${path}` });
      await visited;
      expect(clients.every(({ cursor }) => cursor !== undefined) || kill < kills).toBe(true);
      if (kill === kills) await compare(server, path, clients);
    }
  },
);

/** The session has ended: all that was ever seen is in its log, and all of the log has been seen. */
async function compare(server: Server, path: string, clients: readonly CheckingClient[]): Promise<void> {
  const url = `${server.url}${path}`;
  const { head, total, source } = await read<SessionJson>(fetch(url));
  const { items } = await read<PageJson>(fetch(`${url}/batches?limit=1000`));
  const seqs = items.map(({ seq }) => seq);
  expect(seqs).toEqual(Array.from(seqs, (_, i) => i + 1));
  for (const client of clients) expect([client.cursor, client.batches]).toEqual([head, seqs]);
  // The emitter goes on after the last line that was counted: none is missing.
  expect({ lines: total.lines, bytes: total.bytes }).toEqual(source.sent);
}

async function bySse(url: string, client: CheckingClient, seen: () => void): Promise<void> {
  const headers = client.cursor === undefined ? {} : { "last-event-id": client.cursor };
  // It may be killed before it answers.
  const stream = await follow(`${url}/sse?since=earliest`, headers).catch(() => undefined);
  for (;;) {
    const event = await stream?.take().catch(() => undefined);
    if (event === undefined) return;
    client.read({ type: event.event, ...(event.data as object) } as Frame);
    if (event.event === "batch") seen();
  }
}

async function byWebSocket(url: string, client: CheckingClient, seen: () => void): Promise<void> {
  const after = client.cursor === undefined ? "" : `&after=${client.cursor}`;
  const socket = await connect(`${url}/ws?since=earliest${after}`).catch(() => undefined);
  for (let message = await socket?.take(); message !== undefined; message = await socket?.take()) {
    client.read(message as Frame);
    if (message.type === "batch") seen();
  }
}

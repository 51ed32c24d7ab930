import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { sseFraming } from "../../src/http/framing.ts";
import { findChromium } from "../browser/chromium.ts";
import { Chromium } from "../client/chromium.ts";
import { startSession, stop } from "../runtime/client.ts";
import type { SessionJson } from "../runtime/json.ts";
import { RUNTIMES, startServer } from "../runtime/server.ts";
import { sessionsByHand } from "../support/sessions.ts";
import { sized } from "../support/size.ts";
import { TcpServer } from "../support/tcp.ts";
import { Chance } from "./chance.ts";
import { inBrowser, withClient, withPackage, withParser, type Read, type Reader } from "./event_sources.ts";
import { hostileLine, hostileWord, NAMES, wildEvent } from "./hostile_texts.ts";

vi.setConfig({ testTimeout: sized(60_000, 900_000), hookTimeout: 60_000 });

const EVENTS = sized(600, 20_000);
const BATCHES = sized(8, 30);
const SEED = Number(process.env["SLUICE_SEED"] ?? 1);
const LAST = "event: over\ndata: \n\n";

/** Serves bytes as an event stream, cut at random places. */
async function serve(bytes: Buffer): Promise<HttpServer> {
  const pieces = new Chance(SEED).pieces(bytes, 5000);
  const server = createServer((request, response) => {
    if (request.url === "/page") {
      response.end("<!doctype html>");
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream", "access-control-allow-origin": "*" });
    response.on("error", () => {});
    void (async () => {
      for (const piece of pieces) {
        if (!response.write(piece)) await Promise.race([once(response, "drain"), once(response, "close")]);
        // A piece by itself is to arrive by itself.
        await new Promise(setImmediate);
      }
      response.end();
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** What the framing writes of batches of hostile words, and of hostile failures. */
async function framed(): Promise<Buffer> {
  const { clock, start } = sessionsByHand();
  const { session, source } = await start({ batchIntervalMs: 100 });
  const chance = new Chance(SEED);
  const parts: Buffer[] = [Buffer.from("retry: 1000\n\n")];
  for (let seq = 1; parts.length < EVENTS; seq++) {
    for (let lines = chance.length(4); lines > 0; lines--) source.write(hostileLine(chance));
    await clock.advance(100);
    const batch = sseFraming.batch(session.log.read(seq)!, 1_000_000, { skipped: 0 });
    parts.push(typeof batch === "string" ? Buffer.from(batch) : Buffer.concat([...batch]));
    const said = { lastError: hostileWord(chance), [hostileWord(chance)]: [hostileWord(chance)] };
    parts.push(Buffer.from(sseFraming.event("state", said) ?? ""));
  }
  return Buffer.concat([...parts, Buffer.from(LAST)]);
}

/** What other servers may write. */
function wild(): Buffer {
  const chance = new Chance(SEED);
  const events = Array.from({ length: EVENTS }, () => wildEvent(chance));
  return Buffer.from(`\uFEFF${events.join("")}\n\n${LAST}`);
}

describe("an event stream", () => {
  let browser: Chromium | undefined;
  /** All that read, by their names; the first is what the others are compared with. */
  let readers: Record<string, Reader> = {};

  beforeAll(async () => {
    readers = { client: withClient, package: withPackage, parser: withParser };
    const path = findChromium();
    if (path !== undefined) browser = await Chromium.start(path);
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
  });

  /** What each reads, in a tab at `page`. */
  const readAll = async (
    url: string,
    page: string,
    last: string,
    names?: readonly string[],
  ): Promise<Record<string, Read[]>> => {
    const tab = await browser?.open(page);
    const all = { ...readers, ...(tab && { Chromium: inBrowser(tab) }) };
    const read = await Promise.all(Object.values(all).map((reader) => reader(url, last, names)));
    await tab?.close();
    return Object.fromEntries(Object.keys(all).map((name, i) => [name, read[i]!]));
  };

  test.each([
    ["of hostile words and failures", framed, EVENTS - 1],
    ["of another server, of whatever form", () => Promise.resolve(wild()), EVENTS / 3],
  ])(`${EVENTS} events %s are read alike by all, cut wherever (seed ${SEED})`, async (_name, make, least) => {
    const server = await serve(await make());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      const { client: all, ...others } = await readAll(url, `${url}page`, "over");
      // An EventSource tells nobody of events with other names.
      const known = (events: readonly Read[]): Read[] => events.filter(([, name]) => [...NAMES, "over"].includes(name));
      const client = known(all!);
      expect(client.length).toBeGreaterThan(least);
      // As texts: the differences of long lists are not to be looked for by the test's own tools.
      for (const [name, read] of Object.entries(others))
        expect([name, firstOther(known(read), client)]).toEqual([name, undefined]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test.each(RUNTIMES)(
    "of a session that was fed hostile lines is read alike by all from the service on %s",
    async (runtime) => {
      const chance = new Chance(SEED);
      const tcp = await TcpServer.listen();
      await using server = await startServer(runtime);
      const source = { type: "socket", host: "127.0.0.1", port: tcp.port };
      const starting = startSession(server, { source, batchIntervalMs: 100 });
      const socket = await tcp.accept();
      await using session = await starting;
      const seq = async (): Promise<number> => {
        const { head } = (await (await fetch(session.url)).json()) as SessionJson;
        return Number(head?.split(":")[1] ?? 0);
      };
      while ((await seq()) < BATCHES) for (let lines = 5; lines > 0; lines--) socket.write(hostileLine(chance));
      await stop(session);
      await tcp.close();
      const url = `${session.url}/sse?since=earliest&top=1000000`;
      const { client, ...others } = await readAll(url, `${server.url}/healthz`, "end", ["batch"]);
      const batches = client!.filter(([, name]) => ["batch", "end"].includes(name));
      expect(batches.length).toBeGreaterThan(BATCHES);
      expect(batches.slice(0, -1).map(([id]) => id)).toEqual(
        batches.slice(1).map((_, i) => `${session.epoch}:${i + 1}`),
      );
      for (const [name, read] of Object.entries(others)) {
        const same = read.filter(([, event]) => ["batch", "end"].includes(event));
        expect([name, firstOther(same, batches)]).toEqual([name, undefined]);
      }
    },
  );
});

/** The first event that is not the same, as both have it. */
function firstOther(read: readonly Read[], wanted: readonly Read[]): unknown {
  const at = wanted.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(read[i]));
  return at < 0 && read.length === wanted.length ? undefined : { at, read: read[at], wanted: wanted[at] };
}

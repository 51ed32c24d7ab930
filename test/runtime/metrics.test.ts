/** A scrape of the running service, after it has had to do with all there is. @module */

import { connect as connectTcp } from "node:net";
import { describe, expect, test, vi } from "vitest";
import { SERIES } from "../../src/http/series.ts";
import { parseScrape, valueOf, type Family } from "../support/prometheus.ts";
import { read, startSession } from "./client.ts";
import { RUNTIMES, startServer } from "./server.ts";
import { follow } from "./sse.ts";
import { connect } from "./ws.ts";

/** Batches of 100 KB, so that a socket that is not read is full soon. */
const LARGE = {
  source: {
    type: "emitter",
    lines: [Array.from({ length: 5000 }, (_, i) => `word${i}`).join(" ")],
    intervalMs: 50,
  },
  batchIntervalMs: 100,
};
/** Nothing listens there. */
const FAILED = { source: { type: "socket", host: "127.0.0.1", port: 1 } };
const PATIENCE = { interval: 100, timeout: 30_000 };

describe.each(RUNTIMES)("a scrape of a service on %s", (runtime) => {
  test("has every documented series and no other, and what has happened is in it", { timeout: 60_000 }, async () => {
    await using server = await startServer(runtime);
    const scrape = async (): Promise<readonly Family[]> => {
      const response = await fetch(`${server.url}/metrics`);
      expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      return parseScrape(await response.text());
    };
    const quick = await startSession(server);
    const large = await startSession(server, LARGE);
    await startSession(server, FAILED);
    await using events = await follow(`${quick.url}/sse`);
    using socket = await connect(`${quick.url}/ws`);
    const abort = new AbortController();
    const text = await fetch(`${quick.url}/text`, { signal: abort.signal });
    const path = `/sessions/${large.id}/sse?top=5000&policy=disconnect&maxLag=3`;
    const slow = connectTcp({ host: "127.0.0.1", port: server.port });
    slow.on("error", () => {});
    slow.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`);
    await events.next("batch");
    await socket.next("batch");

    const full = await scrape();
    const followers = (transport: string): number => valueOf(full, "sluice_followers", { transport });
    expect([followers("sse") >= 1, followers("websocket"), followers("text")]).toEqual([true, 1, 1]);
    expect(valueOf(full, "sluice_sources", { state: "disconnected" })).toBe(1);
    const readiness = await read<object>(fetch(`${server.url}/readyz`));
    expect(readiness).toMatchObject({ status: "degraded" });
    expect(JSON.stringify(readiness)).not.toContain("127.0.0.1");

    await vi.waitFor(
      async () => expect(valueOf(await scrape(), "sluice_followers_cut_total", { reason: "too_slow" })).toBe(1),
      PATIENCE,
    );
    slow.destroy();
    const families = await scrape();
    // Deno is not given what it would have to read for them.
    const unknown = runtime === "deno" ? ["process_open_fds", "process_max_fds"] : [];
    const documented = SERIES.map(({ name }) => name).filter((name) => !unknown.includes(name));
    expect(families.map(({ name }) => name)).toEqual(documented);
    for (const transport of ["sse", "websocket", "text"])
      expect(valueOf(families, "sluice_delivery_seconds_count", { transport })).toBeGreaterThan(0);
    expect(valueOf(families, "sluice_http_requests_total", { status: "1xx" })).toBe(1);
    for (const name of [
      ...["batches_total", "words_total", "commit_seconds_count", "history_bytes", "event_loop_lag_seconds_count"].map(
        (each) => `sluice_${each}`,
      ),
      ...["process_resident_memory_bytes", "process_cpu_seconds_total"],
      ...["process_open_fds", "process_max_fds"].filter((each) => !unknown.includes(each)),
    ])
      expect([name, valueOf(families, name) > 0]).toEqual([name, true]);
    const about = families.find(({ name }) => name === "sluice_build_info")!.samples;
    expect(about).toMatchObject([{ labels: { runtime: expect.stringMatching(`^${runtime} `) }, value: 1 }]);
    expect(Math.abs(valueOf(families, "process_start_time_seconds") - Date.now() / 1000)).toBeLessThan(300);
    abort.abort();
    await text.body?.cancel().catch(() => {});
    // Nobody who looks on keeps it from ending.
    server.terminate();
    expect(await server.exit).toMatchObject({ code: 0, signal: null });
  });
});

import { describe, expect, test } from "vitest";
import { IN_MEMORY, readConfig } from "../src/config/mod.ts";
import { Logging } from "../src/logging.ts";
import * as rooms from "../src/rooms.ts";
import { nodeRuntime } from "../src/runtimes/node.ts";
import { startService, type LoadRooms, type Service } from "../src/service.ts";

/** A service whose rooms are loaded so, closed when the test is over. */
async function serviceWith(loadRooms: LoadRooms): Promise<Service & AsyncDisposable> {
  const config = readConfig({
    options: () => undefined,
    environment: { PORT: "0", SLUICE_DATA: IN_MEMORY },
    file: null,
  });
  const logging = new Logging({ level: "error", openSink: () => ({ form: "json", write: () => {} }) });
  const service = await startService(config, { runtime: nodeRuntime, logging, loadRooms });
  return { ...service, [Symbol.asyncDispose]: () => service.close() };
}

async function ask({ url }: Service, path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`);
  return [response.status, await response.json()];
}

describe("a service whose rooms are not there yet", () => {
  const starting = { name: "sessions", ok: false, detail: "the service is starting" };

  test("lives, and says that it is starting", async () => {
    const loading = Promise.withResolvers<Awaited<ReturnType<LoadRooms>>>();
    await using service = await serviceWith(() => loading.promise);
    expect(await ask(service, "/livez")).toEqual([200, { status: "ok" }]);
    expect(await ask(service, "/readyz")).toEqual([503, { status: "starting", checks: [starting] }]);
    loading.resolve(rooms);
    expect(await ask(service, "/readyz")).toEqual([200, expect.objectContaining({ status: "ready" })]);
  });

  test("waits for them a little: the first who asks is told that it is ready", async () => {
    await using service = await serviceWith(() => Promise.resolve(rooms));
    expect(await ask(service, "/readyz")).toEqual([200, expect.objectContaining({ status: "ready" })]);
  });

  test("tries again where they could not be loaded", async () => {
    let tries = 0;
    await using service = await serviceWith(() =>
      ++tries < 3 ? Promise.reject(new Error("no file descriptor left")) : Promise.resolve(rooms),
    );
    expect(await ask(service, "/readyz")).toEqual([503, { status: "starting", checks: [starting] }]);
    expect(await ask(service, "/livez")).toEqual([200, { status: "ok" }]);
    expect(await ask(service, "/readyz")).toEqual([503, { status: "starting", checks: [starting] }]);
    expect(await ask(service, "/readyz")).toEqual([200, expect.objectContaining({ status: "ready" })]);
  });
});

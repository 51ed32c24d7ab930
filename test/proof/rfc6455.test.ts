import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { RUNTIMES, startServer, type Server } from "../runtime/server.ts";
import { DEVIATIONS, HANDSHAKES, VECTORS } from "./rfc6455.ts";
import { handshakeTold, toldOf } from "./rfc6455_run.ts";

vi.setConfig({ maxConcurrency: 50 });

describe.concurrent.each(RUNTIMES)("RFC 6455 on %s", (runtime) => {
  let server: Server;
  const instead = Object.assign({}, ...DEVIATIONS[runtime]!.map((each) => each.instead)) as Record<string, string>;
  /** What is told here: as the RFC has it, but for what the runtime itself does. */
  const wanted = (name: string, told: string): string => instead[name] ?? instead[told] ?? told;

  beforeAll(async () => {
    server = await startServer(runtime);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test.each(VECTORS)("%s", async (name, says, told) => {
    const due = wanted(name, told);
    expect(await toldOf(server.port, says, /close|cut/.test(due))).toBe(due);
  });

  test.each(HANDSHAKES)("handshake: %s", async (name, request, told) => {
    expect(wanted(name, told).split(" or ")).toContain(await handshakeTold(server.port, request));
  });

  test("every deviation is of a case that there is", () => {
    const cases = new Set([...VECTORS, ...HANDSHAKES].flatMap(([name, , told]) => [name, told]));
    expect(Object.keys(instead).filter((name) => !cases.has(name))).toEqual([]);
  });
});

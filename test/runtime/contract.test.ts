/** One contract, every runtime: the whole service as a stranger sees it, over real sockets. @module */

import { deepEqual } from "node:assert/strict";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { durableContract } from "./contract/durable.ts";
import { guardContract } from "./contract/guard.ts";
import { historyContract } from "./contract/history.ts";
import { ingestAgainContract, ingestContract } from "./contract/ingest.ts";
import { largeContract } from "./contract/large.ts";
import { linesContract } from "./contract/lines.ts";
import { restContract } from "./contract/rest.ts";
import { serviceContract } from "./contract/service.ts";
import { severalContract } from "./contract/several.ts";
import { shutdownContract } from "./contract/shutdown.ts";
import { sseContract } from "./contract/sse.ts";
import { ticketsContract } from "./contract/tickets.ts";
import { tokenContract } from "./contract/token.ts";
import { webSocketContract } from "./contract/websocket.ts";
import { RUNTIMES, startServer, type Server } from "./server.ts";

vi.setConfig({ maxConcurrency: 30, testTimeout: 15_000, hookTimeout: 15_000 });

describe.concurrent.each(RUNTIMES)("Sluice on %s", (runtime) => {
  let running: Server | undefined;
  const server = (): Server => {
    if (running === undefined) throw new Error(`There is no server on ${runtime} yet`);
    return running;
  };

  beforeAll(async () => {
    running = await startServer(runtime);
  });

  afterAll(async () => {
    if (running === undefined) return;
    await using ending = running;
    ending.terminate();
    const { code, stderr } = await ending.exit;
    // Nothing of all this was a fault of the server's.
    deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  restContract(server);
  historyContract(server);
  serviceContract(server);
  guardContract(server);
  sseContract(server);
  webSocketContract(server);
  severalContract(server);
  linesContract(server);
  largeContract(server);
  ingestContract(server);
  tokenContract(runtime);
  ticketsContract(runtime);
  shutdownContract(runtime);
  durableContract(runtime);
  ingestAgainContract(runtime);
});

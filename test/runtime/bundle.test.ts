/** What the Docker image runs, held to the contract: far from the sources and from what is installed. @module */

import { deepEqual } from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Command } from "../support/command.ts";
import { historyContract } from "./contract/history.ts";
import { restContract } from "./contract/rest.ts";
import { serviceContract } from "./contract/service.ts";
import { sseContract } from "./contract/sse.ts";
import { webSocketContract } from "./contract/websocket.ts";
import { startServer, type Server } from "./server.ts";

const ROOT = join(import.meta.dirname, "../..");

vi.setConfig({ maxConcurrency: 30, testTimeout: 15_000, hookTimeout: 15_000 });

let folder = "";
const launch = (): readonly string[] => [process.execPath, join(folder, "src/launch.js")];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-bundle-"));
  await promisify(execFile)(join(ROOT, ".ci/bundle"), [folder]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.concurrent("the bundle", () => {
  let running: Server | undefined;
  const server = (): Server => {
    if (running === undefined) throw new Error("There is no server of the bundle yet");
    return running;
  };

  beforeAll(async () => {
    running = await startServer("node", { command: [...launch(), "serve"] });
  });

  afterAll(async () => {
    if (running === undefined) return;
    await using ending = running;
    ending.terminate();
    const { code, stderr } = await ending.exit;
    deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  restContract(server);
  historyContract(server);
  serviceContract(server);
  sseContract(server);
  webSocketContract(server);

  test("has the other commands", async () => {
    const help = new Command(["--help"], { program: launch(), cwd: folder });
    expect([await help.ended, help.stderr]).toEqual([0, ""]);
    expect(help.stdout).toMatch(/^Sluice \d+\.\d+\.\d+: [^]*sluice serve[^]*sluice emit[^]*sluice lab[^]*sluice tail/);
  });

  test("has all files of the page", async () => {
    const page = await (await fetch(server().url)).text();
    const files = [...page.matchAll(/"(\/web\/[^"]+)"/g)].map(([, path = ""]) => path);
    expect(files.length).toBeGreaterThan(2);
    const statuses = await Promise.all(files.map(async (path) => (await fetch(server().url + path)).status));
    expect(statuses).toEqual(files.map(() => 200));
  });
});

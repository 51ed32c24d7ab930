/** The page in a real browser, against the real service. @module */

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, vi } from "vitest";
import { startServer, type Server } from "../runtime/server.ts";
import { findChromium, openBrowser } from "./chromium.ts";
import { accessPage } from "./page/access.ts";
import { connectionPage } from "./page/connection.ts";
import type { Scene } from "./page/scene.ts";
import { sessionPage } from "./page/session.ts";
import { sessionsPage } from "./page/sessions.ts";
import { snippetsPage } from "./page/snippets.ts";
import { speedPage } from "./page/speed.ts";
import { timeMachinePage } from "./page/time_machine.ts";
import { wordsPage } from "./page/words.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const path = findChromium();

describe.skipIf(path === undefined)("The page", () => {
  let running: { browser: Browser; server: Server } | undefined;
  const scene: Scene = () => {
    if (running === undefined) throw new Error("There is no browser yet");
    return { browser: running.browser, url: running.server.url };
  };

  beforeAll(async () => {
    const [browser, server] = await Promise.all([openBrowser(path ?? ""), startServer("node")]);
    running = { browser, server };
  });

  afterAll(async () => {
    await running?.browser.close();
    await running?.server[Symbol.asyncDispose]();
  });

  sessionsPage(scene);
  sessionPage(scene);
  timeMachinePage(scene);
  snippetsPage(scene);
  wordsPage(scene);
  connectionPage(scene);
  accessPage(scene);
  speedPage(scene);
});

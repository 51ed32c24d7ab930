/** What the page does when the service is out of reach, and how it comes back. @module */

import { connect, createServer, type Socket } from "node:net";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { QUICK, startSession } from "../../runtime/client.ts";
import { startServer } from "../../runtime/server.ts";
import { temporaryFolder } from "../../support/stores.ts";
import { PATIENCE, pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

/** A way to a server that can be cut. */
class Way implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#join(socket));
  readonly #sockets = new Set<Socket>();
  readonly #port: number;
  isOpen = true;

  constructor(port: number) {
    this.#port = port;
  }

  /** Resolves with the address it is to be reached at. */
  open(): Promise<string> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        const address = this.#server.address();
        resolve(`http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`);
      });
    });
  }

  /** Ends all there is, and lets nothing through until it is open again. */
  cut(): void {
    this.isOpen = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #join(socket: Socket): void {
    socket.on("error", () => {});
    if (!this.isOpen) {
      socket.destroy();
      return;
    }
    const onward = connect(this.#port, "127.0.0.1");
    onward.on("error", () => {});
    for (const each of [socket, onward]) this.#sockets.add(each);
    socket.pipe(onward).pipe(socket);
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
  }
}

export function connectionPage(scene: Scene): void {
  describe("the connection", () => {
    test("that breaks is said to be lost, and goes on where it broke", async () => {
      await using session = await startSession(scene());
      await using way = new Way(Number(new URL(scene().url).port));
      const url = await way.open();
      await using tab = await visit(scene().browser, pageOf({ url: session.url.replace(scene().url, url) }));
      await tab.reaches(1);
      way.cut();
      await tab.says("session-link", "connection lost, trying again");
      await tab.says("session-state", "was running");
      await tab.says("announcer", "The connection is lost");
      way.isOpen = true;
      await tab.says("session-link", "live");
      await tab.says("notices", /Went on after \w+:\d+: no batch is missing/);
      await tab.says("gaps", "No batch is missing.");
      expect(tab.faults).toEqual([]);
    });

    test("that cannot give all tells what is missing, on the ribbon and in words", async () => {
      await using session = await startSession(scene());
      await using tab = await visit(scene().browser, "about:blank");
      // What is no longer kept takes a service minutes to forget: here the batches 3 and 4 are kept back on the way.
      await tab.page.routeWebSocket(/\/ws/, (route) => {
        const server = route.connectToServer();
        server.onMessage((text) => {
          const { type, seq, epoch } = JSON.parse(String(text)) as { type: string; seq: number; epoch: string };
          if (type === "batch" && seq === 4)
            route.send(JSON.stringify({ type: "gap", from: `${epoch}:3`, to: `${epoch}:4`, batches: 2 }));
          if (type !== "batch" || (seq !== 3 && seq !== 4)) route.send(text);
        });
      });
      await tab.page.goto(pageOf(session));
      await tab.says("gaps", "Missing: 2 batches (3–4).");
      await tab.says("notices", /Cannot have 2 batches, \w+:3 to \w+:4: no longer kept/);
      expect(tab.faults).toEqual([]);
    });

    test("over Server-Sent Events does where no WebSocket comes through", async () => {
      await using session = await startSession(scene());
      await using tab = await visit(scene().browser, "about:blank");
      await tab.page.routeWebSocket(/\/ws/, (route) => route.close());
      await tab.page.goto(pageOf(session));
      await tab.reaches(1);
      await tab.says("session-link", "live");
      expect(tab.faults).toEqual([]);
    });

    test.each(["SIGKILL", "SIGTERM"])(
      "to a service that started again after %s goes on, and no batch is missing",
      async (signal) => {
        await using folder = await temporaryFolder();
        const data = { folder: folder.path };
        await using first = await startServer("node", data);
        const session = await startSession(first);
        await using tab = await visit(scene().browser, pageOf(session));
        await tab.reaches(2);
        process.kill(first.pid, signal);
        await tab.says("session-link", "connection lost, trying again");
        await using second = await startServer("node", { ...data, args: ["--port", String(first.port)] });
        expect(second.url).toBe(first.url);
        await tab.says("session-link", "live");
        await tab.says("notices", /Went on after \w+:\d+: no batch is missing/);
        const { head } = (await (await fetch(session.url)).json()) as { head: string };
        await tab.reaches(Number(head.split(":")[1]) + 1);
        await tab.says("gaps", "No batch is missing.");
        expect(tab.faults).toEqual([]);
      },
    );

    test("to a service that has lost its sessions says so, and is good for the next", async () => {
      await using first = await startServer("node");
      const session = await startSession(first);
      await using tab = await visit(scene().browser, pageOf(session));
      await tab.reaches(1);
      process.kill(first.pid, "SIGKILL");
      await tab.says("session-link", "connection lost, trying again");
      await using second = await startServer("node", { args: ["--port", String(first.port)] });
      expect(second.url).toBe(first.url);
      // Its sessions ended with it, and that is said; the page is good for the next one.
      await tab.says("sentence", `Cannot find session`);
      await tab.says("session-link", "refused");
      await tab.page.getByRole("button", { name: "Start the default lab" }).click();
      await tab.says("session-link", "live");
      expect(tab.faults).toEqual([]);
    });

    test("is there for seven tabs of one browser", async () => {
      await using session = await startSession(scene(), { ...QUICK, batchIntervalMs: 1000 });
      await using tab = await visit(scene().browser, pageOf(session));
      const more = await Promise.all(Array.from({ length: 6 }, () => tab.context.newPage()));
      await Promise.all(more.map((page) => page.goto(pageOf(session))));
      const pages = [tab.page, ...more];
      await Promise.all(pages.map((page) => page.locator("#session-link", { hasText: "live" }).waitFor()));
      expect(((await (await fetch(session.url)).json()) as { followers: number }).followers).toBe(7);
      // The eighth call of the seventh tab is answered as well.
      await pages[6]!.getByRole("button", { name: "Stop" }).click();
      await Promise.all(pages.map((page) => page.locator("#session-end", { hasText: "has ended" }).waitFor()));
      expect(tab.faults).toEqual([]);
    });

    test("of a service that wants a token takes the one of the address, and asks where it is wrong", async () => {
      await using server = await startServer("node", { args: ["--token", "s3cret"] });
      await using tab = await visit(scene().browser, `${server.url}/#token=wrong`);
      const urls: string[] = [];
      tab.page.on("request", (request) => urls.push(request.url()));
      tab.page.on("websocket", (socket) => urls.push(socket.url()));
      await tab.says("token-why", "the bearer token is wrong");
      await tab.page.getByLabel("Token of this service").fill("s3cret");
      await tab.page.keyboard.press("Enter");
      await tab.says("sessions-note", "None yet.");
      const authorization = { authorization: "Bearer s3cret", "content-type": "application/json" };
      const body = JSON.stringify(QUICK);
      const answer = await fetch(`${server.url}/sessions`, { method: "POST", headers: authorization, body });
      const { id } = (await answer.json()) as { id: string };
      await tab.page.goto(`${server.url}/#/sessions/${id}`);
      await tab.says("session-link", "live");
      await tab.reaches(1);
      await tab.says("snippet", "$SLUICE_TOKEN");
      expect(await tab.page.content()).not.toContain("s3cret");
      expect(urls).toContainEqual(expect.stringMatching(/^ws:.*\/ws\?.*ticket=[\w-]{43}$/));
      expect(urls.filter((url) => url.includes("s3cret"))).toEqual([]);
      for (const tool of ["JavaScript, WebSocket", "JavaScript, EventSource"]) {
        await tab.id("snippet-kind").selectOption(tool);
        const heard: string[] = [];
        tab.page.on("console", (message) => heard.push(message.text()));
        const snippet = ((await tab.id("snippet").textContent()) ?? "").replace("TOKEN", "s3cret");
        await tab.page.evaluate(`(async () => { ${snippet} })()`);
        await expect.poll(() => heard, PATIENCE).toContainEqual(expect.stringMatching(/^\d+ \[/));
      }
      expect(tab.faults).toEqual([]);
    });
  });
}

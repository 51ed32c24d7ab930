/** Sessions: start, choose, stop, delete. @module */

import { describe, expect, test } from "vitest";
import { QUICK, startSession } from "../../runtime/client.ts";
import { TcpServer } from "../../support/tcp.ts";
import { pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

export function sessionsPage(scene: Scene): void {
  describe("the sessions", () => {
    test("the lab starts with one click, and its first batch comes by itself", async () => {
      await using tab = await visit(scene().browser, scene().url);
      await tab.page.getByRole("button", { name: "Start the default lab" }).click();
      await tab.says(
        "sentence",
        /^Running batches of 5 seconds for .* since .* \(\d+ completed batch(?:es)?, \d+ lines?\)$/,
      );
      await tab.reaches(1);
      expect(new URL(tab.page.url()).hash).toMatch(/^#\/sessions\/s_/);
      expect(tab.faults).toEqual([]);
    });

    test("the form has every option of the contract, and says which is wrong", async () => {
      await using tab = await visit(scene().browser, scene().url);
      await tab.page.getByText("Other settings").click();
      await tab.page.getByLabel("Name").fill("all of it");
      await tab.page.getByLabel("or its lines").fill("a b\nc");
      await tab.page.getByLabel("Line interval (ms)").fill("50");
      await tab.page.getByRole("textbox", { name: "Port" }).fill("0");
      await tab.page.getByLabel("Seed").fill("7");
      await tab.page.getByLabel("Lines, then the end").fill("1000");
      await tab.page.getByLabel("Batch interval (ms)").fill("often");
      await tab.page.getByLabel("Duration (ms)").fill("60000");
      await tab.page.getByLabel("Separator of words").fill("|");
      await tab.page.getByRole("button", { name: "Start with these" }).click();
      await tab.says("start-problem", "Batch interval (ms) must be a whole number");
      await tab.says("batch-interval-fault", /^must be a whole number from 100 to 3600000/);
      expect(await tab.id("batch-interval").evaluate((field) => field === document.activeElement)).toBe(true);
      await tab.page.getByLabel("Batch interval (ms)").fill("300");
      await tab.page.getByLabel("Batch interval (ms)").press("Enter");
      await tab.says("session-name", "all of it");
      const path = new URL(tab.page.url()).hash.slice(1);
      expect(await (await fetch(scene().url + path)).json()).toMatchObject({
        ...{ name: "all of it", batchIntervalMs: 300, durationMs: 60_000, pipeline: { separator: "|" } },
        source: { type: "emitter", lines: 2, intervalMs: 50, seed: 7, maxLines: 1000 },
      });
      expect(tab.faults).toEqual([]);
    });

    test("a session listens, and another has its lines brought", async () => {
      await using tab = await visit(scene().browser, scene().url);
      const sessionOf = async (): Promise<string> => {
        await tab.says("session-source", /^Source: /);
        return scene().url + new URL(tab.page.url()).hash.slice(1);
      };
      await tab.page.getByText("Other settings").click();
      await tab.page.getByLabel("Batch interval (ms)").fill("300");
      await tab.page.getByLabel("Source").selectOption("listen");
      expect(await tab.page.getByLabel("Host").isVisible()).toBe(false);
      await tab.page.getByRole("button", { name: "Start with these" }).click();
      await tab.says("session-source", /^Source: listens on 127\.0\.0\.1:2\d{4}, for whoever writes lines$/);
      await (await fetch(await sessionOf(), { method: "DELETE" })).body?.cancel();
      await tab.page.getByLabel("Source").selectOption("push");
      await tab.page.getByRole("button", { name: "Start with these" }).click();
      await tab.says("session-source", /^Source: lines are taken by POST \/sessions\/s_\w+\/lines$/);
      const taken = await fetch(`${await sessionOf()}/lines`, { method: "POST", body: "brought by hand\n" });
      expect(taken.status).toBe(200);
      await tab.says("sentence", /1 line\)$/);
      expect(tab.faults).toEqual([]);
    });

    test("a TCP server is read, and while it is not there that is said in words", async () => {
      const server = await TcpServer.listen();
      const { port } = server;
      await using tab = await visit(scene().browser, scene().url);
      await tab.page.getByText("Other settings").click();
      await tab.page.getByLabel("Source").selectOption("socket");
      expect(await tab.page.getByLabel("Seed").isVisible()).toBe(false);
      await tab.page.getByRole("textbox", { name: "Port" }).fill(String(port));
      await tab.page.getByRole("button", { name: "Start with these" }).click();
      const socket = await server.accept();
      await tab.says("session-source", `connected, lines from localhost:${port}`);
      socket.end();
      await server.close();
      await tab.says("session-source", /refused \(nothing listens there\); next try in 2 s/);
      await tab.says("session-state", "degraded");
      expect(tab.faults).toEqual([]);
    });

    test("the list tells source, rate, lag and followers, and leads to each session", async () => {
      await using one = await startSession(scene(), { ...QUICK, name: "first of two" });
      await using two = await startSession(scene(), { ...QUICK, name: "second of two" });
      await using tab = await visit(scene().browser, pageOf(one));
      const item = tab.page.getByRole("link", { name: "second of two" });
      await item.filter({ hasText: /emitter, 1 given line, every 100 ms.* [\d.]+\/s in, lag [\d.]+ ms/ }).waitFor();
      await tab.page.getByRole("link", { name: /first of two.* 1 follower/ }).waitFor();
      await item.click();
      await tab.says("session-name", "second of two");
      expect([tab.page.url(), await tab.page.title()]).toEqual([pageOf(two), "second of two · Sluice"]);
      await tab.page.goBack();
      await tab.says("session-name", "first of two");
    });

    test("one is stopped, and deleted once that is confirmed", async () => {
      const { url } = await startSession(scene());
      await using tab = await visit(scene().browser, pageOf({ url }));
      await tab.page.getByRole("button", { name: "Stop" }).click();
      await tab.says("session-end", "The session has ended: it was stopped on request.");
      await tab.says("session-link", "closed: the session is over");
      await tab.page.getByRole("button", { name: "Delete", exact: true }).click();
      await tab.page.getByRole("button", { name: "Keep it" }).click();
      expect((await fetch(url)).status).toBe(200);
      await tab.page.getByRole("button", { name: "Delete", exact: true }).click();
      await tab.page.keyboard.press("Escape");
      expect((await fetch(url)).status).toBe(200);
      await tab.page.getByRole("button", { name: "Delete", exact: true }).click();
      await tab.page.getByRole("button", { name: "Delete it" }).click();
      await tab.says("unfollowed", "Start a session");
      expect((await fetch(url)).status).toBe(404);
      expect(tab.faults).toEqual([]);
    });
  });
}

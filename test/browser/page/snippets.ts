/** What is there to copy does what it says: each snippet is run as it stands. @module */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { describe, expect, test } from "vitest";
import { startSession } from "../../runtime/client.ts";
import { PATIENCE, pageOf, visit } from "../visit.ts";
import type { Scene } from "./scene.ts";

const ROOT = join(import.meta.dirname, "../../..");
const SPEC = { source: { type: "emitter", lines: ["big data"], intervalMs: 5 }, batchIntervalMs: 200 };
const NODE = "node_modules/.bin/node";

/** How each is run, and what it must say. */
const TOOLS: readonly [tool: string, command: readonly [string, string], said: RegExp][] = [
  ["curl, as Spark prints it", ["bash", "-c"], /^-{43}\nTime: .*\n-{43}\n\('(?:big|data)', \d+\)/m],
  ["curl, as events", ["bash", "-c"], /^event: batch\ndata: .*"counts":\[\["big",\d+\]/m],
  ["the newest batch, once", ["bash", "-c"], /"seq":\d+,.*"counts":\[\["big",\d+\]/],
  ["sluice tail", ["bash", "-c"], /^\('(?:big|data)', \d+\)$/m],
  ["JavaScript, WebSocket", [NODE, "-e"], /\[ 'big', \d+ \]/],
  ["Python", ["python3", "-c"], /^\d+ \[\['big', \d+\], \['data', \d+\]\]$/m],
];

/** What a command says, until it has said what it must, or is over. */
async function run([command, flag]: readonly [string, string], text: string, said: RegExp): Promise<string> {
  const child = spawn(command, [flag, text], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  await new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      if (said.test(output)) resolve();
    });
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    child.on("close", () => resolve());
  });
  // The shell has started others: they are one group.
  if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid);
  return output;
}

export function snippetsPage(scene: Scene): void {
  describe("what is there to copy", () => {
    test("works as it stands, with each tool, and is copied by a button", async () => {
      await using session = await startSession(scene(), SPEC);
      const options = { permissions: ["clipboard-read", "clipboard-write"] };
      await using tab = await visit(scene().browser, pageOf(session), options);
      await tab.reaches(2);
      const textFor = async (tool: string): Promise<string> => {
        await tab.id("snippet-kind").selectOption(tool);
        return (await tab.id("snippet").textContent()) ?? "";
      };
      for (const [tool, command, said] of TOOLS)
        expect([tool, await run(command, await textFor(tool), said)]).toEqual([tool, expect.stringMatching(said)]);

      const text = await textFor("JavaScript, EventSource");
      await tab.page.getByRole("button", { name: "Copy" }).click();
      await tab.says("copied", "Copied");
      expect(await tab.page.evaluate("navigator.clipboard.readText()")).toBe(text);
      const heard: string[] = [];
      tab.page.on("console", (message) => heard.push(message.text()));
      await tab.page.evaluate(text);
      await expect.poll(() => heard, PATIENCE).toContainEqual(expect.stringMatching(/^\d+ \[/));
      expect(await tab.id("snippet-kind").locator("option").count()).toBe(TOOLS.length + 1);
    });
  });
}

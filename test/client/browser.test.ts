import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findChromium } from "../browser/chromium.ts";
import { read, startSession, stop, type OwnSession } from "../runtime/client.ts";
import type { SessionJson } from "../runtime/json.ts";
import { startServer, type Server } from "../runtime/server.ts";
import { Chromium, type Tab } from "./chromium.ts";
import { TRANSPORTS } from "./liar.ts";
import { PATIENCE } from "./ports.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** More tabs than a browser opens connections to one host over HTTP/1.1, which are six. */
const TABS = 7;
const SPEC = { source: { type: "emitter", lines: ["a b"], intervalMs: 10 }, batchIntervalMs: 200 };

const path = findChromium();

/** What a tab's script keeps: the numbers of its batches, how it ended, and who waits for more. */
const SCRIPT = `
globalThis.seqs = [];
globalThis.links = [];
globalThis.ended = null;
globalThis.waiting = [];
globalThis.has = (isSo) => new Promise((resolve) => { waiting.push(() => isSo() && resolve(true)); changed(); });
globalThis.changed = () => { for (const look of waiting) look(); };
globalThis.loaded = import("/client.js").then((client) => { globalThis.follow = client.follow; return true; });
globalThis.run = async (url, options) => {
  const onState = (link) => { links.push(link); changed(); };
  try {
    for await (const event of follow(url, { since: "earliest", ...options, onState })) {
      if (event.type === "batch") seqs.push(event.seq);
      if (event.type === "end") ended = event.reason;
      changed();
    }
    ended ??= "no end";
  } catch (failure) {
    ended = String(failure);
  }
  changed();
};
`;

/** Whether a tab is the one that has the connection: whether the lock is of the same client as a lock of its own. */
const LEADS = `navigator.locks.request("own" + Math.random(), async ({ name }) => {
  const { held } = await navigator.locks.query();
  const { clientId } = held.find((lock) => lock.name === name);
  return held.some((lock) => lock.name.startsWith("sluice ") && lock.clientId === clientId);
})`;

describe.skipIf(path === undefined)("in Chromium", () => {
  let server: Server;
  let browser: Chromium;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer("node"), Chromium.start(path ?? "")]);
  });
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** Tabs that follow a session. All are open, and have all they load, before the first of them takes a connection. */
  const follow = async (count: number, id: string, options: object): Promise<Tab[]> => {
    const tabs: Tab[] = [];
    for (let i = 0; i < count; i++) {
      // A document of the service's that follows nothing itself.
      const tab = await browser.open(`${server.url}/healthz`);
      await tab.evaluate(SCRIPT);
      await tab.evaluate("loaded");
      tabs.push(tab);
    }
    for (const tab of tabs) await tab.evaluate(`void run("/sessions/${id}", ${JSON.stringify(options)})`);
    return tabs;
  };
  const followers = async (session: OwnSession): Promise<number> =>
    (await read<SessionJson>(fetch(session.url))).followers;
  const seqsOf = (tab: Tab): Promise<number[]> => tab.evaluate("seqs");
  const has = (tab: Tab, seq: number): Promise<boolean> => tab.evaluate(`has(() => seqs.at(-1) >= ${seq})`);
  const upTo = (seqs: readonly number[]): number[] => seqs.map((_, i) => i + 1);

  test("six connections are all there are: a seventh tab that shares nothing waits", async () => {
    await using session = await startSession(server, SPEC);
    const tabs = await follow(TABS, session.id, { share: false });
    let served = 0;
    await new Promise<void>((resolve) => {
      // The one that waits is closed while it does.
      for (const tab of tabs)
        void has(tab, 5).then(
          () => ++served === TABS - 1 && resolve(),
          () => {},
        );
    });
    const counts = await Promise.all(tabs.map(async (tab) => (await seqsOf(tab)).length));
    expect([counts.filter((count) => count === 0).length, await followers(session)]).toEqual([1, 6]);
    for (const tab of tabs) await tab.close();
  });

  test.each(TRANSPORTS)(
    "seven tabs have one connection over %s, which is handed over when a tab closes or dies",
    async (transport) => {
      await using session = await startSession(server, SPEC);
      const tabs = await follow(TABS, session.id, { transport });
      for (const tab of tabs) await has(tab, 5);
      await vi.waitFor(async () => expect(await followers(session)).toBe(1), PATIENCE);
      for (const end of ["close", "crash"] as const) {
        const leads = await Promise.all(tabs.map((tab) => tab.evaluate<boolean>(LEADS)));
        expect(leads.filter(Boolean).length).toBe(1);
        const [leader] = tabs.splice(leads.indexOf(true), 1);
        await leader![end]();
        const reached = (await seqsOf(tabs[0]!)).length;
        for (const tab of tabs) await has(tab, reached + 5);
        await vi.waitFor(async () => expect(await followers(session)).toBe(1), PATIENCE);
      }
      const { total } = await stop(session);
      for (const tab of tabs) {
        await tab.evaluate("has(() => ended !== null)");
        const seqs = await seqsOf(tab);
        expect([seqs, await tab.evaluate("ended")]).toEqual([upTo(seqs), "stopped"]);
        expect(seqs.length).toBe(total.batches);
      }
      for (const tab of tabs) await tab.close();
    },
  );

  test("a tab is refused as a program is", async () => {
    const [tab] = await follow(1, "s_nothere", {});
    await tab!.evaluate("has(() => ended !== null)");
    expect(await tab!.evaluate("ended")).toMatch(/^FollowError: Cannot find session/);
    await tab!.close();
  });
});

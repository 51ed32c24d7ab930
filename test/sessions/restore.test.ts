import { describe, expect, test } from "vitest";
import { sessionsByHand } from "../support/sessions.ts";
import { openStore, recordOf, temporaryFolder } from "../support/stores.ts";

const END = {
  reason: "stopped",
  failure: null,
  discarded: null,
  source: { type: "emitter", connected: false, finished: false, lastError: null },
} as const;

/** A folder that a process left behind: one session that ran when it ended, and some that were over. */
async function leave(folder: string, over: readonly string[]): Promise<void> {
  await using store = openStore(folder);
  await store.create(recordOf("s_running"));
  for (const id of over) {
    await store.create(recordOf(id));
    await store.end(id, END);
  }
}

describe("Sessions that were kept", () => {
  test("take the room of one that runs only when they run", async () => {
    await using folder = await temporaryFolder();
    await leave(folder.path, ["s_one", "s_two"]);
    await using store = openStore(folder.path);
    const { sessions, start } = sessionsByHand({ maxSessions: 2 }, store);
    await sessions.restore();
    expect(sessions.live).toBe(1);
    await start();
    await expect(start()).rejects.toThrow("Cannot start a session: 2 are running and maxSessions is 2");
    await sessions.close();
  });

  test("are forgotten, the oldest first, when more are over than may be kept", async () => {
    await using folder = await temporaryFolder();
    await leave(folder.path, ["s_one", "s_two", "s_three"]);
    await using store = openStore(folder.path);
    const { sessions } = sessionsByHand({ maxFinishedSessions: 2 }, store);
    await sessions.restore();
    expect(sessions.all().map(({ id }) => id)).toEqual(["s_running", "s_two", "s_three"]);
    await sessions.close();
  });
});

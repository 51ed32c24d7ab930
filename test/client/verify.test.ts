import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { read } from "../runtime/client.ts";
import type { SessionJson } from "../runtime/json.ts";
import { RUNTIMES, startServer, type Server } from "../runtime/server.ts";
import { Command } from "../support/command.ts";
import { end, forge, hello, history, RUNNING } from "./history.ts";
import { honest, startLiar, TRANSPORTS, type Script } from "./liar.ts";
import { LIES } from "./lies.ts";

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000, maxConcurrency: 4 });

const batches = history(6);
const cut = batches.map((batch) => Object.assign({}, batch, { counts: batch.counts.slice(0, 1), more: 2 }));

/** What a verification says and how it ends. */
async function verify(...args: readonly string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const command = new Command(["verify", ...args]);
  const code = await command.ended;
  return { code, stdout: command.stdout, stderr: command.stderr };
}

describe.concurrent("sluice verify of a service that lies", () => {
  // Each lie is found on both transports by the client's own tests; here it is what the command makes of one of each kind.
  const kinds = LIES.filter(({ invariant, seqs }, at) => {
    const isSame = (other: (typeof LIES)[number]): boolean =>
      other.invariant === invariant && other.seqs.length === seqs.length;
    return LIES.findIndex(isSame) === at;
  });

  test.each(kinds)("finds $name, shows the batches that disagree, and exits with 1", async (lie) => {
    await using liar = await startLiar(() => lie.script);
    const { code, stdout, stderr } = await verify(liar.url);
    const [first = "", ...rest] = stdout.split("\n");
    expect([code, first, stderr]).toEqual([1, expect.stringMatching(lie.message), ""]);
    expect(first).toMatch(new RegExp(`^violated: ${lie.invariant}: `));
    const shown = rest.filter((line) => line.startsWith("  ")).map((line) => (JSON.parse(line) as { seq: number }).seq);
    expect(shown).toEqual(lie.seqs);
  });

  test("finds a batch that is another at its own URL", async () => {
    const whole = batches.map((batch) => (batch.seq === 3 ? forge(batch, { late: true }) : batch));
    await using liar = await startLiar(honest(cut), whole);
    const { code, stdout } = await verify(liar.url);
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^violated: I5: k3v9:3 was pushed with the hash/)]);
  });

  test("finds a list of words that is not what was counted", async () => {
    const whole = batches.map((batch) =>
      Object.assign({}, batch, batch.seq === 3 && { counts: [...batch.counts, ["more", 1]] }),
    );
    await using liar = await startLiar(honest(cut), whole);
    const { code, stdout } = await verify(liar.url);
    expect([code, stdout]).toEqual([
      1,
      expect.stringMatching(/^violated: I4: the counts of k3v9:3 and its otherWords come to 7/),
    ]);
  });
});

describe.concurrent("sluice verify", () => {
  test.each(TRANSPORTS)("says that all holds, over %s", async (transport) => {
    await using liar = await startLiar(honest(cut), batches);
    const { code, stdout, stderr } = await verify(liar.url, "--transport", transport);
    const { total, hash } = batches.at(-1)!;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(
      `all holds\nbatches: 6, k3v9:1 to k3v9:6\ngaps: 0, 0 batches; resets: 0\n` +
        `total: ${total.lines} lines, ${total.words} words, ${total.bytes} bytes, 1 source gaps\nhash: ${hash}\n`,
    );
  });

  test("tells gaps, resets, and batches it could not have whole", async () => {
    const gap = { type: "gap", from: "k3v9:3", to: "k3v9:4", batches: 2, reason: "retention" } as const;
    const reset = { type: "reset", epoch: "k3v9", reason: "epoch", asked: "old:7", from: "k3v9:1" } as const;
    const greeting = hello(cut, 1, { status: "reset" });
    const events: Script["events"] = [greeting, reset, RUNNING, cut[0]!, cut[1]!, gap, cut[4]!, cut[5]!, end(cut)];
    await using liar = await startLiar(() => ({ events, close: 1000 }), batches.slice(0, 2));
    const { code, stdout } = await verify(liar.url, "--from", "old:7");
    expect([code, liar.asked[0]?.query.get("after")]).toEqual([0, "old:7"]);
    expect(stdout).toContain("batches: 4, k3v9:1 to k3v9:6\ngaps: 1, 2 batches; resets: 1\n");
    expect(stdout).toContain("checked in part: 2 batches");
  });

  test.each([
    ["head", 4],
    ["3", 3],
  ])("with --until %s stops after %s batches", async (until, count) => {
    const events = [hello(batches.slice(0, 4), 1), RUNNING, ...batches];
    await using liar = await startLiar(() => ({ events }));
    const { code, stdout } = await verify(liar.url, "--until", until);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`batches: ${count}, k3v9:1 to k3v9:${count}\n`)]);
  });

  test("with --until head has nothing to do where there is no batch", async () => {
    await using liar = await startLiar(() => ({ events: [hello([], 1), RUNNING] }));
    expect(await verify(liar.url, "--until", "head")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("batches: 0\n"),
    });
  });

  test("goes on where it was when the connection is lost", async () => {
    await using liar = await startLiar((asked) =>
      asked.number === 0
        ? { events: [hello(batches, 1), ...batches.slice(0, 2)], close: 1012 }
        : honest(batches)(asked),
    );
    const { code, stdout, stderr } = await verify(liar.url);
    expect([code, stdout]).toEqual([0, expect.stringContaining("batches: 6, ")]);
    expect(stderr).toMatch(/^sluice verify: the service closed the connection; next try in [\d.]+ s\n$/);
  });

  test.each([
    [[], 2, /there are 0 arguments, wanted are 1/],
    [["nonsense"], 2, /url is "nonsense", wanted is the URL of a session/],
    [
      ["http://127.0.0.1:1/", "--until", "soon"],
      2,
      /--until "soon": a whole number from 1 to 1000000000, or head or end, is wanted/,
    ],
    [["http://127.0.0.1:1/", "--from", "yesterday"], 2, /after is "yesterday", wanted is a cursor/],
    [["http://127.0.0.1:1/", "--transport", "udp"], 2, /transport is "udp", wanted is "sse" or "ws"/],
    [["http://127.0.0.1:1/"], 3, /Cannot reach http:\/\/127.0.0.1:1: /],
  ])("%j exits with %i and one clear line", async (args, code, line) => {
    const said = await verify(...args);
    expect([said.code, said.stdout, said.stderr.trimEnd().split("\n").length]).toEqual([code, "", 1]);
    expect(said.stderr).toMatch(line);
  });

  test("exits with 3 when it is refused", async () => {
    await using liar = await startLiar(() => ({ refuse: 404 }));
    const { code, stderr } = await verify(liar.url);
    expect([code, stderr]).toEqual([3, "sluice verify: Cannot follow: the answer is HTTP 404\n"]);
  });
});

describe.each(RUNTIMES)("sluice verify of Sluice on %s", (runtime) => {
  // More words than a push has, so that whole lists are asked for.
  const many = Array.from({ length: 600 }, (_, i) => `word${i}`).join(" ");
  const lines = ["a b c", "b c", "__proto__ é 😀", many];
  const source = { type: "emitter", lines, intervalMs: 10, maxLines: 100, seed: 3 };
  let server: Server | undefined;
  let url = "";

  beforeAll(async () => {
    server = await startServer(runtime, { env: { SLUICE_TOKEN: "secret" } });
    const headers = { "content-type": "application/json", authorization: "Bearer secret" };
    const asked = fetch(`${server.url}/sessions`, {
      method: "POST",
      headers,
      body: JSON.stringify({ source, batchIntervalMs: 100 }),
    });
    url = `${server.url}/sessions/${(await read<SessionJson>(asked, 201)).id}`;
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  test.each(TRANSPORTS)("says that all holds, over %s", async (transport) => {
    const { code, stdout } = await verify(url, "--token", "secret", "--transport", transport);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^all holds\nbatches: \d+, \w+:1 to .*\n.*\ntotal: 100 lines/),
    ]);
    expect(stdout).not.toContain("checked in part");
  });

  test("says who may not", async () => {
    expect(await verify(url)).toMatchObject({ code: 3, stderr: expect.stringContaining("bearer token") });
  });
});

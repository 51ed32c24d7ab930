import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import * as client from "../../src/client/mod.js";
import { history } from "./history.ts";
import { honest, startLiar } from "./liar.ts";

const { checkBatch, fetchBatch, follow, FollowError } = client;
const FOLDER = join(import.meta.dirname, "../../src/client");
const MAX_BYTES = 80_000;
const batches = history(3);

describe("the client", () => {
  test("has a door of five", () => {
    const names = ["FollowError", "ViolationError", "checkBatch", "fetchBatch", "follow"];
    expect(Object.keys(client).toSorted()).toEqual(names);
  });

  test("is small, and what a page loads of it is all plain JavaScript", async () => {
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".js"));
    const texts = await Promise.all(names.map((name) => readFile(join(FOLDER, name), "utf8")));
    expect(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThan(MAX_BYTES);
    const imported = texts.flatMap((text) => Array.from(text.matchAll(/^(?:import|export) .*from "([^"]+)"/gm)));
    expect(imported.length).toBeGreaterThan(20);
    expect(imported.map(([, name = ""]) => name.slice(2)).filter((name) => !names.includes(name))).toEqual([]);
  });

  test("follows by what the runtime has", async () => {
    await using liar = await startLiar(honest(batches));
    const seqs: number[] = [];
    for await (const event of follow(liar.url, { since: "earliest" })) if (event.type === "batch") seqs.push(event.seq);
    expect(seqs).toEqual([1, 2, 3]);
  });
});

describe("checkBatch", () => {
  test("finds nothing in an honest batch, and names what it finds", async () => {
    const [batch] = batches;
    expect(await checkBatch(batch!)).toEqual([]);
    const found = await checkBatch({ ...batch!, words: 99 });
    expect(found.map(({ invariant }) => invariant)).toEqual(["I4", "I3"]);
  });
});

describe("fetchBatch", () => {
  test("gives a batch with all its words, or undefined when it is not kept", async () => {
    await using liar = await startLiar(honest(batches), batches);
    expect(await fetchBatch(`${liar.url}/sse`, { cursor: "k3v9:2" })).toEqual(batches[1]);
    expect(await fetchBatch(liar.url, { cursor: "k3v9:4" })).toBeUndefined();
  });

  test("throws a FollowError when it is refused, or when what comes is no batch", async () => {
    const answers = [
      { status: 401, body: '{"detail":"Cannot answer without a bearer token"}' },
      { status: 200, body: "{}" },
      { status: 200, body: "<p>" },
    ];
    const server = createServer((_request, response) => {
      const { status = 500, body = "" } = answers.shift() ?? {};
      response.writeHead(status, { connection: "close" }).end(body);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/sessions/s_test`;
    for (const message of ["Cannot answer without a bearer token", /is not of this protocol$/, /is not JSON/]) {
      const failure: unknown = await fetchBatch(url, { cursor: "k3v9:2" }).catch((reason: unknown) => reason);
      expect(failure).toBeInstanceOf(FollowError);
      expect(failure).toMatchObject({ message: expect.stringMatching(message) });
    }
    server.close();
    await expect(fetchBatch(url, { cursor: "nonsense" })).rejects.toThrow(TypeError);
  });
});

/** History: pages of batches and single ones. @module */

import { beforeAll, describe, expect, test } from "vitest";
import { problem, QUIET, read, startSession, startWithBatches, stop, type OwnSession } from "../client.ts";
import type { BatchJson, PageJson } from "../json.ts";
import type { Server } from "../server.ts";

const seqs = ({ items }: PageJson): number[] => items.map(({ seq }) => seq);

export function historyContract(server: () => Server): void {
  describe("history", () => {
    /** It is over, so that no test can change it. */
    let session: OwnSession;
    let head: number;
    /** A batch with words; one may be empty that was cut right after another. */
    let some: BatchJson;
    const page = (query: string): Promise<PageJson> => read<PageJson>(fetch(`${session.url}/batches${query}`));

    beforeAll(async () => {
      session = await startWithBatches(server(), 4);
      const { total } = await stop(session);
      head = total.batches;
      const found = (await page("")).items.find(({ words }) => words > 0);
      if (found === undefined) throw new Error("There are no words at all");
      some = found;
    });

    test("is a page of all batches, oldest first, each chained to the one before", async () => {
      const all = await page("");
      expect(all).toMatchObject({ next: null, prev: null, hasMore: false, status: "continuous", epoch: session.epoch });
      expect(seqs(all)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
      expect(all.items.map(({ prev }) => prev)).toEqual([null, ...all.items.slice(0, -1).map(({ hash }) => hash)]);
      expect(all.items.map(({ final }) => final)).toEqual(all.items.map(({ seq }) => seq === head));
      const times = all.items.slice(0, -1).map(({ time }) => Date.parse(time) % 100);
      expect(new Set(times)).toEqual(new Set([0]));
    });

    test("is read page by page by its links, to the end", async () => {
      const seen: number[] = [];
      let path: string | null = `/sessions/${session.id}/batches?limit=2`;
      for (let first = true; path !== null; first = false) {
        const { page: each, link }: { page: PageJson; link: string | null } = await readLinked(server().url + path);
        seen.push(...seqs(each));
        expect(each.hasMore).toBe(each.next !== null);
        expect(each.prev === null).toBe(first);
        const links = [
          each.next === null ? "" : `<${each.next}>; rel="next"`,
          each.prev === null ? "" : `<${each.prev}>; rel="prev"`,
        ];
        expect(link).toBe(links.filter((one) => one !== "").join(", "));
        path = each.next;
      }
      expect(seen).toEqual(Array.from({ length: head }, (_, i) => i + 1));
    });

    test("goes on after a cursor, up to a cursor, and backwards", async () => {
      const { epoch } = session;
      expect(seqs(await page(`?after=${epoch}:1&before=${epoch}:4`))).toEqual([2, 3]);
      expect(seqs(await page(`?after=1&before=4`))).toEqual([2, 3]);
      expect(seqs(await page("?order=desc&limit=2"))).toEqual([head, head - 1]);
      expect(seqs(await page(`?order=desc&before=${epoch}:3`))).toEqual([2, 1]);
    });

    test("begins anew, and says so, after a cursor of another epoch", async () => {
      const anew = await page("?after=zzzz:3");
      expect(anew.status).toBe("reset");
      expect(seqs(anew)[0]).toBe(1);
    });

    test.for(["?after=x:y", "?limit=1001", "?order=up", "?top=-1"])("refuses %s with 400", async (query) => {
      const response = fetch(`${session.url}/batches${query}`);
      await problem(response, 400, query.startsWith("?after") ? "bad-cursor" : "bad-parameter");
    });

    test.for(["application/x-ndjson", "application/jsonl"])("is one batch a line as %s", async (accept) => {
      const response = await fetch(`${session.url}/batches`, { headers: { accept } });
      expect(response.headers.get("content-type")).toBe("application/x-ndjson");
      const lines = (await response.text()).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.map((line) => JSON.parse(line) as BatchJson)).toEqual((await page("")).items);
    });

    test("in a form that there is not is a 406", async () => {
      const response = fetch(`${session.url}/batches`, { headers: { accept: "image/png" } });
      await problem(response, 406, "not-acceptable");
    });

    test("keeps a batch that never changes under its number and its cursor", async () => {
      const response = await fetch(`${session.url}/batches/${some.seq}`);
      const batch = await read<BatchJson>(response);
      expect(batch).toEqual(some);
      expect(response.headers.get("cache-control")).toBe("private, max-age=31536000, immutable");
      expect(response.headers.get("etag")).toBe(`"${batch.hash}"`);
      expect(batch).toMatchObject({ cursor: `${session.epoch}:${some.seq}`, more: 0 });
      expect(batch.counts).toEqual([
        ["a", batch.lines],
        ["b", batch.lines],
      ]);
      expect(batch.bytes).toBe(batch.lines * 4);
      expect(await read(fetch(`${session.url}/batches/${batch.cursor}`))).toEqual(batch);
    });

    test("answers 304 to whoever has the batch, and only to them", async () => {
      const etag = (await fetch(`${session.url}/batches/1`, { method: "HEAD" })).headers.get("etag") ?? "";
      const again = await fetch(`${session.url}/batches/1`, { headers: { "if-none-match": `"x", ${etag}` } });
      expect([again.status, again.headers.get("etag"), await again.text()]).toEqual([304, etag, ""]);
      const other = await fetch(`${session.url}/batches/2`, { headers: { "if-none-match": etag } });
      expect((await read<BatchJson>(other)).seq).toBe(2);
    });

    test("has its latest batch, which nobody may keep", async () => {
      const response = await fetch(`${session.url}/batches/latest`);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(await read<BatchJson>(response)).toMatchObject({ seq: head, final: true });
    });

    test("leaves out the words past ?top= and says how many", async () => {
      const { counts, more } = await read<BatchJson>(fetch(`${session.url}/batches/${some.seq}?top=1`));
      expect([counts.map(([word]) => word), more]).toEqual([["a"], 1]);
    });

    test("answers 404 for a batch that there is not", async () => {
      await problem(fetch(`${session.url}/batches/${head + 1}`), 404, "no-such-batch");
      await problem(fetch(`${session.url}/batches/zzzz:1`), 404, "no-such-batch");
      await using quiet = await startSession(server(), QUIET);
      await problem(fetch(`${quiet.url}/batches/latest`), 404, "no-such-batch");
      expect(await read(fetch(`${quiet.url}/batches`))).toMatchObject({ items: [], next: null, prev: null });
    });
  });
}

/** A page with its Link header. */
async function readLinked(url: string): Promise<{ page: PageJson; link: string | null }> {
  const response = await fetch(url);
  return { link: response.headers.get("link"), page: await read<PageJson>(response) };
}

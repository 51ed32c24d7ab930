import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/sessions/mod.ts";
import { parseSpec, parseStop, type SourceSpec } from "../../src/sessions/spec.ts";
import { sourceOpener } from "../../src/sources/mod.ts";
import { appByHand, StreamReader } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { faultsOfMessage } from "../support/async_api.ts";
import { calls, faultsOf, filled, parametersOf, type Call } from "../support/openapi.ts";

const JSON_TYPE = { "content-type": "application/json" };
const callOf = (id: string): Call => calls.find(({ operation }) => operation.operationId === id)!;

/** An app with a session of three batches, of which the newest `maxBatches` are kept, and a way to ask it. */
async function scene(maxBatches: number = 1000) {
  const byHand = appByHand({ maxBatches });
  const { session, source } = await byHand.start({ batchIntervalMs: 1000 });
  for (let i = 0; i < 3; i++) {
    source.write("a b a\n");
    await byHand.clock.advance(1000);
  }
  const ask = (
    id: string,
    query: string = "",
    { headers, ...init }: RequestInit = {},
    seq: string = "2",
  ): Promise<Response> => {
    const call = callOf(id);
    const path = `${filled(call, { id: session.id, seq })}${query}`;
    const all = { host: "localhost", ...(headers as Record<string, string>) };
    return byHand.app.request(path, { method: call.method, ...init, headers: all });
  };
  return { ...byHand, session, source, ask };
}

/** The name of the schema that the document gives an answer, in JSON. */
function schemaOf(id: string, response: Response): string {
  const answers = callOf(id).operation.responses;
  const { content } = answers[response.status] as { content: Record<string, { schema: { $ref?: string } }> };
  const type = response.headers.get("content-type") ?? "";
  expect(Object.keys(content).map((each) => each.split(";")[0])).toContain(type.split(";")[0]);
  return content[type]?.schema.$ref?.split("/").at(-1) ?? "";
}

describe("an answer is of its schema:", () => {
  test.each([
    ["listSessions", "?limit=1"],
    ["showSession", ""],
    ["listBatches", "?limit=2&order=desc"],
    ["showBatch", ""],
    ["showBatch", "?top=1"],
    ["listWords", "?limit=1"],
    ["listLines", ""],
    ["readiness", ""],
    ["limits", ""],
    ["lateness", ""],
  ])("%s%s", async (id, query) => {
    const { ask } = await scene();
    const response = await ask(id, query);
    const name = schemaOf(id, response);
    expect([name !== "", faultsOf(name, await response.json())]).toEqual([true, []]);
  });

  test("a session before its first batch, stopped, and its followers' last words", async () => {
    const { ask, app } = await scene();
    const started = await ask("startSession", "", { headers: JSON_TYPE, body: '{"name":"tour"}' });
    expect([started.status, schemaOf("startSession", started)]).toEqual([201, "Session"]);
    expect(started.headers.has("location")).toBe(true);
    expect(faultsOf("Session", await started.json())).toEqual([]);
    const stopped = await ask("stopSession");
    expect(faultsOf(schemaOf("stopSession", stopped), await stopped.json())).toEqual([]);
    const all = await app.request("/sessions", { headers: { host: "localhost" } });
    expect(faultsOf("SessionPage", await all.json())).toEqual([]);
    expect((await ask("deleteSession")).status).toBe(204);
  });

  test.each<SourceSpec>([
    { type: "emitter", lines: ["a"], intervalMs: 5, port: 0 },
    { type: "socket", host: "localhost", port: 1 },
    { type: "listen", host: "localhost", port: 0 },
    { type: "push" },
  ])("a source of type $type", async (spec) => {
    const open = sourceOpener({
      clock: new ManualClock(),
      folder: "/nowhere",
      limits: DEFAULT_LIMITS,
      allowOwnMachine: true,
    });
    const source = await open(spec, { lines: 0, bytes: 0 });
    expect(faultsOf("Source", source.status)).toEqual([]);
  });
});

/** An event's name on the wire and its schema. */
const SCHEMAS = {
  hello: "Hello",
  reset: "Reset",
  gap: "Gap",
  state: "State",
  batch: "Batch",
  head: "Head",
  end: "End",
};

describe("events are of their schemas:", () => {
  test.each([
    ["?since=earliest", 1000, ["hello", "batch", "head", "state", "end"]],
    ["?after=1", 1, ["hello", "gap", "batch", "head", "end"]],
    ["?after=other:1", 1000, ["hello", "reset", "batch", "end"]],
    ["?policy=latest&since=now", 1000, ["hello", "batch", "end"]],
  ])("of %s", async (query, maxBatches, wanted) => {
    const { ask, clock, source, session } = await scene(maxBatches);
    const reader = new StreamReader(await ask("followEvents", query));
    await clock.advance(16_000);
    source.tell({ connected: false, lastError: "gone" });
    await session.stop("stopped");
    const text = await reader.read("event: end");
    const told = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name, data]) => ({
      name: name!,
      data: data!,
    }));
    const faults = told.flatMap(({ name, data }) => [
      ...faultsOf(SCHEMAS[name as "hello"], JSON.parse(data)),
      ...faultsOfMessage("sessionEvents", name, JSON.parse(data)),
    ]);
    expect(faults).toEqual([]);
    expect([...new Set(told.map(({ name }) => name))]).toEqual(expect.arrayContaining(wanted));
  });
});

describe("a refusal is listed, as a problem:", () => {
  const json = (body: string): RequestInit => ({ headers: JSON_TYPE, body });
  test.each<[id: string, query: string, init: RequestInit, status: number, slug: string]>([
    ["listSessions", "?limit=0", {}, 400, "bad-parameter"],
    ["listSessions", "?after=s_none", {}, 404, "no-such-session"],
    ["startSession", "", json("{"), 400, "bad-json"],
    ["startSession", "", json('{"batchIntervalMs":1}'), 422, "bad-spec"],
    ["startSession", "", json(" ".repeat(70_000)), 413, "body-too-large"],
    ["startSession", "", { headers: { "content-type": "text/plain" }, body: "x" }, 415, "content-type"],
    ["stopSession", "", json("[]"), 422, "bad-spec"],
    ["listBatches", "?after=x", {}, 400, "bad-cursor"],
    ["listBatches", "", { headers: { accept: "image/png" } }, 406, "not-acceptable"],
    ["followSocket", "", {}, 426, "upgrade-required"],
    ["pushLines", "", { headers: { "content-type": "text/plain" }, body: "a" }, 409, "not-pushed"],
    ["pushLines", "", { headers: { "content-type": "image/png" }, body: "a" }, 415, "content-type"],
    ["pushSocket", "", {}, 426, "upgrade-required"],
    ["pushSocket", "", { headers: { upgrade: "websocket", connection: "upgrade" } }, 409, "not-pushed"],
    ["followSocket", "", { headers: { upgrade: "websocket" } }, 426, "upgrade-required"],
    [
      "followSocket",
      "",
      { headers: { upgrade: "websocket", connection: "upgrade", "sec-websocket-protocol": "x" } },
      400,
      "no-common-protocol",
    ],
    ["followSeveralEvents", "", {}, 400, "bad-parameter"],
    ["followEvents", "", { headers: { "last-event-id": "x" } }, 400, "bad-cursor"],
    ["followEvents", "?after=x", { headers: { "last-event-id": "1" } }, 400, "bad-cursor"],
    ["followEvents", "?after=1&since=x", {}, 400, "bad-parameter"],
    ["followSeveralEvents", "?session=x&lastEventId=y=1&after=z", {}, 400, "bad-cursor"],
    ["followSeveralEvents", "?session=x&after=y=1&since=x", {}, 400, "bad-parameter"],
  ])("%s%s %j: %i %s", async (id, query, init, status, slug) => {
    const { ask } = await scene();
    const response = await ask(id, query, init);
    const name = schemaOf(id, response);
    const listed = (callOf(id).operation.responses[status] as { description: string }).description;
    expect([response.status, listed.includes(`\`${slug}\``)]).toEqual([status, true]);
    expect(faultsOf(name, await response.json())).toEqual([]);
  });
});

describe("the schemas of bodies take what the service takes:", () => {
  test.each([
    {},
    { name: null },
    { name: "a".repeat(101) },
    { name: "two\nlines" },
    { nme: "x" },
    { source: { type: "emitter", file: "a.txt", intervalMs: 1, port: 0, seed: 2 ** 32 - 1, maxLines: 1 } },
    { source: { type: "emitter", lines: ["a"], intervalMs: 3_600_001 } },
    { source: { type: "emitter", lines: ["a\nb"] } },
    { source: { type: "emitter", lines: Array.from({ length: 1001 }, () => "a") } },
    { source: { type: "emitter", lines: ["", " "] } },
    { source: { type: "emitter", lines: [] } },
    { source: { type: "emitter", lines: ["", "a"] } },
    { source: { type: "emitter", lines: ["a"], file: "a.txt" } },
    { source: { type: "emitter", host: "x" } },
    { source: { type: "socket", host: "a\u0085b", port: 1 } },
    { source: { type: "socket", host: "\u00e4\ud83d\ude00", port: 1 } },
    { source: { type: "socket", host: "localhost", port: 9999 } },
    { source: { type: "socket", host: "localhost", port: 0 } },
    { source: { type: "socket", port: 9999 } },
    { source: { type: "listen" } },
    { source: { type: "listen", host: "127.0.0.1", port: 0 } },
    { source: { type: "listen", host: "", port: 65_536 } },
    { source: { type: "push" } },
    { source: { type: "push", port: 1 } },
    { source: { type: "other" } },
    { source: {} },
    { batchIntervalMs: 100, durationMs: 1 },
    { batchIntervalMs: 99 },
    { batchIntervalMs: 100.5 },
    { durationMs: null },
    { durationMs: 0 },
    { pipeline: {} },
    { pipeline: { separator: "" } },
    { pipeline: { separator: "a".repeat(16) } },
    { pipeline: { separator: "a".repeat(17) } },
    { pipeline: [] },
    [],
  ])("%j", (body) => {
    const isTaken = takes(() => parseSpec(body));
    expect(faultsOf("SessionSpec", body).length === 0).toBe(isTaken);
  });

  test.each([{}, { graceful: false }, { graceful: 1 }, { gracefully: true }, []])("stop: %j", (body) => {
    expect(faultsOf("StopSpec", body).length === 0).toBe(takes(() => parseStop(body)));
  });
});

function takes(parse: () => unknown): boolean {
  try {
    parse();
    return true;
  } catch {
    return false;
  }
}

describe("parameters", () => {
  // A WebSocket is refused where none is asked for; maxLag means nothing by itself.
  const init = { headers: { upgrade: "websocket", connection: "keep-alive, Upgrade" } };
  const besides = (id: string, name: string, session: string): string =>
    `${id === "followSeveralEvents" ? `&session=${session}` : ""}${name === "maxLag" ? "&policy=latest" : ""}`;
  const all = calls.flatMap(({ operation }) =>
    parametersOf(operation).map(({ name, schema }) => ({ id: operation.operationId, name, schema })),
  );

  test.each(all.filter(({ schema }) => schema["type"] === "integer"))(
    "$name of $id has the bounds that are said",
    async ({ id, name, schema }) => {
      const { ask, session } = await scene();
      const status = async (value: number): Promise<number> =>
        (await ask(id, `?${name}=${value}${besides(id, name, session.id)}`, init)).status;
      const [least, most] = [schema["minimum"] as number, schema["maximum"] as number];
      const within = [await status(least), await status(most)];
      expect([...within, await status(least - 1), await status(most + 1)]).toEqual([200, 200, 400, 400]);
    },
  );

  test.each(all.filter(({ schema }) => "enum" in schema))(
    "$name of $id is one of the words that are said",
    async ({ id, name, schema }) => {
      const { ask, session } = await scene();
      const words = schema["enum"] as string[];
      const status = async (value: string): Promise<number> =>
        (await ask(id, `?${name}=${value}${besides(id, name, session.id)}`, init)).status;
      expect(await Promise.all(words.map(status))).toEqual(words.map(() => 200));
      expect(await status("other")).toBe(400);
    },
  );

  const defaultOf = (id: string, name: string): unknown =>
    parametersOf(callOf(id).operation).find((each) => each.name === name)!.schema["default"];

  test("have the defaults that are said", async () => {
    const { ask, clock, source } = await scene();
    for (let i = 0; i < 110; i++) await clock.advance(1000);
    const page = (await (await ask("listBatches")).json()) as { items: { seq: number }[] };
    expect([page.items.length, page.items[0]!.seq]).toEqual([defaultOf("listBatches", "limit"), 1]);
    source.write(`${Array.from({ length: 1010 }, (_, i) => `w${i}`).join(" ")}\n`);
    await clock.advance(1000);
    const response = await ask("listWords", "", {}, "114");
    const words = (await response.json()) as { words: unknown[]; offset: number };
    expect([words.words.length, words.offset]).toEqual([
      defaultOf("listWords", "limit"),
      defaultOf("listWords", "offset"),
    ]);
    const told = await new StreamReader(await ask("followEvents")).read('"hash":"');
    const batch = /^event: batch\ndata: (.*)$/m.exec(told)![1]!;
    expect((JSON.parse(batch) as { counts: unknown[] }).counts.length).toBe(defaultOf("followEvents", "top"));
    const printed = await new StreamReader(await ask("followText")).read("...\n");
    expect(printed.match(/^\(/gm)?.length).toBe(defaultOf("followText", "top"));
  });
});

import { describe, expect, test } from "vitest";
import { parametersOf, calls, faultsOf } from "../support/openapi.ts";
import { appByHand } from "../support/app.ts";
import { sessionsByHand } from "../support/sessions.ts";
import { openStore, temporaryFolder } from "../support/stores.ts";

type ByHand = ReturnType<typeof appByHand>;

/** Asks for a session with a key. */
function post(
  { app }: ByHand,
  key: string,
  body: string = "",
  headers: Record<string, string> = {},
): Promise<Response> {
  return app.request("/sessions", {
    method: "POST",
    headers: { host: "localhost", "content-type": "application/json", "idempotency-key": key, ...headers },
    ...(body !== "" && { body }),
  });
}

const idOf = async (response: Response | Promise<Response>): Promise<string> =>
  ((await (await response).json()) as { id: string }).id;

describe("POST /sessions with an Idempotency-Key", () => {
  test("starts one session, and answers every time the same", async () => {
    const byHand = appByHand();
    const first = await post(byHand, "tour", '{"name":"tour","batchIntervalMs":1000}');
    expect([first.status, first.headers.has("idempotency-replayed")]).toEqual([201, false]);
    const text = await first.text();
    expect(faultsOf("Session", JSON.parse(text))).toEqual([]);
    await byHand.clock.advance(60_000);
    const again = await post(byHand, "tour", ' {"batchIntervalMs": 1000, "name": "tour"}');
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(again.headers.get("content-type")).toBe("application/json");
    expect([await again.text(), byHand.sessions.all().length]).toEqual([text, 1]);
  });

  test("takes no body for an empty one, and a key in quotation marks for the same", async () => {
    const byHand = appByHand();
    const id = await idOf(post(byHand, 'a"b\\'));
    expect(await idOf(post(byHand, '"a\\"b\\\\"', "{}"))).toBe(id);
    expect(await idOf(post(byHand, "another"))).not.toBe(id);
  });

  test("refuses another body, and goes on to know the first", async () => {
    const byHand = appByHand();
    const id = await idOf(post(byHand, "tour", '{"name":"one"}'));
    const other = await post(byHand, "tour", '{"name":"two"}');
    expect([other.status, await other.json()]).toEqual([
      422,
      expect.objectContaining({ type: "/problems/idempotency-key-reused" }),
    ]);
    expect(await idOf(post(byHand, "tour", '{"name":"one"}'))).toBe(id);
  });

  test("refuses a second request while the first is not answered", async () => {
    const byHand = appByHand();
    const [first, second] = await Promise.all([post(byHand, "tour"), post(byHand, "tour")]);
    expect([first.status, second.status, second.headers.get("retry-after")]).toEqual([201, 409, "1"]);
    expect(await second.json()).toMatchObject({ type: "/problems/idempotency-key-in-use" });
    expect([await idOf(post(byHand, "tour")), byHand.sessions.all().length]).toEqual([await idOf(first), 1]);
  });

  test("forgets the key of what was not started", async () => {
    const byHand = appByHand({ maxSessions: 1 });
    const { session } = await byHand.start();
    expect((await post(byHand, "tour")).status).toBe(429);
    expect((await post(byHand, "tour", '{"name":7}')).status).toBe(422);
    await session.stop("stopped");
    expect((await post(byHand, "tour")).status).toBe(201);
  });

  test("forgets the oldest of too many, and any after a day", async () => {
    const byHand = appByHand({ maxIdempotencyKeys: 2 });
    const ask = (key: string): Promise<string> => idOf(post(byHand, key, '{"batchIntervalMs":3600000}'));
    const one = await ask("1");
    await byHand.clock.advance(3_600_000);
    const two = await ask("2");
    const three = await ask("3");
    expect([await ask("2"), await ask("3")]).toEqual([two, three]);
    expect(await ask("1")).not.toBe(one);
    expect(await ask("3")).toBe(three);
    await byHand.clock.advance(24 * 3_600_000);
    expect(await ask("3")).not.toBe(three);
  });

  test("tells nobody what the holder of another token has started", async () => {
    const byHand = appByHand();
    const one = await idOf(post(byHand, "tour", "", { authorization: "Bearer one" }));
    const two = await idOf(post(byHand, "tour", "", { authorization: "Bearer two" }));
    expect(two).not.toBe(one);
    expect(await idOf(post(byHand, "tour", "", { authorization: "Bearer one" }))).toBe(one);
  });

  test("knows what the process before has started, where sessions are kept", async () => {
    await using folder = await temporaryFolder();
    let id: string;
    {
      await using store = openStore(folder.path);
      id = await idOf(post(appByHand({}, {}, sessionsByHand({}, store)), "tour", '{"name":"tour"}'));
    }
    await using store = openStore(folder.path);
    const sessions = sessionsByHand({}, store);
    await sessions.sessions.restore();
    const byHand = appByHand({}, {}, sessions);
    expect((await post(byHand, "tour")).status).toBe(422);
    const again = await post(byHand, "tour", '{"name":"tour"}');
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect([await idOf(again), byHand.sessions.all().length]).toEqual([id, 1]);
  });

  test.each([
    ["a", 201],
    [`"${"a".repeat(255)}"`, 201],
    ["a".repeat(255), 201],
    ["a b", 201],
    ["a".repeat(256), 400],
    [`"${"a".repeat(256)}"`, 400],
    ["", 400],
    ['""', 400],
    ['"a', 400],
    ['"a" "b"', 400],
    ['"a\\b"', 400],
    ["a\tb", 400],
    ["\u00e4", 400],
  ])("takes the key %j, as the document says: %i", async (key, status) => {
    const response = await post(appByHand(), key);
    expect(response.status).toBe(status);
    const call = calls.find(({ operation }) => operation.operationId === "startSession")!;
    const { pattern } = parametersOf(call.operation).find(({ name }) => name === "Idempotency-Key")!.schema;
    expect(new RegExp(pattern as string, "u").test(key)).toBe(status === 201);
    const { type } = (await response.json()) as { type?: string };
    expect(type).toBe(status === 400 ? "/problems/bad-idempotency-key" : undefined);
  });
});

import { expect, test } from "vitest";
import { ERROR_CODES } from "../../src/errors.ts";
import { createFront, type FrontParts } from "../../src/front/front.ts";
import { Answers, Guard, Tickets, tokenOf } from "../../src/front/mod.ts";
import type { ProblemType } from "../../src/front/problem.ts";
import type { Log } from "../../src/log.ts";
import { RULES } from "../support/app.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { digest } from "../support/sessions.ts";

const bytes = new TextEncoder().encode("body {}");

/** Of a server of this machine; null: it asks for no token. */
function guardOf(token: string | null): Guard {
  const guard = new Guard(digest, new Tickets(new ManualClock()));
  guard.use({ ...RULES, tokens: token === null ? null : [tokenOf(token, digest)] });
  return guard;
}

/** Asks a front of these parts. */
function frontOf(given: Partial<FrontParts>): {
  ask: (path: string, init?: RequestInit) => Promise<Response>;
  records: Parameters<Log>[];
} {
  const records: Parameters<Log>[] = [];
  const front = createFront({
    guard: guardOf(null),
    rooms: () => () => new Response("of the rooms"),
    asset: (path) => Promise.resolve(path === "/web/page.css" ? { type: "text/css", bytes } : undefined),
    about: () => Promise.resolve({ name: "sluice" }),
    readiness: () => Promise.resolve({ status: "ready", checks: [] }),
    answers: new Answers(),
    clock: new ManualClock(),
    log: (...record) => records.push(record),
    ...given,
  });
  return { ask: async (path, init) => front(new Request(`http://localhost${path}`, withHost(init)), {}), records };
}

function withHost(init: RequestInit = {}): RequestInit {
  return { ...init, headers: { ...(init.headers as Record<string, string>), host: "localhost" } };
}

test("the front answers what needs no session, and loads nothing for it", async () => {
  const { ask } = frontOf({ rooms: () => Promise.reject(new Error("not to be loaded")) });
  expect(await (await ask("/healthz")).text()).toBe('{"status":"ok"}\n');
  expect(await (await ask("/version")).json()).toEqual({ name: "sluice" });
  expect(await (await ask("/problems/no-such-session")).text()).toMatch(/^no-such-session: HTTP 404\n/);
  const file = await ask("/web/page.css");
  expect([file.headers.get("content-type"), await file.text()]).toEqual(["text/css", "body {}"]);
  const head = await ask("/web/page.css", { method: "HEAD" });
  expect([head.status, head.headers.get("x-content-type-options"), await head.text()]).toEqual([200, "nosniff", ""]);
});

test("the front lists all problems, as JSON or as text, and tells of each in both forms", async () => {
  const { ask } = frontOf({ guard: guardOf("secret") });
  const all = (await (await ask("/problems")).json()) as ProblemType[];
  expect(all.map(({ slug }) => slug).toSorted()).toEqual(
    Object.keys(ERROR_CODES)
      .map((code) => code.replaceAll("_", "-"))
      .toSorted(),
  );
  const texts = await ask("/problems", { headers: { accept: "text/plain" } });
  expect([texts.headers.get("content-type"), texts.headers.get("vary")]).toEqual([
    "text/plain; charset=utf-8",
    "accept",
  ]);
  const list = await texts.text();
  for (const problem of all) {
    const text = await (await ask(problem.type)).text();
    expect(text).toBe(`${problem.slug}: HTTP ${problem.status}\n\nCause: ${problem.title}.\nCure: ${problem.cure}\n`);
    expect(list).toContain(text);
    const object = await ask(problem.type, { headers: { accept: "application/json" } });
    expect([object.headers.get("content-type"), await object.json()]).toEqual(["application/json", problem]);
  }
  expect((await ask("/problems/unheard-of")).status).toBe(404);
});

test("the front tells the methods of its paths, and refuses others", async () => {
  const { ask } = frontOf({});
  const options = await ask("/healthz", { method: "OPTIONS" });
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
  const refused = await ask("/web/page.css", { method: "DELETE" });
  expect([refused.status, refused.headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
});

test.each(["/sessions", "/limits", "/web/none.js", "/healthz/", "/problems/a/b"])(
  "the front leaves %s to the rooms",
  async (path) => {
    const { ask } = frontOf({});
    expect(await (await ask(path)).text()).toBe("of the rooms");
  },
);

test("the front asks for the token before it loads anything", async () => {
  const { ask } = frontOf({ guard: guardOf("secret"), rooms: () => Promise.reject(new Error("not to be loaded")) });
  expect((await ask("/sessions")).status).toBe(401);
  expect((await ask("/sessions/s_1/sse?access_token=other")).status).toBe(401);
  expect((await ask("/web/../sessions")).status).toBe(401);
  expect((await ask("/web/%2e%2e/sessions")).status).toBe(401);
});

test("the front tells of rooms that cannot be loaded, and tries again", async () => {
  let attempts = 0;
  const rooms: FrontParts["rooms"] = () => {
    if (attempts++ === 0) return Promise.reject(new Error("Cannot find module hono"));
    return () => new Response("now");
  };
  const { ask, records } = frontOf({ rooms });
  const first = await ask("/sessions");
  expect(first.status).toBe(500);
  expect(records.filter(([level]) => level === "error")).toEqual([
    [
      "error",
      "fault",
      {
        id: first.headers.get("x-request-id"),
        trace: expect.stringMatching(/^Error: Cannot find module hono\n +at /),
      },
    ],
  ]);
  expect(await first.text()).not.toContain("hono");
  expect(await (await ask("/sessions")).text()).toBe("now");
});

test("the front names each request, as its client does where that is a name, and logs no query", async () => {
  const { ask, records } = frontOf({});
  const named = async (name: string): Promise<string | null> =>
    (await ask("/healthz?access_token=secret", { headers: { "x-request-id": name } })).headers.get("x-request-id");
  expect(await named("proxy-7.a:b_c")).toBe("proxy-7.a:b_c");
  const own = [await named(""), await named("a b"), await named("x".repeat(65)), await named("\u00e9")];
  expect(own).toEqual(own.map(() => expect.stringMatching(/^[\da-f]{8}-[1-4]$/)));
  expect(new Set(own).size).toBe(4);
  const fields = { id: "proxy-7.a:b_c", method: "GET", path: "/healthz", status: 200, ms: 0 };
  expect(records[0]).toEqual(["debug", "request", fields]);
  expect(JSON.stringify(records)).not.toContain("secret");
});

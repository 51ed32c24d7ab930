import { expect, test } from "vitest";
import { covers, scopeOf, SCOPES } from "../../src/front/scopes.ts";

test.each([
  ["GET", "/", null],
  ["GET", "/healthz", null],
  ["GET", "/asyncapi.json", null],
  ["GET", "/problems", null],
  ["GET", "/problems/no-such-session", null],
  ["GET", "/web/page.js", null],
  ["GET", "/healthz/", "read"],
  ["GET", "/clients", "read"],
  ["GET", "/nothing", "read"],
  ["GET", "/sessions", "read"],
  ["HEAD", "/sessions/s_x/sse", "read"],
  ["OPTIONS", "/sessions", "read"],
  ["GET", "/sessions/s_x/batches/1/lines", "read"],
  ["GET", "/ws", "read"],
  ["POST", "/tickets", "read"],
  ["POST", "/sessions", "write"],
  ["DELETE", "/sessions/s_x", "write"],
  ["PUT", "/nothing", "write"],
  ["POST", "/sessions/s_x/lines", "write"],
  // An upgrade is a GET, and brings lines.
  ["GET", "/sessions/s_x/lines", "write"],
  ["GET", "/sessions/s_x/lines/ws", "write"],
  ["POST", "/sessions/s_x/lines/ticket", "write"],
  ["GET", "/metrics", "admin"],
  ["POST", "/limits", "admin"],
  ["GET", "/lateness", "admin"],
])("%s %s wants the scope %s", (method, path, scope) => {
  expect(scopeOf(method, path)).toBe(scope);
});

test("a scope includes those before it", () => {
  const table = SCOPES.map((given) => SCOPES.map((wanted) => covers([given], wanted)));
  expect(table).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
  expect([covers([], "read"), covers(["read", "write"], "write")]).toEqual([false, true]);
});

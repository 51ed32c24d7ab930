import { expect, test } from "vitest";
import { parseNetwork } from "../../src/addresses.ts";
import { Peers } from "../../src/http/peers.ts";

const PROXY = "10.0.0.2";
const TRUSTED = ["10.0.0.0/8", "::1"];

/** By what a client is counted whose request has these headers. */
function counted(peer: string | undefined, headers: Record<string, string> = {}, trusted: readonly string[] = TRUSTED) {
  const peers = new Peers(
    { peer: () => peer },
    trusted.map((text) => parseNetwork(text)!),
  );
  return peers.of({ request: new Request("http://localhost", { headers }), native: {} });
}

test("a client is counted by its own address, and one of this machine is not", () => {
  expect(counted("203.0.113.9")).toBe("203.0.113.9");
  for (const here of ["127.0.0.1", "::1", "::ffff:127.0.0.1", undefined]) expect(counted(here)).toBeNull();
});

test("what a client says of itself is not believed", () => {
  const said = { "x-forwarded-for": "127.0.0.1", forwarded: "for=127.0.0.1" };
  expect(counted("203.0.113.9", said)).toBe("203.0.113.9");
  expect(counted("127.0.0.1", { "x-forwarded-for": "203.0.113.9" }, [])).toBeNull();
});

test.each<[Record<string, string>, string]>([
  [{ "x-forwarded-for": "203.0.113.9" }, "203.0.113.9"],
  [{ "x-forwarded-for": "1.2.3.4, 203.0.113.9" }, "203.0.113.9"],
  [{ "x-forwarded-for": "1.2.3.4, 203.0.113.9, 10.0.0.7" }, "203.0.113.9"],
  [{ "x-forwarded-for": "127.0.0.1" }, "127.0.0.1"],
  [{ "x-forwarded-for": "203.0.113.9:4711" }, "203.0.113.9"],
  [{ "x-forwarded-for": "2001:db8::7" }, "2001:db8:0:0::/64"],
  [{ "x-forwarded-for": "[2001:db8::7]:4711" }, "2001:db8:0:0::/64"],
  [{ "x-forwarded-for": "10.0.0.9" }, "10.0.0.9"],
  [{ "x-forwarded-for": "203.0.113.9, _hidden" }, "unknown"],
  [{ "x-forwarded-for": "" }, "unknown"],
  [{ forwarded: "for=203.0.113.9;proto=https" }, "203.0.113.9"],
  [{ forwarded: 'for=1.2.3.4, proto=http; For="[2001:db8::7]:80"' }, "2001:db8:0:0::/64"],
  [{ forwarded: "by=10.0.0.2" }, "unknown"],
  [{ "x-forwarded-for": "203.0.113.9", forwarded: "for=1.2.3.4" }, "203.0.113.9"],
])("of a trusted proxy that says %j a client is counted as %s", (headers, client) => {
  expect(counted(PROXY, headers)).toBe(client);
  expect(counted("::1", headers)).toBe(client);
});

test("a trusted proxy that says nothing is counted as it is", () => {
  expect(counted(PROXY)).toBe(PROXY);
  expect(counted("::1")).toBeNull();
});

import { expect, test } from "vitest";
import { hostRule, isHostName } from "../../src/front/hosts.ts";

const LOCAL = ["localhost", "LOCALHOST:80", "127.0.0.1", "127.1.2.3:8080", "[::1]", "[::1]:8080"];
const EVIL = [
  "evil.example",
  "evil.example:8080",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "",
  "localhost:",
  "a@localhost",
];
const FIRST = { host: "127.0.0.1", loopback: true, allowed: [], asksForToken: false };

/** Which of these hosts are answered for. */
function answered(parts: Partial<Parameters<typeof hostRule>[0]>, hosts: readonly string[]): readonly string[] {
  return hosts.filter(hostRule({ ...FIRST, ...parts }));
}

test("on this machine alone its own names are answered for, with or without a token, and allowed ones", () => {
  const allowed = ["Sluice.Example"];
  for (const asksForToken of [false, true]) {
    expect(answered({ asksForToken }, [...LOCAL, ...EVIL, "10.1.2.3"])).toEqual(LOCAL);
    const hosts = [...LOCAL, ...EVIL, "sluice.example", "SLUICE.example:443", "x.sluice.example"];
    expect(answered({ asksForToken, allowed }, hosts)).toEqual([...LOCAL, "sluice.example", "SLUICE.example:443"]);
  }
});

test("beyond this machine, where a token is wanted, any host is answered for unless there is a list", () => {
  const open = { host: "0.0.0.0", loopback: false, asksForToken: true };
  expect(answered(open, EVIL)).toEqual(EVIL);
  const listed = answered({ ...open, allowed: ["sluice.example"] }, [
    ...EVIL,
    "sluice.example",
    "10.1.2.3:80",
    "[fd00::1]",
  ]);
  expect(listed).toEqual(["sluice.example", "10.1.2.3:80", "[fd00::1]"]);
});

test("where nobody is asked for a token a name that can be made to lead here is not answered for", () => {
  const insecure = { host: "::", loopback: false };
  expect(answered(insecure, [...EVIL, "10.1.2.3", "[fd00::1]:80", "localhost"])).toEqual([
    "10.1.2.3",
    "[fd00::1]:80",
    "localhost",
  ]);
  const bound = { host: "10.1.2.3", loopback: false };
  expect(answered(bound, [...EVIL, "10.1.2.3:80", "10.1.2.4", "localhost"])).toEqual(["10.1.2.3:80", "localhost"]);
  expect(answered({ host: "fd00::1", loopback: false }, ["[fd00::1]:80", "[fd00::2]"])).toEqual(["[fd00::1]:80"]);
  expect(answered({ host: "inner.example", loopback: false }, ["inner.example:80", "evil.example"])).toEqual([
    "inner.example:80",
  ]);
});

test.each([
  ["sluice.example", true],
  ["a", true],
  ["10.1.2.3", true],
  ["[fd00::1]", true],
  ["sluice.example:80", false],
  ["http://sluice.example", false],
  ["*.example", false],
  ["-a.example", false],
  ["", false],
])("%j may be allowed: %s", (name, may) => {
  expect(isHostName(name)).toBe(may);
});

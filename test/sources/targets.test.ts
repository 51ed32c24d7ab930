import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { isHost, Targets } from "../../src/sources/targets.ts";
import { HOSTILE, NAMES } from "./targets/hosts.ts";
import type { Outcome } from "./targets/corpus.ts";

const ROOT = join(import.meta.dirname, "../..");
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ["node"],
  ["deno", "run", "--no-prompt", "--allow-net", "--allow-read", "--allow-env", "--allow-sys"],
  ["bun"],
];

describe("Targets", () => {
  const allowed = (rules: readonly string[], address: string, port: number = 9999): boolean =>
    new Targets(rules).allow(address, port);

  test("allow nothing when no rule does", () => {
    expect([new Targets().isEmpty, allowed([], "127.0.0.1"), allowed([], "203.0.113.1")]).toEqual([true, false, false]);
  });

  test("allow a rule's addresses at its port, or at any", () => {
    const rules = ["203.0.113.0/24:9999", "[2001:db8:7::/48]:*"];
    expect(["203.0.113.0", "203.0.113.255"].map((address) => allowed(rules, address))).toEqual([true, true]);
    expect(["203.0.112.255", "203.0.114.0"].map((address) => allowed(rules, address))).toEqual([false, false]);
    expect(allowed(rules, "203.0.113.7", 9998)).toBe(false);
    expect([allowed(rules, "2001:db8:7::1", 1), allowed(rules, "2001:db8:8::1", 1)]).toEqual([true, false]);
  });

  test("mean one machine by a rule without bits", () => {
    expect([allowed(["203.0.113.7:9999"], "203.0.113.7"), allowed(["203.0.113.7:9999"], "203.0.113.8")]).toEqual([
      true,
      false,
    ]);
  });

  test.each([
    ["10.1.2.3", "10.0.0.0/8:*", "10.0.0.0/7:*"],
    ["127.0.0.1", "127.0.0.1:*", "126.0.0.0/7:*"],
    ["169.254.169.254", "169.254.169.254/32:*", "168.0.0.0/5:*"],
    ["192.168.1.1", "192.168.0.0/16:*", "192.0.0.0/8:*"],
    ["100.64.0.1", "100.64.0.0/10:*", "100.0.0.0/8:*"],
    ["::1", "[::1]:*", "[::/0]:*"],
    ["fd00::1", "[fd00::/8]:*", "[8000::/1]:*"],
    ["fe80::1", "[fe80::/64]:*", "[fe00::/8]:*"],
  ])("take %s to be meant by %s, and not by %s", (address, own, wide) => {
    expect([allowed([own], address), allowed([wide], address)]).toEqual([true, false]);
  });

  test.each([
    ["0.0.0.0", "0.0.0.0/8:*"],
    ["::", "[::/128]:*"],
    ["::ffff:203.0.113.7", "[::ffff:203.0.113.7/128]:*"],
    ["64:ff9b::cb00:7107", "[64:ff9b::/96]:*"],
    ["2002:cb00:7107::", "[2002::/16]:*"],
    ["224.0.0.1", "224.0.0.1/32:*"],
  ])("allow %s to no rule", (address, rule) => {
    expect(allowed([rule], address)).toBe(false);
  });

  test("do not take an address of one kind for one of the other", () => {
    expect(allowed(["203.0.113.0/24:*"], "::ffff:203.0.113.7")).toBe(false);
    expect(allowed(["[::/0]:*"], "203.0.113.7")).toBe(false);
    expect(allowed(["[::/0]:*", "0.0.0.0/0:*"], "203.0.113.7")).toBe(true);
  });
});

describe("isHost", () => {
  test.each(["example.com", "a", "db_1", "x-y.example.", "1a.example", "203.0.113.7", "2001:db8::1", "0xyz"])(
    "takes %s",
    (host) => {
      expect(isHost(host)).toBe(true);
    },
  );

  test.each([
    "",
    "a b",
    "a/b",
    "a:1",
    "ä.example",
    "a\0b",
    "127.1",
    "1",
    "0x7f000001",
    "a.1",
    "a.0x1",
    "0x",
    "1.",
    "a".repeat(254),
  ])("refuses %j", (host) => {
    expect(isHost(host)).toBe(false);
  });
});

describe.concurrent.each(COMMANDS)("on %s", (command, ...args) => {
  test("no hostile host leads to a connection, nor does a name that is bound anew", { timeout: 60_000 }, async () => {
    const program = join(ROOT, "test/sources/targets/corpus.ts");
    const bin = join(ROOT, "node_modules/.bin", command);
    const { stdout } = await promisify(execFile)(bin, [...args, program], { cwd: ROOT });
    const { refused, inVain, rebound, ...outcome } = JSON.parse(stdout) as Outcome;
    const tries = HOSTILE.length + Object.keys(NAMES).length;
    expect(outcome).toEqual({
      connected: 0,
      seen: 0,
      told: ["Cannot read from it: it cannot be reached, or may not be read from; next try in 2 s"],
    });
    expect(refused + inVain).toBe(tries);
    expect(inVain).toBeGreaterThanOrEqual(Object.keys(NAMES).length);
    expect(rebound).toEqual({ before: 1, after: 0, asked: expect.any(Number), read: "from where it led first\n" });
    expect(rebound.asked).toBeGreaterThan(1);
  });
});

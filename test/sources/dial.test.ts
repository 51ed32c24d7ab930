import { describe, expect, test } from "vitest";
import { Dial } from "../../src/sources/dial.ts";
import { Targets } from "../../src/sources/targets.ts";

const PORT = 9999;

/** A dial of a name with these addresses. */
function dial(host: string, addresses: readonly string[] = []): Dial {
  return new Dial({
    host,
    port: PORT,
    targets: new Targets([`203.0.113.0/24:${PORT}`, `[2001:db8::/32]:${PORT}`]),
    resolve: () => Promise.resolve(addresses),
    idleMs: 1000,
  });
}

describe("Dial", () => {
  test("gives the addresses of a name in turn, and an address as it is", async () => {
    const two = dial("a.test", ["203.0.113.7", "2001:db8::7"]);
    expect([await two.address(), await two.address(), await two.address()]).toEqual([
      "203.0.113.7",
      "2001:db8::7",
      "203.0.113.7",
    ]);
    expect(await dial("203.0.113.9").address()).toBe("203.0.113.9");
  });

  test.each([
    ["no address", []],
    ["one that may not be read from", ["127.0.0.1"]],
    ["one more that may not", ["203.0.113.7", "127.0.0.1"]],
    ["one more that is none", ["203.0.113.7", "127.1"]],
    ["too many", Array.from({ length: 17 }, (_, i) => `203.0.113.${i}`)],
  ])("dials no name that has %s", async (_, addresses) => {
    await expect(dial("a.test", addresses).address()).rejects.toThrow("it may not be read from");
  });

  test("asks nobody of what is no name", async () => {
    await expect(dial("0x7f.1", ["203.0.113.1"]).address()).rejects.toThrow("it is no name or address");
    await expect(dial("203.0.113.1 ", ["203.0.113.1"]).address()).rejects.toThrow("it is no name or address");
  });

  test("admits what may be read from alone", () => {
    const own = dial("a.test", []);
    expect(["203.0.113.7", "127.0.0.1", "", undefined].map((address) => own.admits(address))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

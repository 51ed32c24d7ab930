import { describe, expect, test } from "vitest";
import { familyOf, parsePorts, parseRule } from "../src/networks.ts";

describe("familyOf", () => {
  test.each(["0.0.0.0", "127.0.0.1", "255.255.255.255", "9.10.99.100"])("knows %s", (text) => {
    expect(familyOf(text)).toBe("ipv4");
  });

  test.each(["::", "::1", "2001:db8::1", "::ffff:1.2.3.4", "FE80::A", "1:2:3:4:5:6:7:8"])("knows %s", (text) => {
    expect(familyOf(text)).toBe("ipv6");
  });

  test.each([
    ...[
      "",
      "1",
      "127.1",
      "1.2.3",
      "1.2.3.4.5",
      "1.2.3.4.",
      ".1.2.3.4",
      "1.2.3.256",
      "01.2.3.4",
      "1.2.3.04",
      "0x7f.0.0.1",
    ],
    ...["１.2.3.4", "1.2.3.4\n", " 1.2.3.4", "2130706433", "localhost", "1..2.3"],
    ...[
      ":",
      ":::",
      "1::2::3",
      "::1%lo",
      "[::1]",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "::12345",
      "::1]/#[::1",
      "::1.2.3",
      "::1/64",
    ],
  ])("does not take %j for an address", (text) => {
    expect(familyOf(text)).toBeUndefined();
  });
});

describe("parseRule", () => {
  test.each([
    ["10.0.0.0/8:9999", { address: "10.0.0.0", family: "ipv4", prefix: 8, port: 9999 }],
    ["192.0.2.7:*", { address: "192.0.2.7", family: "ipv4", prefix: 32, port: null }],
    ["[2001:db8::/32]:65535", { address: "2001:db8::", family: "ipv6", prefix: 32, port: 65_535 }],
    ["[::1]:1", { address: "::1", family: "ipv6", prefix: 128, port: 1 }],
    ["0.0.0.0/0:*", { address: "0.0.0.0", family: "ipv4", prefix: 0, port: null }],
  ])("reads %s", (text, rule) => {
    expect(parseRule(text)).toEqual(rule);
  });

  test.each([
    ...["10.0.0.0/8", "10.0.0.0/33:1", "10.0.0.0/8:0", "10.0.0.0/8:65536", "10.0.0.0/8:", "10/8:1", "10.0.0.0/:1"],
    ...["[10.0.0.0/8]:1", "2001:db8::/32:1", "[::/129]:1", "[::]/0:1", "localhost:1", ":1", "*:1", "10.0.0.0/8:1 "],
  ])("refuses %j", (text) => {
    expect(parseRule(text)).toBeUndefined();
  });
});

test.each([
  ["20000-29999", { first: 20_000, last: 29_999 }],
  ["1-65535", { first: 1, last: 65_535 }],
  ["7-7", { first: 7, last: 7 }],
  ["0-7", undefined],
  ["8-7", undefined],
  ["1-65536", undefined],
  ["7", undefined],
  ["7-", undefined],
])("parsePorts reads %s", (text, range) => {
  expect(parsePorts(text)).toEqual(range);
});

import { expect, test } from "vitest";
import { isLoopbackAddress, isWithin, parseAddress, parseNetwork, subscriberOf } from "../src/addresses.ts";

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["::FFFF:cb00:7109", "203.0.113.9"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:0:0:ffff:ffff:ffff:ffff", "2001:db8:0:0::/64"],
  ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["64:ff9b::203.0.113.9", "64:ff9b:0:0::/64"],
])("an address %s is counted as %s", (text, counted) => {
  expect(subscriberOf(parseAddress(text)!)).toBe(counted);
});

test.each([
  "",
  "localhost",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.256",
  "010.1.2.3",
  "0x7f.0.0.1",
  "1::2::3",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
])("%j is no address", (text) => {
  expect(parseAddress(text)).toBeUndefined();
  expect(parseNetwork(text)).toBeUndefined();
});

test.each([":1", "1:", "12345::", "g::", "::1.2.3", "1:2:3:4:5:6:7::8", "::ffff:1.2.3.4:5"])(
  "%j is none either",
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

test.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "/8", "fe80::1%eth0/64"])(
  "%j is no network",
  (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  },
);

test.each([
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.1", false],
  ["10.0.0.0/8", "::ffff:10.1.2.3", true],
  ["0.0.0.0/0", "203.0.113.9", true],
  ["0.0.0.0/0", "2001:db8::1", false],
  ["::/0", "203.0.113.9", true],
  ["192.0.2.128/25", "192.0.2.127", false],
  ["192.0.2.128/25", "192.0.2.128", true],
  ["192.0.2.1", "192.0.2.1", true],
  ["192.0.2.1", "192.0.2.2", false],
  ["fd00::/8", "fdff::1", true],
  ["fd00::/8", "fe00::1", false],
  ["2001:db8::/33", "2001:db8:8000::1", false],
])("of the network %s, %s: %s", (network, address, within) => {
  expect(isWithin(parseAddress(address)!, parseNetwork(network)!)).toBe(within);
});

test.each([
  ["127.0.0.1", true],
  ["127.255.255.255", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["128.0.0.1", false],
  ["::2", false],
  ["::", false],
])("of this machine, %s: %s", (address, isIt) => {
  expect(isLoopbackAddress(parseAddress(address)!)).toBe(isIt);
});

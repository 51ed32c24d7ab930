import { expect, test } from "vitest";
import { PortRange } from "../../src/sources/port_range.ts";

test("PortRange draws each port once, at random, until it is given back", () => {
  const ports = new PortRange("20000-20099");
  const drawn = Array.from({ length: 100 }, () => ports.draw() ?? 0);
  expect(new Set(drawn).size).toBe(100);
  expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([20_000, 20_099]);
  expect(drawn).not.toEqual(drawn.toSorted((a, b) => a - b));
  expect(ports.draw()).toBeUndefined();
  ports.giveBack(20_042);
  expect([ports.draw(), ports.draw()]).toEqual([20_042, undefined]);
});

import { expect, test } from "vitest";
import { LIMITS } from "../../src/limits.ts";
import { HIGH_WATER_BYTES } from "../../src/runtime.ts";
import { floodGate } from "../../src/runtimes/unread.ts";
import { HandConnection } from "../support/hand_connection.ts";

const { value: most } = LIMITS.maxUnreadMessages;

test("a WebSocket that is full is cut at one message more than it may say then", () => {
  const connection = new HandConnection();
  const mayAsk = floodGate(connection);
  for (let i = 0; i < 10 * most; i++) expect(mayAsk()).toBe(true);
  connection.buffered = HIGH_WATER_BYTES;
  for (let i = 0; i < most; i++) expect(mayAsk()).toBe(true);
  expect([connection.over, mayAsk(), connection.over]).toEqual([undefined, false, "terminated"]);
});

test("a WebSocket that takes its answers, some time, may ask again", () => {
  const connection = new HandConnection();
  const mayAsk = floodGate(connection);
  for (let round = 0; round < 5; round++) {
    connection.buffered = HIGH_WATER_BYTES;
    for (let i = 0; i < most; i++) expect(mayAsk()).toBe(true);
    connection.buffered = HIGH_WATER_BYTES - 1;
    expect(mayAsk()).toBe(true);
  }
  expect(connection.over).toBeUndefined();
});

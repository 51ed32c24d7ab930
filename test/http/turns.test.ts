import { expect, test } from "vitest";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import type { Manner } from "../../src/http/follower.ts";
import { webSocketFraming } from "../../src/http/framing.ts";
import { begin } from "../../src/sessions/mod.ts";
import { HandConnection } from "../support/hand_connection.ts";
import { sessionsByHand } from "../support/sessions.ts";

const MANNER: Manner = {
  framing: webSocketFraming,
  top: 500,
  slowness: { policy: "gap", maxLag: Infinity },
  address: null,
};
const MOST = 500;

/** How much was done in each turn of the event loop while `work` went on. */
async function perTurn(done: () => number, work: () => Promise<void>): Promise<number[]> {
  const turns: number[] = [];
  let before = done();
  let isOver = false;
  const look = (): void => {
    turns.push(done() - before);
    before = done();
    if (!isOver || turns.at(-1) !== 0) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isOver = true;
  while (turns.at(-1) !== 0) await new Promise(setImmediate);
  return turns.filter((some) => some > 0);
}

test("no turn of the event loop is for more than 500 followers, of all sessions, whatever they are told", async () => {
  const { clock, sessions, start } = sessionsByHand();
  const connections: HandConnection[] = [];
  for (let i = 0; i < 3; i++) {
    const { session } = await start({ batchIntervalMs: 20_000 });
    const delivery = new Delivery(session, clock, { measures: new DeliveryMeasures() });
    for (let n = 0; n < 700; n++) {
      const connection = HandConnection.webSocket();
      connections.push(connection);
      delivery.join(connection, MANNER, { beginning: begin(session.log), asked: null });
    }
  }
  const told = (): number => connections.reduce((sum, { written, pings }) => sum + written.length + pings, 0);
  const names = (): string[] => connections.map(({ told: all }) => all.slice(2).join());

  await new Promise(setImmediate);
  const live = await perTurn(told, () => clock.advance(31_000));
  expect(new Set(names())).toEqual(new Set(["1,head,head"]));
  expect(connections.every(({ pings }) => pings === 1)).toBe(true);
  expect(Math.max(...live)).toBeLessThanOrEqual(MOST);

  const ends = await perTurn(told, async () => {
    await sessions.close();
  });
  expect(connections.every(({ told: all }) => all.at(-1) === "end")).toBe(true);
  // A follower may be told several things at once.
  expect(Math.max(...ends)).toBeLessThanOrEqual(3 * MOST);
});

import { expect, test } from "vitest";
import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import type { Follower, Manner } from "../../src/http/follower.ts";
import { webSocketFraming } from "../../src/http/framing.ts";
import { inTurns } from "../../src/http/turns.ts";
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

/** How much was done in each turn of the event loop while `work` went on, and until all is as it is to be. */
async function perTurn(done: () => number, work: () => Promise<void>, isAsWanted: () => boolean): Promise<number[]> {
  const turns: number[] = [];
  let before = done();
  let isOver = false;
  const look = (): void => {
    turns.push(done() - before);
    before = done();
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await work();
  for (let i = 0; i < 1000 && !isAsWanted(); i++) await new Promise(setImmediate);
  isOver = true;
  return turns;
}

test("visits of the same followers stay in order, wherever a turn ends", async () => {
  for (const before of [0, 50, 100, 449, 500, 1234]) {
    const others = Array.from({ length: before }, () => ({}) as Follower);
    const followers = Array.from({ length: 1234 }, () => ({}) as Follower);
    const visited = new Map(followers.map((follower) => [follower, ""]));
    const visit = (name: string): Promise<void> =>
      new Promise((done) => {
        const each = (follower: Follower): void => void visited.set(follower, visited.get(follower) + name);
        inTurns({ followers: followers.values(), each, done });
      });
    inTurns({ followers: others.values(), each: () => {} });
    await Promise.all(["a", "b", "c"].map(visit));
    expect(new Set(visited.values())).toEqual(new Set(["abc"]));
  }
});

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
  const all = (said: string): boolean => connections.every(({ told: names }) => names.slice(2).join() === said);

  await new Promise(setImmediate);
  const live = await perTurn(
    told,
    () => clock.advance(31_000),
    () => all("1,head,head"),
  );
  expect([all("1,head,head"), connections.every(({ pings }) => pings === 1)]).toEqual([true, true]);
  expect(Math.max(...live)).toBeLessThanOrEqual(MOST);

  const areEnded = (): boolean => connections.every(({ told: names }) => names.at(-1) === "end");
  const ends = await perTurn(told, () => sessions.close(), areEnded);
  expect(areEnded()).toBe(true);
  // A follower may be told several things at once.
  expect(Math.max(...ends)).toBeLessThanOrEqual(4 * MOST);
});

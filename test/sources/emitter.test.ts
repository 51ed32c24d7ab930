import { describe, expect, onTestFinished, test } from "vitest";
import { Emitter, type EmitterOptions } from "../../src/sources/emitter.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpClient, TcpServer } from "../support/tcp.ts";

const MESSAGES = ["one", "two", "three", "vier ü", "😀"];

async function emitter(options: Partial<EmitterOptions> = {}): Promise<{ clock: ManualClock; emitter: Emitter }> {
  const clock = new ManualClock();
  const made = new Emitter({
    clock,
    messages: MESSAGES,
    host: "127.0.0.1",
    port: 0,
    intervalMs: 2000,
    seed: 7,
    ...options,
  });
  await made.listen();
  onTestFinished(() => made.close());
  return { clock, emitter: made };
}

/** Connects a client and waits until the emitter has it. */
async function client(to: Emitter): Promise<TcpClient> {
  const before = to.clients;
  const made = new TcpClient(to.port);
  onTestFinished(() => void made.socket.destroy());
  while (to.clients === before) await settle();
  return made;
}

describe("Emitter", () => {
  test("says one line at once and then one at every interval", async () => {
    const { clock, emitter: e } = await emitter();
    const reader = await client(e);
    await clock.advance(0);
    await clock.advance(1999);
    expect(e.sent.lines).toBe(1);
    await clock.advance(1);
    await clock.advance(2000);
    const lines = await reader.lines(3);
    expect(lines.every((line) => MESSAGES.includes(line))).toBe(true);
    expect(e.sent).toEqual({ lines: 3, bytes: Buffer.byteLength(`${lines.join("\n")}\n`) });
  });

  test("says the same lines for the same seed, others for another", async () => {
    const said = async (seed: number): Promise<string[]> => {
      const { clock, emitter: e } = await emitter({ seed });
      const reader = await client(e);
      await clock.advance(60_000);
      return reader.lines(30);
    };
    const [first, again, other] = [await said(1), await said(1), await said(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first).size).toBe(MESSAGES.length);
  });

  test("says the same to two clients", async () => {
    const { clock, emitter: e } = await emitter();
    const one = await client(e);
    const two = await client(e);
    await clock.advance(6000);
    expect(await two.lines(4)).toEqual(await one.lines(4));
  });

  test("says nothing while nobody is connected, and goes on for the next", async () => {
    const { clock, emitter: e } = await emitter();
    await clock.advance(10_000);
    expect(e.sent.lines).toBe(0);
    const first = await client(e);
    await clock.advance(0);
    await first.lines(1);
    first.socket.destroy();
    while (e.clients > 0) await settle();
    await clock.advance(60_000);
    expect([e.sent.lines, clock.pending]).toEqual([1, 0]);
    await client(e);
    await clock.advance(0);
    expect(e.sent.lines).toBe(2);
  });

  test("ends everyone's connection after maxLines", async () => {
    const { clock, emitter: e } = await emitter({ maxLines: 3 });
    const reader = await client(e);
    await clock.advance(60_000);
    await reader.ended;
    expect(reader.text.split("\n").length - 1).toBe(3);
    expect([e.finished, e.sent.lines]).toEqual([true, 3]);
  });

  test("does not make up for a stall with a burst", async () => {
    const { clock, emitter: e } = await emitter();
    await client(e);
    await clock.advance(0);
    await clock.stall(100_000);
    expect(e.sent.lines).toBe(2);
  });

  test("refuses a taken port by name", async () => {
    const taken = await TcpServer.listen();
    onTestFinished(() => taken.close());
    await expect(emitter({ port: taken.port })).rejects.toMatchObject({
      code: "port_taken",
      message: `Cannot listen on 127.0.0.1:${taken.port}: the port is in use, a free one (or 0 for any) is wanted`,
    });
  });
});

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { LoadEmitter, type LoadOptions } from "../../src/sources/load_emitter.ts";
import { seededRandom } from "../support/seeded_random.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpClient } from "../support/tcp.ts";

const MESSAGES = ["one", "two", "three", "four", "five and more"];
/** Enough of these, and the kernel's buffers are full. */
const LONG = MESSAGES.map((message) => message.repeat(100));
const MANY = 60_000;

vi.setConfig({ testTimeout: 20_000 });

async function loadEmitter(options: Partial<LoadOptions> = {}): Promise<{ clock: ManualClock; emitter: LoadEmitter }> {
  const clock = new ManualClock();
  const made = new LoadEmitter({
    clock,
    messages: MESSAGES,
    host: "127.0.0.1",
    port: 0,
    rate: Infinity,
    seed: 7,
    ...options,
  });
  await made.listen();
  onTestFinished(async () => {
    const closed = made.close();
    await clock.advance(1000);
    await closed;
  });
  return { clock, emitter: made };
}

/** Connects a client and waits until the emitter has it; `paused`: it does not read. */
async function client(to: LoadEmitter, paused: boolean = false): Promise<TcpClient> {
  const before = to.clients;
  const made = new TcpClient(to.port);
  if (paused) made.socket.pause();
  onTestFinished(() => void made.socket.destroy());
  while (to.clients === before) await settle();
  return made;
}

/** Resolves when nothing more has been said for many turns. */
async function stalled(emitter: LoadEmitter): Promise<void> {
  for (let quiet = 0, before = -1; quiet < 200; quiet = emitter.sent.lines === before ? quiet + 1 : 0) {
    before = emitter.sent.lines;
    await settle();
  }
}

/** What is said for seed 7. */
function wanted(lines: number, messages: readonly string[] = MESSAGES): string {
  const random = seededRandom(7);
  return Array.from({ length: lines }, () => `${messages[Math.floor(random() * messages.length)]}\n`).join("");
}

describe("LoadEmitter", () => {
  test("says maxLines lines as fast as they are read, and ends the connection", async () => {
    const { emitter } = await loadEmitter({ maxLines: 200_000 });
    const reader = await client(emitter);
    await reader.ended;
    await emitter.ended;
    expect(reader.text === wanted(200_000)).toBe(true);
    expect(emitter.sent).toEqual({ lines: 200_000, bytes: reader.text.length });
  });

  test.each([
    [1, 4000],
    [500, 2000],
    [30_000, 30],
  ])("says the same lines at %d a second, each when it is due", async (rate, ms) => {
    const { clock, emitter } = await loadEmitter({ rate });
    const reader = await client(emitter);
    await settle();
    expect(emitter.sent.lines).toBe(1);
    await clock.advance(ms);
    const lines = (rate * ms) / 1000 + 1;
    expect(emitter.sent.lines).toBe(lines);
    await reader.lines(lines);
    expect(reader.text === wanted(lines)).toBe(true);
  });

  test("says many lines with one write where many are due", async () => {
    const { clock, emitter } = await loadEmitter({ rate: 1e6 });
    await client(emitter);
    await clock.advance(0);
    await clock.stall(20);
    expect(emitter.sent.lines).toBe(20_001);
  });

  test("does not make up for more of a stall than half a second", async () => {
    const { clock, emitter } = await loadEmitter({ rate: 10 });
    await client(emitter);
    await clock.advance(0);
    await clock.stall(100_000);
    expect(emitter.sent.lines).toBe(1 + 6);
  });

  test("ends after exactly maxLines lines at a rate", async () => {
    const { clock, emitter } = await loadEmitter({ rate: 1000, maxLines: 1234 });
    const reader = await client(emitter);
    await clock.advance(2000);
    await reader.ended;
    expect(reader.text).toBe(wanted(1234));
    expect(clock.pending).toBe(0);
  });

  test("waits for a client that does not read, and goes on where it was", async () => {
    const { clock, emitter } = await loadEmitter({ messages: LONG, maxLines: MANY });
    const reader = await client(emitter, true);
    await stalled(emitter);
    const { bytes } = emitter.sent;
    // The kernel's buffers and one block.
    expect(bytes).toBeLessThan(32 * 1024 * 1024);
    await clock.advance(3_600_000);
    expect([emitter.sent.bytes, emitter.clients]).toEqual([bytes, 1]);
    reader.socket.removeAllListeners("data");
    let read = 0;
    reader.socket.on("data", (chunk: Buffer) => (read += chunk.length)).resume();
    await reader.ended;
    expect(read).toBe(emitter.sent.bytes);
    expect(emitter.sent.lines).toBe(MANY);
  });

  test("says the same to several clients, at the pace of the slowest", async () => {
    const { emitter } = await loadEmitter({ messages: LONG, maxLines: MANY });
    const slow = await client(emitter, true);
    await stalled(emitter);
    const fast = await client(emitter);
    await stalled(emitter);
    expect(emitter.sent.lines).toBeLessThan(MANY);
    slow.socket.resume();
    await Promise.all([slow.ended, fast.ended]);
    expect(slow.text === wanted(MANY, LONG)).toBe(true);
    expect(fast.text.length > 0 && slow.text.endsWith(`\n${fast.text}`)).toBe(true);
  });

  test("cuts a client that takes no block in half a minute while another waits", async () => {
    const { clock, emitter } = await loadEmitter({ messages: LONG, maxLines: MANY });
    await client(emitter, true);
    await stalled(emitter);
    const fast = await client(emitter);
    await clock.advance(29_999);
    expect(emitter.clients).toBe(2);
    await clock.advance(1);
    await fast.ended;
    expect(emitter.sent.lines).toBe(MANY);
  });

  test("says nothing while nobody is connected, and goes on with whole lines for the next", async () => {
    const { clock, emitter } = await loadEmitter({ rate: 100 });
    await clock.advance(10_000);
    expect(emitter.sent.lines).toBe(0);
    const first = await client(emitter);
    await clock.advance(90);
    await first.lines(10);
    first.socket.destroy();
    while (emitter.clients > 0) await settle();
    await clock.advance(60_000);
    expect(emitter.sent.lines).toBe(10);
    const second = await client(emitter);
    await clock.advance(10);
    await second.lines(2);
    expect(first.text + second.text).toBe(wanted(12));
  });

  test("goes on for the next when a client goes away in the middle of a block", async () => {
    const { emitter } = await loadEmitter();
    for (let i = 0; i < 3; i++) {
      const reader = await client(emitter);
      await reader.lines(1000);
      expect(
        reader.text
          .split("\n")
          .slice(0, 1000)
          .every((line) => MESSAGES.includes(line)),
      ).toBe(true);
      reader.socket.destroy();
      while (emitter.clients > 0) await settle();
    }
  });

  test("says lines of a mebibyte", async () => {
    const messages = ["a", "b"].map((letter) => letter.repeat(1024 * 1024));
    const { emitter } = await loadEmitter({ messages, maxLines: 20 });
    const reader = await client(emitter);
    await reader.ended;
    expect(reader.text === wanted(20, messages)).toBe(true);
  });

  test("lets a client read what was said when it is closed", async () => {
    const { emitter } = await loadEmitter();
    const reader = await client(emitter);
    await reader.lines(10);
    await emitter.close();
    await reader.ended;
    expect(reader.text.length).toBe(emitter.sent.bytes);
  });

  test("tells how many clients there are", async () => {
    const told: number[] = [];
    const { emitter } = await loadEmitter({ rate: 1, onClients: (clients) => told.push(clients) });
    const one = await client(emitter);
    await client(emitter);
    one.socket.destroy();
    while (emitter.clients > 1) await settle();
    expect(told).toEqual([1, 2, 1]);
  });
});

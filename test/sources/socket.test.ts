import { describe, expect, onTestFinished, test } from "vitest";
import { Dial } from "../../src/sources/dial.ts";
import { SocketReader } from "../../src/sources/mod.ts";
import { Targets } from "../../src/sources/targets.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpServer } from "../support/tcp.ts";
import { Told } from "../support/told.ts";

/** Has a place of its own, and another after each read. */
class Landing extends Told {
  place = new Uint8Array(64);
  landed = 0;
  buffer(): Uint8Array {
    return this.place;
  }
  wrote(size: number): void {
    this.landed += size;
    this.write(this.place.slice(0, size));
    this.place = new Uint8Array(64);
  }
}

interface Reading {
  readonly clock: ManualClock;
  readonly reader: SocketReader;
  readonly told: Told;
  readonly started: Promise<void>;
  /** Resolves when the condition holds. */
  until(condition: () => boolean): Promise<void>;
}

function read(port: number, onEnd?: () => boolean): Reading {
  const clock = new ManualClock();
  const told = new Told();
  const reader = new SocketReader({ clock, host: "127.0.0.1", port, ...(onEnd && { onEnd }) });
  onTestFinished(() => reader.stop());
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await settle();
  };
  return { clock, reader, told, started: reader.start(told), until };
}

async function server(port?: number): Promise<TcpServer> {
  const made = await TcpServer.listen(port);
  onTestFinished(() => made.close());
  return made;
}

describe("SocketReader", () => {
  test("lets reads land in the sink's own place, wherever that is by then", async () => {
    const s = await server();
    const told = new Landing();
    const reader = new SocketReader({ clock: new ManualClock(), host: "127.0.0.1", port: s.port });
    onTestFinished(() => reader.stop());
    void reader.start(told);
    const socket = await s.accept();
    const text = "0123456789".repeat(30);
    socket.write(text.slice(0, 150));
    while (told.said.length < 150) await settle();
    expect(told.landed).toBe(150);
    // The next read has been prepared: it lands where it was to, and is handed on.
    told.place = new Uint8Array(64);
    socket.write(text.slice(150));
    while (told.said.length < 300) await settle();
    expect(told.said).toBe(text);
    expect(told.landed).toBeGreaterThan(150);
  });

  test("reads what comes, in order", async () => {
    const s = await server();
    const { reader, told, started, until } = read(s.port);
    const socket = await s.accept();
    await started;
    expect(reader.connected).toBe(true);
    socket.write("a\nb");
    await until(() => told.said === "a\nb");
    socket.destroy();
  });

  test("reads no more while batches wait for their outputs, and says that the sender is held", async () => {
    const s = await server();
    const { clock, reader, told, until } = read(s.port);
    const socket = await s.accept();
    told.behind = true;
    socket.write("a");
    await until(() => told.said === "a");
    socket.write("b");
    await clock.advance(1000);
    await clock.advance(1000);
    expect(told.said).toBe("a");
    expect(reader.backpressure).toEqual({ behindMs: 2000, share: 1 });
    told.behind = false;
    await clock.advance(5);
    await until(() => told.said === "ab");
    await clock.advance(1000);
    expect(reader.backpressure.behindMs).toBe(2005);
    socket.destroy();
  });

  test("tells the end of a connection, waits 2 s, connects again and tells the gap", async () => {
    const s = await server();
    const { clock, reader, told, until } = read(s.port);
    (await s.accept()).end("half a line");
    await until(() => reader.lastError !== null);
    expect(reader.lastError).toBe(
      `Cannot read from 127.0.0.1:${s.port}: the other side closed the connection; next try in 2 s`,
    );
    expect(told.said).toBe("half a line<end>");
    expect([told.tries, told.reasons]).toEqual([1, [reader.lastError]]);
    await clock.advance(1999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    const second = await s.accept();
    await until(() => reader.connected);
    expect(reader.lastError).toBe(null);
    second.end("more\n");
    await until(() => !reader.connected);
    expect(told.said).toBe("half a line<end><gap 2000>more\n<end>");
    expect([told.tries, told.reasons.length]).toEqual([2, 2]);
  });

  test("loses the unfinished line of a connection that was reset, as Spark does", async () => {
    const s = await server();
    const { reader, told, until } = read(s.port);
    const socket = await s.accept();
    socket.write("half a line");
    await until(() => told.said === "half a line");
    socket.resetAndDestroy();
    await until(() => reader.lastError !== null);
    expect(told.said).toBe("half a line<abandon>");
    expect(reader.lastError).toMatch(/the other side reset the connection; next try in 2 s$/);
  });

  test("keeps trying while the connection is refused, and says why", async () => {
    const s = await server();
    const { port } = s;
    await s.close();
    const { clock, reader, told, started, until } = read(port);
    await started;
    expect(reader.lastError).toMatch(/connection refused \(nothing listens there\); next try in 2 s$/);
    for (let i = 0; i < 3; i++) {
      const pending = clock.pending;
      await clock.advance(2000);
      await until(() => clock.pending === pending);
    }
    const back = await server(port);
    await clock.advance(2000);
    (await back.accept()).write("at last\n");
    await until(() => told.said === "at last\n");
    expect(reader.connected).toBe(true);
  });

  test("stops at once, and tells nothing after it", async () => {
    const s = await server();
    const { clock, reader, told } = read(s.port);
    const socket = await s.accept();
    await reader.stop();
    socket.end("too late\n");
    await reader.over();
    await clock.advance(10_000);
    expect([told.said, reader.connected, clock.pending]).toEqual(["", false, 0]);
  });

  test("is over after the end of the connection when it is told so", async () => {
    const s = await server();
    const { clock, reader, told } = read(s.port, () => true);
    (await s.accept()).end("all\n");
    await reader.over();
    expect([told.said, clock.pending]).toEqual(["all\n<end>", 0]);
  });

  test("reads nothing from where it has been led against its dial", async () => {
    const s = await server();
    const clock = new ManualClock();
    const told = new Told();
    const targets = new Targets([`127.0.0.2:${s.port}`]);
    const dial = new Dial({ host: "a.test", port: s.port, targets, resolve: () => Promise.resolve([]), idleMs: 1000 });
    dial.address = () => Promise.resolve("127.0.0.1");
    const reader = new SocketReader({ clock, host: "a.test", port: s.port, dial });
    onTestFinished(() => reader.stop());
    void reader.start(told);
    const socket = await s.accept();
    socket.write("caught\n");
    while (!socket.destroyed) await settle();
    await clock.advance(3000);
    expect([told.said, reader.connected]).toEqual(["", false]);
    expect(reader.lastError).toContain("it cannot be reached, or may not be read from");
  });

  test("survives a reset", async () => {
    const s = await server();
    const { reader, until } = read(s.port);
    const socket = await s.accept();
    await until(() => reader.connected);
    socket.resetAndDestroy();
    await until(() => reader.lastError !== null);
    expect(reader.lastError).toMatch(/reset the connection/);
  });
});

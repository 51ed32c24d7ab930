import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/sessions/mod.ts";
import { ListenSource } from "../../src/sources/listen_source.ts";
import { PortRange } from "../../src/sources/port_range.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpServer } from "../support/tcp.ts";
import { Told } from "../support/told.ts";

async function listening(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const told = new Told();
  const source = new ListenSource(
    { type: "listen", host: "127.0.0.1", port: 0 },
    { clock, ports: new PortRange(), allowListen: [], limits: { ...DEFAULT_LIMITS, ...limits } },
  );
  onTestFinished(() => source.stop());
  await source.start(told);
  const port = source.status["port"] as number;
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await settle();
  };
  const producer = async (): Promise<Socket> => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  };
  return { clock, told, source, port, until, producer };
}

describe("ListenSource", () => {
  test("listens on a port below those of clients, and says so", async () => {
    const { source, port } = await listening();
    expect(source.status).toMatchObject({
      type: "listen",
      host: "127.0.0.1",
      connected: true,
      producers: 0,
      accepted: 0,
    });
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  });

  test("takes the lines of many producers, each whole, and counts the producers", async () => {
    const { source, told, until, producer } = await listening();
    const [one, other] = [await producer(), await producer()];
    one.write("a b\nc ");
    await until(() => told.said === "a b\n");
    other.write("x\ny ");
    await until(() => told.said === "a b\nx\n");
    one.write("d\n");
    await until(() => told.said.endsWith("c d\n"));
    expect(source.status).toMatchObject({ producers: 2, accepted: 2, refused: 0 });
    other.end("z");
    await until(() => source.status["producers"] === 1);
    expect(told.said).toBe("a b\nx\nc d\ny z<end>");
    one.write("half");
    await settle();
    one.resetAndDestroy();
    await until(() => source.status["producers"] === 0);
    expect(told.said).toMatch(/^a b\nx\nc d\ny z<end>(?:half<abandon>)?$/);
  });

  test("mixes no line of a hundred producers that write at once", async () => {
    const { told, until, producer, source } = await listening({ maxProducers: 100 });
    const line = (i: number, j: number): string => `${i} ${"x".repeat((i * 37 + j * 11) % 300)} ${i}`;
    const all = await Promise.all(Array.from({ length: 100 }, producer));
    for (const [i, socket] of all.entries()) {
      socket.end(Array.from({ length: 200 }, (_, j) => `${line(i, j)}\n`).join(""));
    }
    await until(() => source.status["producers"] === 0);
    const lines = told.said.split("\n").slice(0, -1);
    const wanted = all.flatMap((_, i) => Array.from({ length: 200 }, (_each, j) => line(i, j)));
    expect(lines.toSorted()).toEqual(wanted.toSorted());
  });

  test("takes a file from a shell", async () => {
    const { told, until, port } = await listening();
    const sent = promisify(execFile)("bash", ["-c", `printf 'a b\\nc\\n' > /dev/tcp/127.0.0.1/${port}`]);
    await until(() => told.said === "a b\nc\n");
    expect((await sent).stderr).toBe("");
  });

  test("refuses one producer too many, and takes the next when another has gone", async () => {
    const { source, until, producer } = await listening({ maxProducers: 1 });
    const one = await producer();
    await until(() => source.status["producers"] === 1);
    const closed = once(await producer(), "close");
    await closed;
    expect(source.status).toMatchObject({ producers: 1, accepted: 1, refused: 1 });
    one.end();
    await until(() => source.status["producers"] === 0);
    await producer();
    await until(() => source.status["producers"] === 1);
  });

  test("reads no more while batches wait, and TCP holds the producer", async () => {
    const { clock, told, until, producer } = await listening();
    const one = await producer();
    told.behind = true;
    one.write("a\n");
    await until(() => told.said === "a\n");
    const much = "0123456789\n".repeat(1_000_000);
    one.write(much);
    for (let i = 0; i < 50; i++) await clock.advance(5);
    expect(one.writableLength).toBeGreaterThan(0);
    expect(told.said.length).toBeLessThan(200_000);
    told.behind = false;
    await clock.advance(5);
    await until(() => told.said.length === 2 + much.length);
  });

  test("keeps of a line that is too long no more than the engine does, and says how much it was", async () => {
    const { told, until, producer } = await listening({ maxLineLength: 10 });
    const one = await producer();
    one.write("x".repeat(50_000));
    one.write("x".repeat(50_000));
    await until(() => one.writableLength === 0);
    await settle();
    expect(told.said).toBe("");
    one.end("\ny\n");
    await until(() => told.said.endsWith("y\n"));
    // What comes with its end is handed on with it, for the engine to cut.
    const [, kept = "", cut = "", rest = ""] = /^(x+)<cut (\d+)>(x*)\ny\n$/.exec(told.said) ?? [];
    expect([kept.length, kept.length + Number(cut) + rest.length]).toEqual([11, 100_000]);
  });

  test("lets go of a producer that says nothing for too long", async () => {
    const { clock, source, until, producer } = await listening({ maxSourceIdleMs: 1000 });
    const one = await producer();
    await until(() => source.status["producers"] === 1);
    await clock.advance(999);
    expect(source.status["producers"]).toBe(1);
    await clock.advance(1);
    await once(one, "close");
    await until(() => source.status["producers"] === 0);
  });

  test("sends nothing, ever", async () => {
    const { told, until, producer } = await listening();
    const one = await producer();
    one.write("GET / HTTP/1.1\r\n\r\n");
    await until(() => told.said !== "");
    one.end();
    await once(one.resume(), "close");
    expect(one.bytesRead).toBe(0);
  });

  test("stops at once: ends its producers, tells nothing after it, and its port is free", async () => {
    const { clock, source, told, until, port, producer } = await listening();
    const one = await producer();
    one.write("a\nb");
    await until(() => told.said === "a\n");
    const closed = once(one.resume(), "close");
    await source.stop();
    expect(told.said).toBe("a\nb<abandon>");
    await closed;
    await clock.advance(10_000_000);
    expect([clock.pending, source.status.connected]).toEqual([0, false]);
    const next = await TcpServer.listen(port);
    await next.close();
  });

  test.each([
    ["0.0.0.0", []],
    ["::", []],
    ["127.1", []],
    ["127.0.0.256", []],
    ["example.com", []],
    ["192.0.2.1", ["192.0.2.2"]],
  ])("does not listen on %s unless that is allowed", (host, allowListen) => {
    const parts = { clock: new ManualClock(), ports: new PortRange(), limits: DEFAULT_LIMITS };
    const make = (allowed: readonly string[]): ListenSource =>
      new ListenSource({ type: "listen", host, port: 0 }, { ...parts, allowListen: allowed });
    expect(() => make(allowListen)).toThrow(/^Cannot listen on ".*": this machine .*--allow-listen allows others$/);
    expect(() => make([host])).not.toThrow();
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import process from "node:process";
import { describe, expect, onTestFinished, test } from "vitest";
import { DEFAULT_LIMITS, type Source } from "../../src/sessions/mod.ts";
import { SocketSource } from "../../src/sources/socket_source.ts";
import { Targets } from "../../src/sources/targets.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpServer } from "../support/tcp.ts";
import { Told } from "../support/told.ts";

const WHY = "it cannot be reached, or may not be read from";

interface Asked {
  readonly host?: string;
  readonly port: number;
  /** Default: 127.0.0.1 at the port. */
  readonly rules?: readonly string[];
  readonly allowOwnMachine?: boolean;
  readonly addresses?: readonly (readonly string[])[];
}

/** A source that is allowed what it asks for; a name has the addresses given, each time the next. */
function make({
  host = "127.0.0.1",
  port,
  rules = [`127.0.0.1:${port}`],
  allowOwnMachine = false,
  addresses = [],
}: Asked) {
  const clock = new ManualClock();
  const told = new Told();
  const asked: string[] = [];
  const source: Source = new SocketSource(
    { type: "socket", host, port },
    {
      clock,
      allowOwnMachine,
      targets: new Targets(rules),
      limits: DEFAULT_LIMITS,
      resolve(name) {
        asked.push(name);
        return Promise.resolve(addresses[Math.min(asked.length, addresses.length) - 1] ?? []);
      },
    },
  );
  onTestFinished(() => source.stop());
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await settle();
  };
  return { clock, source, told, asked, until };
}

async function server(): Promise<TcpServer> {
  const made = await TcpServer.listen();
  onTestFinished(() => made.close());
  return made;
}

/** A port where a connection is neither taken nor refused: what it may hold is held, and nobody takes it. */
async function filteredPort(): Promise<number> {
  const program = `const server = require("node:net").createServer();
    server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
      require("node:fs").writeSync(1, String(server.address().port));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(said.toString());
  const fillers = Array.from({ length: 4 }, () => connect({ host: "127.0.0.1", port }).on("error", () => {}));
  onTestFinished(() => fillers.forEach((filler) => filler.destroy()));
  await Promise.race(fillers.map((filler) => once(filler, "connect")));
  return port;
}

describe("SocketSource", () => {
  test.each([
    [{ port: 1, rules: [] }, "nothing may be read from"],
    [{ port: 1, rules: [], host: "example.com" }, "nothing may be read from"],
    [
      { port: 1, rules: [], allowOwnMachine: true, host: "203.0.113.7" },
      "this machine (localhost, 127.0.0.1, ::1) may be read from",
    ],
    [
      { port: 2, rules: ["203.0.113.7:1"], host: "203.0.113.7" },
      "what the operator allows (--allow-source), by name or address may be read from",
    ],
    [{ port: 1, rules: ["127.0.0.1:1"], host: "127.1" }, "what the operator allows"],
    [{ port: 1, allowOwnMachine: true, host: "127.0.0.256", rules: [] }, "this machine"],
  ])("refuses what can be seen to be forbidden (%#)", (asked, message) => {
    expect(() => make(asked)).toThrow(message);
  });

  test("reads every server of this machine without a rule where that is allowed, and says why it cannot", async () => {
    const s = await server();
    const { source, told, until } = make({ host: "localhost", port: s.port, rules: [], allowOwnMachine: true });
    void source.start(told);
    (await s.accept()).end("a\n");
    await until(() => source.status.lastError !== null);
    expect(told.said).toBe("a\n<end>");
    expect(source.status.lastError).toBe(
      `Cannot read from 127.0.0.1:${s.port}: the other side closed the connection; next try in 2 s`,
    );
  });

  test("reads a name's server, looks the name up at each try, and counts the connections after the first", async () => {
    const s = await server();
    const { clock, source, told, asked, until } = make({ host: "a.test", port: s.port, addresses: [["127.0.0.1"]] });
    void source.start(told);
    (await s.accept()).end("a\n");
    await until(() => told.said === "a\n<end>");
    expect(source.status["reconnects"]).toBe(0);
    await clock.advance(3000);
    expect(source.status.lastError).toBe(
      `Cannot read from a.test:${s.port}: the other side closed the connection; next try in 2 s`,
    );
    await clock.advance(2000);
    (await s.accept()).write("b\n");
    await until(() => told.said.endsWith("b\n"));
    expect([asked, source.status["reconnects"], told.said]).toEqual([["a.test", "a.test"], 1, "a\n<end><gap 5000>b\n"]);
  });

  test("does not connect when a name leads elsewhere at its second look", async () => {
    const s = await server();
    const addresses = [["127.0.0.1"], ["127.0.0.2"]];
    const { clock, source, told, asked, until } = make({ host: "a.test", port: s.port, addresses });
    void source.start(told);
    (await s.accept()).destroy();
    await until(() => !source.status.connected && told.said !== "");
    await clock.advance(3000 + 2000 + 3000);
    expect([asked.length, source.status.connected, source.status["reconnects"]]).toEqual([2, false, 0]);
    expect(source.status.lastError).toBe(`Cannot read from a.test:${s.port}: ${WHY}; next try in 2 s`);
  });

  test("tells all failures alike, 3 s after the try began: refused, without an answer, reset, a name that leads nowhere", async () => {
    const closed = await TcpServer.listen();
    const { port: refusing } = closed;
    await closed.close();
    const filtered = await filteredPort();
    const resetting = await server();
    void resetting.accept().then((socket) => socket.resetAndDestroy());
    const all = [
      make({ port: refusing }),
      make({ port: filtered }),
      make({ port: resetting.port }),
      make({ host: "nobody.test", port: 9 }),
      make({ host: "elsewhere.test", port: 9, addresses: [["10.0.0.1"]] }),
    ];
    for (const { clock, source, told } of all) {
      const started = source.start(told);
      // The system has its time to say what it thinks of it.
      for (let i = 0; i < 200; i++) await settle();
      await clock.advance(2999);
      await started;
      expect([source.status.connected, source.status.lastError, told.reasons]).toEqual([false, null, []]);
      await clock.advance(1);
    }
    const [first, ...others] = all.map(({ source }) =>
      String(source.status.lastError).replace(/from \S+:\d+/, "from it"),
    );
    expect(first).toBe(`Cannot read from it: ${WHY}; next try in 2 s`);
    expect(new Set(others)).toEqual(new Set([first]));
    expect(new Set(all.map(({ clock }) => clock.pending))).toEqual(new Set([1]));
  });

  test("takes the addresses of a name in turn", async () => {
    const s = await server();
    const rules = [`127.0.0.0/8:${s.port}`];
    const { clock, source, told, until } = make({
      host: "a.test",
      port: s.port,
      rules,
      addresses: [["127.0.0.3", "127.0.0.1"]],
    });
    void source.start(told);
    await clock.advance(5000);
    const socket = await s.accept();
    await until(() => source.status.connected);
    expect(socket.localAddress).toBe("127.0.0.1");
  });

  test("sends nothing, and keeps its side open: servers end at the end of it", async () => {
    const s = await server();
    const { source, told, until } = make({ port: s.port });
    void source.start(told);
    const socket = await s.accept();
    let isEnded = false;
    socket.on("end", () => (isEnded = true));
    socket.write("a\nb\n");
    await until(() => told.said === "a\nb\n");
    expect([socket.bytesRead, isEnded]).toEqual([0, false]);
    await source.stop();
    await until(() => isEnded || socket.destroyed);
    expect(socket.bytesRead).toBe(0);
  });

  test("lets go of a server that says nothing for ten minutes, and comes again", async () => {
    const s = await server();
    const { clock, source, told, until } = make({ port: s.port });
    void source.start(told);
    const socket = await s.accept();
    await until(() => source.status.connected);
    await clock.advance(300_000);
    socket.write("a\n");
    await until(() => told.said === "a\n");
    await clock.advance(599_999);
    expect(source.status.connected).toBe(true);
    await clock.advance(1);
    await until(() => !source.status.connected);
    expect(source.status.lastError).toBe(`Cannot read from 127.0.0.1:${s.port}: ${WHY}; next try in 2 s`);
    await clock.advance(2000);
    await s.accept();
    await until(() => source.status.connected);
    expect(source.status["reconnects"]).toBe(1);
  });

  test.runIf(process.platform === "linux")("has its connection looked after by TCP", async () => {
    const s = await server();
    const { source, told, until } = make({ port: s.port });
    void source.start(told);
    const socket = await s.accept();
    await until(() => source.status.connected);
    const hex = (port: number | undefined): string => (port ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const ends = new RegExp(` \\w+:${hex(socket.remotePort)} \\w+:${hex(s.port)} 01 \\w+:\\w+ (\\d\\d):`);
    // 02 is the timer that asks for a sign of life.
    expect(ends.exec(await readFile("/proc/net/tcp", "utf8"))?.[1]).toBe("02");
  });

  test("does not connect by an answer that comes when the try is over, or it has been stopped", async () => {
    const s = await server();
    const answers: ((addresses: readonly string[]) => void)[] = [];
    const clock = new ManualClock();
    const told = new Told();
    const source = new SocketSource(
      { type: "socket", host: "a.test", port: s.port },
      {
        clock,
        allowOwnMachine: false,
        targets: new Targets([`127.0.0.1:${s.port}`]),
        limits: DEFAULT_LIMITS,
        resolve: () => new Promise((resolve) => answers.push(resolve)),
      },
    );
    void source.start(told);
    await clock.advance(3000 + 2000);
    answers[0]?.(["127.0.0.1"]);
    await clock.advance(1000);
    expect([answers.length, source.status.connected]).toEqual([2, false]);
    await source.stop();
    answers[1]?.(["127.0.0.1"]);
    await clock.advance(10_000);
    const next = connect({ host: "127.0.0.1", port: s.port });
    // The first that comes is this one.
    expect((await s.accept()).remotePort).toBe(next.localPort);
    next.destroy();
  });

  test("stops in the midst of a try, and tells nothing after it", async () => {
    const { clock, source, told } = make({ host: "nobody.test", port: 9 });
    void source.start(told);
    await clock.advance(10);
    await source.stop();
    await clock.advance(10_000);
    expect([told.reasons, clock.pending]).toEqual([[], 0]);
  });
});

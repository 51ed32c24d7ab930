import { createServer, type Server } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { bind } from "../../src/sources/bind.ts";
import { PortRange } from "../../src/sources/port_range.ts";
import { TcpServer } from "../support/tcp.ts";

function server(): Server {
  const made = createServer();
  onTestFinished(() => void made.close());
  return made;
}

const HOST = "127.0.0.1";

describe("bind", () => {
  test("takes any port of the range, each once", async () => {
    const ports = new PortRange("20100-20399");
    const got = new Set<number>();
    for (let i = 0; i < 20; i++) got.add((await bind(server(), { host: HOST, port: 0, ports })).port);
    expect(got.size).toBe(20);
    expect(Math.min(...got)).toBeGreaterThanOrEqual(20_100);
    expect(Math.max(...got)).toBeLessThanOrEqual(20_399);
  });

  test("without a range stays below the ports that are given to those who connect", async () => {
    const { port } = await bind(server(), { host: HOST, port: 0 });
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  });

  test("goes round ports that somebody else has, and says so when there is no other", async () => {
    const { port } = await bind(server(), { host: HOST, port: 0 });
    const one = new PortRange(`${port}-${port}`);
    await expect(bind(server(), { host: HOST, port: 0, ports: one })).rejects.toMatchObject({
      code: "cannot_listen",
      message: `Cannot listen on 127.0.0.1: the ports ${port}-${port} are in use; stop sessions, or set a wider range (--ports)`,
    });
    const some = new PortRange(`${port}-${port + 9}`);
    for (let i = 0; i < 3; i++) {
      const other = await bind(server(), { host: HOST, port: 0, ports: some });
      expect(other.port).toBeGreaterThan(port);
    }
  });

  test("has a port again that was given back", async () => {
    const ports = new PortRange("20400-20400");
    const first = createServer();
    const { release } = await bind(first, { host: HOST, port: 0, ports });
    await expect(bind(server(), { host: HOST, port: 0, ports })).rejects.toThrow("are in use");
    await new Promise((resolve) => first.close(resolve));
    release();
    expect((await bind(server(), { host: HOST, port: 0, ports })).port).toBe(20_400);
  });

  test("refuses a port that is in use", async () => {
    const other = await TcpServer.listen();
    onTestFinished(() => other.close());
    await expect(bind(server(), { host: HOST, port: other.port })).rejects.toMatchObject({ code: "port_taken" });
  });
});

import { expect, onTestFinished, test } from "vitest";
import { SpokenReader } from "../../src/sources/mod.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { TcpServer } from "../support/tcp.ts";

test("SpokenReader says each change once: refused, connected, silent, lost", async () => {
  const first = await TcpServer.listen();
  const { port } = first;
  await first.close();
  const clock = new ManualClock();
  const said: string[] = [];
  let read = "";
  const reader = new SpokenReader({ clock, host: "127.0.0.1", port, silenceMs: 5000, say: (line) => said.push(line) });
  onTestFinished(() => reader.stop());
  const ignore = (): void => {};
  const write = (chunk: Uint8Array): void => {
    read += Buffer.from(chunk).toString();
  };
  await reader.start({
    write,
    end: ignore,
    abandon: ignore,
    gap: ignore,
    started: ignore,
    stopped: ignore,
    error: ignore,
  });
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await settle();
  };
  await until(() => said.length === 1);
  await clock.advance(2000);
  await until(() => clock.pending === 2);

  const server = await TcpServer.listen(port);
  onTestFinished(() => server.close());
  await clock.advance(2000);
  const socket = await server.accept();
  await until(() => said.length === 2);
  await clock.advance(15_000);
  socket.write("a line\n");
  await until(() => read !== "");
  await clock.advance(5000);
  expect(said.length).toBe(3);
  await clock.advance(5000);
  socket.destroy();
  await until(() => said.length === 5);
  expect(said).toEqual([
    `Cannot read from 127.0.0.1:${port}: connection refused (nothing listens there); next try in 2 s`,
    `Connected to 127.0.0.1:${port}`,
    `Connected to 127.0.0.1:${port}, no line comes`,
    `Connected to 127.0.0.1:${port}, no line comes`,
    `Cannot read from 127.0.0.1:${port}: the other side closed the connection; next try in 2 s`,
  ]);
});

/**
 * What one would write first, to be measured beside the service: timers, a Map and a split for each session, lines cut where the chunks
 * are. `node bench/naive_sessions.ts own|shared N`: says on standard output, a JSON object a line, its memory, when it has started, and how late each
 * batch time's messages were, in ms. @module
 */

import { connect, createServer, type Server } from "node:net";

const [kind = "own", n = "1000"] = process.argv.slice(2);
const LINES = [
  "spark streaming dstream",
  "spark spark streaming",
  "big data spark",
  "stream processing with spark",
  "hello spark streaming",
];
const LINE_MS = 2000;
const BATCH_MS = 5000;

const late: number[] = [];
setInterval(() => {
  if (late.length === 0) return;
  say({ late: late.splice(0) });
}, BATCH_MS / 10);

say({ idle: process.memoryUsage.rss() });
let server: Server | undefined;
for (let i = 0; i < Number(n); i++) {
  if (server === undefined || kind === "own") server = await emitter();
  await session(server);
}
say({ started: Number(n) });

function emitter(): Promise<Server> {
  const made = createServer((socket) => {
    const timer = setInterval(() => {
      socket.write(`${LINES[Math.floor(Math.random() * LINES.length)]}\n`);
    }, LINE_MS);
    socket.on("close", () => clearInterval(timer));
  });
  return new Promise((resolve) => {
    made.listen(0, "127.0.0.1", 4096, () => resolve(made));
  });
}

function session(to: Server): Promise<void> {
  const address = to.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  let counts = new Map<string, number>();
  let seq = 0;
  const cut = (): void => {
    const time = Math.round(Date.now() / BATCH_MS) * BATCH_MS;
    const sorted = [...counts].sort(([a, i], [b, j]) => j - i || (a < b ? -1 : 1));
    counts = new Map();
    const message = Buffer.from(JSON.stringify({ seq: ++seq, time: new Date(time).toISOString(), counts: sorted }));
    if (message.length > 0) late.push(Date.now() - time);
  };
  // From one batch time on; what drifts after it is setInterval's.
  setTimeout(
    () => {
      cut();
      setInterval(cut, BATCH_MS);
    },
    BATCH_MS - (Date.now() % BATCH_MS),
  );
  const socket = connect(port, "127.0.0.1");
  let left = "";
  socket.on("data", (chunk) => {
    const lines = (left + chunk.toString()).split("\n");
    left = lines.pop() ?? "";
    for (const line of lines) for (const word of line.split(" ")) counts.set(word, (counts.get(word) ?? 0) + 1);
  });
  return new Promise((resolve) => {
    socket.once("connect", resolve);
  });
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

import { expect, test, vi } from "vitest";
import { messageOf } from "../../src/errors.ts";
import type { SessionJson } from "../runtime/json.ts";
import { startServer, type RuntimeName, type Server } from "../runtime/server.ts";
import { sized } from "../support/size.ts";
import { shown, type Chance } from "./chance.ts";
import { CLOSE, frame, PING, PONG, type Frame } from "./frames.ts";
import { hammer, type Tried } from "./hammer.ts";
import type { Subject } from "./http_requests.ts";
import { descriptorsOf, hasProc, memoryOf, TIDY } from "./process.ts";
import { handshakeOf, RawWebSocket } from "./raw_websocket.ts";
import { saysOf, type Says } from "./websocket_says.ts";

const CLIENTS = 64;
/** A process may hold so much more memory after all frames than after a third of them, in MiB. */
const MOST_GROWTH = 48;
const GONE_WITHIN_MS = 10_000;
/** What is to be closed is closed within so long; what may go on is waited for so long, in ms. */
const CLOSED_WITHIN_MS = 10_000;
const IDLE_MS = 300;
const MARK = "that was all";

/** Says it all; gives what was wrong with what it was told. */
async function say(server: Server, says: Says, chance: Chance): Promise<string[]> {
  const client = new RawWebSocket(server.port, handshakeOf(says.path));
  if (!(await client.answer).startsWith("HTTP/1.1 101")) return [`no WebSocket: ${await client.answer}`];
  for (const piece of chance.pieces(Buffer.concat([...says.right, frame(PING, MARK)]), 3)) client.socket.write(piece);
  const isMark = ({ opcode, payload }: Frame): boolean => opcode === PONG && payload.toString() === MARK;
  const isClose = ({ opcode }: Frame): boolean => opcode === CLOSE;
  const patience = setTimeout(() => client.socket.destroy(), CLOSED_WITHIN_MS);
  await client.until((each) => isMark(each) || isClose(each));
  clearTimeout(patience);
  const pongs = client.frames.filter(({ opcode }) => opcode === PONG).map(({ payload }) => payload.toString("hex"));
  const wanted = [...says.pings.map((payload) => payload.toString("hex")), Buffer.from(MARK).toString("hex")];
  const differs = wanted.findIndex((payload, i) => payload !== pongs[i]);
  if (differs >= 0)
    return [`${pongs.length} pongs, wanted ${wanted.length}; another from ${differs} on; then ${endOf(client)}`];
  // Deno waits for the whole of a message that is too long.
  const isDue = says.codes.length > 0 && !(server.runtime === "deno" && says.codes.includes(1009));
  client.socket.write(says.odd);
  if (!isDue && chance.percent(50)) client.socket.resetAndDestroy();
  let isMissing = false;
  const impatience = setTimeout(
    () => {
      isMissing = isDue;
      client.socket.resetAndDestroy();
    },
    isDue ? CLOSED_WITHIN_MS : IDLE_MS,
  );
  await client.until(isClose);
  client.socket.end();
  await client.over;
  clearTimeout(impatience);
  return [...wrongs(client, says), ...(isMissing ? ["neither closed nor cut"] : [])];
}

/** A close has a right code. */
function wrongs({ frames, failure }: RawWebSocket, { codes }: Says): string[] {
  const close = frames.find(({ opcode }) => opcode === CLOSE);
  const code = close !== undefined && close.payload.length >= 2 ? close.payload.readUInt16BE() : undefined;
  const isRight =
    code === undefined || (codes.length > 0 ? codes : [1000, 1002, 1003, 1007, 1008, 1009]).includes(code);
  return [
    ...(failure === undefined ? [] : [messageOf(failure)]),
    ...(isRight || isOfClient(code) ? [] : [`close ${code}, wanted ${codes.join(" or ")}`]),
  ];
}

/** A code that only a client may have made up. */
function isOfClient(code: number | undefined): boolean {
  return code !== undefined && code >= 3000;
}

/** What came last, as a failure shows it. */
function endOf({ frames }: RawWebSocket): string {
  const last = frames.at(-1);
  return last === undefined
    ? "nothing"
    : `${frames.length} frames, the last ${last.opcode} ${shown(last.payload, 200)}`;
}

/** Says what one client says; counts its frames. */
async function tryOne(server: Server, subject: Subject, chance: Chance): Promise<Tried> {
  const says = saysOf(chance, subject);
  const found = await say(server, says, chance);
  const bytes = `${says.path}: ${shown(Buffer.concat(says.right))} then ${shown(says.odd)}`;
  return {
    count: says.right.length + says.oddFrames,
    wrong: found.length === 0 ? undefined : `${found.join("; ")}: ${bytes}`,
  };
}

test.skipIf(!hasProc).for([
  ["node", sized(8000, 500_000)],
  ["deno", sized(4000, 100_000)],
  ["bun", sized(4000, 100_000)],
] as const satisfies readonly (readonly [RuntimeName, number])[])(
  "random frames are answered by the right code or a cut, and leave no socket and no memory behind on %s: %i",
  { timeout: sized(60_000, 1_800_000) },
  async ([runtime, frames]) => {
    await using server = await startServer(runtime, { env: TIDY });
    const answer = await fetch(`${server.url}/sessions`, { method: "POST", headers: { connection: "close" } });
    const { id, epoch } = (await answer.json()) as SessionJson;
    const subject = { session: id, epoch, port: server.port };
    const descriptors = await descriptorsOf(server.pid);
    const one = (chance: Chance): Promise<Tried> => tryOne(server, subject, chance);
    expect(await hammer(server, { most: frames / 3, clients: CLIENTS }, one)).toEqual([]);
    const memory = await memoryOf(server.pid);
    expect(await hammer(server, { most: (2 * frames) / 3, clients: CLIENTS }, one)).toEqual([]);
    expect((await memoryOf(server.pid)) - memory).toBeLessThan(MOST_GROWTH);
    await vi.waitFor(async () => expect(await descriptorsOf(server.pid)).toBeLessThanOrEqual(descriptors), {
      timeout: GONE_WITHIN_MS,
      interval: 100,
    });
    server.terminate();
    const { code, stderr } = await server.exit;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  },
);

/** Says a case's bytes to the service, and writes what is told as the table has it. @module */

import { CLOSE, frame, PING, PONG, TEXT, type Frame } from "./frames.ts";
import { messageOf } from "../../src/errors.ts";
import { ACCEPT, handshakeOf, RawWebSocket } from "./raw_websocket.ts";

/** Its pong says that all before it has been taken. */
const MARK = "that was all";
/** An end that does not come is not waited for longer, in ms. */
const PATIENCE_MS = 5000;

/** What is told to who says this over a WebSocket of its own; where that is to be its end, it is waited for. */
export async function toldOf(port: number, says: readonly Buffer[], isEnd: boolean): Promise<string> {
  const client = new RawWebSocket(port, handshakeOf("/ws"));
  await client.answer;
  for (const bytes of [...says, frame(PING, MARK)]) {
    client.socket.write(bytes);
    // A piece by itself is to arrive by itself.
    await new Promise(setImmediate);
  }
  const isMark = ({ opcode, payload }: Frame): boolean => opcode === PONG && payload.toString() === MARK;
  const isClose = ({ opcode }: Frame): boolean => opcode === CLOSE;
  const timer = setTimeout(() => client.socket.destroy(), PATIENCE_MS);
  await client.until((each) => isClose(each) || (!isEnd && isMark(each)));
  if (client.frames.some(isClose)) client.socket.end();
  else if (client.frames.some(isMark)) client.socket.destroy();
  await client.over;
  clearTimeout(timer);
  if (client.failure !== undefined) return messageOf(client.failure);
  const told = client.frames.filter((each) => !isMark(each)).map(textOf);
  return (isEnd && !client.frames.some(isClose) ? [...told, "cut"] : told).join(", ");
}

function textOf({ opcode, payload }: Frame): string {
  if (opcode === CLOSE) return payload.length < 2 ? "close" : `close ${payload.readUInt16BE()}`;
  if (opcode === PONG) return `pong ${shortened(payload)}`;
  if (opcode !== TEXT) return `opcode ${opcode}`;
  const { type, session } = JSON.parse(payload.toString()) as { type: string; session?: string };
  return session === undefined ? type : shortened(Buffer.from(session));
}

/** A text, long ones of one character by their length; what is none as hexadecimal digits. */
function shortened(bytes: Buffer): string {
  const text = bytes.toString();
  if (text.length > 90 && /^(.)\1*$/.test(text)) return `${text[0]} * ${text.length}`;
  return Buffer.from(text).equals(bytes) ? text : bytes.toString("hex");
}

/** What is told to who asks for a WebSocket like this: the status, and what was chosen. */
export async function handshakeTold(port: number, request: string): Promise<string> {
  const client = new RawWebSocket(port, request);
  const timer = setTimeout(() => client.socket.end(), 3000);
  const answer = await client.answer;
  clearTimeout(timer);
  client.socket.destroy();
  const headers = new Headers(
    answer
      .split("\r\n\r\n")[0]!
      .split("\r\n")
      .slice(1)
      .map((line) => line.split(": ") as [string, string]),
  );
  const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? "cut";
  const protocol = headers.get("sec-websocket-protocol");
  const version = headers.get("sec-websocket-version");
  const extensions = headers.get("sec-websocket-extensions");
  const isAccepted = status !== "101" || headers.get("sec-websocket-accept") === ACCEPT;
  return [
    status,
    ...(isAccepted ? [] : ["accepted wrongly"]),
    ...(protocol === null ? [] : [protocol]),
    ...(version === null ? [] : [`version ${version}`]),
    ...(extensions === null ? [] : [`extensions ${extensions}`]),
  ].join(" ");
}

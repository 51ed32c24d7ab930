/** A client without manners: says bytes over a connection, and goes as it likes. @module */

import { connect } from "node:net";
import type { Chance } from "./chance.ts";
import type { Said } from "./http_requests.ts";

/** An answer to what is wrong is waited for so long, in ms, and one to what is right so long. */
const IDLE_MS = 300;
const PATIENT_MS = 30_000;
const STATUS_LINE = /HTTP\/1\.[01] (\d{3}) [A-Za-z' -]*\r\n/g;
/** Streams do not end by themselves. */
const MOST_CHARACTERS = 1 << 20;

/** What a service answered. */
export interface Answered {
  readonly text: string;
  readonly statuses: readonly string[];
  /** Requests that were right and have no answer though the client waited for it. */
  readonly missing: number;
}

/** Says it all, and is told. */
export function say(port: number, said: Said, chance: Chance): Promise<Answered> {
  const manner = chance.pick(["wait", "wait", "wait", "wait", "at once", "half-close", "reset", "leave"]);
  const isPatient = manner === "wait" && said.requests > 0;
  const rightPieces = chance.pieces(said.right, 3);
  const oddPieces = chance.pieces(said.odd, 3);
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let text = "";
    let answers = 0;
    let isOdd = !isPatient;
    let timer: NodeJS.Timeout | undefined;
    const sayOdd = (): void => {
      isOdd = true;
      if (said.odd.length === 0) socket.destroy();
      else for (const piece of oddPieces) socket.write(piece);
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), isOdd ? IDLE_MS : PATIENT_MS);
    };
    socket.on("data", (chunk) => {
      const part = chunk.toString("latin1");
      if (text.length < MOST_CHARACTERS) text += part;
      if (!isOdd) answers = text.match(STATUS_LINE)?.length ?? 0;
      if (!isOdd && answers >= said.requests) sayOdd();
      wait();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      const statuses = [...text.matchAll(STATUS_LINE)].map(([, status]) => status!);
      resolve({ text, statuses, missing: isPatient ? Math.max(0, said.requests - statuses.length) : 0 });
    });
    socket.on("connect", () => {
      for (const piece of rightPieces) socket.write(piece);
      if (isOdd) sayOdd();
      if (manner === "half-close") socket.end();
      if (manner === "reset") setImmediate(() => socket.resetAndDestroy());
      if (manner === "leave") setImmediate(() => socket.destroy());
      wait();
    });
  });
}

/**
 * An hour of three sessions with their followers, by a clock that a loop moves on: run with `--expose-gc`. It says how much memory was in
 * use after each tenth batch, in bytes, as JSON. With `leak` somebody keeps what each small batch says. @module
 */

import { Delivery } from "../../src/http/delivery.ts";
import { DeliveryMeasures } from "../../src/http/delivery_measures.ts";
import { sseFraming, textFraming, webSocketFraming } from "../../src/http/framing.ts";
import type { Connection } from "../../src/runtime.ts";
import { begin, type Batch, type Session } from "../../src/sessions/mod.ts";
import { utf8 } from "../support/bytes.ts";
import { settle } from "../support/manual_clock.ts";
import { sessionsByHand } from "../support/sessions.ts";

const BATCHES = 720;
const INTERVAL_MS = 5000;
/** Batches kept of each session: as many as fill up in the first quarter. */
const KEPT = 100;

const { clock, start } = sessionsByHand({ maxBatches: KEPT });
const leaked: Batch[] = [];
/** The laboratory; one of many words now and then, which change; one of many bytes, which a kernel counts. */
const texts = [
  () => utf8("stream processing with spark\nbig data spark\n"),
  (batch: number) =>
    utf8(`${Array.from({ length: batch % 6 === 0 ? 5000 : 5 }, (_, i) => `${batch}-${i}`).join(" ")}\n`),
  () => utf8("the same line of some length over and over\n".repeat(7000)),
];

/** Followers on each face, who read all they are sent. */
function follow(session: Session): void {
  const delivery = new Delivery(session, clock, { measures: new DeliveryMeasures() });
  const slowness = { policy: "gap", maxLag: 1 } as const;
  const from = { beginning: begin(session.log), asked: null };
  for (const framing of [sseFraming, webSocketFraming, textFraming]) {
    const connection: Connection = { write: () => true, buffered: 0, end: () => {}, terminate: () => {} };
    delivery.join(connection, { framing, top: framing === sseFraming ? 1_000_000 : 10, slowness, address: null }, from);
  }
}

const running = await Promise.all(texts.map(() => start()));
for (const { session } of running) follow(session);
const used: number[] = [];
for (let batch = 1; batch <= BATCHES; batch++) {
  for (const [i, text] of texts.entries()) running[i]!.source.write(text(batch));
  await clock.advance(INTERVAL_MS);
  while (running.some(({ session }) => session.log.head < batch)) await settle();
  const { log } = running[0]!.session;
  if (process.argv.includes("leak")) leaked.push(log.read(batch)!);
  if (batch % 10 !== 0) continue;
  // What is no longer needed may need a turn to be let go.
  for (let i = 0; i < 3; i++) {
    await settle();
    globalThis.gc!();
  }
  const { heapUsed, external } = process.memoryUsage();
  used.push(heapUsed + external);
}
console.log(JSON.stringify({ used, leaked: leaked.length }));

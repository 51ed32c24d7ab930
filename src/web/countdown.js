/** How long it is to the next batch, as a ring that closes. @module */

import { duration } from "./amounts.js";
import { part, setText } from "./elements.js";
import { serverNow } from "./server_clock.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {import("./wire.js").Batch} Batch */

/** Shorter intervals are over before one could read them. */
const LEAST_MS = 1000;
const box = part("countdown", HTMLElement);
const text = part("countdown-text", HTMLElement);
const hand = document.getElementById("countdown-hand");

/**
 * Shows the time to the next batch, unless there will be none.
 * @param {import("./live.js").Live} live
 */
export function showCountdown({ session, told, link }) {
  const next = session === null || link !== "live" ? null : nextBatchTime(session, told.batch);
  box.classList.toggle("idle", next === null);
  if (session === null || next === null) {
    setText(text, told.end === null ? "–" : "over");
    turn(0);
    return;
  }
  const { batchIntervalMs } = session;
  const left = Math.min(Math.max(next - serverNow(), 0), batchIntervalMs);
  const quick = batchIntervalMs < LEAST_MS;
  setText(text, quick ? duration(batchIntervalMs) : leftText(left));
  turn(quick ? 1 : 1 - left / batchIntervalMs);
}

/** @param {number} ms */
function leftText(ms) {
  return ms < 60_000 ? `${Math.ceil(ms / 1000)} s` : duration(ms);
}

/** @param {number} share of the round, 0 to 1 */
function turn(share) {
  if (hand !== null) hand.style.strokeDashoffset = String(1 - share);
}

/**
 * Batch times are multiples of the interval.
 * @param {Session} session
 * @param {Batch | null} batch
 */
function nextBatchTime({ nextBatchAt, batchIntervalMs }, batch) {
  if (batch?.final) return null;
  const read = nextBatchAt === null ? 0 : Date.parse(nextBatchAt);
  const after = batch === null ? 0 : (Math.floor(Date.parse(batch.time) / batchIntervalMs) + 1) * batchIntervalMs;
  return Math.max(read, after) || null;
}

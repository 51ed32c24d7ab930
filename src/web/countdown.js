/** How long it is to the next batch. @module */

import { duration } from "./amounts.js";
import { part, setText } from "./elements.js";
import { serverNow } from "./server_clock.js";

/** @typedef {import("./wire.js").Session} Session */
/** @typedef {import("./wire.js").Batch} Batch */

/** Longer times are shown in minutes. */
const LONG_MS = 120_000;
const box = part("countdown", HTMLElement);
const text = part("countdown-text", HTMLElement);
const bar = part("countdown-bar", HTMLProgressElement);

/**
 * Shows the time to the next batch, unless there will be none.
 * @param {import("./live.js").Live} live
 */
export function showCountdown({ session, told, link }) {
  const over = told.end !== null || link === "refused";
  const next = session === null || over ? null : nextBatchTime(session, told.batch);
  box.hidden = next === null;
  if (session === null || next === null) return;
  const left = next - serverNow();
  const known = link === "live";
  setText(text, known ? leftText(left) : "Next batch: not known while there is no connection");
  bar.hidden = !known;
  bar.max = session.batchIntervalMs;
  bar.value = Math.min(Math.max(session.batchIntervalMs - left, 0), session.batchIntervalMs);
}

/** @param {number} left */
function leftText(left) {
  if (left <= 0) return "Next batch is due";
  return `Next batch in ${left < LONG_MS ? `${(left / 1000).toFixed(1)} s` : duration(left)}`;
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

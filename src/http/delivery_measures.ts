/** What is measured of all followers together, as it happens. @module */

import { Histogram } from "../sessions/mod.ts";
import { TRANSPORTS } from "./framing.ts";

/** Why a follower's connection is cut. */
export const CUT_REASONS = ["too_slow", "stalled", "silent"] as const;

/** `too_slow`: it lags more than the `maxLag` it asked for; `stalled`: it took nothing for 30 s; `silent`: it answered no ping. */
export type CutReason = (typeof CUT_REASONS)[number];

/** Sums and durations since the process began. */
export class DeliveryMeasures {
  /** From a batch's commit until it was written to all who keep up, by {@link TRANSPORTS}. */
  readonly durations: readonly Histogram[] = TRANSPORTS.map(() => new Histogram());
  readonly cuts: Record<CutReason, number> = { too_slow: 0, stalled: 0, silent: 0 };
  /** Gaps told. */
  gaps = 0;
  /** Batches left out for those who asked for the newest alone. */
  skipped = 0;
}

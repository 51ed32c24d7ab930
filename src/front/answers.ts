/** How many requests were answered, and how. @module */

import { SluiceError } from "../errors.ts";
import { slugOf } from "./problem.ts";

/** Of a failure that is nobody's fault but ours. */
export const FAULT = "fault";

/** Counts since the process began. */
export class Answers {
  /** By the first digit of their status. */
  readonly byClass: number[] = [0, 0, 0, 0, 0, 0];
  /** Problem documents by the name in their `type`, {@link FAULT} for what has none. */
  readonly problems: Map<string, number> = new Map();

  /** An answer was given; the runtimes' own answer to an upgrade is of status 200 here, and 101 on the wire. */
  answered(status: number, isUpgrade: boolean): void {
    const first = isUpgrade && status === 200 ? 1 : Math.floor(status / 100);
    if (this.byClass[first] !== undefined) this.byClass[first]++;
  }

  refused(failure: unknown): void {
    const name = failure instanceof SluiceError ? slugOf(failure.code) : FAULT;
    this.problems.set(name, (this.problems.get(name) ?? 0) + 1);
  }
}

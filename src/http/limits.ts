/** `GET /limits`: every bound, as it is set, with its use. @module */

import { LIMIT_ENTRIES, type LimitName, type Limits } from "../limits.ts";

/** The list of bounds; `used` has those of which the use is known. */
export function limitsJson(limits: Limits, used: Readonly<Partial<Record<LimitName, number>>>): object {
  const items = LIMIT_ENTRIES.map(([name, { unit, of, consequence }]) => {
    const value = Number.isFinite(limits[name]) ? limits[name] : null;
    return { name, value, unit, of, used: used[name] ?? null, consequence };
  });
  return { items };
}

/** The types of `canonical.js`. @module */

import type { BatchEvent } from "./events.ts";

/** The fields of a batch that its hash covers. `sourceGap` and the like are taken with all they have. */
export type Hashed = Omit<
  BatchEvent,
  "type" | "cursor" | "counts" | "more" | "skipped" | "delays" | "hash" | "sourceGap" | "dropped"
> & { readonly sourceGap: object | null; readonly dropped: object };

/** The fields of a batch that its hash covers, as JSON without spaces. */
export function canonical(batch: Hashed): string;

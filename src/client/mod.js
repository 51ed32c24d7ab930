/** The client: `import { follow } from "sluice/client"`, or from `/client.js` in a page of the service. @module */

import { checkBatch as check } from "./check.js";
import { systemPorts } from "./ports.js";
import { fetchBatchBy } from "./whole.js";

export { FollowError, ViolationError } from "./errors.js";
export { follow } from "./follow.js";

/**
 * What does not hold of a batch by itself.
 * @param {import("./events.ts").BatchEvent} batch
 */
export function checkBatch(batch) {
  return check(batch, systemPorts.digest);
}

/**
 * A batch with all its words.
 * @param {string | URL} url
 * @param {Parameters<typeof fetchBatchBy>[2]} options
 */
export function fetchBatch(url, options) {
  return fetchBatchBy(systemPorts.fetch, url, options);
}

/** Which parts of the service are in trouble. @module */

import { notReady, type Check, type Readiness } from "../front/mod.ts";
import type { Usage } from "../runtime.ts";
import type { Sessions } from "../sessions/mod.ts";

/** A session with an emitter takes three, and somebody has to be able to ask. */
const SPARE_DESCRIPTORS = 8;

/** What there is to say of sessions that are there, and of the process. */
export function readinessOf(sessions: Sessions, usage: Usage): Readiness {
  if (!sessions.accepting) return notReady("stopping");
  const checks: readonly Check[] = [
    { name: "sessions", ok: true },
    check("store", sessions.store.trouble !== null && "nothing can be kept for now; it is tried again"),
    check("sources", hasLostSource(sessions) && "a session's source is not connected"),
    check("descriptors", isShort(usage) && "nearly all that the process may have are in use"),
  ];
  return { status: checks.every(({ ok }) => ok) ? "ready" : "degraded", checks };
}

function check(name: Check["name"], trouble: string | false): Check {
  return trouble === false ? { name, ok: true } : { name, ok: false, detail: trouble };
}

function hasLostSource(sessions: Sessions): boolean {
  return sessions
    .all()
    .some(({ isOver, sourceStatus: { connected, lastError } }) => !isOver && !connected && lastError !== null);
}

/** Where that cannot be learnt, nothing is said against it. */
function isShort({ openDescriptors, maxDescriptors }: Usage): boolean {
  return (
    openDescriptors !== undefined &&
    maxDescriptors !== undefined &&
    openDescriptors > maxDescriptors - SPARE_DESCRIPTORS
  );
}

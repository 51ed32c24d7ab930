/** `GET /sessions`: the sessions, page by page. @module */

import type { Context } from "hono";
import { STATES, type Session, type Sessions } from "../sessions/mod.ts";
import { choiceParameter, wholeParameter } from "./requests.ts";

/** A page of the sessions, in order of creation. */
export function listSessions(c: Context, sessions: Sessions, show: (session: Session) => object): object {
  const state = choiceParameter(c, "state", Object.keys(STATES));
  const limit = wholeParameter(c, "limit", { least: 1, most: 1000, otherwise: 100 });
  const after = c.req.query("after");
  const all = sessions.all();
  const rest = after === undefined ? all : all.slice(all.indexOf(sessions.get(after)) + 1);
  const found = rest.filter((session) => state === undefined || session.state === state);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = last !== undefined && found.length > limit;
  const query = new URLSearchParams({
    ...(state !== undefined && { state }),
    limit: String(limit),
    after: last?.id ?? "",
  });
  return { items: items.map(show), next: hasMore ? `/sessions?${query}` : null };
}

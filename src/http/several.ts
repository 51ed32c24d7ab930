/** `GET /sse?session=…&session=…`: several sessions over one event stream, whose ids are the places in all of them. @module */

import type { Context } from "hono";
import type { Clock } from "../clock.ts";
import { SluiceError } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import type { Connection } from "../runtime.ts";
import { begin, parseCursor, type Asked, type Cursor, type Session } from "../sessions/mod.ts";
import { CLOSE_TOO_SLOW } from "./close_codes.ts";
import type { Manner } from "./follower.ts";
import { ofSession, sseFraming } from "./framing.ts";
import { readResume, readSince } from "./requests.ts";
import { readSlowness } from "./slowness.ts";
import { exchangeOf, retryLine, streamHeaders, topOf, type Streaming } from "./streaming.ts";
import { hasAll } from "./streams.ts";
import { Trunk, type Branch } from "./trunk.ts";
import { DEFAULT_TOP, type Place } from "./wire.ts";

/** What several sessions are followed with. */
export interface Several {
  /** Of the session with this id; `no_such_session` when there is none, `too_many_followers` when it has no room. */
  readonly branchOf: (id: string, address: string | null) => Branch;
  /** Refuses one more connection than there are descriptors for. */
  readonly mustHaveRoom: () => void;
  /** By what a client is counted; null: it is on this machine, and is not. */
  readonly addressOf: (c: Context) => string | null;
  readonly runtime: Streaming;
  readonly clock: Clock;
}

/** Most sessions of one connection. */
export const MAX_BRANCHES: number = LIMITS.maxSessionsPerConnection.value;
const encoder = new TextEncoder();

/** A session, and where it is to be followed from. */
interface Wanted {
  readonly branch: Branch;
  readonly from: Place;
}

/** To a client that has seen the end of every session: 204. It ends when all of them are over. */
export function severalEvents(c: Context, { branchOf, addressOf, runtime }: Several): Response {
  const address = addressOf(c);
  const wanted = readWanted(c, (id) => branchOf(id, address));
  const shape = { top: topOf(c, DEFAULT_TOP), slowness: readSlowness(c), address };
  const headers = streamHeaders("text/event-stream");
  if (wanted.every(({ branch: { session }, from }) => session.isOver && hasAll(session, from)))
    return c.body(null, 204);
  if (c.req.raw.method === "HEAD") return c.body(null, 200, headers);
  return runtime.stream(exchangeOf(c), headers, (connection) => {
    connection.write(retryLine());
    const trunk = eventTrunk(connection);
    trunk.followAll(
      wanted.map(({ branch, from }) => {
        const manner: Manner = { framing: ofSession(sseFraming, branch.session), ...shape };
        return { branch, manner, from };
      }),
    );
    return { ...trunk.handlers(), message: () => {} };
  });
}

function eventTrunk(connection: Connection): Trunk {
  return new Trunk(connection, {
    prefix: (places) => encoder.encode(`id: ${places}\n`),
    over(left, code) {
      if (left === 0 || code === CLOSE_TOO_SLOW) connection.end(code);
    },
  });
}

function readWanted(c: Context, branchOf: (id: string) => Branch): Wanted[] {
  const ids = [...new Set(c.req.queries("session"))];
  if (ids.length === 0 || ids.length > MAX_BRANCHES) {
    const message = `Cannot follow ${ids.length} sessions: 1 to ${MAX_BRANCHES} are wanted, as in ?session=s_8f3c2a&session=s_x`;
    throw new SluiceError("bad_parameter", message);
  }
  const places = readResume(c, placesOf) ?? new Map<string, Cursor>();
  const since = readSince(c);
  return ids.map((id) => {
    const branch = branchOf(id);
    return { branch, from: fromOf(branch.session, places.get(id), since) };
  });
}

function fromOf({ log }: Session, after: Cursor | undefined, since: Asked | undefined): Place {
  return { beginning: begin(log, after === undefined ? since : { after }), asked: after ?? null };
}

/** Cursors by session, such as `s_8f3c2a=k3v9:2,s_x=zz:7`. */
function placesOf(text: string, name: string): Map<string, Cursor> {
  return new Map(text === "" ? [] : text.split(",").map((item) => placeOf(item, name)));
}

function placeOf(item: string, name: string): [id: string, cursor: Cursor] {
  const [, id, cursor] = /^([^=]+)=(.+)$/.exec(item) ?? [];
  if (id !== undefined && cursor !== undefined) return [id, parseCursor(cursor, name)];
  const shown = JSON.stringify(item.slice(0, 60));
  const message = `Cannot resume: ${name} has ${shown}, wanted is a list such as "s_8f3c2a=k3v9:2,s_x=zz:7"`;
  throw new SluiceError("bad_cursor", message);
}

/** Several sessions over one connection: each is followed as if it had one of its own. @module */

import type { Connection, ConnectionHandlers } from "../runtime.ts";
import { formatCursor, type Session } from "../sessions/mod.ts";
import type { Delivery } from "./delivery.ts";
import type { Follower, Manner } from "./follower.ts";
import type { Place } from "./wire.ts";

/** A session to be followed, and who delivers it. */
export interface Branch {
  readonly session: Session;
  readonly delivery: Delivery;
}

/** A session to be followed: how, and from where. */
interface Wanted {
  readonly branch: Branch;
  readonly manner: Manner;
  readonly from: Place;
}

/** What a kind of trunk does differently. */
export interface TrunkKind {
  /** What stands before each event; the places are those after it. */
  prefix?(places: string): Uint8Array;
  /** A session is over, or was left; `left`: how many there still are. */
  over(left: number, code: number | undefined): void;
}

/** A connection, and the sessions that are followed over it. */
export class Trunk {
  readonly #connection: Connection;
  readonly #kind: TrunkKind;
  readonly #followed = new Map<Session, { readonly branch: Branch; readonly follower: Follower; isOver: boolean }>();

  constructor(connection: Connection, kind: TrunkKind) {
    this.#connection = connection;
    this.#kind = kind;
  }

  /** How many sessions are followed, and not over. */
  get size(): number {
    return [...this.#followed.values()].filter(({ isOver }) => !isOver).length;
  }

  /** Whether a session is followed, and not over. */
  follows(session: Session): boolean {
    return this.#followed.get(session)?.isOver === false;
  }

  /** Follows these as well, or from elsewhere. Nothing is said of any before the places of all are known. */
  followAll(wanted: readonly Wanted[]): void {
    for (const { branch, manner, from } of wanted) {
      const { session, delivery } = branch;
      if (this.follows(session)) continue;
      const follower = delivery.add(this.#branchOf(session), manner, from.beginning.next);
      this.#followed.set(session, { branch, follower, isOver: false });
    }
    for (const { branch, from } of wanted) {
      const follower = this.#followed.get(branch.session)?.follower;
      if (follower !== undefined) branch.delivery.resume(follower, from);
    }
  }

  /** Follows a session no more. */
  leave(id: string): void {
    for (const [session, { branch, follower, isOver }] of this.#followed) {
      if (session.id !== id || isOver) continue;
      branch.delivery.leave(follower);
      this.#followed.delete(session);
      this.#kind.over(this.size, undefined);
    }
  }

  /** What the connection tells is told every follower. */
  handlers(): Omit<ConnectionHandlers, "message"> {
    const each = (tell: (delivery: Delivery, follower: Follower) => void): (() => void) => {
      return () => {
        for (const { branch, follower } of this.#followed.values()) tell(branch.delivery, follower);
      };
    };
    return {
      drained: each((delivery, follower) => delivery.drained(follower)),
      closed: each((delivery, follower) => delivery.leave(follower)),
      pong: each((_delivery, follower) => {
        follower.awaitingPong = false;
      }),
    };
  }

  /** Such as `s_8f3c2a=k3v9:2,s_x=zz:7`: where each of the sessions is. */
  #places(): string {
    return Array.from(this.#followed, ([{ id, log }, { follower }]) => {
      return `${id}=${formatCursor(log.epoch, follower.next - 1)}`;
    }).join(",");
  }

  #branchOf(session: Session): Connection {
    const trunk = this.#connection;
    const kind = this.#kind;
    return {
      write: (bytes) => {
        if (kind.prefix !== undefined) trunk.write(kind.prefix(this.#places()));
        return trunk.write(bytes);
      },
      get buffered() {
        return trunk.buffered;
      },
      end: (code) => {
        const followed = this.#followed.get(session);
        if (followed !== undefined) followed.isOver = true;
        kind.over(this.size, code);
      },
      terminate: () => trunk.terminate(),
      ...(trunk.ping !== undefined && { ping: () => trunk.ping?.() }),
    };
  }
}

/** All who follow, counted: in all, and of each session from each address. @module */

import { SluiceError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { ConnectionHandlers, OpenConnection } from "../runtime.ts";

/** What there is room for. */
export interface CrowdParts {
  readonly limits: () => Limits;
  /** Descriptors that sessions have. */
  readonly descriptors: () => number;
}

/** Who wants to follow a session: from which address, or null, which is not counted; and how many follow it already. */
interface Newcomer {
  readonly session: string;
  readonly address: string | null;
  readonly size: number;
}

/** The followers of all sessions. */
export class Crowd {
  readonly #parts: CrowdParts;
  readonly #from = new Map<string, number>();
  #followers = 0;
  #connections = 0;

  constructor(parts: CrowdParts) {
    this.#parts = parts;
  }

  /** Followers of all sessions. */
  get followers(): number {
    return this.#followers;
  }

  /** Most followers that one session has from one address. */
  get mostFromOne(): number {
    let most = 0;
    for (const followers of this.#from.values()) most = Math.max(most, followers);
    return most;
  }

  /** Descriptors of sessions and of connections that follow. */
  get descriptors(): number {
    return this.#parts.descriptors() + this.#connections;
  }

  /** Refuses one more follower than there is room for; to be asked before a connection is opened. */
  mustHaveRoom({ session, address, size }: Newcomer): void {
    const { maxFollowers, maxFollowersPerAddress, maxTotalFollowers } = this.#parts.limits();
    const here = address === null ? 0 : (this.#from.get(keyOf(session, address)) ?? 0);
    if (size >= maxFollowers) throw tooMany(session, `${size} do, and maxFollowers is ${maxFollowers}`);
    if (here >= maxFollowersPerAddress) {
      throw tooMany(session, `${here} do from this address, and maxFollowersPerAddress is ${maxFollowersPerAddress}`);
    }
    if (this.#followers >= maxTotalFollowers) {
      throw tooMany(session, `all sessions have ${this.#followers}, and maxTotalFollowers is ${maxTotalFollowers}`);
    }
    this.mustHaveDescriptors(`Cannot follow session ${session}`, 1);
  }

  /** Refuses what needs more descriptors than this process is to have. */
  mustHaveDescriptors(cannot: string, wanted: number): void {
    const { maxDescriptors } = this.#parts.limits();
    if (this.descriptors + wanted <= maxDescriptors) return;
    const message = `${cannot}: sessions and followers have ${this.descriptors} file descriptors, and maxDescriptors is ${maxDescriptors}`;
    throw new SluiceError("too_many_descriptors", `${message}; stop sessions, or raise the limit (ulimit -n)`);
  }

  /** One more follows a session. */
  enter(session: string, address: string | null): void {
    this.#followers++;
    if (address === null) return;
    const key = keyOf(session, address);
    this.#from.set(key, (this.#from.get(key) ?? 0) + 1);
  }

  /** One of those no longer does. */
  leave(session: string, address: string | null): void {
    this.#followers--;
    if (address === null) return;
    const key = keyOf(session, address);
    const left = (this.#from.get(key) ?? 1) - 1;
    if (left === 0) this.#from.delete(key);
    else this.#from.set(key, left);
  }

  /** The same opening of a connection, which is counted from now to its close. */
  counted(open: OpenConnection): OpenConnection {
    return (connection): ConnectionHandlers => {
      this.#connections++;
      const handlers = open(connection);
      return {
        ...handlers,
        closed: () => {
          this.#connections--;
          handlers.closed();
        },
      };
    };
  }
}

function keyOf(session: string, address: string): string {
  return `${session} ${address}`;
}

function tooMany(session: string, why: string): SluiceError {
  return new SluiceError("too_many_followers", `Cannot follow session ${session}: ${why}`);
}

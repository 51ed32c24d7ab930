/** Followers are many: those of all sessions are written to so many in a turn of the event loop, so that none is held for long. @module */

import { inNextTurn } from "../clock.ts";
import type { Follower } from "./follower.ts";

/** In one turn, of all visits together: each costs a system call, so it is some 10 ms. */
const FOLLOWERS_A_TURN = 500;
/** Of one visit, before the next one goes on. */
const FOLLOWERS_AT_ONCE = 100;

/** Something that is done with each of many followers. */
export interface Visit {
  readonly followers: Iterator<Follower>;
  readonly each: (follower: Follower) => void;
  /** Called before and after some of them. */
  readonly begins?: () => void;
  readonly pauses?: () => void;
  /** Called when all have been visited. */
  readonly done?: (() => void) | undefined;
}

const waiting: Visit[] = [];
let visited = 0;
let isGoing = false;
let isAsked = false;

/** Visits as many at once as this turn has room for, and the others in the next turns. Visits of the same followers stay in order. */
export function inTurns(visit: Visit): void {
  waiting.push(visit);
  if (!isGoing) goOn();
}

/** Visits those there are now and still are when their turn comes; who joins meanwhile is not visited. */
export function visitEach(
  followers: ReadonlySet<Follower>,
  visit: (follower: Follower) => void,
  done?: () => void,
): void {
  const each = (follower: Follower): void => {
    if (followers.has(follower)) visit(follower);
  };
  inTurns({ followers: [...followers].values(), each, done });
}

/** One after the other has its share, and never a part of it: so none passes one that began before it. */
function goOn(): void {
  isGoing = true;
  try {
    for (let visit = next(); visit !== undefined; visit = next()) {
      if (visitSome(visit)) visit.done?.();
      else waiting.push(visit);
    }
  } finally {
    isGoing = false;
    if (!isAsked) {
      isAsked = true;
      inNextTurn(nextTurn);
    }
  }
}

function next(): Visit | undefined {
  return visited <= FOLLOWERS_A_TURN - FOLLOWERS_AT_ONCE ? waiting.shift() : undefined;
}

function nextTurn(): void {
  isAsked = false;
  visited = 0;
  if (waiting.length > 0) goOn();
}

/** Whether all have been visited. */
function visitSome({ followers, each, begins, pauses }: Visit): boolean {
  begins?.();
  try {
    for (let i = 0; i < FOLLOWERS_AT_ONCE; i++) {
      const follower = followers.next();
      if (follower.done === true) return true;
      visited++;
      each(follower.value);
    }
    return false;
  } finally {
    pauses?.();
  }
}

import { expect, test } from "vitest";
import { GroupCommit } from "../../src/storage/sqlite/group_commit.ts";
import type { Write, Writer } from "../../src/storage/sqlite/rows.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";

/** Where a second group begins in a turn. */
const FIRST = 2000;

/** A writer that answers when the test says so: null, or why it could not. */
function scene(): {
  commits: GroupCommit;
  clock: ManualClock;
  groups: number[][];
  answer(reason?: string): Promise<void>;
  ask(from: number, to: number): void;
  kept: number[];
} {
  const groups: number[][] = [];
  const kept: number[] = [];
  let waiting = Promise.withResolvers<void>();
  const writer: Writer = {
    commit(group: readonly Write[]) {
      groups.push(group.map(({ key }) => key));
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
    close: () => Promise.resolve(),
  };
  const clock = new ManualClock();
  const commits = new GroupCommit(writer, clock);
  return {
    commits,
    clock,
    groups,
    kept,
    async answer(reason) {
      if (reason === undefined) waiting.resolve();
      else waiting.reject(new Error(reason));
      await settle();
    },
    ask(from, to) {
      for (let key = from; key <= to; key++) void commits.add({ type: "inc", key, inc: 1 }).then(() => kept.push(key));
    },
  };
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

test("what is asked for in a turn is one group, what comes meanwhile the next", async () => {
  const { groups, ask, answer, kept } = scene();
  ask(1, 3);
  expect(groups).toEqual([]);
  await settle();
  ask(4, 5);
  await settle();
  expect([groups, kept]).toEqual([[[1, 2, 3]], []]);
  await answer();
  expect([groups, kept]).toEqual([
    [
      [1, 2, 3],
      [4, 5],
    ],
    [1, 2, 3],
  ]);
  await answer();
  expect(kept).toEqual([1, 2, 3, 4, 5]);
});

test("of much that is asked for in a turn the first are on their way before it ends, and the rest are the next group", async () => {
  const { groups, ask, answer, kept, commits } = scene();
  ask(1, FIRST + 500);
  expect([groups, commits.pending]).toEqual([[numbers(1, FIRST)], FIRST + 500]);
  ask(FIRST + 501, 3 * FIRST);
  await settle();
  expect([groups.length, kept]).toEqual([1, []]);
  await answer();
  expect([groups[1], kept]).toEqual([numbers(FIRST + 1, 3 * FIRST), numbers(1, FIRST)]);
  await answer();
  expect([kept, commits.pending]).toEqual([numbers(1, 3 * FIRST), 0]);
});

test("a first group that cannot be kept is tried again before all others", async () => {
  const { groups, ask, answer, kept, commits, clock } = scene();
  ask(1, FIRST + 1);
  await settle();
  await answer("disk full");
  expect([commits.trouble, commits.pending]).toEqual([expect.stringContaining("disk full"), FIRST + 1]);
  await clock.advance(500);
  expect([groups.length, groups[1]]).toEqual([2, numbers(1, FIRST + 1)]);
  await answer();
  expect([kept, commits.trouble]).toEqual([numbers(1, FIRST + 1), null]);
});

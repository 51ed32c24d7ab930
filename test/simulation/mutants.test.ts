import { expect, test } from "vitest";
import type { Write } from "../../src/storage/sqlite/rows.ts";
import { live, type Sabotage } from "./world.ts";

/** A planted bug falls within so many histories, or the simulation cannot see it. */
const SEEDS = 300;

/** Bugs that were made, or nearly made, by somebody somewhere. What cannot be seen from outside is no bug and not here. */
const MUTANTS: Readonly<Record<string, () => Sabotage>> = {
  "tells before it is kept": () => ({
    writer: ({ writer }) => ({
      ...writer,
      commit(group) {
        writer.commit(group).catch(() => {});
        return Promise.resolve();
      },
    }),
  }),
  "does not sync": () => ({
    writer(disk) {
      disk.isForgetful = true;
      return disk.writer;
    },
  }),
  "takes what came while a group was written for kept with it": () => ({
    writer: ({ writer }) => ({ ...writer, commit: (group) => writer.commit(group.filter(allButLastOfMany)) }),
  }),
  "begins again at 1 in the same epoch": () => ({
    reader: (disk) => ({ ...disk.reader, sizes: () => new Map() }),
  }),
  "removes a batch before the tail has moved": () => ({
    reader: (disk) => ({
      ...disk.reader,
      batch: (key, time) => (disk.beside(key, time, -1) === undefined ? undefined : disk.reader.batch(key, time)),
    }),
  }),
  "gives another's batch": () => ({
    reader: (disk) => ({
      ...disk.reader,
      batch: (key, time) => disk.beside(key, time, 1) ?? disk.reader.batch(key, time),
    }),
  }),
  "keeps its inc": () => ({
    reader: (disk) => ({
      ...disk.reader,
      sessions: () => disk.reader.sessions().map((row) => Object.assign({}, row, { inc: row.inc - 1 })),
    }),
  }),
  "counts a batch twice at a restart": () => ({
    reader: (disk) => ({
      ...disk.reader,
      batch(key, time) {
        const row = disk.reader.batch(key, time);
        // The newest is read when its log begins, and not later.
        if (row === undefined || disk.beside(key, time, 1) !== undefined) return row;
        const body = row.body.replace(/"lines":(\d+),"words"/g, (_all, n) => `"lines":${Number(n) + 1},"words"`);
        return { ...row, body };
      },
    }),
  }),
  "goes on one batch too late": () => {
    let isFirst = false;
    return {
      frame(frame) {
        if (frame.startsWith('{"type":"hello"')) isFirst = true;
        if (!isFirst || !isBatch(frame)) return frame;
        isFirst = false;
        return undefined;
      },
    };
  },
  "skips a batch and says nothing": () => {
    let count = 0;
    return { frame: (frame) => (isBatch(frame) && ++count % 5 === 0 ? undefined : frame) };
  },
  "says a batch twice": () => {
    let last = "";
    return {
      frame(frame) {
        if (!isBatch(frame)) return frame;
        const said = last === "" ? frame : last;
        last = last === "" ? frame : "";
        return said;
      },
    };
  },
  "miscounts a word": () => ({ frame: (frame) => frame.replace('["a",2]', '["a",3]') }),
  "lets the time of a batch differ from what was kept": () => ({
    frame: (frame) => (isBatch(frame) ? frame.replace(/"time":"[^"]*"/, '"time":"2030-01-01T00:00:00.000Z"') : frame),
  }),
};

test.each(Object.entries(MUTANTS))("a service that %s is found out", { timeout: 120_000 }, async (_name, mutant) => {
  let found: string | undefined;
  for (let seed = 1; seed <= SEEDS && found === undefined; seed++) {
    found = await live(seed, mutant()).then(
      () => undefined,
      (failure: unknown) => String(failure),
    );
  }
  expect(found).toMatch(/^Error: /);
});

function isBatch(frame: string): boolean {
  return frame.startsWith('{"type":"batch"');
}

function allButLastOfMany(_write: Write, place: number, { length }: readonly Write[]): boolean {
  return length === 1 || place < length - 1;
}

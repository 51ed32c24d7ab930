import { deepStrictEqual as same } from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { begin, DEFAULT_LIMITS, entryAt, isGap, type BatchLog } from "../../src/sessions/mod.ts";
import { DurableStore } from "../../src/storage/sqlite/store.ts";
import { Random } from "../simulation/random.ts";
import { SimulatedDisk } from "../simulation/disk.ts";
import { ManualClock, settle } from "../support/manual_clock.ts";
import { hashing } from "../support/sessions.ts";
import { sized } from "../support/size.ts";
import { cutOf, recordOf } from "../support/stores.ts";

const MAX_BATCHES = 4;

/** What the log must be: the hashes of all batches there ever were, and how many of them are kept. */
class Model {
  readonly hashes: string[] = [];
  /** Of the newest batch. */
  inc = 0;
  /** Another writer has taken over since. */
  hasNewWriter = true;

  get tail(): number {
    return Math.max(1, this.hashes.length - MAX_BATCHES + 1);
  }
}

interface Real {
  readonly disk: SimulatedDisk;
  readonly clock: ManualClock;
  log: BatchLog;
}

class Commit implements fc.AsyncCommand<Model, Real> {
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const n = model.hashes.length + 1;
    await done(real, Promise.resolve(real.log.append(cutOf(n))));
    const batch = real.log.read(n)!;
    same([batch.seq, batch.prev], [n, model.hashes.at(-1) ?? null]);
    same(batch.inc > model.inc, model.hasNewWriter);
    model.inc = batch.inc;
    model.hasNewWriter = false;
    model.hashes.push(batch.hash);
  }
  toString = (): string => "commit";
}

class Restart implements fc.AsyncCommand<Model, Real> {
  check = (): boolean => true;
  run(model: Model, real: Real): Promise<void> {
    real.disk.crash();
    const store = storeOn(real);
    real.log = store.kept[0]!.log;
    model.hasNewWriter = true;
    same([real.log.head, real.log.tail], [model.hashes.length, model.tail]);
    return Promise.resolve();
  }
  toString = (): string => "restart";
}

/** A client comes with a cursor and reads to the end: exactly what was promised, and word of what is not there. */
class Resume implements fc.AsyncCommand<Model, Real> {
  readonly #after: number;
  constructor(after: number) {
    this.#after = after;
  }
  check = (): boolean => true;
  run(model: Model, { log }: Real): Promise<void> {
    const head = model.hashes.length;
    const { status, next } = begin(log, { after: { epoch: log.epoch, seq: this.#after } });
    const isAhead = this.#after > head;
    same(status, isAhead ? "reset" : this.#after + 1 < model.tail ? "gap" : "continuous");
    const got: unknown[] = [];
    for (let place = next, entry = entryAt(log, place); entry !== undefined; entry = entryAt(log, place)) {
      got.push(isGap(entry) ? [entry.from, entry.to] : entry.hash);
      place = isGap(entry) ? entry.to + 1 : entry.seq + 1;
    }
    const from = isAhead ? model.tail : this.#after + 1;
    const wanted = from < model.tail ? [[from, model.tail - 1]] : [];
    same(got, [...wanted, ...model.hashes.slice(Math.max(from, model.tail) - 1)]);
    return Promise.resolve();
  }
  toString = (): string => `resume after ${this.#after}`;
}

test(
  "a durable log is what it should be after any commits, restarts, trims and resumes",
  { timeout: 600_000 },
  async () => {
    const commands = fc.commands(
      [
        fc.constant(new Commit()),
        fc.constant(new Commit()),
        fc.constant(new Restart()),
        fc.nat(20).map((n) => new Resume(n)),
      ],
      { size: "medium" },
    );
    const property = fc.asyncProperty(commands, fc.nat(), (chosen, seed) =>
      fc.asyncModelRun(() => begun(seed), chosen),
    );
    await expect(fc.assert(property, { numRuns: sized(50, 5000) })).resolves.toBeUndefined();
  },
);

async function begun(seed: number): Promise<{ model: Model; real: Real }> {
  const ground = { disk: new SimulatedDisk(new Random(seed)), clock: new ManualClock() };
  const log = await done(ground, storeOn(ground).create(recordOf("s_one")));
  return { model: new Model(), real: { ...ground, log } };
}

function storeOn({ disk, clock }: Pick<Real, "disk" | "clock">): DurableStore {
  const limits = { ...DEFAULT_LIMITS, maxBatches: MAX_BATCHES };
  return new DurableStore({ writer: disk.writer, reader: disk.reader, clock, hashing, limits });
}

/** Lets the disk work, which now and then fails at first, and time pass, until something is done. */
async function done<T>({ disk, clock }: Pick<Real, "disk" | "clock">, work: Promise<T>): Promise<T> {
  const result = work.then((value) => ({ value }));
  for (;;) {
    const pass = clock
      .advance(250)
      .then(() => settle())
      .then(() => disk.work())
      .then(() => settle());
    const first = await Promise.race([result, pass]);
    if (first !== undefined) return first.value;
  }
}

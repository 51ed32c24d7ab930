import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HandReceiver } from "../../support/bytes.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { CaseRun, type Step, type Stop } from "./case_run.ts";
import { PROGRAMS } from "./programs.ts";

const INTERVAL = 2000;

/** What record_sockets.py wrote of a real PySpark. */
interface Fixture {
  readonly program: string;
  readonly scripts: readonly (readonly Step[])[];
  readonly batches: number;
  readonly stop: Stop | null;
  readonly outputs: readonly (readonly string[] | null)[];
}

const { lead, cases } = JSON.parse(await readFile(join(import.meta.dirname, "fixtures.json"), "utf8")) as {
  readonly lead: number;
  readonly cases: Readonly<Record<string, Fixture>>;
};

const WHOLE = (bytes: Uint8Array): Uint8Array[] => [bytes];
const SINGLE = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** The end of all that any script does, and of every batch. */
const END = 20;

test("every program is in a recorded case, and no other", () => {
  const used = new Set(Object.values(cases).map(({ program }) => program));
  expect([...used].toSorted()).toEqual(Object.keys(PROGRAMS).toSorted());
});

test.each(Object.entries(cases))("as PySpark over TCP: %s", async (_name, fixture) => {
  expect(await replay(fixture, WHOLE)).toEqual(fixture.outputs);
});

test.each(Object.entries(cases))("the same when every byte comes alone: %s", async (_name, fixture) => {
  expect(await replay(fixture, SINGLE)).toEqual(fixture.outputs);
});

async function replay(
  { program, scripts, batches, stop }: Fixture,
  cut: (bytes: Uint8Array) => Uint8Array[],
): Promise<unknown> {
  const clock = new ManualClock();
  const receivers = scripts.map(() => new HandReceiver());
  const connect = (context: CaseRun["context"]) => receivers.map((receiver) => context.lines(receiver));
  const run = new CaseRun(program, connect, { interval: INTERVAL, lead, clock });
  await run.start();
  const until = (due: Step | Stop): Promise<void> => clock.advance(run.timeOf(due) - clock.now());

  const steps = scripts.flatMap((script, i) => script.map((step) => ({ ...step, receiver: receivers[i]! })));
  for (const step of steps.toSorted((a, b) => run.timeOf(a) - run.timeOf(b))) {
    if (step.batch > batches) continue;
    await until(step);
    if (step.send !== undefined) {
      for (const piece of cut(bytesOf(step))) step.receiver.write(piece);
    } else if (step.do === "close") step.receiver.end();
    else if (step.do === "reset") step.receiver.abandon();
  }
  await until(stop ?? { batch: END, at: 0, gracefully: false });
  await run.context.stop({ gracefully: stop?.gracefully ?? false });
  return run.outputs(batches);
}

/** A surrogate escape, as Python makes it, is one byte; everything else is UTF-8. */
function bytesOf({ send = "", times = 1 }: Step): Uint8Array {
  const encoder = new TextEncoder();
  const once = Array.from(send).flatMap((character) => {
    const point = character.codePointAt(0)!;
    return point >= 0xdc80 && point <= 0xdcff ? [point - 0xdc00] : Array.from(encoder.encode(character));
  });
  return Uint8Array.from(Array.from({ length: times }, () => once).flat());
}

/**
 * Runs cases in Sluice over TCP, for record_sockets.py. First line in: the cases with the ports of their servers; second:
 * the word to start, answered with the zero time of each; out at the end: what each gave. @module
 */

import { createInterface } from "node:readline";
import { sleep, systemClock } from "../../../src/clock.ts";
import { CaseRun, type Division, type Stop } from "./case_run.ts";

interface Plan extends Division {
  readonly cases: Readonly<Record<string, { program: string; ports: number[]; batches: number; stop: Stop | null }>>;
}

/** After a batch time, until all outputs of the batch have run. */
const GRACE_MS = 1000;

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const say = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`);
};

const { value } = await input.next();
const plan = JSON.parse(String(value)) as Plan;
const runs = Object.entries(plan.cases).map(([name, { program, ports, batches, stop }]) => ({
  name,
  batches,
  stop,
  run: new CaseRun(program, (context) => ports.map((port) => context.socketTextStream("127.0.0.1", port)), plan),
}));
await input.next();
const starting = Promise.all(runs.map(({ run }) => run.start()));
say({ zeros: [...new Set(runs.map(({ run }) => run.zero))] });
await starting;

const results = await Promise.all(
  runs.map(async ({ name, run, batches, stop }) => {
    const due = run.timeOf(stop ?? { batch: batches + 1, at: GRACE_MS });
    await sleep(systemClock, due - Date.now());
    await run.context.stop({ gracefully: stop?.gracefully ?? false });
    return [name, run.outputs(batches)] as const;
  }),
);
say({ outputs: Object.fromEntries(results) });

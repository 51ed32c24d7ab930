/** The writer's thread: groups of changes in, word of each out. Started by `writer.ts`. @module */

import { parentPort, workerData } from "node:worker_threads";
import { inNextTurn } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { Transactions } from "./transactions.ts";
import type { Write } from "./rows.ts";

/** A group to keep, or null: the end. */
export type ToThread = readonly Write[] | null;
/** What became of it: null when it is kept, else why not, in words. The first is of the opening. */
export type FromThread = string | null;

function answer(work: () => void): FromThread {
  try {
    work();
    return null;
  } catch (failure) {
    return messageOf(failure);
  }
}

let transactions: Transactions | undefined;
let isSweeping = false;

/** Between two groups, a little at a time. */
function sweep(): void {
  isSweeping = false;
  // What cannot be removed now is removed another time.
  answer(() => {
    if (transactions?.sweep() === true) sweepLater();
  });
}

function sweepLater(): void {
  if (isSweeping) return;
  isSweeping = true;
  inNextTurn(sweep);
}

parentPort?.on("message", (group: ToThread) => {
  if (group === null) {
    transactions?.close();
    transactions = undefined;
    process.exit();
    return;
  }
  parentPort?.postMessage(answer(() => transactions?.commit(group)));
  sweepLater();
});
parentPort?.postMessage(
  answer(() => {
    transactions = new Transactions(String(workerData));
  }),
);

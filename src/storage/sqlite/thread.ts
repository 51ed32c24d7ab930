/** The writer's thread: groups of changes in, word of each out. Started by `writer.ts`. @module */

import { parentPort, workerData } from "node:worker_threads";
import { inNextTurn } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { Transactions } from "./transactions.ts";
import type { Write } from "./rows.ts";

/** A group to keep, or null: the end. */
export type ToThread = readonly Write[] | null;
/** What became of it: null when it is kept, else why not, in words. */
export type FromThread = string | null;

const transactions = new Transactions(String(workerData));
let isSweeping = false;

function answer(work: () => void): FromThread {
  try {
    work();
    return null;
  } catch (failure) {
    return messageOf(failure);
  }
}

/** Between two groups, a little at a time. */
function sweep(): void {
  isSweeping = false;
  // What cannot be removed now is removed another time.
  answer(() => {
    if (transactions.sweep()) sweepLater();
  });
}

function sweepLater(): void {
  if (isSweeping) return;
  isSweeping = true;
  inNextTurn(sweep);
}

parentPort?.on("message", (group: ToThread) => {
  if (group === null) {
    transactions.close();
    process.exit();
  }
  parentPort?.postMessage(answer(() => transactions.commit(group)));
  sweepLater();
});

/** The writer's thread, from outside. @module */

import type { Worker } from "node:worker_threads";
import type { Write, Writer } from "./rows.ts";
import type { FromThread, ToThread } from "./thread.ts";

/** In the checkout sources are what runs, in the package JavaScript. */
const THREAD = new URL(import.meta.url.endsWith(".ts") ? "thread.ts" : "thread.js", import.meta.url);

/**
 * Keeps groups in a thread of its own, one after the other: syncs take milliseconds, and some of them many. The thread,
 * which has a heap of its own, begins with the first group.
 */
export class ThreadWriter implements Writer {
  readonly #file: string;
  #worker: Promise<Worker> | undefined;
  /** It, when it has started. */
  #started: Worker | undefined;
  /** Who waits for the next answer. */
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async commit(group: readonly Write[]): Promise<void> {
    // One that is there begins at once, while this thread has more to do.
    const worker = this.#started ?? (await (this.#worker ??= this.#begin()));
    this.#waiting = Promise.withResolvers<void>();
    say(worker, group);
    await this.#waiting.promise;
  }

  async close(): Promise<void> {
    const worker = await this.#worker;
    if (worker === undefined) return;
    await new Promise((resolve) => {
      worker.once("exit", resolve);
      say(worker, null);
    });
  }

  /** A thread that cannot start now may start at the next try. */
  #begin(): Promise<Worker> {
    const worker = this.#start();
    worker.catch(() => (this.#worker = undefined));
    return worker;
  }

  async #start(): Promise<Worker> {
    // An idle service does without: on Deno it is some megabytes.
    const { Worker: Thread } = await import("node:worker_threads");
    const worker = new Thread(THREAD, { workerData: this.#file });
    worker.on("message", (reason: FromThread) => {
      if (reason === null) this.#waiting?.resolve();
      else this.#waiting?.reject(new Error(reason));
    });
    worker.on("error", (failure: Error) => this.#waiting?.reject(failure));
    worker.on("exit", () => {
      this.#waiting?.reject(new Error("the writer's thread has ended"));
      this.#worker = undefined;
      this.#started = undefined;
    });
    this.#started = worker;
    return worker;
  }
}

function say(worker: Worker, message: ToThread): void {
  worker.postMessage(message);
}

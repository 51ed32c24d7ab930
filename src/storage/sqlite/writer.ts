/** The writer's thread, from outside. @module */

import { Worker } from "node:worker_threads";
import type { FromThread, ToThread } from "./thread.ts";
import type { Write, Writer } from "./rows.ts";

/** In the checkout sources are what runs, in the package JavaScript. */
const THREAD = new URL(import.meta.url.endsWith(".ts") ? "thread.ts" : "thread.js", import.meta.url);

/** Keeps groups in a thread of its own, one after the other: syncs take milliseconds, and some of them many. */
export class ThreadWriter implements Writer {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  /** Who waits for the next answer. */
  #waiting: PromiseWithResolvers<void> = Promise.withResolvers();
  #hasExited = false;

  private constructor(file: string, onClosed: () => void) {
    this.#worker = new Worker(THREAD, { workerData: file });
    this.#worker.on("message", (reason: FromThread) => this.#answered(reason));
    this.#worker.on("error", (failure: Error) => this.#waiting.reject(failure));
    this.#exited = new Promise((resolve) => {
      this.#worker.once("exit", () => {
        this.#hasExited = true;
        this.#waiting.reject(new Error("the writer's thread has ended"));
        onClosed();
        resolve();
      });
    });
    // Whether somebody waits when the thread ends is not sure.
    this.#waiting.promise.catch(() => {});
  }

  /** `onClosed` is called when nobody writes any more. Rejects, with the reason in words, when the file cannot be opened or is no database of this program. */
  static async open(file: string, onClosed: () => void = () => {}): Promise<ThreadWriter> {
    const writer = new ThreadWriter(file, onClosed);
    try {
      await writer.#waiting.promise;
    } catch (failure) {
      await writer.close();
      throw failure;
    }
    return writer;
  }

  commit(group: readonly Write[]): Promise<void> {
    return this.#ask(group);
  }

  async close(): Promise<void> {
    if (!this.#hasExited) this.#say(null);
    await this.#exited;
  }

  #ask(group: readonly Write[]): Promise<void> {
    if (this.#hasExited) return Promise.reject(new Error("the writer's thread has ended"));
    this.#waiting = Promise.withResolvers();
    this.#say(group);
    return this.#waiting.promise;
  }

  #say(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #answered(reason: FromThread): void {
    if (reason === null) this.#waiting.resolve();
    else this.#waiting.reject(new Error(reason));
  }
}

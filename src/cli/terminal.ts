/** Writing to a terminal that strangers' words must not command, and being stopped from it. @module */

import { every, systemClock } from "../clock.ts";
import { environment, onSignal, parentId } from "./host.ts";

const PARENT_POLL_MS = 500;
/** Says something beside the output: on standard error, dim on a terminal unless `NO_COLOR` is set. */
export function note(text: string): void {
  const colour = process.stderr.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  process.stderr.write(colour ? `\u001b[2m${text}\u001b[0m\n` : `${text}\n`);
}

/** Shows how far it is, in place of what was shown before; only on a terminal. An empty text takes it away. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
}

/** Writes output. A reader that has gone away, as in `sluice tail … | head`, ends the process quietly. */
export function print(text: string): void {
  process.stdout.write(text);
}

/** Says one line of output, as {@link print} does; far sooner at the start of Deno and Bun, whose `process.stdout` takes long to load. */
export function announce(line: string): void {
  // oxlint-disable-next-line no-console -- the console is there from the beginning
  console.log(line);
}

/** The same on standard error, where the log goes. */
export function remark(line: string): void {
  // oxlint-disable-next-line no-console -- the console is there from the beginning
  console.error(line);
}

/** To be called once, before anything is printed. */
export function endWhenNobodyReads(): void {
  process.stdout.on("error", (failure: NodeJS.ErrnoException) => {
    process.exit(failure.code === "EPIPE" ? 0 : 1);
  });
}

/** Resolves with the first thing that asks the process to stop; a second signal ends it at once. */
export function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const [signal, code] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      onSignal(signal, () => {
        if (asked) process.exit(code);
        asked = true;
        resolve(signal);
      });
    }
    // npm passes a signal to the shell between us, which dies of it and tells nobody.
    if (environment()["npm_lifecycle_event"] === undefined) return;
    const parent = parentId();
    every(systemClock, PARENT_POLL_MS, () => {
      if (parentId() !== parent) resolve("npm is gone");
    });
  });
}

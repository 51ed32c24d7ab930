/** What a command needs of the process it runs in. @module */

/** The members of Deno used here. Its `process` takes as long to load as all else at the start of a service. */
interface DenoHost {
  readonly ppid: number;
  readonly env: { toObject(): Record<string, string> };
  addSignalListener(signal: string, listener: () => void): void;
  readonly stderr: { isTerminal(): boolean };
}
const deno = (globalThis as { readonly Deno?: DenoHost }).Deno;

/** The environment's variables. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return deno === undefined ? process.env : deno.env.toObject();
}

/** The process that started this one; another number when that is gone. */
export function parentId(): number {
  return deno === undefined ? process.ppid : deno.ppid;
}

/** Calls `listener` at each such signal, which then does not end the process. */
export function onSignal(signal: "SIGINT" | "SIGTERM" | "SIGHUP", listener: () => void): void {
  if (deno === undefined) process.on(signal, listener);
  else deno.addSignalListener(signal, listener);
}

/** Whether somebody looks at standard error. */
export function isWatched(): boolean {
  return deno === undefined ? process.stderr.isTTY : deno.stderr.isTerminal();
}

/** Has the process outlive those who read its standard error: that they have gone cannot be told to them, and is no fault. */
export function outliveReaders(): void {
  if (deno === undefined) process.stderr.on("error", () => {});
}

/** Calls `listener` with what nobody has caught, which then does not end the process. */
export function onFault(listener: (failure: unknown) => void): void {
  if (deno === undefined) {
    process.on("uncaughtException", listener);
    process.on("unhandledRejection", listener);
    return;
  }
  addEventListener("error", (event) => {
    event.preventDefault();
    listener((event as Event & { readonly error: unknown }).error);
  });
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    listener((event as Event & { readonly reason: unknown }).reason);
  });
}

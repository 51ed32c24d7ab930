/** A real Chromium, driven over its DevTools protocol; there is no more of it here than the tests of the client need. @module */

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

type Params = Readonly<Record<string, unknown>>;
type Listener = (params: Params) => void;

/** One tab. */
export interface Tab {
  /** What an expression gives, as JSON; a promise is waited for. */
  evaluate<T>(expression: string): Promise<T>;
  /** Closes it, as a user does. */
  close(): Promise<void>;
  /** Its process dies. */
  crash(): void;
}

/** A running browser. */
export class Chromium implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Params>>();
  readonly #listeners = new Map<string, Listener>();
  #calls = 0;

  private constructor(child: ChildProcess, folder: string, socket: WebSocket) {
    this.#child = child;
    this.#folder = folder;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Params));
  }

  /** Starts one without a window. */
  static async start(path: string): Promise<Chromium> {
    const folder = await mkdtemp(join(tmpdir(), "sluice-chromium-"));
    const flags = ["--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu", "--remote-debugging-port=0"];
    const child = spawn(path, [...flags, `--user-data-dir=${folder}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const url = await new Promise<string>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", () => reject(new Error("Chromium ended before it listened")));
      createInterface({ input: child.stderr }).on("line", (line) => {
        const found = /^DevTools listening on (ws:\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    return new Chromium(child, folder, socket);
  }

  /** Opens a tab; resolves when its document is loaded. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.#call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.#call("Target.attachToTarget", { targetId, flatten: true });
    const inTab = (method: string, params: Params = {}): Promise<Params> =>
      this.#call(method, params, String(sessionId));
    await inTab("Page.enable");
    const loaded = new Promise((resolve) => {
      this.#listeners.set(`${String(sessionId)} Page.loadEventFired`, resolve);
    });
    await inTab("Page.navigate", { url });
    await loaded;
    return {
      async evaluate<T>(expression: string) {
        const options = { awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await inTab("Runtime.evaluate", { expression, ...options });
        if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
        return (result as { value: T }).value;
      },
      close: async () => void (await this.#call("Target.closeTarget", { targetId })),
      crash: () => void inTab("Page.crash").catch(() => {}),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => {
      this.#child.on("close", resolve);
    });
    for (const { reject } of this.#waiting.values()) reject(new Error("Chromium is being closed"));
    this.#child.kill("SIGKILL");
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #call(method: string, params: Params, sessionId?: string): Promise<Params> {
    const id = ++this.#calls;
    const answer = Promise.withResolvers<Params>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return answer.promise;
  }

  #hear({ id, result, error, method, params, sessionId }: Params): void {
    if (typeof id !== "number") {
      this.#listeners.get(`${String(sessionId)} ${String(method)}`)?.(params as Params);
      return;
    }
    const answer = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) answer?.resolve(result as Params);
    else answer?.reject(new Error(JSON.stringify(error)));
  }
}

/** Commands as a user runs them. @module */

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** How a command is run. */
interface CommandOptions {
  /** What is run, and its first arguments. Default: the checkout's `sluice` on this Node. */
  readonly program?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** As npm runs it: a shell between us, which gets our signals. */
  readonly underShell?: boolean;
}

/** A running command. */
export class Command {
  stdout = "";
  stderr = "";
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  #changed = Promise.withResolvers<void>();

  constructor(args: readonly string[], options: CommandOptions = {}) {
    const words = [...(options.program ?? [process.execPath, join(ROOT, "src/launch.js")]), ...args];
    const env = {
      ...process.env,
      npm_lifecycle_event: undefined,
      NO_COLOR: "",
      SLUICE_DATA: ":memory:",
      ...options.env,
    };
    const [file, ...rest] = options.underShell === true ? ["sh", "-c", '"$@"; true', "sh", ...words] : words;
    this.child = spawn(file!, rest, { cwd: options.cwd ?? ROOT, env });
    this.child.stdout.on("data", (chunk: Buffer) => this.#hear("stdout", chunk));
    this.child.stderr.on("data", (chunk: Buffer) => this.#hear("stderr", chunk));
    this.ended = new Promise((resolve) => {
      this.child.on("close", (code, signal) => {
        this.#wake();
        resolve(code ?? signal ?? "");
      });
    });
  }

  /** Resolves with what matches in the output so far or to come; rejects when the command ends without. */
  async says(pattern: RegExp, where: "stdout" | "stderr" = "stdout"): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this[where]);
      if (match !== null) return match;
      if (this.child.exitCode !== null && this.child.stdout.readableEnded && this.child.stderr.readableEnded) {
        throw new Error(`The command ended and had not said ${pattern}:\n${this.stdout}${this.stderr}`);
      }
      await this.#changed.promise;
    }
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | string> {
    this.child.kill(signal);
    return this.ended;
  }

  #hear(where: "stdout" | "stderr", chunk: Buffer): void {
    this[where] += chunk.toString();
    this.#wake();
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

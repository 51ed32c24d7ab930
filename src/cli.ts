/** The command line. @module */

import packageJson from "../package.json" with { type: "json" };
import { emit } from "./cli/emit.ts";
import { lab } from "./cli/lab.ts";
import { helpOf, parseOptions, type Command } from "./cli/options.ts";
import { serveOn } from "./cli/serve.ts";
import { tail } from "./cli/tail.ts";
import { endWhenNobodyReads, note, print } from "./cli/terminal.ts";
import { SluiceError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

const USAGE_ERROR = 2;
const FAILURE = 1;

const COMMANDS: Readonly<Record<string, Command>> = { serve: serveOn(findRuntime), emit, lab, tail };

/** Runs a command; gives the exit code: 0 done, 1 failed, 2 not understood. */
export async function main(args: readonly string[]): Promise<number> {
  endWhenNobodyReads();
  const [name = "--help", ...rest] = args;
  if (["--version", "-v"].includes(name)) return say(`${packageJson.version}\n`);
  if (["--help", "-h", "help"].includes(name)) return say(overview());
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    note(`sluice: there is no command ${JSON.stringify(name)}; commands are ${Object.keys(COMMANDS).join(", ")}`);
    return USAGE_ERROR;
  }
  if (rest.some((arg) => ["--help", "-h"].includes(arg))) return say(helpOf(command));
  return run(name, command, rest);
}

async function run(name: string, command: Command, args: readonly string[]): Promise<number> {
  try {
    return await command.run(parseOptions(command, args));
  } catch (failure) {
    if (!(failure instanceof SluiceError)) throw failure;
    note(`sluice ${name}: ${failure.message}`);
    return failure.code === "bad_option" || failure.code === "unsafe_bind" ? USAGE_ERROR : FAILURE;
  }
}

function say(text: string): number {
  print(text);
  return 0;
}

function overview(): string {
  const rows = Object.values(COMMANDS).map(({ usage, summary }) => `  sluice ${usage}\n      ${summary}`);
  return `Sluice ${packageJson.version}: counts the words of every interval, live.\n\n${rows.join("\n")}\n\nsluice COMMAND --help tells the options.\n`;
}

/** The runtime this runs on. */
async function findRuntime(): Promise<Runtime> {
  if ("Bun" in globalThis) return (await import("./runtimes/bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("./runtimes/deno.ts")).denoRuntime;
  return (await import("./runtimes/node.ts")).nodeRuntime;
}

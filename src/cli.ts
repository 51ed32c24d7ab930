/** The command line. @module */

import packageJson from "../package.json" with { type: "json" };
import { helpOf, parseOptions, type Command } from "./cli/options.ts";
import { endWhenNobodyReads, note, print } from "./cli/terminal.ts";
import { SluiceError } from "./errors.ts";
import type { Runtime } from "./runtime.ts";

const USAGE_ERROR = 2;
const FAILURE = 1;

/** Loaded when asked for: a service need not wait for what it does not use. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./cli/serve.ts")).serveOn(findRuntime),
  emit: async () => (await import("./cli/emit.ts")).emit,
  lab: async () => (await import("./cli/lab.ts")).lab,
  tail: async () => (await import("./cli/tail.ts")).tail,
  verify: async () => (await import("./cli/verify.ts")).verify,
};

/** Runs a command; gives the exit code: 0 done, 1 failed, 2 not understood, and what else a command has. */
export async function main(args: readonly string[]): Promise<number> {
  endWhenNobodyReads();
  const [name = "--help", ...rest] = args;
  if (["--version", "-v"].includes(name)) return say(`${packageJson.version}\n`);
  if (["--help", "-h", "help"].includes(name)) return say(await overview());
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) {
    note(`sluice: there is no command ${JSON.stringify(name)}; commands are ${Object.keys(COMMANDS).join(", ")}`);
    return USAGE_ERROR;
  }
  const command = await load();
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

async function overview(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const rows = commands.map(({ usage, summary }) => `  sluice ${usage}\n      ${summary}`);
  return `Sluice ${packageJson.version}: counts the words of every interval, live.\n\n${rows.join("\n")}\n\nsluice COMMAND --help tells the options.\n`;
}

/** The runtime this runs on. */
async function findRuntime(): Promise<Runtime> {
  if ("Bun" in globalThis) return (await import("./runtimes/bun.ts")).bunRuntime;
  if ("Deno" in globalThis) return (await import("./runtimes/deno.ts")).denoRuntime;
  return (await import("./runtimes/node.ts")).nodeRuntime;
}
